#include "train/exact_sum.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

static const double unit = 0x1p-40;

/* The gradient is summed in buckets, so that the sum of the last layers runs while the first ones
 * are computed: large enough to be worth a message, few enough for the communicator. */
enum { SMALLEST_BUCKET = 1 << 15, MOST_BUCKETS = 16 };

/* How many ranks failed, and how many raised the caller's flag. */
enum { FAILED, RAISED, N_FLAGS };

/* One buffer for one reduction: gradient | numbers | marks of arrays | flags.
 * Buckets are cut from the end of the gradient; what stands behind it goes last. */
struct sq_exact_sum {
    sq_comm *comm;
    const sq_parameter_table *table; /* NULL: numbers only */
    size_t n_gradient, n_numbers, n_marks;
    sq_real limit;
    int64_t *values;
    bool lent, asked; /* the values' memory is the communicator's; it was asked for some */
    int n_buckets;
    size_t bucket_size;
    int begun; /* buckets whose sum has begun, counted from the end */
};

sq_status sq_exact_sum_create(sq_comm *comm, const sq_parameter_table *table, size_t n_numbers,
                              size_t most_parts, sq_exact_sum **out) {
    sq_status status = SQ_OK;
    sq_exact_sum *sum = NULL;
    SQ_TRY(sq_alloc(1, sizeof *sum, &sum));
    sum->comm = comm;
    sum->table = table;
    sum->n_gradient = table ? table->count : 0;
    sum->n_marks = table ? table->rows : 0;
    sum->n_numbers = n_numbers;
    sum->bucket_size = sum->n_gradient / MOST_BUCKETS + 1;
    if (sum->bucket_size < SMALLEST_BUCKET) sum->bucket_size = SMALLEST_BUCKET;
    sum->n_buckets = (int)((sum->n_gradient + sum->bucket_size - 1) / sum->bucket_size);
    sum->limit = (sq_real)(0x1p62 * unit / (double)(most_parts ? most_parts : 1));
    SQ_TRY(sq_alloc(sum->n_gradient + n_numbers + sum->n_marks + N_FLAGS, sizeof *sum->values,
                    &sum->values));
cleanup:
    if (status != SQ_OK) sq_exact_sum_destroy(&sum);
    *out = sum;
    return status;
}

void sq_exact_sum_destroy(sq_exact_sum **sum) {
    if (!*sum) return;
    if ((*sum)->lent)
        sq_comm_give_back((*sum)->comm, (*sum)->values);
    else
        sq_free((*sum)->values);
    sq_free(*sum);
    *sum = NULL;
}

static size_t count_all(const sq_exact_sum *sum) {
    return sum->n_gradient + sum->n_numbers + sum->n_marks + N_FLAGS;
}

static int64_t *marks(const sq_exact_sum *sum) {
    return sum->values + sum->n_gradient + sum->n_numbers;
}

static int64_t *flags(const sq_exact_sum *sum) { return marks(sum) + sum->n_marks; }

void sq_exact_sum_clear(sq_exact_sum *sum) {
    memset(sum->values, 0, count_all(sum) * sizeof *sum->values);
}

/* Returns false if a value is NaN or beyond the limit; such values add nothing. In double, which
 * represents scaled values exactly too, and with all types of one width: gcc makes vector code of
 * it. */
static bool add_row(int64_t *restrict to, const sq_real *restrict values, size_t count,
                    sq_real limit) {
    const double bound = (double)limit, scale = 1.0 / unit;
    int64_t bad = 0;
    for (size_t e = 0; e < count; e++) {
        double value = (double)values[e];
        int64_t fits = fabs(value) < bound; /* false for NaN */
        double rounded = rint(fits ? value * scale : 0.0);
        bad |= !fits;
        to[e] += (int64_t)rounded;
    }
    return !bad;
}

/* Finds which arrays the bad values belong to: rare, so it may be slow. */
static void mark_row(sq_exact_sum *sum, size_t offset, const sq_real *values, size_t count) {
    for (size_t e = 0; e < count; e++) {
        if (values[e] > -sum->limit && values[e] < sum->limit) continue;
        marks(sum)[sq_parameter_at(sum->table, offset + e) - sum->table->row] = 1;
    }
}

