"""Runs replay_keras.py once for each list of arguments in a JSON list, in one process."""

import json
import sys

sys.path.insert(0, "reference")

import replay_keras

for arguments in json.loads(sys.argv[1]):
    replay_keras.main(arguments)
