/* The table of all configuration keys: the one place that knows their names, defaults, bounds and
 * meanings. A new key is a field in sq_config and a row here. */
#include <stddef.h>

#include "softeq/config.h"

#define FIELD(section_, name_)                                                           \
    .section = #section_, .name = #name_, .offset = offsetof(sq_config, section_.name_), \
    .capacity = sizeof(((sq_config *)0)->section_.name_)

/* Integers stay below 2^53, so that the bounds, which are doubles, hold them exactly. */
#define LARGEST_INT 9007199254740992.0

static const sq_config_key table[] = {
    {FIELD(data, task), .type = SQ_CONFIG_STRING, .initial = "", .mathematics = 1,
     .help = "Task to make: inertia, cosine-similarity, radius, se3 or particle-interaction; empty "
             "to read files."},
    {FIELD(data, train), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Files or patterns of the training split, separated by white space."},
    {FIELD(data, valid), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Files or patterns of the validation split, on which the best model is chosen."},
    {FIELD(data, test), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Files or patterns of the test split; empty: none."},
    {FIELD(data, folder), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Folder that relative names of files above are in; empty: the current one."},
    {FIELD(data, samples), .type = SQ_CONFIG_INT, .initial = "3000", .least = 3, .most = 1e9,
     .mathematics = 1,
     .help = "Samples of a made task: a third each for training, validation and test."},
    {FIELD(data, train_samples), .type = SQ_CONFIG_INT, .initial = "0", .least = 0, .most = 1e9,
     .mathematics = 1,
     .help = "Training samples of a made task; 0: a third of data.samples, as with the next two."},
    {FIELD(data, valid_samples), .type = SQ_CONFIG_INT, .initial = "0", .least = 0, .most = 1e9,
     .mathematics = 1, .help = "Validation samples of a made task."},
    {FIELD(data, test_samples), .type = SQ_CONFIG_INT, .initial = "0", .least = 0, .most = 1e9,
     .mathematics = 1, .help = "Test samples of a made task."},
    {FIELD(data, axis), .type = SQ_CONFIG_INT, .initial = "2", .least = -1, .most = 2,
     .mathematics = 1,
     .help = "Axis along which inertia is not symmetric: 0, 1 or 2; -1: both x and y."},
    {FIELD(data, noise), .type = SQ_CONFIG_REAL, .initial = "0.3", .least = -1e6, .most = 1e6,
     .mathematics = 1, .help = "Strength of the term that breaks a made task's symmetry."},
    {FIELD(data, symmetry), .type = SQ_CONFIG_STRING, .initial = "so3",
     .choices = "so3-scale|so3|scale|se3|translations|none", .mathematics = 1,
     .help = "Which symmetry cosine-similarity, radius and se3 keep."},
    {FIELD(data, layout), .type = SQ_CONFIG_STRING, .initial = "vectors",
     .choices = "vectors|points", .mathematics = 1,
     .help = "Of a made task: points are vectors of space, or they are the channels, which "
             "permutation groups act on."},
    {FIELD(data, shift), .type = SQ_CONFIG_REAL, .initial = "0", .least = -1e6, .most = 1e6,
     .help = "Added to the positions of a made task's out-of-distribution samples, which eval "
             "measures beside the test split; 0: there are none."},
    {FIELD(data, seed), .type = SQ_CONFIG_INT, .initial = "1", .least = 0, .most = LARGEST_INT,
     .mathematics = 1, .help = "Seed of a made task and of the augmentation."},
    {FIELD(data, scale), .type = SQ_CONFIG_STRING, .initial = "none", .mathematics = 1,
     .help = "What inputs and targets are divided by: none; fit, a root mean square per "
             "representation of the training split; standardize, the same and the means of scalar "
             "targets taken off; a number; or one for each axis, which types that mix the axes "
             "see."},
    {FIELD(data, residual), .type = SQ_CONFIG_STRING, .initial = "none",
     .choices = "none|constant-velocity|least-squares", .mathematics = 1,
     .help = "What the network's output is added to: nothing, or an extrapolation of the observed "
             "positions."},
    {FIELD(data, augment), .type = SQ_CONFIG_STRING, .initial = "", .mathematics = 1,
     .help = "Group whose random elements move every training sample; found: the types that the "
             "data is found to have (symmetry.tuning = projected or gap); empty: none."},
    {FIELD(data, augment_scale), .type = SQ_CONFIG_REAL, .initial = "1", .least = 0, .most = 1e3,
     .mathematics = 1,
     .help = "Standard deviation of the Lie algebra coordinates of a group that augment names."},
    {FIELD(data, augment_stretch), .type = SQ_CONFIG_REAL, .initial = "1", .least = 0, .most = 1e3,
     .mathematics = 1,
     .help = "Factor of augment_scale for generators other than rotations, such as boosts and "
             "scalings, whose elements are unbounded."},
    {FIELD(data, cache_mb), .type = SQ_CONFIG_INT, .initial = "1024", .least = 1, .most = 1e8,
     .help = "Memory for rows read from files, in MiB per rank and split; best for 1 + prefetch "
             "shuffle windows."},
    {FIELD(data, shuffle_window), .type = SQ_CONFIG_INT, .initial = "1048576", .least = 1024,
     .most = 1e12, .mathematics = 1,
     .help = "Rows that are shuffled together, in whole blocks of 1024."},
    {FIELD(data, prefetch), .type = SQ_CONFIG_INT, .initial = "1", .least = 0, .most = 1024,
     .help = "Shuffle windows that a thread reads ahead, as far as cache_mb goes; 0: none."},
    {FIELD(data, observed), .type = SQ_CONFIG_INT, .initial = "8", .least = 1, .most = 1e4,
     .mathematics = 1, .help = "Importers: steps that are observed."},
    {FIELD(data, predicted), .type = SQ_CONFIG_INT, .initial = "12", .least = 1, .most = 1e4,
     .mathematics = 1, .help = "Importers: steps to predict."},
    {FIELD(data, interval), .type = SQ_CONFIG_REAL, .initial = "0.4", .least = 1e-6, .most = 1e6,
     .mathematics = 1, .help = "Importers: time between steps, in seconds."},
    {FIELD(data, windows), .type = SQ_CONFIG_STRING, .initial = "every",
     .choices = "every|first|current",
     .help = "Importers: where windows begin: at every step, at the first one (which asks for "
             "steps * interval without a gap), or so that the scene's current step is the last "
             "observed."},
    {FIELD(data, window_stride), .type = SQ_CONFIG_INT, .initial = "1", .least = 1, .most = 1e6,
     .help = "Importers: recorded steps between the beginnings of windows (windows = every)."},
    {FIELD(data, missing), .type = SQ_CONFIG_STRING, .initial = "drop", .choices = "drop|mask",
     .help = "Importers: drop windows with unseen future steps, or mask those steps."},
    {FIELD(data, dimensions), .type = SQ_CONFIG_INT, .initial = "2", .least = 2, .most = 3,
     .help = "Importers: coordinates of a position: x y, or x y z."},
    {FIELD(data, neighbours), .type = SQ_CONFIG_INT, .initial = "0", .least = 0, .most = 64,
     .mathematics = 1,
     .help = "Importers: the nearest other agents whose observed positions are told, too."},
    {FIELD(data, origin), .type = SQ_CONFIG_STRING, .initial = "last", .choices = "last|mean|none",
     .help = "Importers: positions are relative to the last observed one, to the window's mean "
             "(which knows the future, as the paper does), or to the world."},
    {FIELD(data, align), .type = SQ_CONFIG_STRING, .initial = "none", .choices = "none|heading",
     .help = "Importers: heading turns each window until its agent heads along x."},
    {FIELD(data, origin_height), .type = SQ_CONFIG_REAL, .initial = "1", .least = -10, .most = 10,
     .help = "Importers: part of the origin's height that is subtracted."},
    {FIELD(data, origin_shift), .type = SQ_CONFIG_REAL, .initial = "0", .least = -1e6, .most = 1e6,
     .help = "Importers: metres added to the height that is subtracted."},
    {FIELD(data, classes), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Importers: agents to keep, of vehicle, pedestrian, cyclist, other; empty: all."},
    {FIELD(data, agents), .type = SQ_CONFIG_STRING, .initial = "all", .choices = "all|to-predict",
     .help = "Importers: all agents, or those that the recording asks to predict."},
    {FIELD(data, rise_above), .type = SQ_CONFIG_REAL, .initial = "0", .least = 0, .most = 1e6,
     .help = "Importers: metres that an agent must go up or down while observed; 0: any."},
    {FIELD(data, move_below), .type = SQ_CONFIG_REAL, .initial = "0", .least = 0, .most = 1e6,
     .help = "Importers: metres that an agent must stay below, along x and along y, while "
             "observed; 0: any."},
    {FIELD(data, part), .type = SQ_CONFIG_STRING, .initial = "all", .choices = "all|train|valid",
     .help = "Importer eth-ucy: windows of the whole of each recording, of its beginning, or of "
             "its end."},
    {FIELD(data, valid_fraction), .type = SQ_CONFIG_REAL, .initial = "0.2", .least = 0, .most = 1,
     .help = "Importer eth-ucy: part of each recording's annotated frames that is its end."},
    {FIELD(data, split), .type = SQ_CONFIG_STRING, .initial = "0.8 0.1 0.1",
     .help = "Verb data split: shares of train, valid and test; 0: no such part."},
    {FIELD(data, columns), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Importer csv: names of columns that are called otherwise: track=id time=stamp."},

    {FIELD(model, kind), .type = SQ_CONFIG_STRING, .initial = "per",
     .choices = "mlp|emlp|rpp|mixed-rpp|per|frame-averaging", .mathematics = 1,
     .help = "Kind of network."},
    {FIELD(model, channels), .type = SQ_CONFIG_INT, .initial = "128", .least = 1, .most = 65536,
     .mathematics = 1, .help = "Width that the hidden representation is made from."},
    {FIELD(model, allocation), .type = SQ_CONFIG_STRING, .initial = "repeated",
     .choices = "repeated|filled", .mathematics = 1,
     .help =
         "How channels make the ranks of hidden tensors: the same ranks again and again, a last "
         "time beyond the channels (the PER paper), or lower ranks for what is left (E-MLP)."},
    {FIELD(model, duals), .type = SQ_CONFIG_STRING, .initial = "exact", .choices = "exact|always",
     .mathematics = 1,
     .help = "Which hidden tensors have indices of V* where a type tells V* from V: those of "
             "weights held exactly to one type, or always; without them products of vectors that "
             "such types leave alone cannot be formed."},
    {FIELD(model, layers), .type = SQ_CONFIG_INT, .initial = "4", .least = 1, .most = 64,
     .mathematics = 1, .help = "Linear layers, counting the last one."},
    {FIELD(model, init), .type = SQ_CONFIG_STRING, .initial = "orthogonal",
     .choices = "orthogonal|projected|half", .mathematics = 1,
     .help = "How weights start: orthogonal, nearly all in the first type's invariants, or half."},
    {FIELD(model, rpp_basic_decay), .type = SQ_CONFIG_REAL, .initial = "1", .least = 0, .most = 1e6,
     .mathematics = 1,
     .help = "Factor of the squared weights of the residual pathway of rpp and mixed-rpp."},
    {FIELD(model, rpp_equivariant_decay), .type = SQ_CONFIG_REAL, .initial = "1e-5", .least = 0,
     .most = 1e6, .mathematics = 1,
     .help = "Factor of the squared weights of the equivariant pathway of rpp and mixed-rpp."},

    {FIELD(symmetry, types), .type = SQ_CONFIG_STRING, .initial = "O(3) O(2)@xy O(2)@yz O(2)@xz",
     .mathematics = 1,
     .help = "Candidate symmetry types, separated by white space, the largest group first."},
    {FIELD(symmetry, folder), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Folder that relative names of file: types are in; empty: the current one."},
    {FIELD(symmetry, lambda), .type = SQ_CONFIG_STRING, .initial = "0 100 100 100",
     .mathematics = 1,
     .help = "Weight of each type's regularizer at the start, or one for all types (kind per)."},
    {FIELD(symmetry, dimension), .type = SQ_CONFIG_INT, .initial = "0", .least = 0, .most = 64,
     .mathematics = 1,
     .help = "Dimension of the space that the types act on; 0: as the types themselves say."},
    {FIELD(symmetry, tune_at), .type = SQ_CONFIG_INT, .initial = "2000", .least = 0, .most = 1e9,
     .mathematics = 1,
     .help = "Epoch at whose end the weights lambda are tuned (not by gap, projected); 0: never."},
    {FIELD(symmetry, tune_power), .type = SQ_CONFIG_REAL, .initial = "2", .least = 0, .most = 100,
     .mathematics = 1,
     .help = "Power of the regularizers' ratio that lambda is divided by (not by gap, projected)."},
    {FIELD(symmetry, tuning), .type = SQ_CONFIG_STRING, .initial = "paper",
     .choices = "paper|normalised|moved|gap|projected|constant", .mathematics = 1,
     .help =
         "Rule of the tuning: by the regularizers R_g, by R_g over what random weights have, by "
         "the error of moved samples, by that and by overfitting all through training (without a "
         "lambda to choose), by those, what projecting the weights costs and what is not learned, "
         "or not at all."},
    {FIELD(symmetry, penalty), .type = SQ_CONFIG_STRING, .initial = "loss",
     .choices = "loss|decoupled|preconditioned", .mathematics = 1,
     .help =
         "How the regularizers of per act: loss: as part of it; decoupled: beside Adam, by a pull "
         "of lambda times the learning rate towards symmetric weights a step; preconditioned: "
         "by a pull that is divided as Adam divides the gradient, but not seen by it."},
    {FIELD(symmetry, mixed_type), .type = SQ_CONFIG_STRING, .initial = "", .mathematics = 1,
     .help = "Type that projects the residual pathway of mixed-rpp; empty: the second type."},
    {FIELD(symmetry, cache), .type = SQ_CONFIG_STRING, .initial = "",
     .help = "Folder of solved invariant bases; empty: the program's own in the user's cache."},

    {FIELD(train, epochs), .type = SQ_CONFIG_INT, .initial = "8000", .least = 1, .most = 1e9,
     .mathematics = 1, .help = "Passes over the training split."},
    {FIELD(train, batch), .type = SQ_CONFIG_INT, .initial = "500", .least = 1, .most = 1e9,
     .mathematics = 1, .help = "Samples per update, over all ranks together."},
    {FIELD(train, microbatch), .type = SQ_CONFIG_INT, .initial = "125", .least = 1, .most = 1e6,
     .mathematics = 1, .help = "Samples per unit of work, whatever the number of ranks."},
    {FIELD(train, loss), .type = SQ_CONFIG_STRING, .initial = "squares",
     .choices = "squares|distances", .mathematics = 1,
     .help = "Error that is trained on: mean square over outputs, or, of trajectories, mean "
             "distance of positions, on which single large errors weigh less."},
    {FIELD(train, lr), .type = SQ_CONFIG_REAL, .initial = "1e-3", .least = 0, .most = 1e3,
     .mathematics = 1, .help = "Learning rate of Adam at the first epoch."},
    {FIELD(train, schedule), .type = SQ_CONFIG_STRING, .initial = "cosine",
     .choices = "cosine|constant", .mathematics = 1,
     .help = "Learning rate over the epochs: a half cosine down to 0, or constant."},
    {FIELD(train, weight_decay), .type = SQ_CONFIG_REAL, .initial = "2e-4", .least = 0, .most = 1e6,
     .mathematics = 1,
     .help = "Factor of half the squared weights and biases in the loss (kind per only)."},
    {FIELD(train, gate_decay), .type = SQ_CONFIG_REAL, .initial = "1", .least = 0, .most = 1e6,
     .mathematics = 1,
     .help = "Factor of the squared weights of the symmetry-breaking swish (all kinds with it)."},
    {FIELD(train, clip), .type = SQ_CONFIG_REAL, .initial = "0", .least = 0, .most = 1e6,
     .mathematics = 1,
     .help = "A component of the gradient comes to at most so many times the root of the mean of "
             "its squares, as Adam keeps it; 0: to any size."},
    {FIELD(train, patience), .type = SQ_CONFIG_INT, .initial = "50", .least = 0, .most = 1e9,
     .mathematics = 1,
     .help = "Epochs without a better validation value before training stops; 0: never stops."},
    {FIELD(train, seed), .type = SQ_CONFIG_INT, .initial = "1", .least = 0, .most = LARGEST_INT,
     .mathematics = 1, .help = "Seed of the parameters, the shuffling and the group elements."},
    {FIELD(train, compare_every), .type = SQ_CONFIG_INT, .initial = "1000", .least = 0, .most = 1e9,
     .help = "Steps between comparisons of the ranks' parameters, bit by bit; 0: never."},
    {FIELD(train, stall_seconds), .type = SQ_CONFIG_REAL, .initial = "600", .least = 0, .most = 1e9,
     .help = "Time without progress after which the job is ended, in seconds; 0: never."},

    {FIELD(checkpoint, every_seconds), .type = SQ_CONFIG_REAL, .initial = "600", .least = 0,
     .most = 1e9, .help = "Time between checkpoints, in seconds; 0: not by time."},
    {FIELD(checkpoint, every_epochs), .type = SQ_CONFIG_INT, .initial = "0", .least = 0,
     .most = 1e9,
     .help = "Epochs between checkpoints; 0: not by epochs. One that is due while another is being "
             "written comes as soon as that has ended."},
    {FIELD(checkpoint, keep), .type = SQ_CONFIG_INT, .initial = "3", .least = 1, .most = 1e6,
     .help = "Newest checkpoints that are kept."},
    {FIELD(checkpoint, retry_seconds), .type = SQ_CONFIG_REAL, .initial = "60", .least = 0,
     .most = 1e9, .help = "Time that a run's last save is tried again if it fails, in seconds."},

    {FIELD(log, equivariance_every), .type = SQ_CONFIG_INT, .initial = "0", .least = 0, .most = 1e9,
     .help = "Epochs between equivariance errors; 0: only at the end."},
    {FIELD(log, equivariance_samples), .type = SQ_CONFIG_INT, .initial = "1000", .least = 1,
     .most = 1e9, .mathematics = 1,
     .help = "Samples that an equivariance error, and what rules of tuning measure, is averaged "
             "over."},
    {FIELD(log, equivariance_elements), .type = SQ_CONFIG_INT, .initial = "20", .least = 1,
     .most = 1e6, .mathematics = 1, .help = "Random group elements that these are averaged over."},
    {FIELD(log, write_seconds), .type = SQ_CONFIG_REAL, .initial = "10", .least = 0, .most = 1e9,
     .help = "Time between updates of the log file, in seconds; 0: after every epoch."},
};

const sq_config_key *sq_config_table(size_t *count) {
    *count = sizeof table / sizeof table[0];
    return table;
}
