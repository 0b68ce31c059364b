#include "cli/shared_config.h"

#include "softeq/config.h"

static sq_status read_config(const sq_options *options, const char *file, const char *assignment,
                             sq_config *config) {
    sq_config_init(config);
    sq_status status = file ? sq_config_read_file(config, file)
                            : sq_config_set_assignment(config, assignment, "default");
    if (status == SQ_OK) status = sq_options_apply_sets(options, config);
    if (status == SQ_OK) status = sq_config_check(config);
    return status;
}

sq_status sq_share_config(const sq_call *call, const char *file, const char *assignment,
                          sq_config *config) {
    sq_status status = SQ_OK;
    if (sq_comm_rank(call->comm) == 0)
        status = read_config(call->options, file, assignment, config);
    status = sq_comm_agree(call->comm, status);
    if (status != SQ_OK) return status;
    return sq_comm_broadcast(call->comm, config, sizeof *config);
}
