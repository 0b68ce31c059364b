/* The kinds of models: how the weights of the network follow from the parameters that are trained.
 * W = sum over pathways of P W_pathway. A new kind of this form is one row of the table. */
#ifndef SQ_NN_KINDS_H
#define SQ_NN_KINDS_H

#include <stdbool.h>

#include "softeq/error.h"

/* Projector of a pathway. */
typedef enum { SQ_PATH_FREE, SQ_PATH_FIRST_TYPE, SQ_PATH_MIXED_TYPE } sq_path_projector;

/* Which penalty the loss has on a pathway. */
typedef enum {
    SQ_DECAY_NONE,
    SQ_DECAY_WEIGHT,      /* weight_decay / 2 (|W|^2 + |b|^2) */
    SQ_DECAY_EQUIVARIANT, /* rpp_equivariant_decay |W|^2 */
    SQ_DECAY_BASIC        /* rpp_basic_decay |W|^2 */
} sq_decay;

typedef struct {
    const char *suffix; /* of the parameters' names: layer0_weight<suffix> */
    sq_path_projector projector;
    sq_decay decay;
} sq_pathway;

enum { SQ_MAX_PATHWAYS = 2 };

typedef struct {
    const char *name, *help;
    bool gated;       /* a network of representations: gates and bilinear layers */
    bool swish_term;  /* the gates' term w swish(u), with gate_decay |w|^2 in the loss */
    bool regularized; /* lambda_g R_g are part of the loss */
    bool framed;      /* averaged over the frames of each sample (nn/frames.h) */
    int n_pathways;
    sq_pathway pathways[SQ_MAX_PATHWAYS];
} sq_kind;

/* The kind of that name; SQ_ERR_CONFIG names the nearest. */
sq_status sq_kind_find(const char *name, const sq_kind **kind);

#endif
