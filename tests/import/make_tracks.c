/* Writes a table of made tracks: walkers that keep their speed and turn a little at every step, so
 * that there is something to learn and no two windows are the same. Scenes of 25 walkers, told step
 * by step as a recorder would: rows of a track do not stand together.
 *
 * Usage: make_tracks TRACKS STEPS SEED >FILE.csv */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { WALKERS = 25 };

typedef struct {
    double x, y, heading, speed;
} walker;

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static double draw(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static void begin(walker *one, uint64_t *state) {
    one->x = 40 * draw(state);
    one->y = 40 * draw(state);
    one->heading = 6.2831853 * draw(state);
    one->speed = 0.2 + 1.6 * draw(state);
}

static void walk(walker *one, uint64_t *state) {
    one->heading += 0.3 * (draw(state) - 0.5);
    one->x += 0.4 * one->speed * cos(one->heading);
    one->y += 0.4 * one->speed * sin(one->heading);
}

static void write_scene(int64_t scene, int64_t first, int64_t count, int64_t steps,
                        uint64_t *state) {
    walker walkers[WALKERS];
    for (int64_t i = 0; i < count; i++) begin(&walkers[i], state);
    for (int64_t step = 0; step < steps; step++) {
        for (int64_t i = 0; i < count; i++) {
            printf("%" PRId64 ",%.1f,%.3f,%.3f,s%" PRId64 "\n", first + i, 0.4 * (double)step,
                   walkers[i].x, walkers[i].y, scene);
            walk(&walkers[i], state);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: make_tracks TRACKS STEPS SEED\n");
        return 2;
    }
    int64_t tracks = atoll(argv[1]);
    uint64_t state = (uint64_t)atoll(argv[3]);
    printf("track,time,x,y,scene\n");
    for (int64_t first = 0; first < tracks; first += WALKERS) {
        int64_t left = tracks - first;
        write_scene(first / WALKERS, first, left < WALKERS ? left : WALKERS, atoll(argv[2]),
                    &state);
    }
    return ferror(stdout) || fflush(stdout) != 0;
}
