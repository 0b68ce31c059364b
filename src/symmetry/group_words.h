/* How random elements of a group are made of its discrete generators. */
#ifndef SQ_SYMMETRY_GROUP_WORDS_H
#define SQ_SYMMETRY_GROUP_WORDS_H

#include "softeq/group.h"

/* Sets order and words of a group that has everything else. Errors: SQ_ERR_MEMORY. */
sq_status sq_group_find_words(sq_group *group);

#endif
