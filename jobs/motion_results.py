"""Tables of the runs of jobs/motion_results.sh, as Markdown: motion_results.py TABLE.ini RUNS

Every number is read from the evaluations and logs of the runs."""
import configparser
import os
import statistics
import sys

import netCDF4
import numpy

YARDSTICKS = [("constant velocity", "constant_velocity_"), ("least-squares line", "least_squares_")]


class Run:
    """A finished run: what its evaluation, its log and its model say."""

    def __init__(self, folder):
        with netCDF4.Dataset(os.path.join(folder, "evaluation.nc")) as found:
            self.values = {
                name: variable[...].filled(numpy.nan) if numpy.ma.isMaskedArray(variable[...]) else variable[...]
                for name, variable in found.variables.items()
            }
            self.windows = int(found.samples)
        with netCDF4.Dataset(os.path.join(folder, "log.nc")) as log:
            self.seconds = float(numpy.sum(log["seconds"][:]))
            self.valid_ade = float(numpy.min(log["valid_ade"][:]))
        with netCDF4.Dataset(os.path.join(folder, "best.nc")) as model:
            self.parameters = sum(v.size for name, v in model.variables.items() if name.startswith("layer"))

    def number(self, name):
        return float(self.values[name])


def spread(values, digits=3):
    text = f"{statistics.mean(values):.{digits}f}"
    if len(values) > 1:
        text += f" ± {statistics.stdev(values):.{digits}f}"
    return text


def print_table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def average(runs, scenes, seeds, model, name):
    """For each seed the mean over the scenes, which count alike."""
    return [
        statistics.mean(runs[scene, model, seed].number(name) for scene in scenes) for seed in seeds
    ]


def print_errors(runs, scenes, models, seeds, name):
    rows = []
    for title, key in YARDSTICKS:
        numbers = [runs[scene, models[0], seeds[0]].number(key + name) for scene in scenes]
        rows.append([title] + [f"{x:.3f}" for x in numbers + [statistics.mean(numbers)]])
    for model in models:
        cells = [spread([runs[scene, model, seed].number(name) for seed in seeds]) for scene in scenes]
        rows.append([model] + cells + [spread(average(runs, scenes, seeds, model, name))])
    if {"per", "per-unmoved"} <= set(models) and name == "ade":
        better = [
            min(statistics.mean(runs[scene, model, seed].number(name) for seed in seeds)
                for model in ("per", "per-unmoved"))
            for scene in scenes
        ]
        rows.append(["per, better of both"] + [f"{x:.3f}" for x in better + [statistics.mean(better)]])
    print_table([""] + scenes + ["average"], rows)


def print_steps(runs, scenes, models, seeds):
    seconds = runs[scenes[0], models[0], seeds[0]].values["seconds"]
    shown = range(1, len(seconds), 2)
    rows = []
    for title, key in YARDSTICKS + [(model, "") for model in models]:
        model, by = (models[0], seeds[:1]) if key else (title, seeds)
        mean = numpy.mean(
            [runs[scene, model, seed].values[key + "displacement"] for scene in scenes for seed in by],
            axis=0,
        )
        rows.append([title] + [f"{mean[step]:.3f}" for step in shown])
    print_table(["after seconds"] + [f"{seconds[step]:.1f}" for step in shown], rows)


def print_symmetry(runs, scenes, models, seeds):
    types = [str(name) for name in runs[scenes[0], models[0], seeds[0]].values["type_name"]]
    for title, name, digits in (
        ("lambda after the tuning (0.1 before; the first type has none)", "lambda", 4),
        ("level of symmetry", "symmetry_level", 4),
        ("equivariance error", "equivariance_error", 4),
    ):
        print(f"{title[0].upper()}{title[1:]}:\n")
        rows = []
        for model in [m for m in models if m.startswith("per")]:
            for scene in scenes:
                found = [runs[scene, model, seed].values[name] for seed in seeds]
                rows.append([model, scene] + [spread([f[k] for f in found], digits) for k in range(len(types))])
        print_table(["", "left out"] + [f"`{t}`" for t in types], rows)


def main():
    table = configparser.ConfigParser(inline_comment_prefixes=";", interpolation=None)
    table.read(sys.argv[1])
    name = os.path.splitext(os.path.basename(sys.argv[1]))[0]
    seeds = table["table"]["seeds"].split()
    models = table["table"]["models"].split()
    scenes = [section[4:] for section in table.sections() if section.startswith("row ")]
    runs = {
        (scene, model, seed): Run(os.path.join(sys.argv[2], name, scene, model, seed))
        for scene in scenes
        for model in models
        for seed in seeds
    }
    first = [runs[scene, models[0], seeds[0]] for scene in scenes]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "motion_results.md"), encoding="utf-8") as file:
        print(file.read())
    print("## Average displacement error\n\nMetres, mean and standard deviation over seeds " + ", ".join(seeds) + ".\n")
    print_errors(runs, scenes, models, seeds, "ade")
    print("## Final displacement error\n\nMetres, after 4.8 s.\n")
    print_errors(runs, scenes, models, seeds, "fde")
    print("## Miss rate\n\nPart of the windows that end further off than 2 m.\n")
    print_errors(runs, scenes, models, seeds, "miss_rate")
    print("## By step\n\nMean displacement in metres, over the scenes and seeds.\n")
    print_steps(runs, scenes, models, seeds)
    print("## Symmetries found\n")
    print_symmetry(runs, scenes, models, seeds)
    print("## Size and time\n\nADE on the validation part and seconds of training on one rank, means over scenes and seeds.\n")
    every = {model: [runs[scene, model, seed] for scene in scenes for seed in seeds] for model in models}
    print_table(
        ["", "parameters", "validation ADE", "seconds a run"],
        [
            [m, str(every[m][0].parameters), f"{statistics.mean(r.valid_ade for r in every[m]):.4f}",
             f"{statistics.mean(r.seconds for r in every[m]):.1f}"]
            for m in models
        ],
    )
    total = sum(run.seconds for model in models for run in every[model])
    print(f"{len(runs)} runs, {total:.0f} s of training in all, two runs at a time on two cores.\n")
    print("Windows tested on: "
          + ", ".join(f"{run.windows} ({scene})" for run, scene in zip(first, scenes)) + ".")


main()
