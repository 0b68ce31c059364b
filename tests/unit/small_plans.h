/* Models of every kind over groups of every sort, for tests that go through all of them. Include
 * after small_model.h. */
#ifndef SQ_TESTS_SMALL_PLANS_H
#define SQ_TESTS_SMALL_PLANS_H

#include "small_model.h"

static const small_plan small_plans[] = {
    {"mlp", "O(3)", "2*T(0) + T(1)", "T(1)", 17, 3, NULL, NULL},
    {"mlp", "SL(3)", "T(1)", "T(0,1)", 5, 2, NULL, NULL},
    {"emlp", "O(3)", "2*T(0) + 2*T(1)", "T(2)", 40, 3, NULL, NULL},
    {"emlp", "SO(2)", "3*T(1)", "T(1) + T(0)", 30, 3, NULL, NULL},
    {"emlp", "SL(3)", "T(1) + T(0,1)", "T(1,1) + T(0)", 40, 3, NULL, NULL},
    {"emlp", "O(1,3)", "2*T(1)", "T(2) + T(0)", 50, 2, NULL, NULL},
    {"emlp", "S(3)", "T(1) + T(0)", "T(2)", 30, 3, NULL, NULL},
    {"rpp", "O(2)", "2*T(1)", "2*T(1)", 30, 3, NULL, NULL},
    {"rpp", "O(3) O(2)@xy", "T(0) + T(1)", "T(1)", 9, 2, "projected", NULL},
    {"mixed-rpp", "O(3) O(2)@xy", "T(0) + T(1)", "T(1)", 30, 2, NULL, NULL},
    {"per", "O(3) O(2)@xy O(2)@yz", "2*T(0) + T(1)", "T(2)", 40, 3, NULL, NULL},
    {"per", "O(2) C(4)", "2*T(1)", "2*T(1)", 30, 3, "half", NULL},
    {"per", "SO(3)*Scaling(3) SO(3) Scaling(3)", "2*T(1)", "T(0)", 20, 3, NULL, NULL},
    {"per", "O(1,2) SO(1,2)", "2*T(1)", "T(1) + T(0)", 20, 2, NULL, "always"},
    {"rpp", "O(2) SL(2)", "2*T(1)", "T(1)", 10, 2, NULL, "always"},
    {"per", "S(3) Z(3)", "T(1)", "T(1)", 12, 2, NULL, NULL},
    {"per", "O(3)", "T(1)", "T(2)", 10, 1, NULL, NULL},
};
enum { N_SMALL_PLANS = sizeof small_plans / sizeof *small_plans };

static inline small_model small_model_of_plan(int k) {
    const small_plan *plan = &small_plans[k];
    print_message("%s over %s: %s -> %s, %d channels, %d layers\n", plan->kind, plan->types,
                  plan->input, plan->output, plan->channels, plan->layers);
    return small_model_create(plan);
}

#endif
