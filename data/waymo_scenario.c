/* Records of the Scenario kind: a message per agent, in it one per step. */
#include <math.h>
#include <string.h>

#include "data/waymo_internal.h"
#include "waymo_scenario.pb-c.h"

bool sq_waymo_is_scenario(const void *data, size_t length, ProtobufCAllocator *allocator) {
    const WaymoScenario__Scenario *scenario =
        waymo_scenario__scenario__unpack(allocator, length, data);
    return scenario && scenario->n_tracks > 0 && scenario->n_timestamps_seconds > 0;
}

/* Steps are counted on as if they were equal. */
static sq_status check_times(const WaymoScenario__Scenario *scenario) {
    size_t steps = scenario->n_timestamps_seconds;
    const double *times = scenario->timestamps_seconds;
    if (steps == 0) return sq_fail(SQ_ERR_DATA, "has no timestamps_seconds");
    double interval =
        steps > 1 ? (times[steps - 1] - times[0]) / (double)(steps - 1) : sq_waymo_interval;
    if (fabs(interval - sq_waymo_interval) < 0.1 * sq_waymo_interval) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "timestamps_seconds: are %g s apart, not %g s", interval,
                   sq_waymo_interval);
}

static void fill_state(const WaymoScenario__ObjectState *from, sq_track_state *state) {
    *state = (sq_track_state){
        .position = {from->center_x, from->center_y, from->center_z},
        .heading = from->has_heading ? (double)from->heading : NAN,
        .observed = from->valid && isfinite(from->center_x) && isfinite(from->center_y) &&
                    isfinite(from->center_z),
    };
}

static sq_status fill_track(const WaymoScenario__Scenario *scenario, size_t index,
                            sq_waymo_scene *scene) {
    const WaymoScenario__Track *from = scenario->tracks[index];
    size_t steps = (size_t)scene->steps;
    sq_track_state *states = scene->states + index * steps;
    if (from->n_states != steps)
        return sq_fail(SQ_ERR_DATA, "track %zu has %zu states for %zu timestamps", index,
                       from->n_states, steps);
    for (size_t i = 0; i < steps; i++) fill_state(from->states[i], &states[i]);
    scene->tracks[index] = (sq_track){
        .agent = from->id,
        .kind = sq_waymo_class(from->object_type),
        .states = states,
        .steps = scene->steps,
        .current = scene->current,
        .frame_step = 1,
    };
    return SQ_OK;
}

static sq_status mark_requests(const WaymoScenario__Scenario *scenario, sq_waymo_scene *scene) {
    for (size_t i = 0; i < scenario->n_tracks_to_predict; i++) {
        int64_t index = scenario->tracks_to_predict[i]->track_index;
        if (index < 0 || index >= (int64_t)scene->n_tracks)
            return sq_fail(SQ_ERR_DATA, "tracks_to_predict: names track %lld of %zu",
                           (long long)index, scene->n_tracks);
        scene->tracks[index].to_predict = true;
    }
    return SQ_OK;
}

sq_status sq_waymo_decode_scenario(const void *data, size_t length, ProtobufCAllocator *allocator,
                                   sq_waymo_scene *scene) {
    const WaymoScenario__Scenario *scenario =
        waymo_scenario__scenario__unpack(allocator, length, data);
    sq_status status;
    if (!scenario) return sq_fail(SQ_ERR_DATA, "is no Scenario message, or too large a one");
    SQ_TRY(check_times(scenario));
    SQ_TRY(sq_waymo_scene_resize(scene, scenario->n_tracks, scenario->n_timestamps_seconds));
    scene->current = scenario->current_time_index;
    if (scenario->scenario_id)
        sq_waymo_scene_set_name(scene, scenario->scenario_id, strlen(scenario->scenario_id));
    for (size_t i = 0; i < scenario->n_tracks; i++) SQ_TRY(fill_track(scenario, i, scene));
    SQ_TRY(mark_requests(scenario, scene));
cleanup:
    return status;
}
