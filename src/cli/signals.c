#include "cli/signals.h"

#include <stddef.h>

/* A handler has no other way to say anything. */
static volatile sig_atomic_t received, asked;

static void note(int number) { received = number; }
static void note_question(int number) { asked = number; }

void sq_signals_catch(void) {
    /* SIGINT's handler serves once: the second one does what it does by default. Calls that a
     * signal interrupts begin again, so that no write fails for it. */
    struct sigaction noted = {.sa_handler = note, .sa_flags = SA_RESTART};
    struct sigaction noted_once = {.sa_handler = note, .sa_flags = SA_RESTART | SA_RESETHAND};
    struct sigaction question = {.sa_handler = note_question, .sa_flags = SA_RESTART};
    sigaction(SIGUSR2, &question, NULL);
    sigaction(SIGTERM, &noted, NULL);
    sigaction(SIGUSR1, &noted, NULL);
    sigaction(SIGINT, &noted_once, NULL);
}

const volatile sig_atomic_t *sq_signals_received(void) { return &received; }

bool sq_signals_asked_for_state(void) {
    bool was_asked = asked != 0;
    asked = 0;
    return was_asked;
}
