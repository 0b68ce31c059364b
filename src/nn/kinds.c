#include "nn/kinds.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

static const sq_kind kinds[] = {
    {.name = "mlp",
     .help = "plain network with swish (no symmetry)",
     .n_pathways = 1,
     .pathways = {{"", SQ_PATH_FREE, SQ_DECAY_NONE}}},
    {.name = "frame-averaging",
     .help = "the plain network, averaged over frames: exactly equivariant under O(d) (Puny et al. "
             "2022)",
     .framed = true,
     .n_pathways = 1,
     .pathways = {{"", SQ_PATH_FREE, SQ_DECAY_NONE}}},
    {.name = "emlp",
     .help = "exactly equivariant under the first type (Finzi et al. 2021)",
     .gated = true,
     .n_pathways = 1,
     .pathways = {{"", SQ_PATH_FIRST_TYPE, SQ_DECAY_NONE}}},
    {.name = "rpp",
     .help = "residual pathway priors: equivariant weights and penalised free ones (Finzi et al. "
             "2021b)",
     .gated = true,
     .swish_term = true,
     .n_pathways = 2,
     .pathways = {{"", SQ_PATH_FIRST_TYPE, SQ_DECAY_EQUIVARIANT},
                  {"_basic", SQ_PATH_FREE, SQ_DECAY_BASIC}}},
    {.name = "mixed-rpp",
     .help = "rpp whose free weights are equivariant under another type",
     .gated = true,
     .swish_term = true,
     .n_pathways = 2,
     .pathways = {{"", SQ_PATH_FIRST_TYPE, SQ_DECAY_EQUIVARIANT},
                  {"_basic", SQ_PATH_MIXED_TYPE, SQ_DECAY_BASIC}}},
    {.name = "per",
     .help = "projection-based equivariance regularizers of every type (Kim et al. 2023)",
     .gated = true,
     .swish_term = true,
     .regularized = true,
     .n_pathways = 1,
     .pathways = {{"", SQ_PATH_FREE, SQ_DECAY_WEIGHT}}},
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

sq_status sq_kind_find(const char *name, const sq_kind **kind) {
    const char *names[KIND_COUNT];
    for (int k = 0; k < KIND_COUNT; k++) {
        names[k] = kinds[k].name;
        *kind = &kinds[k];
        if (strcmp(name, kinds[k].name) == 0) return SQ_OK;
    }
    const char *nearest = sq_nearest_word(name, names, KIND_COUNT);
    return sq_fail(SQ_ERR_CONFIG, "there is no model kind '%s'%s%s%s", name,
                   nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}
