#include "io/glob_files.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

typedef struct {
    char **paths;
    size_t count, capacity;
} path_list;

static sq_status append(path_list *list, const char *path) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        sq_status status = sq_grow(list->capacity, capacity, sizeof *list->paths, &list->paths);
        if (status != SQ_OK) return status;
        list->capacity = capacity;
    }
    sq_status status = sq_copy_text(path, &list->paths[list->count]);
    if (status == SQ_OK) list->count++;
    return status;
}

static sq_status append_matches(path_list *list, const char *pattern) {
    glob_t found = {0};
    int result = glob(pattern, 0, NULL, &found);
    sq_status status = SQ_OK;
    if (result == GLOB_NOMATCH)
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: no file matches this pattern", pattern));
    if (result != 0) SQ_TRY(sq_fail(SQ_ERR_IO, "%s: the folder cannot be searched", pattern));
    for (size_t i = 0; i < found.gl_pathc; i++) SQ_TRY(append(list, found.gl_pathv[i]));
cleanup:
    globfree(&found);
    return status;
}

/* A name that exists is that file, even if it contains a bracket or a star. */
static sq_status append_word(path_list *list, const char *word) {
    if (access(word, F_OK) == 0) return append(list, word);
    if (strpbrk(word, "*?[")) return append_matches(list, word);
    return sq_fail(SQ_ERR_IO, "%s: %s", word, strerror(errno));
}

/* Takes the next word off *text, without its quotes. False at the end. word: (strlen(*text)+1) */
static bool next_word(const char **text, char *word) {
    const char *at = *text;
    char quote = '\0';
    size_t length = 0;
    while (isspace((unsigned char)*at)) at++;
    if (*at == '\0') return false;
    for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
        if (quote ? *at == quote : (*at == '"' || *at == '\''))
            quote = quote ? '\0' : *at;
        else
            word[length++] = *at;
    }
    word[length] = '\0';
    *text = at;
    return true;
}

sq_status sq_glob(const char *patterns, char ***paths, size_t *count) {
    path_list list = {0};
    char *word = NULL;
    sq_status status;
    *paths = NULL;
    *count = 0;
    SQ_TRY(sq_alloc(strlen(patterns) + 1, 1, &word));
    while (next_word(&patterns, word)) SQ_TRY(append_word(&list, word));
cleanup:
    sq_free(word);
    if (status != SQ_OK) {
        sq_glob_free(&list.paths, list.count);
        return status;
    }
    *paths = list.paths;
    *count = list.count;
    return SQ_OK;
}

static size_t count_signs(const char *text) {
    size_t count = 1;
    for (; *text; text++) count += isspace((unsigned char)*text) != 0;
    return count;
}

/* A quote that is not in the name itself. */
static char quote_for(const char *folder, const char *word) {
    return strchr(folder, '"') || strchr(word, '"') ? '\'' : '"';
}

sq_status sq_glob_within(const char *folder, const char *patterns, char **resolved) {
    char *word = NULL;
    size_t most = strlen(patterns) + count_signs(patterns) * (strlen(folder) + 4) + 1;
    size_t used = 0;
    sq_status status;
    *resolved = NULL;
    SQ_TRY(sq_alloc(strlen(patterns) + 1, 1, &word));
    SQ_TRY(sq_alloc(most, 1, resolved));
    while (next_word(&patterns, word)) {
        bool within = folder[0] && word[0] != '/';
        char quote = quote_for(within ? folder : "", word);
        used += (size_t)snprintf(*resolved + used, most - used, "%s%c%s%s%s%c", used ? " " : "",
                                 quote, within ? folder : "", within ? "/" : "", word, quote);
    }
cleanup:
    sq_free(word);
    return status;
}

bool sq_glob_holds(const char *const *paths, size_t count, const char *path) {
    struct stat wanted, found;
    if (stat(path, &wanted) != 0) return false;
    for (size_t i = 0; i < count; i++)
        if (stat(paths[i], &found) == 0 && found.st_dev == wanted.st_dev &&
            found.st_ino == wanted.st_ino)
            return true;
    return false;
}

void sq_glob_free(char ***paths, size_t count) {
    if (!*paths) return;
    for (size_t i = 0; i < count; i++) sq_free((*paths)[i]);
    sq_free(*paths);
    *paths = NULL;
}
