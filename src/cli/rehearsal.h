/* Would a configuration train? What only its data, its symmetry types and its model tell together
 * is found out in a moment, before hours of training. */
#ifndef SQ_CLI_REHEARSAL_H
#define SQ_CLI_REHEARSAL_H

#include "softeq/config.h"
#include "softeq/error.h"

/* SQ_ERR_CONFIG as training would end with. Data in files are not looked for: they may be elsewhere
 * until then. */
sq_status sq_rehearse(const sq_config *config);

#endif
