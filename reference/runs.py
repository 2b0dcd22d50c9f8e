"""The run store: each finished training is a line of JSON, with the fields of docs/run-store.md, in the file of its question
and reading. And what the programs that fill it have in common."""

import contextlib
import datetime
import errno
import hashlib
import itertools
import json
import os
import platform
import subprocess
import sys
import threading
from pathlib import Path

import keras
import tensorflow as tf

try:
    import fcntl
except ImportError:
    import msvcrt

    fcntl = None

THREADS = threading.Lock()
# The file whose lock is the store's, with the runs of before there was a file for each question and reading; and bytes after
# which the next run begins another file: as in RunStore.
LOCK = "runs.jsonl"
FULL = 900_000


def numbers(text):
    """An option's value that is a list."""
    return [float(number) for number in text.split(",")]


def fill(args, values):
    """Gives the options that were not given their values."""
    for name, value in values.items():
        if getattr(args, name) is None:
            setattr(args, name, value)


def machine():
    """What decides how numbers are rounded, under the names of docs/run-store.md."""
    onednn = os.environ["TF_ENABLE_ONEDNN_OPTS"]
    return {
        "dtype": "float32",
        "device": "gpu" if tf.config.list_physical_devices("GPU") else "cpu",
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "onednn": "off" if onednn == "0" or onednn.lower() == "false" else "on",
    }


def identity(settings):
    """The first 8 bytes of the SHA-256 over the settings as JSON, names in alphabetical order."""
    canonical = json.dumps(settings, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def stream(settings, names, purpose):
    """The seed of one of a training's random streams, from those of its settings that tell cells of a table apart: no
    two share their chance."""
    cell = "/".join([str(settings.get(name, "null")) for name in names] + [purpose])
    return int.from_bytes(hashlib.sha256(cell.encode()).digest()[:8], "big")


def weights_digest(model):
    """SHA-256 over every weight's name, shape and values as little-endian doubles."""
    sha = hashlib.sha256()
    for layer in model.layers:
        for weight in layer.weights:
            sha.update(f"{layer.name}/{weight.name}{list(weight.shape)}".encode())
            sha.update(weight.numpy().astype("<f8").tobytes())
    return sha.hexdigest()


def provenance(program, data, keras_version=keras.__version__):
    """Where numbers come from: the program, the data in words, and which Keras trained."""
    return {
        "program": f"{program}, Keras {keras_version}",
        "commit": commit(),
        "data": data,
        "synthetic": False,
        "tensorflow": tf.__version__,
        "keras": keras_version,
        "python": platform.python_version(),
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": processor(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def commit():
    """This checkout's commit, with -dirty where files were changed since."""

    def git(*command):
        folder = Path(__file__).parent
        return subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, check=True).stdout

    try:
        return git("rev-parse", "HEAD").strip() + ("-dirty" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


@contextlib.contextmanager
def locked(folder, mode):
    """Opens a store's runs.jsonl for this thread alone, and under the lock that Java's side (RunStore) takes, too: shared
    with others that read, alone to write. A lock belongs to the process, and closing the file in any thread gives it up."""
    with THREADS, open(folder / LOCK, mode, buffering=0) as opened, lock(opened, shared=mode == "rb"):
        yield opened


@contextlib.contextmanager
def lock(opened, shared):
    """The lock of an open file. On Windows this has never been tried. There msvcrt has no shared lock, so that those who
    read wait for each other; Java locks all bytes that a file may have, and one of these is enough to keep it out."""
    if fcntl:
        fcntl.lockf(opened, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
        return
    while True:
        try:
            opened.seek(0)
            msvcrt.locking(opened.fileno(), msvcrt.LK_LOCK, 1)
            break
        except OSError as problem:
            # What it raises after ten seconds of waiting.
            if problem.errno != errno.EDEADLOCK:
                raise
    try:
        yield
    finally:
        opened.seek(0)
        msvcrt.locking(opened.fileno(), msvcrt.LK_UNLCK, 1)


def find(folder, settings):
    """The latest stored run of this program with these settings, or None."""
    found = []
    with locked(folder, "rb") if (folder / LOCK).exists() else contextlib.nullcontext() as opened:
        # To open and close the locked file once more would give up its lock.
        texts = {
            file: opened.read() if file.name == LOCK else file.read_bytes()
            for file in sorted(folder.glob("runs*.jsonl"))
        }
    for file, text in texts.items():
        for number, line in enumerate(text.decode().splitlines(), start=1):
            try:
                run = json.loads(line)
            except json.JSONDecodeError:
                print(f"{file} line {number} is not a whole run: skipped", file=sys.stderr)
                continue
            if run["identity"] == identity(settings) and "program" in run["provenance"]:
                found.append(run)
    return sorted(found, key=lambda run: run["provenance"]["date"])[-1] if found else None


def place(folder, run):
    """The file that a run is added to: the first of its question and reading that is not full."""
    for number in itertools.count(1):
        file = folder / f"runs-{run['question']}-{run['variant']}{'' if number == 1 else f'-{number}'}.jsonl"
        if not file.exists() or file.stat().st_size < FULL:
            return file


def append(folder, run):
    """Adds a whole line or nothing, after a newline where a crash tore the last one, and flushes it to the disk."""
    line = json.dumps(run, separators=(",", ":")) + "\n"
    with locked(folder, "ab"), open(place(folder, run), "ab+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        torn = file.read() not in (b"", b"\n")
        left = ("\n" * torn + line).encode()
        try:
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
    return file.name
