"""Loads files that the Java program exported, and prints for each the largest difference of its outputs from those in a
file of answers, in parts of the largest output. Arguments: the file of answers, then the files."""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
import tensorflow as tf


def load(file):
    """A function from inputs to outputs."""
    if file.endswith((".keras", ".h5")):
        return keras.models.load_model(file, compile=False)
    served = tf.saved_model.load(file).signatures["serving_default"]
    return lambda inputs: served(images=tf.constant(inputs))["output_0"]


with h5py.File(sys.argv[1]) as answers:
    inputs, expected = answers["inputs"][:], answers["outputs"][:]
for file in sys.argv[2:]:
    print(np.abs(np.asarray(load(file)(inputs)) - expected).max() / np.abs(expected).max())
