"""Weak efficiency of the simulated runs beside a closed form:
table.py LINK_LATENCY_US KERNELS.json steps-FACTORS-GIGABIT-NODES.json..."""
import json
import math
import os
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def kernel_seconds(part, nodes):
    """Of a rank in a step: the regularizers are shared out, the rest is not."""
    every = sum(part[name] for name in ("feed", "forward", "backward", "conversion", "update"))
    return every + part["regularizer"] / nodes


def sum_seconds(nodes, size, gigabit, latency):
    """A blocking sum of `size` bytes: what every node sends and receives, and the rounds."""
    if nodes == 1:
        return 0.0
    return 2 * (nodes - 1) / nodes * size / (gigabit * 1.25e8) + 8 * math.log2(nodes) * latency


def main():
    latency = 2e-6 * float(sys.argv[1])  # two links
    part = read(sys.argv[2])["part_seconds"]
    found, size = {}, 0
    for path in sys.argv[3:]:
        run = read(path)
        _, factors, gigabit, nodes = os.path.basename(path)[:-len(".json")].split("-")
        found[factors, int(gigabit), int(nodes)] = run["step_seconds"]
        size = run["gradient_bytes"]
    alone = kernel_seconds(part, 1)
    print(f"Kernels of a step on one rank: {alone * 1e3:.3f} ms, of which the regularizers "
          f"{part['regularizer'] * 1e3:.3f} ms; sum of {size / 1e6:.2f} MB.\n")
    print("| Gb/s | nodes | simulated, Ethernet-like: ms a step | efficiency "
          "| simulated, ideal network: ms | efficiency | closed form: ms | efficiency |")
    print("|---|---|---|---|---|---|---|---|")
    for gigabit in sorted({key[1] for key in found}):
        for nodes in sorted({key[2] for key in found}):
            closed = kernel_seconds(part, nodes) + sum_seconds(nodes, size, gigabit, latency)
            times = [found["ethernet", gigabit, nodes], found["ideal", gigabit, nodes], closed]
            cells = " | ".join(f"{time * 1e3:.2f} | {alone / time:.2f}" for time in times)
            print(f"| {gigabit} | {nodes} | {cells} |")


main()
