"""Appends runs to a store as the reference programs do: append_runs.py FOLDER RUN FIRST COUNT THREADS adds RUN, a line of
a store, COUNT times, with seeds from FIRST on, from so many threads. A store needs no Keras, which takes long to load."""

import json
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.modules.update(keras=types.SimpleNamespace(__version__=""), tensorflow=types.SimpleNamespace())
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "reference"))
import runs  # noqa: E402

folder, run = Path(sys.argv[1]), json.loads(sys.argv[2])
first, count, threads = map(int, sys.argv[3:])
# As a run of Keras, whose identity is not held against ours.
run["provenance"].pop("tensorflow_java", None)
with ThreadPoolExecutor(threads) as pool:
    list(pool.map(lambda i: runs.append(folder, {**run, "seed": first + i}), range(count)))
