/* Tables of tracks. */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static const char *const settings[] = {"data.observed=2", "data.predicted=2",
                                           "data.missing=mask", "data.align=heading"};
    fuzz_import("csv", settings, sizeof settings / sizeof settings[0], bytes, count);
    return 0;
}
