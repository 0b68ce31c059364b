#include "data/track.h"

#include <strings.h>

typedef struct {
    const char *name;
    sq_agent_class kind;
} class_name;

/* The first row of a class is what it is called here; the others are words of other recordings. */
static const class_name names[] = {
    {"other", SQ_AGENT_OTHER},           {"vehicle", SQ_AGENT_VEHICLE},
    {"pedestrian", SQ_AGENT_PEDESTRIAN}, {"cyclist", SQ_AGENT_CYCLIST},
    {"car", SQ_AGENT_VEHICLE},           {"truck", SQ_AGENT_VEHICLE},
    {"bus", SQ_AGENT_VEHICLE},           {"van", SQ_AGENT_VEHICLE},
    {"person", SQ_AGENT_PEDESTRIAN},     {"bicycle", SQ_AGENT_CYCLIST},
    {"bike", SQ_AGENT_CYCLIST},
};

const char *sq_agent_class_name(sq_agent_class kind) {
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].kind == kind) return names[i].name;
    return "other";
}

bool sq_agent_class_find(const char *name, sq_agent_class *kind) {
    *kind = SQ_AGENT_OTHER;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(names[i].name, name) != 0) continue;
        *kind = names[i].kind;
        return true;
    }
    return false;
}
