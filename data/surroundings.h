/* Who is where at a time: what windows tell of an agent's neighbours. Positions come in any order;
 * what does not fit into memory is kept in a temporary file. */
#ifndef SQ_DATA_SURROUNDINGS_H
#define SQ_DATA_SURROUNDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_surroundings sq_surroundings;

/* An agent, seen. */
typedef struct {
    int64_t scene, time, agent;
    double position[3]; /* metres, in the world's frame */
} sq_sighting;

/* most: sightings in memory. A temporary file, if one is needed, stands in the folder of the file
 * `beside` and has no name; for each thousand sightings in it 16 bytes stay in memory. */
sq_status sq_surroundings_create(const char *beside, size_t most, sq_surroundings **surroundings);
/* Accepts and leaves NULL. */
void sq_surroundings_destroy(sq_surroundings **surroundings);

/* Forgets everything: sightings of another recording follow. */
sq_status sq_surroundings_begin(sq_surroundings *surroundings);
sq_status sq_surroundings_add(sq_surroundings *surroundings, const sq_sighting *sighting);
/* No more come. */
sq_status sq_surroundings_finish(sq_surroundings *surroundings);

/* All who are seen in a scene from time `first` to `last`, by time, then agent. *found: (*count),
 * valid until the next call. */
sq_status sq_surroundings_find(sq_surroundings *surroundings, int64_t scene, int64_t first,
                               int64_t last, const sq_sighting **found, size_t *count);

#endif