void sq_exact_sum_add(void *context, size_t offset, size_t parameter_ld, size_t rows,
                      size_t columns, const sq_real *values, size_t ld) {
    sq_exact_sum *sum = context;
    for (size_t i = 0; i < rows; i++) {
        size_t at = offset + i * parameter_ld;
        if (!add_row(sum->values + at, values + i * ld, columns, sum->limit))
            mark_row(sum, at, values + i * ld, columns);
    }
}

void sq_exact_sum_put(sq_exact_sum *sum, size_t number, double value) {
    /* The other ranks have 0 there, so that the sum is the bit pattern itself. */
    memcpy(&sum->values[sum->n_gradient + number], &value, sizeof value);
}

/* First element of a bucket, counted from the end of the gradient. */
static size_t bucket_first(const sq_exact_sum *sum, int bucket) {
    size_t behind = (size_t)(bucket + 1) * sum->bucket_size;
    return behind < sum->n_gradient ? sum->n_gradient - behind : 0;
}

static sq_status begin_bucket(sq_exact_sum *sum, int bucket) {
    size_t first = bucket_first(sum, bucket);
    size_t end = bucket > 0 ? bucket_first(sum, bucket - 1) : sum->n_gradient;
    return sq_comm_sum_begin(sum->comm, bucket, sum->values + first, end - first);
}

sq_status sq_exact_sum_complete(sq_exact_sum *sum, size_t first) {
    sq_status status = SQ_OK;
    /* Between ranks that share memory a sum is work for the same cores that compute: begun early it
     * costs more than it hides (six buckets of 215 KiB, two ranks: 1.5 times the time of one sum).
     */
    if (sq_comm_nodes(sum->comm) == 1) return SQ_OK;
    while (sum->begun < sum->n_buckets && first <= bucket_first(sum, sum->begun)) {
        SQ_TRY(begin_bucket(sum, sum->begun));
        sum->begun++;
    }
    sq_comm_progress(sum->comm);
cleanup:
    return status;
}

/* Moves the values to where ranks of one node see each other's, if there is such a place. Here, at
 * the first reduction, all ranks are sure to come. */
static sq_status ask_for_memory(sq_exact_sum *sum) {
    sq_status status = SQ_OK;
    int64_t *lent = NULL;
    if (sum->asked) return SQ_OK;
    sum->asked = true;
    SQ_TRY(sq_comm_lend(sum->comm, count_all(sum), &lent));
    if (!lent) goto cleanup;
    memcpy(lent, sum->values, count_all(sum) * sizeof *lent);
    sq_free(sum->values);
    sum->values = lent;
    sum->lent = true;
cleanup:
    return status;
}

sq_status sq_exact_sum_reduce(sq_exact_sum *sum, sq_status mine) {
    sq_status status = SQ_OK;
    SQ_TRY(ask_for_memory(sum));
    flags(sum)[FAILED] = mine != SQ_OK;
    SQ_TRY(sq_exact_sum_complete(sum, 0));
    size_t begun = sum->begun > 0 ? sum->n_gradient : 0; /* all of the gradient, or nothing of it */
    SQ_TRY(sq_comm_sum(sum->comm, sum->values + begun, count_all(sum) - begun));
    for (int bucket = 0; bucket < sum->begun; bucket++)
        SQ_TRY(sq_comm_sum_finish(sum->comm, bucket));
    sum->begun = 0;
    if (flags(sum)[FAILED] != 0) status = sq_comm_agree(sum->comm, mine);
cleanup:
    return status;
}

void sq_exact_sum_raise(sq_exact_sum *sum) { flags(sum)[RAISED] = 1; }

bool sq_exact_sum_raised(const sq_exact_sum *sum) { return flags(sum)[RAISED] != 0; }

double sq_exact_sum_get(const sq_exact_sum *sum, size_t number) {
    double value;
    memcpy(&value, &sum->values[sum->n_gradient + number], sizeof value);
    return value;
}

const sq_parameter *sq_exact_sum_overflow(const sq_exact_sum *sum) {
    for (size_t row = 0; row < sum->n_marks; row++)
        if (marks(sum)[row] != 0) return &sum->table->row[row];
    return NULL;
}

double sq_exact_sum_limit(const sq_exact_sum *sum) { return (double)sum->limit; }

void sq_exact_sum_gradient(const sq_exact_sum *sum, sq_real *gradient) {
    for (size_t e = 0; e < sum->n_gradient; e++)
        gradient[e] = (sq_real)((double)sum->values[e] * unit);
}
