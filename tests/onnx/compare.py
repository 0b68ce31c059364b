#!/usr/bin/env python3
"""Do exported models predict what softeq predicts?

    compare.py NAME...    NAME.onnx and NAME.nc, which `softeq predict` wrote

Checks each file's structure by onnx.checker, then computes the predictions from the inputs once
more: by onnxruntime where that is installed, and by the plain operators below in any case.
"""
import sys

import netCDF4
import numpy as np
import onnx
from onnx import numpy_helper

try:
    import onnxruntime
except ImportError:
    onnxruntime = None

TOLERANCE = 1e-5  # of the largest prediction


def attributes(node):
    return {attribute.name: attribute.i for attribute in node.attribute}


def reshape(x, shape):
    return x.reshape([x.shape[k] if n == 0 else n for k, n in enumerate(shape)])


def sliced(x, start, end, axis):
    index = [slice(None)] * x.ndim
    index[int(axis[0])] = slice(int(start[0]), int(end[0]))
    return x[tuple(index)]


OPERATORS = {
    "Add": lambda a, x, y: x + y,
    "Mul": lambda a, x, y: x * y,
    "MatMul": lambda a, x, y: np.matmul(x, y),
    "Gemm": lambda a, x, w, b=0: x @ (w.T if a.get("transB") else w) + b,
    "Sigmoid": lambda a, x: 1 / (1 + np.exp(-x)),
    "Gather": lambda a, x, places: np.take(x, places, axis=a["axis"]),
    "Slice": lambda a, x, start, end, axis: sliced(x, start, end, axis),
    "Reshape": lambda a, x, shape: reshape(x, shape),
    "Concat": lambda a, *x: np.concatenate(x, axis=a["axis"]),
    "Identity": lambda a, x: x,
}


def run_plainly(model, rows):
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    values["input"] = rows
    for node in model.graph.node:
        inputs = [values[name] for name in node.input]
        values[node.output[0]] = OPERATORS[node.op_type](attributes(node), *inputs)
    return values["output"]


def run_by_onnxruntime(path, rows):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["output"], {"input": rows})[0]


def differs(who, found, expected):
    error = np.abs(found - expected).max() / np.abs(expected).max()
    print(f"{who}: {error:.1e}")
    return not error < TOLERANCE


def check(name):
    path = f"{name}.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    with netCDF4.Dataset(f"{name}.nc") as data:
        data.set_auto_mask(False)
        rows = data["input"][:].astype(np.float32)
        expected = data["prediction"][:].astype(np.float64)
    failed = differs(f"{name}, plain operators", run_plainly(model, rows), expected)
    if not onnxruntime:
        return failed
    failed |= differs(f"{name}, onnxruntime", run_by_onnxruntime(path, rows), expected)
    # The number of samples is free.
    alone = run_by_onnxruntime(path, rows[:1])
    return failed | differs(f"{name}, onnxruntime, one sample", alone, expected[:1])


if not onnxruntime:
    print("onnxruntime is not installed: plain operators only")
sys.exit(any([check(name) for name in sys.argv[1:]]))
