#include "train/checkpoint_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "softeq/checkpoint.h"

/* The step in "checkpoint-<step>.nc"; -1 for any other name. */
static int64_t step_of(const char *name) {
    static const char prefix[] = "checkpoint-";
    enum { MOST_DIGITS = 18 }; /* fit into 64 bits */
    size_t length = sizeof prefix - 1;
    if (strncmp(name, prefix, length) != 0) return -1;
    const char *digits = name + length;
    size_t n_digits = strspn(digits, "0123456789");
    if (n_digits == 0 || n_digits > MOST_DIGITS) return -1;
    if (strcmp(digits + n_digits, ".nc") != 0) return -1;
    return strtoll(digits, NULL, 10);
}

static int is_checkpoint(const struct dirent *entry) { return step_of(entry->d_name) >= 0; }

static int newest_first(const struct dirent **a, const struct dirent **b) {
    int64_t step_a = step_of((*a)->d_name);
    int64_t step_b = step_of((*b)->d_name);
    return (step_a < step_b) - (step_a > step_b);
}

/* Checkpoints of a folder, newest first. Free with free_entries. */
static sq_status list_checkpoints(const char *folder, struct dirent ***entries, int *count) {
    *entries = NULL;
    *count = scandir(folder, entries, is_checkpoint, newest_first);
    if (*count >= 0) return SQ_OK;
    *count = 0;
    return sq_fail(SQ_ERR_IO, "%s: cannot be read as a folder: %s", folder, strerror(errno));
}

static void free_entries(struct dirent **entries, int count) {
    for (int k = 0; k < count; k++) free(entries[k]);
    free(entries);
}

bool sq_checkpoint_exists(const char *folder) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_checkpoint, newest_first);
    if (count >= 0) free_entries(entries, count);
    return count > 0;
}

static sq_status join(const char *folder, const char *name, char **path) {
    size_t capacity = strlen(folder) + strlen(name) + 2;
    sq_status status = sq_alloc(capacity, 1, path);
    if (status == SQ_OK) snprintf(*path, capacity, "%s/%s", folder, name);
    return status;
}

/* Whether the file verifies. */
static sq_status try_open(const char *path) {
    sq_checkpoint *checkpoint = NULL;
    sq_status status = sq_checkpoint_open(path, &checkpoint);
    sq_checkpoint_close(&checkpoint);
    return status;
}

/* The first of the entries that verifies; the others are named in the log. */
static sq_status pick(const char *folder, struct dirent *const *entries, int count, char **path) {
    for (int k = 0; k < count; k++) {
        sq_status status = join(folder, entries[k]->d_name, path);
        if (status == SQ_OK) status = try_open(*path);
        if (status == SQ_OK) return SQ_OK;
        sq_free(*path);
        *path = NULL;
        if (status == SQ_ERR_MEMORY) return status; /* says nothing of the file */
        sq_log(SQ_LOG_WARNING, "skipped a checkpoint that cannot be used: %s", sq_error_message());
    }
    return sq_fail(SQ_ERR_DATA,
                   "%s: none of the %d checkpoints there can be used; start a new run in another "
                   "folder",
                   folder, count);
}

sq_status sq_checkpoint_find_newest(const char *folder, char **path) {
    struct dirent **entries;
    int count;
    *path = NULL;
    sq_status status = list_checkpoints(folder, &entries, &count);
    if (status == SQ_OK && count > 0) status = pick(folder, entries, count, path);
    free_entries(entries, count);
    return status;
}

static sq_status remove_file(const char *folder, const char *name) {
    char *path = NULL;
    sq_status status = join(folder, name, &path);
    if (status == SQ_OK && unlink(path) != 0 && errno != ENOENT)
        status = sq_fail(SQ_ERR_IO, "%s: cannot be removed: %s", path, strerror(errno));
    sq_free(path);
    return status;
}

static sq_status rename_skipped(const char *folder, const char *name) {
    sq_status status;
    char *path = NULL, *aside = NULL, skipped[300];
    snprintf(skipped, sizeof skipped, "%s.skipped", name);
    SQ_TRY(join(folder, name, &path));
    SQ_TRY(join(folder, skipped, &aside));
    if (rename(path, aside) != 0)
        status =
            sq_fail(SQ_ERR_IO, "%s: cannot be renamed to %s: %s", path, aside, strerror(errno));
cleanup:
    sq_free(path);
    sq_free(aside);
    return status;
}

sq_status sq_checkpoint_set_aside(const char *folder, int64_t step) {
    struct dirent **entries;
    int count;
    sq_status status;
    SQ_TRY(list_checkpoints(folder, &entries, &count));
    for (int k = 0; k < count && step_of(entries[k]->d_name) > step; k++)
        SQ_TRY(rename_skipped(folder, entries[k]->d_name));
cleanup:
    free_entries(entries, count);
    return status;
}

sq_status sq_checkpoint_prune(const char *folder, int64_t step, int keep) {
    struct dirent **entries;
    int count, first = 0;
    sq_status status;
    SQ_TRY(list_checkpoints(folder, &entries, &count));
    while (first < count && step_of(entries[first]->d_name) > step) first++;
    for (int k = first + (keep > 1 ? keep : 1); k < count; k++) {
        SQ_TRY(remove_file(folder, entries[k]->d_name));
    }
cleanup:
    free_entries(entries, count);
    return status;
}
