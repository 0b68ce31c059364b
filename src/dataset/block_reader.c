#include "dataset/block_reader.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "dataset/block_cache.h"

struct sq_block_reader {
    sq_block_load *load;
    void *context;
    sq_trace *trace;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t work;  /* the thread may have something to do */
    pthread_cond_t idle;  /* the thread has read a block */
    sq_block_cache *cache;
    size_t *plan; /* (plan_count) blocks to read ahead */
    size_t plan_count, plan_capacity, at;
    bool is_reading; /* the thread, without the lock */
    bool is_awaited; /* the caller waits for it to stop doing so */
    bool rests, ends;
};

/* ---- the thread ------------------------------------------------------------------------------ */

/* The next block of the plan that is not here yet. */
static bool find_next(sq_block_reader *reader, size_t *block) {
    while (reader->at < reader->plan_count &&
           sq_block_cache_find(reader->cache, reader->plan[reader->at]))
        reader->at++;
    if (reader->at == reader->plan_count || !sq_block_cache_has_room(reader->cache)) return false;
    *block = reader->plan[reader->at];
    return true;
}

static bool may_read(const sq_block_reader *reader) {
    return !reader->rests && !reader->is_awaited;
}

/* A failure is no news before somebody asks for the block, who then meets it, too. */
static void read_ahead(sq_block_reader *reader, size_t block) {
    sq_real *values;
    reader->at++;
    if (sq_block_cache_claim(reader->cache, &values) != SQ_OK) return;
    reader->is_reading = true;
    pthread_mutex_unlock(&reader->lock);
    double begin = sq_trace_begin(reader->trace);
    sq_status status = reader->load(reader->context, block, values);
    sq_trace_end(reader->trace, SQ_TRACE_READ, begin);
    pthread_mutex_lock(&reader->lock);
    reader->is_reading = false;
    if (status == SQ_OK) sq_block_cache_keep(reader->cache, block);
    pthread_cond_signal(&reader->idle);
}

static void *run_thread(void *context) {
    sq_block_reader *reader = context;
    size_t block;
    pthread_mutex_lock(&reader->lock);
    while (!reader->ends) {
        if (may_read(reader) && find_next(reader, &block))
            read_ahead(reader, block);
        else
            pthread_cond_wait(&reader->work, &reader->lock);
    }
    pthread_mutex_unlock(&reader->lock);
    return NULL;
}

/* Signals are for the threads that were there before. */
static sq_status start_thread(sq_block_reader *reader) {
    sigset_t all, before;
    if (reader->has_thread) return SQ_OK;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&reader->thread, NULL, run_thread, reader);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    reader->has_thread = code == 0;
    if (code == 0) return SQ_OK;
    return sq_fail(SQ_ERR_MEMORY,
                   "cannot start a thread that reads ahead: %s; data.prefetch = 0 "
                   "does without",
                   strerror(code));
}

/* With the lock held. */
static void wait_until_idle(sq_block_reader *reader) {
    reader->is_awaited = true;
    while (reader->is_reading) pthread_cond_wait(&reader->idle, &reader->lock);
    reader->is_awaited = false;
}

/* ---- the caller ------------------------------------------------------------------------------ */

sq_status sq_block_reader_create(size_t n_blocks, size_t block_values, size_t cache_bytes,
                                 sq_block_load *load, void *context, sq_block_reader **reader) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **reader, reader));
    (*reader)->load = load;
    (*reader)->context = context;
    pthread_mutex_init(&(*reader)->lock, NULL);
    pthread_cond_init(&(*reader)->work, NULL);
    pthread_cond_init(&(*reader)->idle, NULL);
    SQ_TRY(sq_block_cache_create(n_blocks, block_values, cache_bytes, &(*reader)->cache));
cleanup:
    if (status != SQ_OK) sq_block_reader_destroy(reader);
    return status;
}

static void end_thread(sq_block_reader *reader) {
    pthread_mutex_lock(&reader->lock);
    reader->ends = true;
    pthread_cond_signal(&reader->work);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
}

void sq_block_reader_destroy(sq_block_reader **reader) {
    sq_block_reader *gone = *reader;
    if (!gone) return;
    if (gone->has_thread) end_thread(gone);
    pthread_cond_destroy(&gone->work);
    pthread_cond_destroy(&gone->idle);
    pthread_mutex_destroy(&gone->lock);
    sq_block_cache_destroy(&gone->cache);
    sq_free(gone->plan);
    sq_free(gone);
    *reader = NULL;
}

void sq_block_reader_open(sq_block_reader *reader) {
    pthread_mutex_lock(&reader->lock);
    reader->rests = false;
}

void sq_block_reader_close(sq_block_reader *reader) {
    pthread_cond_signal(&reader->work);
    pthread_mutex_unlock(&reader->lock);
}

/* The thread does not begin before the close: it needs the lock. */
static sq_status read_now(sq_block_reader *reader, size_t block) {
    sq_real *values;
    sq_status status;
    SQ_TRY(sq_block_cache_claim(reader->cache, &values));
    SQ_TRY(reader->load(reader->context, block, values));
    sq_block_cache_keep(reader->cache, block);
cleanup:
    return status;
}

sq_status sq_block_reader_get(sq_block_reader *reader, size_t block, const sq_real **values) {
    sq_status status = SQ_OK;
    *values = sq_block_cache_find(reader->cache, block);
    if (*values) return SQ_OK;
    wait_until_idle(reader);
    *values = sq_block_cache_find(reader->cache, block); /* it may have been this one */
    if (*values) return SQ_OK;
    SQ_TRY(read_now(reader, block));
    *values = sq_block_cache_find(reader->cache, block);
cleanup:
    return status;
}

static sq_status copy_plan(sq_block_reader *reader, const size_t *blocks, size_t count) {
    if (count > reader->plan_capacity) {
        sq_status status =
            sq_grow(reader->plan_capacity, count, sizeof *reader->plan, &reader->plan);
        if (status != SQ_OK) return status;
        reader->plan_capacity = count;
    }
    if (count > 0) memcpy(reader->plan, blocks, count * sizeof *blocks);
    reader->plan_count = count;
    reader->at = 0;
    return SQ_OK;
}

sq_status sq_block_reader_expect(sq_block_reader *reader, const size_t *blocks, size_t count) {
    sq_status status = SQ_OK;
    if (count > 0) SQ_TRY(start_thread(reader));
    pthread_mutex_lock(&reader->lock);
    status = copy_plan(reader, blocks, count);
    if (status == SQ_OK) sq_block_cache_protect(reader->cache, blocks, count);
    reader->rests = false;
    pthread_cond_signal(&reader->work);
    pthread_mutex_unlock(&reader->lock);
cleanup:
    return status;
}

void sq_block_reader_rest(sq_block_reader *reader) {
    pthread_mutex_lock(&reader->lock);
    reader->rests = true;
    wait_until_idle(reader);
    pthread_mutex_unlock(&reader->lock);
}

void sq_block_reader_set_trace(sq_block_reader *reader, sq_trace *trace) { reader->trace = trace; }
