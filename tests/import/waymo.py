"""The Waymo importer against a plain decoding in Python.

Arguments: the program; mpirun and its options. The sample is found through SOFTEQ_TEST_DATA."""

import gzip
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np

try:
    import netCDF4
except ImportError:
    print("python3-netcdf4 is not installed: jobs/install_packages.sh test")
    sys.exit(77)

import plain_waymo as plain

DATA = os.environ.get("SOFTEQ_TEST_DATA", "../shared/data")
SAMPLE = os.path.join(DATA, "waymo", "motion_data_one_example.tfrecord")
PROGRAM, MPIRUN = os.path.abspath(sys.argv[1]), sys.argv[2:]


def softeq(*words, ranks=0):
    """Runs the program: exit status, standard output, standard error."""
    launcher = [*MPIRUN, "-n", str(ranks)] if ranks else []
    done = subprocess.run([*launcher, PROGRAM, *words], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


class Waymo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.example = next(plain.records(SAMPLE))
        cls.scene = plain.scene_of_example(cls.example)
        cls.scenario = plain.scenario_of_scene(cls.scene)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="softeq test ")
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def imported(self, path, *options):
        """The shard made from a file, as a dictionary of arrays."""
        sets = [word for option in options for word in ("--set", f"data.{option}")]
        code, _, error = softeq("data", "import", "waymo", path, "-o", self.path("out.nc"), *sets)
        self.assertEqual(code, 0, error)
        with netCDF4.Dataset(self.path("out.nc")) as file:
            return {name: np.asarray(values[:]) for name, values in file.variables.items()}

    def assert_paper_windows(self, path):
        shard = self.imported(path)
        expected = list(plain.paper_windows(self.scene))
        self.assertGreater(len(expected), 0)
        np.testing.assert_array_equal(shard["agent"], [agent for agent, _, _ in expected])
        for row, (_, positions, origin) in enumerate(expected):
            np.testing.assert_allclose(shard["origin"][row], origin, rtol=1e-12)
            np.testing.assert_allclose(shard["input"][row], positions[:6].ravel(), atol=1e-5)
            np.testing.assert_allclose(shard["target"][row], positions[6:].ravel(), atol=1e-5)
        self.assertEqual(list(shard["scene_name"]), [self.scene.name])

    def test_windows_of_the_paper(self):
        self.assert_paper_windows(SAMPLE)

    def test_a_scenario_gives_the_same_windows(self):
        self.assert_paper_windows(self.write("scenario", plain.frame(self.scenario)))

    def test_gzip_is_read(self):
        with open(SAMPLE, "rb") as file:
            self.assert_paper_windows(self.write("sample.gz", gzip.compress(file.read())))

    def test_windows_around_the_current_step(self):
        options = ["observed=11", "predicted=80", "interval=0.1", "dimensions=2",
                   "windows=current", "origin=last", "align=heading", "agents=to-predict",
                   "missing=mask", "rise_above=0", "move_below=0"]
        expected = list(plain.current_windows(self.scene, 11, 80))
        self.assertGreater(len(expected), 0)
        for path in (SAMPLE, self.write("scenario", plain.frame(self.scenario))):
            shard = self.imported(path, *options)
            np.testing.assert_array_equal(shard["agent"], [agent for agent, _, _ in expected])
            for row, (_, positions, seen) in enumerate(expected):
                np.testing.assert_allclose(shard["input"][row], positions[:11].ravel(), atol=1e-4)
                np.testing.assert_allclose(shard["target"][row], positions[11:].ravel(), atol=1e-4)
                np.testing.assert_array_equal(shard["mask"][row], np.repeat(seen[11:], 2))

    def test_classes_are_chosen(self):
        options = ["windows=first", "rise_above=0", "move_below=0"]
        every = self.imported(SAMPLE, *options)
        some = self.imported(SAMPLE, *options, "classes=pedestrian cyclist")
        kept = np.isin(every["agent_class"], [2, 3])
        self.assertTrue(0 < kept.sum() < len(kept))
        np.testing.assert_array_equal(some["agent"], every["agent"][kept])

    def three_records(self, damage):
        """A file of three records, the second damaged."""
        good = plain.frame(self.scenario)
        return self.write("damaged", good + damage(good) + good)

    def assert_left_out(self, path, windows):
        shard = self.path("out.nc")
        code, output, error = softeq("data", "import", "waymo", path, "-o", shard)
        self.assertEqual(code, 0, error)
        self.assertIn("1 damaged record left out", output)
        self.assertIn("warning", error)
        with netCDF4.Dataset(shard) as file:
            self.assertEqual(len(file["agent"]), windows)
        os.remove(shard)
        code, _, error = softeq("data", "import", "waymo", path, "-o", shard, "--strict")
        self.assertEqual(code, 1)
        self.assertIn(path, error)
        self.assertIn("record", error)
        self.assertEqual(os.listdir(self.folder), [os.path.basename(path)])

    def test_damaged_records_are_left_out(self):
        windows = len(list(plain.paper_windows(self.scene)))
        for damage in (lambda record: flip(record, 5000),     # data
                       lambda record: flip(record, 3),        # length
                       lambda record: flip(record, -2 % len(record)),  # checksum of the data
                       lambda record: plain.frame(record[12:2000])):  # no message
            self.assert_left_out(self.three_records(damage), 2 * windows)

    def test_files_that_are_cut_off(self):
        whole = plain.frame(self.scenario) * 2
        windows = len(list(plain.paper_windows(self.scene)))
        self.assert_left_out(self.write("cut", whole[:-1000]), windows)
        packed = gzip.compress(whole)
        self.assert_left_out(self.write("cut", packed[:-20]), windows)

    def test_a_file_that_is_something_else_is_named(self):
        for name, data, words in (("a.csv", b"track,time,x,y\n1,0,0,0\n", "a text file"),
                                  ("b.nc", b"\x89HDF\r\n\x1a\n" + bytes(100), "NetCDF-4"),
                                  ("c", b"", "an empty file"),
                                  ("d", bytes(range(256)), "no TFRecord file"),
                                  ("e", plain.frame(b"\x0a\x03abc"), "neither tf_example nor")):
            path = self.write(name, data)
            code, _, error = softeq("data", "import", "waymo", path, "-o", self.path("out.nc"))
            self.assertEqual(code, 1)
            self.assertIn(path, error)
            self.assertIn(words, error)
            os.remove(path)
            self.assertEqual(os.listdir(self.folder), [])

    def test_files_are_shared_out_over_ranks_and_an_import_goes_on(self):
        files = [self.write(f"{i}.tfrecord", plain.frame(self.scenario)) for i in range(5)]
        words = ["data", "import", "waymo", *files, "-o", self.path("shard")]
        code, output, error = softeq(*words, ranks=3)
        self.assertEqual(code, 0, error)
        windows = len(list(plain.paper_windows(self.scene)))
        self.assertIn(f"{5 * windows} windows", output)
        shards = [self.path(f"shard-{i:05d}.nc") for i in range(5)]
        times = [os.stat(shard).st_mtime_ns for shard in shards]
        os.remove(shards[3])
        code, again, error = softeq(*words)
        self.assertEqual(code, 0, error)
        self.assertIn("4 files whose shards were there already", again)
        self.assertIn(f"{5 * windows} windows", again)
        for i in (0, 1, 2, 4):
            self.assertEqual(os.stat(shards[i]).st_mtime_ns, times[i])
        code, _, error = softeq(*words, "--set", "data.move_below=4")
        self.assertEqual(code, 1)
        self.assertIn("by these rules", error)

    def test_what_was_made_without_damaged_records_is_not_strict(self):
        path = self.three_records(lambda record: flip(record, 5000))
        words = ["data", "import", "waymo", path, "-o", self.path("shard")]
        self.assertEqual(softeq(*words)[0], 0)
        code, _, error = softeq(*words, "--strict")
        self.assertEqual(code, 1)
        self.assertIn("--strict does not allow", error)

    def test_ranks_stop_together(self):
        good = plain.frame(self.scenario)
        files = [self.write(f"{i}.tfrecord", good if i != 4 else b"text") for i in range(9)]
        code, _, error = softeq("data", "import", "waymo", *files, "-o", self.path("shard"),
                                ranks=3)
        self.assertEqual(code, 1)
        self.assertIn("rank 1: " + files[4], error)
        shards = [name for name in os.listdir(self.folder) if not name.endswith(".tfrecord")]
        self.assertEqual(sorted(shards), [f"shard-{i:05d}.nc" for i in (0, 1, 2, 3, 5)])

    def test_settings_that_mean_nothing_are_refused(self):
        for setting, words in (("classes=vehicel", "did you mean vehicle?"),
                               ("interval=0.25", "no multiple")):
            code, _, error = softeq("data", "import", "waymo", SAMPLE, "-o", self.path("out.nc"),
                                    "--set", f"data.{setting}")
            self.assertEqual(code, 1)
            self.assertIn(words, error)


if __name__ == "__main__":
    if not os.path.exists(SAMPLE):
        print(f"{SAMPLE} is not there; set SOFTEQ_TEST_DATA to the folder of the test data")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
