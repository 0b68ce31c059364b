/* The invariant tensors of a group of one's own: the point group C3v, that of ammonia, made by a
 * third of a turn about z and a mirror that takes x to -x.
 *
 * Its invariants of T(3) are what a material of that symmetry can have as a tensor of rank 3; by
 * the characters there are (27 + 2 * 0 + 3 * 1) / 6 = 5 of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <softeq/softeq.h>

enum { D = 3, GENERATORS = 2, RANK = 3 };

static void print_invariant(const double *tensor) {
    static const char axes[] = "xyz";
    for (int e = 0; e < D * D * D; e++)
        if (fabs(tensor[e]) > 1e-9)
            printf("  %+.4f %c%c%c", tensor[e], axes[e / (D * D)], axes[e / D % D], axes[e % D]);
    printf("\n");
}

int main(void) {
    const double c = -0.5, s = sqrt(3.0) / 2.0;
    const double generators[GENERATORS * D * D] = {
        c,  -s, 0, s, c, 0, 0, 0, 1, /* a third of a turn */
        -1, 0,  0, 0, 1, 0, 0, 0, 1, /* the mirror */
    };
    sq_status status;
    sq_group *group = NULL;
    sq_basis *basis = NULL;
    SQ_TRY(sq_group_create_from("C3v", D, 0, NULL, GENERATORS, generators, &group));
    SQ_TRY(sq_basis_solve(group, RANK, 0, &basis));
    printf("%s: %zu invariants of T(%d), residual %.0e\n", group->name, basis->count, RANK,
           basis->residual);
    for (size_t k = 0; k < basis->count; k++)
        print_invariant(basis->vectors + k * basis->dimension);
cleanup:
    if (status != SQ_OK) fprintf(stderr, "%s\n", sq_error_message());
    sq_basis_destroy(&basis);
    sq_group_destroy(&group);
    return status == SQ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
