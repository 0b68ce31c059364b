/* Records of the tf_example kind. A scene is a set of named tensors over (agents, steps), apart for
 * the past, the current step and the future. */
#include <math.h>
#include <string.h>

#include "data/waymo_internal.h"
#include "waymo_example.pb-c.h"

/* ---- features ---- */

enum { PAST, CURRENT, FUTURE, PHASES };
enum { X, Y, Z, YAW, VALID, FIELDS };
enum { NAME, ID, TYPE, TO_PREDICT, FIRST_STATE, FEATURES = FIRST_STATE + PHASES * FIELDS };

static const char *const names[FEATURES] = {
    "scenario/id",
    "state/id",
    "state/type",
    "state/tracks_to_predict",
    "state/past/x",
    "state/past/y",
    "state/past/z",
    "state/past/bbox_yaw",
    "state/past/valid",
    "state/current/x",
    "state/current/y",
    "state/current/z",
    "state/current/bbox_yaw",
    "state/current/valid",
    "state/future/x",
    "state/future/y",
    "state/future/z",
    "state/future/bbox_yaw",
    "state/future/valid",
};

static int feature_of(int phase, int field) { return FIRST_STATE + phase * FIELDS + field; }

typedef WaymoExample__Feature *features[FEATURES]; /* NULL: absent */

static size_t count_floats(const WaymoExample__Feature *feature) {
    return feature && feature->float_list ? feature->float_list->n_value : 0;
}

static size_t count_integers(const WaymoExample__Feature *feature) {
    return feature && feature->int64_list ? feature->int64_list->n_value : 0;
}

static int find_name(const ProtobufCBinaryData *name) {
    for (int i = 0; i < FEATURES; i++)
        if (name->len == strlen(names[i]) && !memcmp(name->data, names[i], name->len)) return i;
    return FEATURES;
}

static sq_status unpack(const void *data, size_t length, ProtobufCAllocator *allocator,
                        features found) {
    WaymoExample__Example *example = waymo_example__example__unpack(allocator, length, data);
    if (!example || !example->features)
        return sq_fail(SQ_ERR_DATA, "is no tf.train.Example, or too large a one");
    for (size_t i = 0; i < example->features->n_feature; i++) {
        const WaymoExample__NamedFeature *named = example->features->feature[i];
        int index = find_name(&named->name);
        if (index == FEATURES) continue;
        found[index] =
            waymo_example__feature__unpack(allocator, named->feature.len, named->feature.data);
        if (!found[index]) return sq_fail(SQ_ERR_DATA, "%s: cannot be decoded", names[index]);
    }
    return SQ_OK;
}

bool sq_waymo_is_example(const void *data, size_t length, ProtobufCAllocator *allocator) {
    features found = {0};
    return unpack(data, length, allocator, found) == SQ_OK && found[feature_of(CURRENT, X)];
}

/* ---- shapes ---- */

typedef struct {
    size_t agents;
    size_t steps[PHASES];
} shape;

static sq_status check_count(int feature, size_t count, size_t wanted) {
    if (count == wanted) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: has %zu values, not %zu", names[feature], count, wanted);
}

static sq_status check_phase(features from, int phase, size_t count) {
    sq_status status = SQ_OK;
    for (int field = X; field < VALID; field++) {
        int feature = feature_of(phase, field);
        SQ_TRY(check_count(feature, count_floats(from[feature]), count));
    }
    int valid = feature_of(phase, VALID);
    SQ_TRY(check_count(valid, count_integers(from[valid]), count));
cleanup:
    return status;
}

/* Agents are as many as there are current positions. A test set has no future. */
static sq_status find_shape(features from, shape *found) {
    sq_status status = SQ_OK;
    found->agents = count_floats(from[feature_of(CURRENT, X)]);
    if (found->agents == 0) SQ_TRY(sq_fail(SQ_ERR_DATA, "has no agents"));
    for (int phase = PAST; phase < PHASES; phase++) {
        size_t count = count_floats(from[feature_of(phase, X)]);
        found->steps[phase] = count / found->agents;
        SQ_TRY(check_phase(from, phase, found->steps[phase] * found->agents));
    }
    SQ_TRY(check_count(ID, count_floats(from[ID]), found->agents));
    SQ_TRY(check_count(TYPE, count_floats(from[TYPE]), found->agents));
    SQ_TRY(check_count(TO_PREDICT, count_integers(from[TO_PREDICT]), found->agents));
cleanup:
    return status;
}

/* ---- values ---- */

static void fill_states(features from, int phase, size_t first, size_t count,
                        sq_track_state *states) {
    const float *x = from[feature_of(phase, X)]->float_list->value + first;
    const float *y = from[feature_of(phase, Y)]->float_list->value + first;
    const float *z = from[feature_of(phase, Z)]->float_list->value + first;
    const float *yaw = from[feature_of(phase, YAW)]->float_list->value + first;
    const int64_t *valid = from[feature_of(phase, VALID)]->int64_list->value + first;
    for (size_t i = 0; i < count; i++)
        states[i] = (sq_track_state){
            .position = {x[i], y[i], z[i]},
            .heading = yaw[i],
            .observed = valid[i] == 1 && isfinite(x[i]) && isfinite(y[i]) && isfinite(z[i]),
        };
}

/* Numbers are stored as floats; 2^31 is far above any of them. */
static int64_t whole(float value) { return fabsf(value) < 0x1p31F ? (int64_t)value : -1; }

static void fill_track(features from, const shape *sizes, size_t agent, sq_waymo_scene *scene) {
    sq_track_state *states = scene->states + agent * (size_t)scene->steps;
    scene->tracks[agent] = (sq_track){
        .agent = whole(from[ID]->float_list->value[agent]),
        .kind = sq_waymo_class(whole(from[TYPE]->float_list->value[agent])),
        .to_predict = from[TO_PREDICT]->int64_list->value[agent] == 1,
        .states = states,
        .steps = scene->steps,
        .current = scene->current,
        .frame_step = 1,
    };
    for (int phase = PAST; phase < PHASES; phase++) {
        size_t steps = sizes->steps[phase];
        if (steps > 0) fill_states(from, phase, agent * steps, steps, states);
        states += steps;
    }
}

/* A record has room for 128 agents; what is left of it is marked by type -1. */
static bool is_agent(features from, size_t agent) {
    return from[TYPE]->float_list->value[agent] >= 0;
}

sq_status sq_waymo_decode_example(const void *data, size_t length, ProtobufCAllocator *allocator,
                                  sq_waymo_scene *scene) {
    features from = {0};
    shape sizes = {0};
    sq_status status;
    SQ_TRY(unpack(data, length, allocator, from));
    SQ_TRY(find_shape(from, &sizes));
    while (sizes.agents > 1 && !is_agent(from, sizes.agents - 1)) sizes.agents--;
    SQ_TRY(sq_waymo_scene_resize(scene, sizes.agents,
                                 sizes.steps[PAST] + sizes.steps[CURRENT] + sizes.steps[FUTURE]));
    scene->current = (int64_t)sizes.steps[PAST];
    for (size_t agent = 0; agent < sizes.agents; agent++) fill_track(from, &sizes, agent, scene);
    if (from[NAME] && from[NAME]->bytes_list && from[NAME]->bytes_list->n_value > 0)
        sq_waymo_scene_set_name(scene, from[NAME]->bytes_list->value[0].data,
                                from[NAME]->bytes_list->value[0].len);
cleanup:
    return status;
}
