"""Replays of Task 2 in Keras, in one process. The first argument is a folder, which then holds set/ (drawn images) and
start weights as ROLE-NETWORK-HEAD.h5; the others are an image size, networks of the teacher with commas between them, and
a JSON list with a list of arguments of replay_keras.py for each replay.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import keras

import mhist_reference
import replay_keras
import transfer
from drawn import draw


def draw_starts(folder, size, teachers):
    """A student's and its teachers' weights, on the 1000 logits of ImageNet and on the pooled features."""
    for head, quirks in (("imagenet", {"imagenet-head"}), ("pooled", set())):
        for seed, (role, network) in enumerate([("student", "mobilenetv2")] + [("teacher", name) for name in teachers], 1):
            keras.backend.clear_session()
            model = transfer.build(network, quirks, size)
            draw(model, seed)
            model.save(folder / f"{role}-{network}-{head}.h5")


if __name__ == "__main__":
    place, size, teachers, replays = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(","), sys.argv[4]
    if not (place / "set").exists():
        mhist_reference.draw_set(place / "set")
        draw_starts(place, size, teachers)
    for arguments in json.loads(replays):
        replay_keras.main(arguments)
