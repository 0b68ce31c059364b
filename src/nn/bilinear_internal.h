/* Terms of the bilinear layer, shared by its set-up and its kernels. */
#ifndef SQ_NN_BILINEAR_INTERNAL_H
#define SQ_NN_BILINEAR_INTERNAL_H

#include "nn/bilinear.h"

/* B(z,z) is added to z at this strength (Finzi et al. 2021, their code). */
#define SQ_BILINEAR_STRENGTH ((sq_real)0.1)

/* The chosen copies X_n of one non-scalar block. */
typedef struct {
    int n;        /* how many; 0 for a scalar block */
    int *copies;  /* (n) */
    size_t *rows; /* (n): first row of each in z */
} sq_chosen;

/* t[b,n] = X_n z_b for all copies b of one input block. */
typedef struct {
    int in_block;
    size_t in_row, in_count, in_size;
    size_t out_size;
    int x;               /* block that X is chosen from */
    uint32_t *component; /* (out_size, in_size): which component of X stands at that place */
    size_t column;       /* of p, of the first (b,n) */
} sq_contraction;

/* y_a += sum p[a,column] t[column] for all copies a of the rows in `out`. */
typedef struct {
    int n_out;
    int out[SQ_MAX_BLOCKS]; /* blocks of one type: all scalar blocks, or one tensor block */
    size_t out_size;
    int n_contractions;
    sq_contraction *contractions;
    size_t columns;    /* of p */
    size_t rows;       /* of p: copies of all blocks of `out` */
    size_t parameters; /* where p starts in the network's buffer */
    size_t kept_row;   /* of t among the kept rows */
} sq_bilinear_to;

struct sq_bilinear {
    sq_representation z;
    bool orthogonal;
    sq_chosen *chosen; /* (z.n_blocks) */
    int n_scalar_blocks;
    int scalar_blocks[SQ_MAX_BLOCKS];
    size_t scalars;         /* scalar features in all: columns of p of the from-term */
    size_t *from_row;       /* (z.n_blocks): first row of A of a tensor block */
    size_t from_rows;       /* of A */
    size_t from_parameters; /* where its p starts */
    int n_to;
    sq_bilinear_to *to;
    size_t kept_rows, scratch_rows;
};

/* Position of a scalar block among the columns of p. */
size_t sq_bilinear_scalar_column(const sq_bilinear *bilinear, int block);

/* Elementwise contractions over one layer's activations, rows of ld samples. */
void sq_contract_forward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                         sq_real *t);
void sq_contract_backward(const sq_contraction *c, const sq_chosen *x, size_t ld, const sq_real *z,
                          const sq_real *dt, sq_real *dz);
/* u[a,e] = z[a,e] + sum over n of A[a,n] X[n,e] for one tensor block, a: its rows of A. */
void sq_combine_forward(const sq_block *block, const sq_chosen *x, size_t ld, const sq_real *z,
                        const sq_real *a, sq_real *u);
void sq_combine_backward(const sq_block *block, const sq_chosen *x, size_t ld, const sq_real *z,
                         const sq_real *a, const sq_real *du, sq_real *da, sq_real *dz);

#endif
