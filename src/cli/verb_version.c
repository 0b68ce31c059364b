/* softeq --version */
#include <stdio.h>

#include "cli/verb.h"
#include "io/netcdf_file.h"
#include "linalg/linalg.h"
#include "softeq/real.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

void sq_print_version(void) {
    char mpi[256];
    sq_comm_mpi_version(mpi, sizeof mpi);
    printf("softeq %s\n", SOFTEQ_VERSION);
    printf("  precision  %s\n", SQ_REAL_NAME);
    printf("  compiler   %s\n", COMPILER);
    printf("  BLAS       %s\n", sq_linalg_description());
    printf("  kernel     %s\n", sq_linalg_kernel());
    printf("  NetCDF     %s\n", sq_nc_library_version());
    printf("  MPI        %s\n", mpi);
}
