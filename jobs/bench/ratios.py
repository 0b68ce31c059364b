"""Medians of runs and their ratios to one of them: ratios.py NAME FILE.json..."""
import json
import statistics
import sys


def read(paths):
    """Seconds and machine loads of all runs, by name."""
    seconds, loads = {}, []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            run = json.load(file)
        seconds.setdefault(run["name"], []).append(run["epoch_seconds"])
        loads.append(run["machine_load"])
    return seconds, loads


def main():
    reference, paths = sys.argv[1], sys.argv[2:]
    seconds, loads = read(paths)
    base_median, base_least = statistics.median(seconds[reference]), min(seconds[reference])
    print(f"\n| epoch of | runs | median s | fastest s | medians / {reference} | fastest / fastest |")
    print("|---|---|---|---|---|---|")
    for name, runs in sorted(seconds.items()):
        median, least = statistics.median(runs), min(runs)
        print(f"| {name} | {len(runs)} | {median:.5f} | {least:.5f} "
              f"| {median / base_median:.2f} | {least / base_least:.2f} |")
    print(f"\nmachine load before the runs: {min(loads):.2f} to {max(loads):.2f}")


main()
