/* Which of OpenBLAS's kernels this process computes with. */
#ifndef SQ_CLI_KERNEL_CHOICE_H
#define SQ_CLI_KERNEL_CHOICE_H

/* OpenBLAS reads its settings as it is loaded, before main. Where the kernels it takes by itself
 * are known to be slow on this CPU, sets OPENBLAS_CORETYPE and starts the program again (same
 * process, same arguments); returns otherwise. Does nothing if the user has set the variable.
 * To be called before anything else, in particular before MPI starts. */
void sq_choose_kernel(char **argv);

/* The kernel that is known to be faster on this CPU than the one in use; NULL: none is. */
const char *sq_faster_kernel(void);

#endif
