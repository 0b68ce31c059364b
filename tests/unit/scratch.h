/* A folder for the files of a test, and helpers to fill it. Include after cmocka.h. */
#ifndef SQ_TESTS_SCRATCH_H
#define SQ_TESTS_SCRATCH_H

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "softeq/error.h"

enum { SCRATCH_PATHS = 4 };

typedef struct {
    char folder[64];
    char *paths[SCRATCH_PATHS];
    int next_path;
} scratch;

/* Set-up and tear-down of a test; its state is the scratch. The folder's name has a space, as those
 * of users do. */
static inline int scratch_set_up(void **state) {
    scratch *made = calloc(1, sizeof *made);
    if (!made) return -1;
    strcpy(made->folder, "/tmp/softeq test XXXXXX");
    *state = made;
    return mkdtemp(made->folder) ? 0 : -1;
}

static inline int scratch_remove_entry(const char *path, const struct stat *info, int type,
                                       struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static inline int scratch_tear_down(void **state) {
    scratch *gone = *state;
    nftw(gone->folder, scratch_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    for (int i = 0; i < SCRATCH_PATHS; i++) free(gone->paths[i]);
    free(gone);
    return 0;
}

/* A test with set-up and tear-down, for the list in main. */
#define in_scratch(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

static inline const char *scratch_keep(scratch *place, const char *format, const char *name) {
    char **path = &place->paths[place->next_path++ % SCRATCH_PATHS];
    free(*path);
    if (asprintf(path, format, place->folder, name) < 0) abort();
    return *path;
}

/* "FOLDER/name"; valid until SCRATCH_PATHS calls later. */
static inline const char *scratch_path(void **state, const char *name) {
    return scratch_keep(*state, "%s/%s", name);
}

/* The same in quotes, as a word of a list of files. */
static inline const char *scratch_word(void **state, const char *name) {
    return scratch_keep(*state, "\"%s/%s\"", name);
}

static inline const char *scratch_write(void **state, const char *name, const char *text) {
    const char *path = scratch_path(state, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline void scratch_assert_content(const char *path, const char *expected) {
    char found[1024] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(found, expected);
}

/* Cuts a file off at a part of its length. */
static inline void scratch_cut(const char *path, double part) {
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(truncate(path, (off_t)((double)found.st_size * part)), 0);
}

static inline int scratch_count_files(void **state) {
    const scratch *place = *state;
    int count = 0;
    DIR *folder = opendir(place->folder);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

/* A call must succeed; its message is shown if it does not. */
static inline void assert_ok(sq_status status) {
    if (status != SQ_OK) fail_msg("%s: %s", sq_status_name(status), sq_error_message());
}

/* A call must fail like this, and the message must contain the words. */
static inline void assert_failure(sq_status status, sq_status expected, const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(sq_error_message(), words))
        fail_msg("'%s' is not in the message '%s'", words, sq_error_message());
}

#endif
