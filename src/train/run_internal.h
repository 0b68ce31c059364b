/* What the parts of a training run share: run.c (the loop), run_setup.c (the start, fresh or
 * resumed), run_hold.c (types held exactly), run_files.c (what is written), run_save.c (when),
 * run_trace.c (what took how long). Nobody else includes this. */
#ifndef SQ_TRAIN_RUN_INTERNAL_H
#define SQ_TRAIN_RUN_INTERNAL_H

#include "base/background.h"
#include "io/folder_lock.h"
#include "softeq/run.h"
#include "train/held_types.h"
#include "train/run_log.h"
#include "train/state.h"
#include "train/target_variance.h"
#include "train/trainer.h"

enum { SQ_RUN_PATH = 4096 };

/* Files of a run, as a sum. */
enum { SQ_RUN_LOG = 1, SQ_RUN_CHECKPOINT = 2, SQ_RUN_BEST = 4 };

/* How far the files are. */
typedef struct {
    double checkpoint_time, log_time; /* of the clock, when the last ones were begun */
    int64_t epochs;                   /* finished epochs at the last checkpoint */
    int64_t log_length;               /* epochs in the log file */
    int64_t best_epoch;               /* of best.nc; -1: there is none yet */
} sq_run_marks;

/* Saving beside the training: one save at a time. */
typedef struct {
    sq_background writer;
    unsigned files;           /* that are being written */
    sq_run_marks done, begun; /* by the last save that went well, by the last one of all */
    double begin_time;        /* of the clock, when the writer was started */
    bool broken_off;          /* the writer took too long and was killed */
    double pause, retry_time; /* after a failure: seconds to wait; of the clock, not before */
} sq_run_saves;

typedef struct {
    const sq_config *config;
    const sq_run_options *options;
    sq_comm *comm;
    bool root; /* rank 0: has the log and writes files */
    sq_problem problem;
    sq_trainer *trainer;
    sq_position position;
    sq_run_log *log;    /* rank 0 only */
    char cpu[128];      /* sq_cpu_type */
    sq_real *best;      /* (parameters): the selected model */
    double *by, *level; /* (n_layers, n_types) */
    double total_level[SQ_MAX_TYPES];
    sq_metrics valid;
    sq_target_variance targets; /* of the training data; 0 if the rule of tuning does not ask */
    sq_target_variance valid_targets; /* of the validation data; 0 unless types move samples */
    sq_run_saves saves;               /* rank 0 only */
    sq_folder_lock lock;              /* rank 0 only */
    sq_trace *trace;                  /* keeps single events only if they were asked for */
    sq_trace *reads;                  /* of the threads that read ahead; the same */
    const char *operation;            /* of the last beat */
    bool stopped;                     /* on request */
    bool goes_on;                     /* from a checkpoint; rank 0 only */
    bool failed;                      /* rank 0 only */
    bool doubtful;                    /* ranks differ: rank 0's memory may be what is damaged */
    bool told_passed_over;            /* that some batches take no step */
    bool told_unmeasured;             /* that no sample can be moved */
    double started;
    int64_t first_epoch; /* done by this process */
} sq_run;

/* ---- run_setup.c ---- */

/* Problem, buffers, folder, and the state of the newest checkpoint if that is asked for.
 * Collective. */
sq_status sq_run_prepare(sq_run *run);
void sq_run_release(sq_run *run);

/* ---- run_files.c: not collective, rank 0 only ---- */

/* "FOLDER/name". path: (SQ_RUN_PATH) */
void sq_run_path(const sq_run *run, const char *name, char *path);

/* SQ_ERR_CONFIG if another run's results are in the folder and this one does not resume: a run is
 * not overwritten by accident. */
sq_status sq_run_check_folder(const sq_run *run);
/* Makes the folder and keeps other runs out of it; a resumed run removes what killed ones left half
 * written. */
sq_status sq_run_prepare_folder(sq_run *run);
sq_status sq_run_write_config(const sq_run *run);
/* Removes what killed writers left half written. */
void sq_run_sweep(const sq_run *run);

/* Everything that is needed to go on, as a list of arrays in place. */
sq_status sq_run_list_checkpoint(sq_run *run, sq_state_list *list);

/* Writes some of the files: the log first, since a checkpoint may not know of an epoch that the log
 * has not. A checkpoint is read back before older ones are removed. Checkpoints of later steps,
 * which were skipped when the run was resumed, are set aside first. */
sq_status sq_run_write_files(sq_run *run, unsigned files);

/* The content hash of best.nc, and of a checkpoint, as they would be written now; the latter on any
 * rank. hash: (SQ_STATE_HASH_SIZE) */
sq_status sq_run_hash_best(sq_run *run, char *hash);
sq_status sq_run_hash_state(sq_run *run, char *hash);

/* ---- run_save.c: not collective, rank 0 only ---- */

void sq_run_saves_init(sq_run *run);

/* After a step or an epoch: begins a save if one is due and none is under way. A failed save is
 * told in the log and tried again, ever more rarely; training goes on. */
void sq_run_save_when_due(sq_run *run);

/* Saves these files now and waits for them; tried again for checkpoint.retry_seconds. */
sq_status sq_run_save_now(sq_run *run, unsigned files);

/* After a failure: saves the log, and the best model if a better one was selected, once. Returns
 * the failure, with its message. */
sq_status sq_run_leave_what_there_is(sq_run *run, sq_status failure);

/* Seconds that sq_run_save_now may take; 0: any time. */
double sq_run_longest_save(const sq_run *run);

/* ---- run_trace.c ---- */

/* Begins to record; writes the file if options->trace asks for it. The latter is collective. */
sq_status sq_run_begin_trace(sq_run *run);
sq_status sq_run_write_trace(sq_run *run);

/* ---- run_warnings.c ---- */

/* Says, on rank 0, what of the data or the machines makes results worth less. Collective. */
sq_status sq_run_warn(const sq_run *run);

/* ---- run.c ---- */

/* Tells the observer of progress what begins now. */
void sq_run_beat(sq_run *run, const char *operation);

/* ---- run_let_go.c ---- */

/* Lets types go that what the network has not learned breaks, and sets types aside that imply one
 * of these, if the rule asks for that after this epoch. ratio: (n_types) sq_moved_error_ratio on
 * the validation split. Before sq_run_hold_types. Collective. */
sq_status sq_run_let_go_types(sq_run *run, const double *ratio);
/* Would a network that is held to `types` have a type that was let go? */
sq_status sq_run_imply_let_go(const sq_run *run, const sq_held_types *types, bool *implied);

/* ---- run_hold.c ---- */

/* Nothing is left to be held in. */
bool sq_run_is_last_epoch(const sq_run *run);
/* Holds types exactly from the next epoch on that the rule allows, if the network is better
 * projected on all that are held, too: all at once, or else as many as go together. Collective. */
sq_status sq_run_hold_types(sq_run *run, const sq_tuning_fit *fit);

#endif
