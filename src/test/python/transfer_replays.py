"""Replays of Task 2 in Keras, in one process. The first argument is a folder; the second a JSON list with a list of
arguments of replay_keras.py for each replay. The folder's set/ holds drawn images, and ROLE-NETWORK-HEAD.h5 drawn starting
weights; those that an argument names and that are not there are made first.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import keras
import tensorflow as tf

import mhist_reference
import replay_keras
import transfer
from drawn import draw

SEEDS = {"student": 1, "teacher": 2}
HEADS = {"imagenet": {"imagenet-head"}, "pooled": set()}


def draw_start(file, size):
    role, network, head = file.stem.split("-")
    keras.backend.clear_session()
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    model = transfer.build(network, HEADS[head], size)
    draw(model, SEEDS[role])
    model.save(file)


if __name__ == "__main__":
    place, replays = Path(sys.argv[1]), json.loads(sys.argv[2])
    # For a few steps no graph is worth its making.
    tf.config.run_functions_eagerly(True)
    if not (place / "set").exists():
        mhist_reference.draw_set(place / "set")
    for replay in replays:
        options = dict(zip(replay[:-1], replay[1:]))
        for role in SEEDS:
            start = options.get(f"--{role}")
            if start and not os.path.exists(start):
                draw_start(Path(start), int(options["--image-size"]))
    for replay in replays:
        replay_keras.main(replay)
