/* The settings that change the mathematics: as a text that a checkpoint keeps, and what they say.
 */
#ifndef SQ_TRAIN_SETTINGS_H
#define SQ_TRAIN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "softeq/config.h"
#include "softeq/error.h"

enum { SQ_SETTINGS_TEXT = 65536 };

/* "train.batch = 500" and so on, a line each. text: (SQ_SETTINGS_TEXT) */
void sq_settings_format(const sq_config *config, char *text);

/* SQ_ERR_CONFIG, naming the first difference, if a checkpoint with the text `theirs` cannot be gone
 * on with under `ours`. Keys that the checkpoint does not know, since they are newer than it, must
 * have their defaults, which stand for what was done before. */
sq_status sq_settings_compare(const char *theirs, const char *ours);

/* Is the loss the mean distance of positions (train.loss = distances), not of squares? */
bool sq_settings_have_distances(const sq_config *config);

#endif
