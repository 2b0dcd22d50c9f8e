"""Replays of Task 2 in Keras on a small drawn set, in one process. The arguments are the set's folder, which is made where it
is not there, and a JSON list with a list of arguments of replay_keras.py for each replay.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import tensorflow as tf

import mhist_reference
import replay_keras

if __name__ == "__main__":
    folder, replays = Path(sys.argv[1]), json.loads(sys.argv[2])
    # For a few steps no graph is worth its making.
    tf.config.run_functions_eagerly(True)
    if not folder.exists():
        mhist_reference.draw_set(folder)
    for arguments in replays:
        replay_keras.main(arguments)
