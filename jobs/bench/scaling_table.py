"""The results of scaling.sh as one table: scaling_table.py OUT.csv FILE.json...

Writes the CSV file and prints Markdown. The peak is the highest of all files: whatever else ran on
the machine can only have made it lower."""
import csv
import json
import sys

# Column, field of the JSON file, factor, digits.
COLUMNS = [
    ("channels", "channels", 1, 0),
    ("batch", "batch", 1, 0),
    ("types", "n_types", 1, 0),
    ("ranks", "ranks", 1, 0),
    ("GFLOP a step", "step_gflop", 1, 3),
    ("step ms", "step_seconds", 1e3, 2),
    ("fastest ms", "step_fastest_seconds", 1e3, 2),
    ("GFLOP/s", "step_gflops", 1, 0),
    ("% of peak", "percent_of_peak", 1, 0),
    ("fastest % of peak", "fastest_percent", 1, 0),
    ("regularizers %", "regularizer_percent", 1, 1),
    ("samples/s", "samples_per_second", 1, 0),
    ("MiB a rank", "memory_mib", 1, 0),
    ("load", "machine_load", 1, 1),
]


def read(path):
    with open(path, encoding="utf-8") as file:
        run = json.load(file)
    run["n_types"] = len(run["types"].split())
    return run


def add_percentages(runs):
    peak = max(run["gemm_peak_gflops"] for run in runs)
    for run in runs:
        gflop_percent = 100 * run["step_gflop"] / (peak * run["ranks"])
        run["percent_of_peak"] = gflop_percent / run["step_seconds"]
        run["fastest_percent"] = gflop_percent / run["step_fastest_seconds"]
    return peak


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    runs = sorted((read(path) for path in paths),
                  key=lambda run: (run["channels"], run["batch"], run["n_types"], run["ranks"]))
    peak = add_percentages(runs)
    rows = [[f"{run[field] * factor:.{digits}f}" for _, field, factor, digits in COLUMNS]
            for run in runs]
    names = [column[0] for column in COLUMNS]
    with open(out, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names] + rows)
    print("| " + " | ".join(names) + " |")
    print("|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(f"\nGEMM peak of one core: {peak:.0f} GFLOP/s")


main()
