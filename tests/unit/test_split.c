/* Splits by scene: nothing is lost, no scene is cut, labels go with their rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dataset/labels.h"
#include "dataset/shard_layout.h"
#include "dataset/shard_writer.h"
#include "dataset/shared_scenes.h"
#include "dataset/split.h"
#include "scratch.h"

enum { MOST_ROWS = 4096 };
static const double usual_shares[] = {0.8, 0.1, 0.1};

/* ---- shards ---- */

enum { WIDTH = 3 };

/* Row i of `rows` has input 1000 * file + i, that as its label, and the scene i / per_scene.
 * label_rank 2: WIDTH of them in a row. */
static void write_labelled(void **state, const char *name, int file, int rows, int per_scene,
                           int label_rank) {
    const sq_dataset_info info = {.n_input = 1,
                                  .n_output = 2,
                                  .input_representation = "T(0)",
                                  .output_representation = "2*T(0)",
                                  .title = "made for a test",
                                  .masked = true};
    const char *dimensions[] = {SQ_SHARD_DIM_SAMPLE, "axis"};
    sq_shard_writer *writer;
    assert_ok(sq_shard_writer_create(scratch_path(state, name), &info, NULL, &writer));
    sq_nc *shard = sq_shard_writer_file(writer);
    assert_ok(sq_nc_define_variable(shard, SQ_SHARD_SCENE, SQ_NC_INT64, 1, dimensions));
    assert_ok(sq_nc_define_dimension(shard, "axis", WIDTH));
    assert_ok(sq_nc_define_variable(shard, "label", SQ_NC_DOUBLE, label_rank, dimensions));
    for (int i = 0; i < rows; i++) {
        const size_t start[] = {(size_t)i, 0}, one[] = {1, WIDTH};
        const sq_real input = (sq_real)(1000 * file + i);
        const sq_real target[] = {input, 0}, mask[] = {1, 0};
        const int64_t scene = i / per_scene;
        const double label[WIDTH] = {(double)input, (double)input, (double)input};
        assert_ok(sq_nc_write_int64(shard, SQ_SHARD_SCENE, start, one, &scene));
        assert_ok(sq_nc_write_double(shard, "label", start, one, label));
        assert_ok(sq_shard_writer_append(writer, 1, &input, target, mask));
    }
    assert_ok(sq_shard_writer_finish(&writer));
}

static void write_shard(void **state, const char *name, int file, int rows, int per_scene) {
    write_labelled(state, name, file, rows, per_scene, 1);
}

static sq_status split(void **state, const double *shares, uint64_t seed,
                       sq_split_summary *summary) {
    return sq_split_by_scene(scratch_word(state, "in*.nc"), shares, seed,
                             scratch_path(state, "out"), NULL, summary);
}

/* Reads a part's scenes; its labels must be its inputs, its masks as they were. */
static size_t read_part(void **state, int part, int64_t *scenes) {
    static double labels[MOST_ROWS], inputs[MOST_ROWS], masks[2 * MOST_ROWS];
    char name[32];
    size_t rows;
    sq_nc *shard;
    snprintf(name, sizeof name, "out-%s.nc", sq_split_part_name(part));
    assert_ok(sq_nc_open(scratch_path(state, name), &shard));
    assert_ok(sq_nc_dimension_length(shard, SQ_SHARD_DIM_SAMPLE, &rows));
    assert_true(rows <= MOST_ROWS);
    assert_ok(sq_nc_read_int64(shard, SQ_SHARD_SCENE, NULL, NULL, scenes));
    assert_ok(sq_nc_read_double(shard, "label", NULL, NULL, labels));
    assert_ok(sq_nc_read_double(shard, SQ_SHARD_INPUT, NULL, NULL, inputs));
    assert_ok(sq_nc_read_double(shard, SQ_SHARD_MASK, NULL, NULL, masks));
    assert_memory_equal(labels, inputs, rows * sizeof *labels);
    for (size_t i = 0; i < rows; i++) assert_true(masks[2 * i] == 1 && masks[2 * i + 1] == 0);
    assert_ok(sq_nc_close(&shard));
    return rows;
}

/* ---- tests ---- */

static void no_scene_is_cut(void **state) {
    static int64_t scenes[MOST_ROWS];
    int part_of[100];
    size_t total = 0;
    sq_split_summary summary;
    write_shard(state, "in1.nc", 1, 2000, 20);
    write_shard(state, "in2.nc", 2, 1000, 10); /* the same scenes again */
    assert_ok(split(state, usual_shares, 1, &summary));
    memset(part_of, -1, sizeof part_of);
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) {
        size_t rows = read_part(state, part, scenes);
        assert_int_equal(rows, summary.rows[part]);
        total += rows;
        for (size_t i = 0; i < rows; i++) {
            int *found = &part_of[scenes[i]];
            assert_true(*found == -1 || *found == part);
            *found = part;
        }
    }
    assert_int_equal(total, 3000);
    assert_int_equal(summary.rows[0], 2400);
    assert_int_equal(summary.scenes[0] + summary.scenes[1] + summary.scenes[2], 100);
}

static void the_seed_decides(void **state) {
    static int64_t first[MOST_ROWS], again[MOST_ROWS], other[MOST_ROWS];
    sq_split_summary summary;
    write_shard(state, "in.nc", 0, 1000, 10);
    assert_ok(split(state, usual_shares, 1, &summary));
    size_t rows = read_part(state, 0, first);
    assert_ok(split(state, usual_shares, 1, &summary));
    assert_int_equal(read_part(state, 0, again), rows);
    assert_memory_equal(first, again, rows * sizeof *first);
    assert_ok(split(state, usual_shares, 2, &summary));
    assert_int_equal(read_part(state, 0, other), rows);
    assert_memory_not_equal(first, other, rows * sizeof *first);
}

