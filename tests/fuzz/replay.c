/* Runs a fuzzed function on files of a corpus: the part of a fuzzer that every compiler has.
 * Arguments: files. */
#include "fuzz_import.h"

static void replay(const char *path) {
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        perror(path);
        exit(1);
    }
    fseek(stream, 0, SEEK_END);
    size_t count = (size_t)ftell(stream);
    rewind(stream);
    uint8_t *bytes = malloc(count + 1);
    if (!bytes || fread(bytes, 1, count, stream) != count) exit(1);
    LLVMFuzzerTestOneInput(bytes, count);
    free(bytes);
    fclose(stream);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) replay(argv[i]);
    printf("%d inputs\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
