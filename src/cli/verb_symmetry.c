/* softeq symmetry: how many invariants tensors have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/json.h"
#include "cli/verb.h"
#include "softeq/basis.h"

enum {
    LARGEST_TABLE_RANK = 4,    /* without --rank */
    LARGEST_TABLE_SIZE = 1000, /* nor beyond this many components */
};

/* One solved T(p,q). */
typedef struct {
    const sq_group *group;
    int p, q;
    size_t size, invariants;
    double residual, seconds;
} solution;

static sq_status solve(const sq_group *group, int p, int q, solution *solved) {
    sq_basis *basis = NULL;
    double start = sq_clock_seconds();
    sq_status status = sq_basis_solve(group, p, q, &basis);
    if (status != SQ_OK)
        return sq_fail_within(status, "%s: invariants of T(%d,%d)", group->name, p, q);
    *solved = (solution){.group = group,
                         .p = p,
                         .q = q,
                         .size = basis->dimension,
                         .invariants = basis->count,
                         .residual = basis->residual,
                         .seconds = sq_clock_seconds() - start};
    sq_basis_destroy(&basis);
    return SQ_OK;
}

static void print_text(const solution *solved, bool first) {
    if (first)
        printf("%s acts on R^%d\n%-8s %10s %10s %10s %10s\n", solved->group->name,
               solved->group->dimension, "tensor", "size", "dimension", "residual", "seconds");
    char tensor[32];
    snprintf(tensor, sizeof tensor, solved->q ? "T(%d,%d)" : "T(%d)", solved->p, solved->q);
    printf("%-8s %10zu %10zu %10.1e %10.3f\n", tensor, solved->size, solved->invariants,
           solved->residual, solved->seconds);
}

static void print_json(const solution *solved) {
    printf("{\"group\": ");
    sq_json_text(stdout, solved->group->name);
    printf(", \"acts_on\": %d, \"rank\": [%d, %d], \"size\": %zu, \"dimension\": %zu",
           solved->group->dimension, solved->p, solved->q, solved->size, solved->invariants);
    printf(", \"residual\": ");
    sq_json_number(stdout, solved->residual);
    printf(", \"seconds\": ");
    sq_json_number(stdout, solved->seconds);
    printf("}");
}

/* Reads a number of at most `most` up to `end_mark`; NULL if there is none. */
static const char *read_number(const char *text, int most, int *value) {
    char *end;
    long number = strtol(text, &end, 10);
    if (end == text || number < 0 || number > most) return NULL;
    *value = (int)number;
    return end;
}

/* "P" or "P,Q" */
static sq_status parse_rank(const char *text, int *p, int *q) {
    *q = 0;
    const char *at = read_number(text, SQ_MAX_TENSOR_RANK, p);
    if (at && *at == ',') at = read_number(at + 1, SQ_MAX_TENSOR_RANK, q);
    if (at && !*at && *p + *q <= SQ_MAX_TENSOR_RANK) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "--rank %s is not P or P,Q with a sum of at most %d", text,
                   SQ_MAX_TENSOR_RANK);
}

static sq_status parse_dimension(const sq_options *options, int *dimension) {
    const char *text = sq_option_value(options, SQ_OPTION_DIMENSION);
    *dimension = 0;
    const char *end = text ? read_number(text, 1024, dimension) : "";
    if (end && !*end) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "--dimension %s is not a number from 0 to 1024", text);
}

static sq_status print_one(const sq_group *group, int p, int q, bool json) {
    solution solved;
    sq_status status = solve(group, p, q, &solved);
    if (status != SQ_OK) return status;
    if (json)
        print_json(&solved);
    else
        print_text(&solved, true);
    if (json) printf("\n");
    return SQ_OK;
}

static sq_status print_table(const sq_group *group, bool json) {
    size_t size = 1;
    if (json) printf("[");
    for (int p = 0; p <= LARGEST_TABLE_RANK && (p < 2 || size <= LARGEST_TABLE_SIZE); p++) {
        solution solved;
        sq_status status = solve(group, p, 0, &solved);
        if (status != SQ_OK) return status;
        if (json && p > 0) printf(",\n ");
        if (json)
            print_json(&solved);
        else
            print_text(&solved, p == 0);
        size *= (size_t)group->dimension;
    }
    if (json) printf("]\n");
    return SQ_OK;
}

static sq_status run_symmetry(const sq_call *call) {
    sq_status status;
    sq_group *group = NULL;
    int dimension, p = 0, q = 0;
    const char *rank = sq_option_value(call->options, SQ_OPTION_RANK);
    bool json = sq_option_is_given(call->options, SQ_OPTION_JSON);
    if (rank) SQ_TRY(parse_rank(rank, &p, &q));
    SQ_TRY(parse_dimension(call->options, &dimension));
    SQ_TRY(sq_group_create(call->options->operands[0], dimension, &group));
    SQ_TRY(rank ? print_one(group, p, q, json) : print_table(group, json));
cleanup:
    sq_group_destroy(&group);
    return status;
}

const sq_verb sq_verb_symmetry = {
    .name = "symmetry",
    .operands = "GROUP",
    .help = "dimension and residual of the invariants of a group's tensors T(P,Q)",
    .least_operands = 1,
    .most_operands = 1,
    .accepts =
        SQ_ACCEPT(SQ_OPTION_RANK) | SQ_ACCEPT(SQ_OPTION_DIMENSION) | SQ_ACCEPT(SQ_OPTION_JSON),
    .run = run_symmetry,
};
