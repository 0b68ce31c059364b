/* The precision that networks are trained in: float, or double with -DSOFTEQ_DOUBLE=ON. */
#ifndef SOFTEQ_REAL_H
#define SOFTEQ_REAL_H

#ifdef SOFTEQ_DOUBLE
typedef double sq_real;
#define SQ_REAL_NAME "double"
#else
typedef float sq_real;
#define SQ_REAL_NAME "float"
#endif

#endif
