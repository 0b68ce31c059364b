#include "data/file_kind.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
    const char *beginning;
    const char *name;
} kind;

static const kind kinds[] = {
    {"\x89HDF", "a NetCDF-4 (HDF5) file"},
    {"CDF", "a classic NetCDF file"},
    {"PK\x03\x04", "a zip archive"},
    {"\x1f\x8b", "a gzip file"},
    {"BZh", "a bzip2 file"},
    {"\xfd"
     "7zXZ",
     "an xz file"},
    {"\x28\xb5\x2f\xfd", "a zstd file"},
    {"\x93NUMPY", "a NumPy file"},
    {"PAR1", "a Parquet file"},
};

static bool is_text(const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isprint(bytes[i]) && !isspace(bytes[i])) return false;
    return true;
}

const char *sq_binary_kind(const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t length = strlen(kinds[i].beginning);
        if (count >= length && !memcmp(bytes, kinds[i].beginning, length)) return kinds[i].name;
    }
    return NULL;
}

const char *sq_file_kind(const unsigned char *bytes, size_t count) {
    if (count == 0) return "an empty file";
    const char *binary = sq_binary_kind(bytes, count);
    return binary ? binary : is_text(bytes, count) ? "a text file" : NULL;
}
