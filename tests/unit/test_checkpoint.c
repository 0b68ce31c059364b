/* State files: round trip, refusal of what does not fit, damage, folders of checkpoints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/netcdf_file.h"
#include "softeq/checkpoint.h"
#include "train/checkpoint_folder.h"
#include "train/state.h"

/* A small state with every type and rank. */
typedef struct {
    double weight[6];
    float bias[4];
    int64_t step;
    float cube[8];
    sq_state_array arrays[5];
} sample_state;

enum { N_ARRAYS = 5, N_TEXTS = 2 };
static const sq_state_text texts[N_TEXTS] = {{"config", "[train]\nepochs = 3\n"},
                                             {"input_representation", "5*T(0) + 5*T(1)"}};

static void fill(sample_state *state) {
    *state = (sample_state){.weight = {1.5, -2, 1e-300, 0.1, -0.0, 6},
                            .bias = {0.1f, 2, 3, 4},
                            .step = INT64_MAX - 1,
                            .cube = {1, 2, 3, 4, 5, 6, 7, 8}};
    sq_state_array arrays[N_ARRAYS] = {
        {"layer0_weight", "weight of layer 0", "1", SQ_STATE_DOUBLE, 2, {2, 3}, state->weight},
        {"layer0_bias", "bias of layer 0", "1", SQ_STATE_FLOAT, 1, {4}, state->bias},
        {"step", "optimizer steps done", "1", SQ_STATE_INT64, 0, {0}, &state->step},
        {"layer0_bilinear", "bilinear weights", "1", SQ_STATE_FLOAT, 3, {2, 2, 2}, state->cube},
        {"nothing", "an empty array", NULL, SQ_STATE_FLOAT, 2, {0, 5}, state->cube}};
    memcpy(state->arrays, arrays, sizeof arrays);
}

typedef struct {
    char folder[64], path[128];
    sample_state state;
    char hash[33];
} fixture;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/softeq-test-XXXXXX");
    if (!f || !mkdtemp(f->folder)) return -1;
    snprintf(f->path, sizeof f->path, "%s/checkpoint-7.nc", f->folder);
    fill(&f->state);
    *state = f;
    return sq_checkpoint_write(f->path, "a state", f->state.arrays, N_ARRAYS, texts, N_TEXTS,
                               f->hash);
}

