/* File name patterns. */
#ifndef SQ_IO_GLOB_FILES_H
#define SQ_IO_GLOB_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "softeq/error.h"

/* Expands white-space separated names and patterns (quotes keep spaces: "my dir/x*.nc"), each
 * sorted, in order. A plain name that does not exist and a pattern without match are SQ_ERR_IO.
 * *paths: (*count) texts; free with sq_glob_free. */
sq_status sq_glob(const char *patterns, char ***paths, size_t *count);

/* The same list of names, those that are relative put into `folder`; "": they stay as they are.
 * *resolved: free with sq_free. */
sq_status sq_glob_within(const char *folder, const char *patterns, char **resolved);

/* Whether `path` is one of these files, by whatever name. */
bool sq_glob_holds(const char *const *paths, size_t count, const char *path);

void sq_glob_free(char ***paths, size_t count);

#endif
