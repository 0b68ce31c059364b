/* The folder that runs are to be kept in, and the NetCDF library that writes there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/doctor.h"
#include "io/netcdf_file.h"

enum { SYNCS = 5, BLOCK = 1 << 20 };

static const double slow_seconds = 0.5;               /* to bring a megabyte to disk */
static const double little_room = 1e9, no_room = 5e7; /* bytes */

/* ---- NetCDF ---------------------------------------------------------------------------------- */

static sq_status write_example(const char *path) {
    sq_status status;
    sq_nc *file = NULL;
    const char *const dimensions[] = {"row"};
    const size_t chunk[] = {64}, start[] = {0}, count[] = {3};
    const double values[] = {1, 2, 3};
    SQ_TRY(sq_nc_create(path, &file));
    SQ_TRY(sq_nc_define_dimension(file, "row", 0));
    SQ_TRY(sq_nc_define_variable(file, "value", SQ_NC_DOUBLE, 1, dimensions));
    SQ_TRY(sq_nc_define_storage(file, "value", chunk, 1));
    SQ_TRY(sq_nc_define_variable(file, "name", SQ_NC_STRING, 1, dimensions));
    SQ_TRY(sq_nc_write_double(file, "value", start, count, values));
    SQ_TRY(sq_nc_write_string(file, "name", start, "one"));
    SQ_TRY(sq_nc_close(&file));
cleanup:
    sq_nc_close(&file);
    return status;
}

static sq_status read_example(const char *path) {
    sq_status status;
    sq_nc *file = NULL;
    const size_t start[] = {0}, count[] = {3};
    double values[3] = {0};
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_nc_read_double(file, "value", start, count, values));
    if (values[0] != 1 || values[1] != 2 || values[2] != 3)
        status = sq_fail(SQ_ERR_DATA, "%s: reads back other values than were written", path);
cleanup:
    sq_nc_close(&file);
    return status;
}

static void look_at_netcdf(sq_checks *list, const char *path) {
    sq_status status = write_example(path);
    if (status == SQ_OK) status = read_example(path);
    unlink(path);
    if (status == SQ_OK)
        sq_check_add(list, "NetCDF", SQ_WELL, NULL, "%.40s; netCDF-4, texts and compression work",
                     sq_nc_library_version());
    else
        sq_check_add(list, "NetCDF", SQ_ILL,
                     "on a network file system HDF5_USE_FILE_LOCKING=FALSE may help; otherwise "
                     "the library lacks HDF5 or zlib: install libnetcdf-dev",
                     "%s", sq_error_message());
}

/* ---- the file system ------------------------------------------------------------------------- */

typedef struct {
    unsigned long magic; /* statfs(2) */
    const char *name;
    bool network, passing;
} file_system;

static const file_system *find_file_system(const char *folder) {
    static const file_system known[] = {
        {0x6969, "NFS", true, false},        {0x0bd00bd0, "Lustre", true, false},
        {0x47504653, "GPFS", true, false},   {0xff534d42, "CIFS", true, false},
        {0xfe534d42, "SMB", true, false},    {0x65735546, "FUSE", true, false},
        {0x19830326, "BeeGFS", true, false}, {0x00c36400, "Ceph", true, false},
        {0x01021994, "tmpfs", false, true},  {0x794c7630, "overlay", false, true},
        {0xef53, "ext4", false, false},      {0x58465342, "XFS", false, false},
        {0x9123683e, "Btrfs", false, false}, {0x2fc12fc1, "ZFS", false, false},
    };
    static const file_system other = {0, "an unknown file system", false, false};
    struct statfs at;
    if (statfs(folder, &at) != 0) return &other;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if ((unsigned long)at.f_type == known[k].magic) return &known[k];
    return &other;
}

static void look_at_room(sq_checks *list, const char *folder) {
    struct statvfs disk;
    const file_system *kind = find_file_system(folder);
    if (statvfs(folder, &disk) != 0) return;
    double room = (double)disk.f_bavail * (double)disk.f_frsize;
    const char *advice = room < little_room ? "make room, or keep fewer checkpoints "
                                              "(checkpoint.keep)"
                         : kind->passing    ? "what is kept here may be gone when the machine or "
                                              "container ends: keep runs elsewhere"
                                            : NULL;
    sq_check_add(list, "disk",
                 room < no_room ? SQ_ILL
                 : advice       ? SQ_CARE
                                : SQ_WELL,
                 advice, "%.1f GB free on %s%s", room / 1e9, kind->name,
                 kind->network ? " (over the network)" : "");
}

/* Seconds to write a megabyte and to know that it is on the disk; negative: an error. */
static double sync_seconds(const char *path) {
    char *block = calloc(1, BLOCK);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    double begin = sq_clock_seconds();
    bool good = block && file >= 0;
    for (int k = 0; good && k < SYNCS; k++)
        good = write(file, block, BLOCK) == BLOCK && fsync(file) == 0;
    double seconds = (sq_clock_seconds() - begin) / SYNCS;
    if (file >= 0) close(file);
    free(block);
    return good ? seconds : -1.0;
}

static bool look_at_syncs(sq_checks *list, const char *path) {
    double seconds = sync_seconds(path);
    if (seconds < 0)
        sq_check_add(list, "writing", SQ_ILL,
                     "name a folder that can be written to: softeq doctor DIR", "%s: %s", path,
                     strerror(errno));
    else
        sq_check_add(list, "writing", seconds > slow_seconds ? SQ_CARE : SQ_WELL,
                     seconds > slow_seconds
                         ? "saves go on beside the training; raise checkpoint.every_seconds and "
                           "log.write_seconds all the same"
                         : NULL,
                     "a megabyte is on the disk after %.2g ms", 1e3 * seconds);
    unlink(path);
    return seconds >= 0;
}

static void look_at_cache(sq_checks *list, const char *cache) {
    const char *advice =
        "set HOME or XDG_CACHE_HOME, or symmetry.cache in the configuration: "
        "bases are solved again in each run otherwise";
    if (!*cache)
        sq_check_add(list, "cache", SQ_CARE, advice, "there is no place for solved bases");
    else if (access(cache, F_OK) == 0 && access(cache, W_OK) != 0)
        sq_check_add(list, "cache", SQ_CARE, advice, "%s: %s", cache, strerror(errno));
    else
        sq_check_add(list, "cache", SQ_WELL, NULL, "solved bases are kept in %s", cache);
}

void sq_doctor_storage(sq_checks *list, const char *folder, const char *cache) {
    char path[4096];
    snprintf(path, sizeof path, "%s/softeq-doctor.%ld.tmp", folder, (long)getpid());
    look_at_room(list, folder);
    if (look_at_syncs(list, path)) look_at_netcdf(list, path);
    look_at_cache(list, cache);
}
