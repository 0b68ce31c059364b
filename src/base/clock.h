/* Elapsed time. */
#ifndef SQ_BASE_CLOCK_H
#define SQ_BASE_CLOCK_H

/* Seconds since some moment in the past; never runs backwards. */
double sq_clock_seconds(void);

#endif
