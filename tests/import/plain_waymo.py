"""A plain decoding of Waymo Open Motion records, and the windows they hold, to compare with."""

import gzip
import math
import struct

import numpy as np

# ---- TFRecord ----


def crc32c(data):
    table = crc32c.__dict__.setdefault("table", [])
    if not table:
        for byte in range(256):
            for _ in range(8):
                byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
            table.append(byte)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def masked_crc(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def frame(record):
    """A record as it stands in a TFRecord file."""
    length = struct.pack("<Q", len(record))
    return (length + struct.pack("<I", masked_crc(length)) + record
            + struct.pack("<I", masked_crc(record)))


def records(path):
    """The records of a file; checksums are for the program under test to look at."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    while data:
        (length,) = struct.unpack_from("<Q", data)
        yield data[12:12 + length]
        data = data[16 + length:]


# ---- protocol buffers ----


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def fields(data):
    """(number, value) of each field of a message; the value is an int or the bytes."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = read_varint(data, at)
        else:
            if kind == 2:
                length, at = read_varint(data, at)
            else:
                length = {1: 8, 5: 4}[kind]
            value = data[at:at + length]
            at += length
        yield key >> 3, value


def varint(number):
    number &= (1 << 64) - 1
    result = b""
    while number > 127:
        result += bytes([number & 127 | 128])
        number >>= 7
    return result + bytes([number])


def field(number, value):
    """A field from an int, a float (as double), a numpy float32 or bytes."""
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, np.float32):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    return varint(number << 3) + varint(int(value))


# ---- scenes ----


class Scene:
    """name; id, kind, asked: (agents); position: (agents, steps, 3); heading, valid: (agents,
    steps); current: the step that is now."""


def read_features(record):
    """The features of a tf.train.Example by name."""
    result = {}
    for _, features in fields(record):
        for _, entry in fields(features):
            parts = dict(fields(entry))
            kind, values = next(fields(parts[2]))
            result[parts[1].decode()] = read_values(kind, values)
    return result


def read_values(kind, values):
    packed = b"".join(value for _, value in fields(values))
    if kind == 1:
        return packed
    if kind == 2:
        return np.frombuffer(packed, "<f4")
    numbers = []
    at = 0
    while at < len(packed):
        number, at = read_varint(packed, at)
        numbers.append(number - (1 << 64) if number >> 63 else number)
    return np.array(numbers)


def scene_of_example(record):
    features = read_features(record)
    agents = len(features["state/id"])

    def over_time(name):
        phases = [features[f"state/{phase}/{name}"] for phase in ("past", "current", "future")]
        return np.concatenate([values.reshape(agents, -1) for values in phases], axis=1)

    scene = Scene()
    scene.name = features["scenario/id"].decode()
    scene.id = features["state/id"].astype(int)
    scene.kind = features["state/type"].astype(int)
    scene.asked = features["state/tracks_to_predict"] == 1
    scene.position = np.stack([over_time(axis) for axis in "xyz"], axis=2).astype(np.float64)
    scene.heading = over_time("bbox_yaw").astype(np.float64)
    scene.valid = over_time("valid") == 1
    scene.current = features["state/past/x"].size // agents
    return scene


def scenario_of_scene(scene):
    """The same scene as a Scenario record, with fields that nobody reads among the others."""
    record = b"".join(field(1, 0.1 * step) for step in range(scene.valid.shape[1]))
    for agent in range(len(scene.id)):
        track = field(1, scene.id[agent]) + field(2, max(scene.kind[agent], 0))
        for step in range(scene.valid.shape[1]):
            track += field(3, state_of(scene, agent, step))
        record += field(2, track)
    record += field(5, scene.name.encode()) + field(6, 0) + field(8, b"\x08\x07" + b"\x12\x00")
    record += field(10, scene.current)
    for agent in np.flatnonzero(scene.asked):
        record += field(11, field(1, agent) + field(2, 1))
    return record


def state_of(scene, agent, step):
    if not scene.valid[agent, step]:
        return field(11, 0)
    x, y, z = (float(value) for value in scene.position[agent, step])
    return (field(2, x) + field(3, y) + field(4, z) + field(5, np.float32(4.5))
            + field(8, np.float32(scene.heading[agent, step])) + field(11, 1))


# ---- windows ----


def paper_windows(scene):
    """(agent id, observed and predicted positions, origin) of the motion task of PER."""
    for agent in range(len(scene.id)):
        if not scene.valid[agent, :24].all():
            continue
        path = scene.position[agent, 0:24:2]
        moved = np.abs(path[5] - path[0])
        if moved[2] > 0.05 and moved[0] < 5 and moved[1] < 5:
            origin = path.mean(axis=0)
            yield scene.id[agent], path - origin, origin


def current_windows(scene, observed, predicted):
    """Agents to predict around the current step, at every recorded step, in the plane, headed
    along x: (agent id, positions, mask)."""
    for agent in np.flatnonzero(scene.asked):
        first = scene.current - observed + 1
        steps = slice(first, first + observed + predicted)
        seen = scene.valid[agent, steps]
        if not seen[:observed].all() or not seen[observed:].any():
            continue
        away = scene.position[agent, steps, :2] - scene.position[agent, scene.current, :2]
        angle = -scene.heading[agent, scene.current]
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        yield scene.id[agent], np.where(seen[:, None], away @ turn.T, 0), seen
