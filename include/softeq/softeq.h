/* All public headers of softeq. */
#ifndef SOFTEQ_SOFTEQ_H
#define SOFTEQ_SOFTEQ_H

#include "softeq/basis.h"
#include "softeq/checkpoint.h"
#include "softeq/comm.h"
#include "softeq/config.h"
#include "softeq/dataset.h"
#include "softeq/error.h"
#include "softeq/group.h"
#include "softeq/log.h"
#include "softeq/model.h"
#include "softeq/predictor.h"
#include "softeq/real.h"
#include "softeq/run.h"

#endif
