/* Whoever wants to hear, now and then, that what takes long goes on: a watchdog. */
#ifndef SQ_TRAIN_ALIVE_H
#define SQ_TRAIN_ALIVE_H

#include <stddef.h>

/* Open struct; zeros: nobody wants to know. */
typedef struct {
    void (*call)(void *context);
    void *context;
} sq_alive;

/* alive: may be NULL */
static inline void sq_alive_tell(const sq_alive *alive) {
    if (alive && alive->call) alive->call(alive->context);
}

#endif