static void every_part_gets_a_scene(void **state) {
    sq_split_summary summary;
    write_shard(state, "in.nc", 0, 30, 10);
    assert_ok(split(state, usual_shares, 1, &summary));
    for (int part = 0; part < SQ_SPLIT_PARTS; part++) assert_int_equal(summary.scenes[part], 1);
}

static void too_few_scenes_are_an_error(void **state) {
    sq_split_summary summary;
    write_shard(state, "in.nc", 0, 30, 15);
    assert_failure(split(state, usual_shares, 1, &summary), SQ_ERR_DATA,
                   "2 scenes cannot be split into 3 parts");
    assert_int_equal(scratch_count_files(state), 1);
}

static void a_part_without_a_share_is_not_written(void **state) {
    const double shares[] = {0.5, 0, 0.5};
    sq_split_summary summary;
    write_shard(state, "in.nc", 0, 30, 15);
    assert_ok(split(state, shares, 1, &summary));
    assert_int_equal(summary.rows[0], 15);
    assert_int_equal(summary.rows[2], 15);
    assert_int_equal(scratch_count_files(state), 3);
}

static void what_is_read_is_not_replaced(void **state) {
    sq_split_summary summary;
    write_shard(state, "in-train.nc", 0, 30, 5);
    assert_failure(sq_split_by_scene(scratch_word(state, "in*.nc"), usual_shares, 1,
                                     scratch_path(state, "in"), NULL, &summary),
                   SQ_ERR_ARGUMENT, "in-train.nc is what is read");
    assert_int_equal(scratch_count_files(state), 1);
}

static void labels_of_another_shape_are_refused(void **state) {
    sq_split_summary summary;
    for (int rank = 1; rank <= 2; rank++) {
        write_labelled(state, "in1.nc", 1, 100, 10, rank);
        write_labelled(state, "in2.nc", 2, 100, 10, rank);
        assert_ok(split(state, usual_shares, 1, &summary));
        write_labelled(state, "in2.nc", 2, 100, 10, 3 - rank);
        assert_failure(split(state, usual_shares, 1, &summary), SQ_ERR_DATA,
                       "in2.nc: label: has not the shape that it has in the first of the files");
    }
}

static void all_labels_are_found(void **state) {
    enum { LABELS = 100 };
    const char *dimensions[] = {SQ_SHARD_DIM_SAMPLE};
    char name[32];
    sq_labels *labels;
    sq_nc *file, *copy;
    assert_ok(sq_nc_create(scratch_path(state, "in.nc"), &file));
    assert_ok(sq_nc_create(scratch_path(state, "out.nc"), &copy));
    assert_ok(sq_nc_define_dimension(file, SQ_SHARD_DIM_SAMPLE, 0));
    assert_ok(sq_nc_define_dimension(copy, SQ_SHARD_DIM_SAMPLE, 0));
    for (int k = 0; k < LABELS; k++) {
        snprintf(name, sizeof name, "label%d", k);
        assert_ok(sq_nc_define_variable(file, name, SQ_NC_INT64, 1, dimensions));
    }
    assert_ok(sq_labels_create(file, &labels));
    assert_ok(sq_labels_define(labels, file, copy));
    assert_int_equal(sq_nc_variable_count(copy), LABELS);
    sq_labels_destroy(&labels);
    assert_ok(sq_nc_close(&copy));
    assert_ok(sq_nc_close(&file));
}

/* As many scenes as rows, in turn: nothing is kept for each row. */
static void scenes_may_alternate(void **state) {
    sq_scene_parts *parts;
    (void)state;
    assert_ok(sq_scene_parts_create(&parts));
    for (int64_t i = 0; i < 100000; i++) {
        const int64_t scene = i % 7;
        assert_ok(sq_scene_parts_count(parts, &scene, 1));
    }
    assert_int_equal(sq_scene_parts_total(parts), 7);
    assert_ok(sq_scene_parts_assign(parts, usual_shares, 1));
    assert_true(sq_scene_parts_find(parts, 6) >= 0);
    assert_int_equal(sq_scene_parts_find(parts, 7), -1);
    sq_scene_parts_destroy(&parts);
}

static void shared_scenes_are_found(void **state) {
    char name[64], first[128], second[128];
    size_t count;
    write_shard(state, "in1.nc", 1, 100, 10); /* scenes 0 .. 9 */
    write_shard(state, "in2.nc", 2, 12, 1);   /* scenes 0 .. 11 */
    snprintf(first, sizeof first, "%s", scratch_word(state, "in1.nc"));
    snprintf(second, sizeof second, "%s", scratch_word(state, "in2.nc"));
    assert_ok(sq_shared_scenes(first, second, &count, name, sizeof name));
    assert_int_equal(count, 10);
    assert_string_equal(name, "number 0");
    sq_split_summary summary;
    assert_ok(split(state, usual_shares, 1, &summary));
    snprintf(first, sizeof first, "%s", scratch_word(state, "out-train.nc"));
    snprintf(second, sizeof second, "%s", scratch_word(state, "out-valid.nc"));
    assert_ok(sq_shared_scenes(first, second, &count, name, sizeof name));
    assert_int_equal(count, 0);
    assert_string_equal(name, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        in_scratch(no_scene_is_cut),
        in_scratch(the_seed_decides),
        in_scratch(every_part_gets_a_scene),
        in_scratch(too_few_scenes_are_an_error),
        in_scratch(a_part_without_a_share_is_not_written),
        in_scratch(what_is_read_is_not_replaced),
        in_scratch(shared_scenes_are_found),
        in_scratch(labels_of_another_shape_are_refused),
        in_scratch(all_labels_are_found),
        cmocka_unit_test(scenes_may_alternate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
