/* Several runs sorted by what distinguishes them: runs that differ in their seeds only are one
 * configuration, whose results have a mean and a spread. */
#ifndef SQ_CLI_REPORT_GROUPS_H
#define SQ_CLI_REPORT_GROUPS_H

#include "base/statistics.h"
#include "cli/report.h"

enum { SQ_GROUP_LABEL = 256 };

/* One configuration. */
typedef struct {
    char label[SQ_GROUP_LABEL]; /* by the keys that differ; the folder if none does */
    int *members;               /* (n_members) numbers of runs */
    int n_members;
} sq_report_group;

typedef struct {
    const sq_report_run *runs; /* borrowed */
    sq_report_group *groups;   /* (n_groups), in the order of their first runs */
    int n_groups;
} sq_report_groups;

sq_status sq_report_groups_create(const sq_report_run *runs, int count, sq_report_groups *groups);
void sq_report_groups_clear(sq_report_groups *groups);

/* A figure of one run; NaN: it has none. */
typedef double sq_report_figure(const sq_report_run *run);
/* The error that runs are compared by: of the test data if all were evaluated, else of the
 * validation split; displacement for motion. */
sq_report_figure *sq_report_main_figure(const sq_report_run *runs, int count, const char **name);

/* Over the runs that have it. */
sq_spread sq_report_spread_of(const sq_report_groups *groups, int group, sq_report_figure *figure);
/* The equivariance error of a type. */
sq_spread sq_report_spread_of_type(const sq_report_groups *groups, int group, const char *type);

/* How often each verdict on a type was found. times: (SQ_VERDICTS) */
void sq_report_verdicts_of_type(const sq_report_groups *groups, int group, const char *type,
                                int *times);

/* The configuration with the smallest mean; -1: there are none. */
int sq_report_best_group(const sq_report_groups *groups, sq_report_figure *figure);

#endif