static int tear_down(void **state) {
    fixture *f = *state;
    nftw(f->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* ---- whole files ---- */

static char *read_bytes(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static void write_bytes(const char *path, const char *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void assert_fails(const char *path, const char *message) {
    sq_checkpoint *checkpoint = NULL;
    assert_int_not_equal(sq_checkpoint_open(path, &checkpoint), SQ_OK);
    assert_null(checkpoint);
    assert_non_null(strstr(sq_error_message(), path));
    assert_non_null(strstr(sq_error_message(), message));
}

/* ---- tests ---- */

static void a_state_comes_back_bit_for_bit(void **state) {
    fixture *f = *state;
    sample_state back;
    sq_checkpoint *checkpoint;
    const char *text;
    fill(&back);
    memset(&back, 0xff, offsetof(sample_state, arrays));
    assert_int_equal(sq_checkpoint_open(f->path, &checkpoint), SQ_OK);
    for (int k = 0; k < N_ARRAYS; k++) {
        assert_int_equal(sq_checkpoint_read(checkpoint, &back.arrays[k]), SQ_OK);
    }
    assert_memory_equal(&back, &f->state, offsetof(sample_state, arrays));
    for (int k = 0; k < N_TEXTS; k++) {
        assert_int_equal(sq_checkpoint_text(checkpoint, texts[k].name, &text), SQ_OK);
        assert_string_equal(text, texts[k].text);
    }
    assert_string_equal(sq_checkpoint_hash(checkpoint), f->hash);
    sq_checkpoint_close(&checkpoint);
    assert_null(checkpoint);
}

static void a_text_that_is_not_there_is_an_error(void **state) {
    fixture *f = *state;
    sq_checkpoint *checkpoint;
    const char *text;
    assert_int_equal(sq_checkpoint_open(f->path, &checkpoint), SQ_OK);
    assert_int_equal(sq_checkpoint_text(checkpoint, "no_text", &text), SQ_ERR_DATA);
    sq_checkpoint_close(&checkpoint);
}

static void the_hash_tells_values_shapes_names_and_texts_apart(void **state) {
    fixture *f = *state;
    char hash[33];
    char path[128];
    snprintf(path, sizeof path, "%s/other.nc", f->folder);
    sq_state_array *weight = &f->state.arrays[0];
    assert_int_equal(
        sq_checkpoint_write(path, "another title", f->state.arrays, N_ARRAYS, texts, N_TEXTS, hash),
        SQ_OK);
    assert_string_equal(hash, f->hash);
    sq_checkpoint_write(path, "", f->state.arrays, N_ARRAYS, texts, 1, hash);
    assert_string_not_equal(hash, f->hash);
    *weight =
        (sq_state_array){"layer0_weight", "", "1", SQ_STATE_DOUBLE, 2, {3, 2}, weight->values};
    sq_checkpoint_write(path, "", f->state.arrays, N_ARRAYS, texts, N_TEXTS, hash);
    assert_string_not_equal(hash, f->hash);
}

static void another_shape_or_type_is_refused(void **state) {
    fixture *f = *state;
    sq_checkpoint *checkpoint;
    double values[6] = {0};
    sq_state_array wrong_shape = {"layer0_weight", NULL, NULL, SQ_STATE_DOUBLE, 2, {3, 2}, values};
    sq_state_array wrong_type = {"step", NULL, NULL, SQ_STATE_DOUBLE, 0, {0}, values};
    assert_int_equal(sq_checkpoint_open(f->path, &checkpoint), SQ_OK);
    assert_int_equal(sq_checkpoint_read(checkpoint, &wrong_shape), SQ_ERR_DATA);
    assert_non_null(strstr(sq_error_message(), "is double (2, 3), expected double (3, 2)"));
    assert_int_equal(sq_checkpoint_read(checkpoint, &wrong_type), SQ_ERR_DATA);
    assert_true(values[0] == 0);
    sq_checkpoint_close(&checkpoint);
}

/* A damaged file either fails or holds just what was written. */
static void assert_detected_or_harmless(const fixture *f) {
    sq_checkpoint *checkpoint = NULL;
    if (sq_checkpoint_open(f->path, &checkpoint) != SQ_OK) {
        assert_null(checkpoint);
        return;
    }
    assert_string_equal(sq_checkpoint_hash(checkpoint), f->hash);
    sq_checkpoint_close(&checkpoint);
}

static void a_flipped_byte_is_detected_or_harmless(void **state) {
    enum { STRIDE = 23 }; /* every 23rd byte: some hundred places in headers, texts and values */
    fixture *f = *state;
    size_t size;
    char *bytes = read_bytes(f->path, &size);
    for (size_t k = 0; k < size; k += STRIDE) {
        bytes[k] ^= (char)(1 << (k % 8));
        write_bytes(f->path, bytes, size);
        bytes[k] ^= (char)(1 << (k % 8));
        assert_detected_or_harmless(f);
    }
    free(bytes);
}

static void a_file_cut_off_anywhere_is_an_error(void **state) {
    enum { STRIDE = 97 };
    fixture *f = *state;
    size_t size;
    char *bytes = read_bytes(f->path, &size);
    for (size_t length = 0; length < size; length += STRIDE) {
        write_bytes(f->path, bytes, length);
        assert_fails(f->path, "");
    }
    free(bytes);
}

/* As another program would rewrite it: without the checksum line after the end. */
static void the_content_hash_guards_a_file_without_seal(void **state) {
    enum { SEAL_SIZE = 29 };
    fixture *f = *state;
    size_t size;
    char *bytes = read_bytes(f->path, &size);
    sq_checkpoint *checkpoint;
    write_bytes(f->path, bytes, size - SEAL_SIZE);
    assert_int_equal(sq_checkpoint_open(f->path, &checkpoint), SQ_OK);
    sq_checkpoint_close(&checkpoint);
    char *place = memmem(bytes, size, f->state.weight, sizeof f->state.weight);
    assert_non_null(place);
    place[3] ^= 1;
    write_bytes(f->path, bytes, size - SEAL_SIZE);
    assert_fails(f->path, "its content has hash");
    free(bytes);
}

static void foreign_files_are_refused(void **state) {
    fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/foreign.nc", f->folder);
    assert_fails(path, "No such file");
    write_bytes(path, "hello", 5);
    assert_fails(path, "");
    sq_nc *file;
    assert_int_equal(sq_nc_create(path, &file), SQ_OK);
    assert_int_equal(sq_nc_close(&file), SQ_OK);
    assert_fails(path, "content_hash");
}

/* HDF5 stores nothing of a variable that was never written. */
static void a_claim_of_more_values_than_the_file_can_hold_is_refused(void **state) {
    fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/huge.nc", f->folder);
    sq_nc *file;
    assert_int_equal(sq_nc_create(path, &file), SQ_OK);
    assert_int_equal(sq_nc_put_text(file, NULL, "content_hash", f->hash), SQ_OK);
    assert_int_equal(sq_nc_put_text(file, NULL, "content_hash_texts", ""), SQ_OK);
    assert_int_equal(sq_nc_define_dimension(file, "records", 0), SQ_OK);
    assert_int_equal(sq_nc_define_variable(file, "x", SQ_NC_DOUBLE, 1, (const char *[]){"records"}),
                     SQ_OK);
    assert_int_equal(
        sq_nc_write_double(file, "x", (size_t[]){(size_t)1 << 40}, (size_t[]){1}, (double[]){1}),
        SQ_OK);
    assert_int_equal(sq_nc_close(&file), SQ_OK);
    assert_fails(path, "cannot be in a file of this size");
}

static void a_failed_write_leaves_the_old_file(void **state) {
    fixture *f = *state;
    sq_state_array bad = {"bad", NULL, NULL, SQ_STATE_FLOAT, 4, {1}, f->state.bias};
    assert_int_equal(sq_checkpoint_write(f->path, "", &bad, 1, NULL, 0, NULL), SQ_ERR_ARGUMENT);
    sq_checkpoint *checkpoint;
    assert_int_equal(sq_checkpoint_open(f->path, &checkpoint), SQ_OK);
    assert_string_equal(sq_checkpoint_hash(checkpoint), f->hash);
    sq_checkpoint_close(&checkpoint);
}

/* ---- folders ---- */

static void write_step(fixture *f, const char *step) {
    char path[128];
    snprintf(path, sizeof path, "%s/checkpoint-%s.nc", f->folder, step);
    assert_int_equal(sq_checkpoint_write(path, "", f->state.arrays, N_ARRAYS, texts, N_TEXTS, NULL),
                     SQ_OK);
}

static void keep_line(sq_log_level level, const char *line, void *context) {
    if (level == SQ_LOG_WARNING) snprintf(context, 1024, "%s", line);
}

static void the_newest_is_found_by_number_not_by_spelling(void **state) {
    fixture *f = *state;
    char *path;
    write_step(f, "10");
    write_step(f, "9");
    write_step(f, "12.part");
    assert_int_equal(sq_checkpoint_find_newest(f->folder, &path), SQ_OK);
    assert_non_null(strstr(path, "/checkpoint-10.nc"));
    sq_free(path);
}

static void a_broken_newest_is_skipped_and_named(void **state) {
    fixture *f = *state;
    char *path;
    char broken[128];
    char line[1024] = "";
    snprintf(broken, sizeof broken, "%s/checkpoint-8.nc", f->folder);
    write_bytes(broken, "not a checkpoint", 16);
    sq_log_set_sink(keep_line, line);
    assert_int_equal(sq_checkpoint_find_newest(f->folder, &path), SQ_OK);
    assert_string_equal(path, f->path);
    assert_non_null(strstr(line, broken));
    sq_free(path);
    unlink(f->path);
    assert_int_equal(sq_checkpoint_find_newest(f->folder, &path), SQ_ERR_DATA);
    assert_null(path);
    sq_log_set_sink(NULL, NULL);
}

static void an_empty_folder_has_no_newest_and_a_missing_one_is_an_error(void **state) {
    fixture *f = *state;
    char *path;
    unlink(f->path);
    assert_int_equal(sq_checkpoint_find_newest(f->folder, &path), SQ_OK);
    assert_null(path);
    assert_int_equal(sq_checkpoint_find_newest("/nonexistent", &path), SQ_ERR_IO);
}

static bool exists(const fixture *f, const char *name) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    return access(path, F_OK) == 0;
}

static void prune_keeps_the_newest_and_other_files(void **state) {
    fixture *f = *state;
    char other[128];
    write_step(f, "8");
    write_step(f, "100");
    snprintf(other, sizeof other, "%s/best.nc", f->folder);
    write_bytes(other, "x", 1);
    assert_int_equal(sq_checkpoint_prune(f->folder, 100, 2), SQ_OK);
    assert_false(exists(f, "checkpoint-7.nc"));
    assert_true(exists(f, "checkpoint-8.nc"));
    assert_int_equal(sq_checkpoint_prune(f->folder, 100, 0), SQ_OK);
    assert_false(exists(f, "checkpoint-8.nc"));
    assert_true(exists(f, "checkpoint-100.nc"));
    assert_true(exists(f, "best.nc"));
}

/* A damaged checkpoint of a run that went further may stand there when an older one is resumed. */
static void prune_counts_only_what_was_written_so_far(void **state) {
    fixture *f = *state;
    write_step(f, "8");
    write_step(f, "9");
    write_step(f, "200");
    assert_int_equal(sq_checkpoint_prune(f->folder, 9, 1), SQ_OK);
    assert_true(exists(f, "checkpoint-200.nc"));
    assert_true(exists(f, "checkpoint-9.nc"));
    assert_false(exists(f, "checkpoint-8.nc"));
    assert_false(exists(f, "checkpoint-7.nc"));
}

static void later_ones_are_set_aside_under_another_name(void **state) {
    fixture *f = *state;
    write_step(f, "9");
    write_step(f, "200");
    assert_int_equal(sq_checkpoint_set_aside(f->folder, 9), SQ_OK);
    assert_true(exists(f, "checkpoint-9.nc"));
    assert_false(exists(f, "checkpoint-200.nc"));
    assert_true(exists(f, "checkpoint-200.nc.skipped"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What a checkpoint with this text `data_hash` is for a run whose data has the hash "now", and had
 * "before" or "long before" in older versions. */
static sq_status check_data_hash(fixture *f, const char *kept) {
    const sq_state_text theirs = {"data_hash", kept};
    sq_state_text ours = {"data_hash", "now"};
    const sq_state_list list = {
        .texts = &ours, .n_texts = 1, .former_data_hashes = {"before", "long before"}};
    sq_checkpoint *checkpoint;
    assert_int_equal(
        sq_checkpoint_write(f->path, "a state", f->state.arrays, N_ARRAYS, &theirs, 1, NULL),
        SQ_OK);
    assert_int_equal(sq_checkpoint_open(f->path, &checkpoint), SQ_OK);
    sq_status status = sq_state_check(&list, checkpoint);
    sq_checkpoint_close(&checkpoint);
    return status;
}

static void data_is_known_by_the_hash_of_an_older_version(void **state) {
    assert_int_equal(check_data_hash(*state, "now"), SQ_OK);
    assert_int_equal(check_data_hash(*state, "before"), SQ_OK);
    assert_int_equal(check_data_hash(*state, "long before"), SQ_OK);
    assert_int_equal(check_data_hash(*state, "other"), SQ_ERR_DATA);
}

/* Once there was one scale for all types. */
static void the_scale_of_an_older_version_counts_for_all_types(void **state) {
    fixture *f = *state;
    double one = 0.25, scale[] = {1, 1, 1};
    char path[128];
    sq_checkpoint *checkpoint = NULL;
    const sq_state_array old = {
        .name = "tuning_scale", .long_name = "a scale", .type = SQ_STATE_DOUBLE, .values = &one};
    sq_state_array now = {
        .name = "tuning_scale", .type = SQ_STATE_DOUBLE, .rank = 1, .shape = {3}, .values = scale};
    const sq_state_list list = {.arrays = &now, .n_arrays = 1};
    snprintf(path, sizeof path, "%s/old.nc", f->folder);
    assert_int_equal(sq_checkpoint_write(path, "", &old, 1, NULL, 0, NULL), SQ_OK);
    assert_int_equal(sq_checkpoint_open(path, &checkpoint), SQ_OK);
    assert_int_equal(sq_state_read(&list, checkpoint), SQ_OK);
    for (int g = 0; g < 3; g++) assert_true(scale[g] == 0.25);
    sq_checkpoint_close(&checkpoint);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_state_comes_back_bit_for_bit),
        TEST(a_text_that_is_not_there_is_an_error),
        TEST(data_is_known_by_the_hash_of_an_older_version),
        TEST(the_scale_of_an_older_version_counts_for_all_types),
        TEST(the_hash_tells_values_shapes_names_and_texts_apart),
        TEST(another_shape_or_type_is_refused),
        TEST(a_flipped_byte_is_detected_or_harmless),
        TEST(a_file_cut_off_anywhere_is_an_error),
        TEST(the_content_hash_guards_a_file_without_seal),
        TEST(foreign_files_are_refused),
        TEST(a_claim_of_more_values_than_the_file_can_hold_is_refused),
        TEST(a_failed_write_leaves_the_old_file),
        TEST(the_newest_is_found_by_number_not_by_spelling),
        TEST(a_broken_newest_is_skipped_and_named),
        TEST(an_empty_folder_has_no_newest_and_a_missing_one_is_an_error),
        TEST(prune_keeps_the_newest_and_other_files),
        TEST(prune_counts_only_what_was_written_so_far),
        TEST(later_ones_are_set_aside_under_another_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
