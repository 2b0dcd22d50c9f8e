"""Loads each file that the Java program exported, in the way that is asked, and writes what it answers for the first test images.

The argument is a JSON list of {"file", "how", "network", "activation", "out"}.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import keras
import numpy as np
import tensorflow as tf
import tf_keras

import mnist
import networks

IMAGES = 256


def load(job):
    """A function from images to outputs."""
    file = job["file"]
    if job["how"] == "load_model":
        return keras.models.load_model(file, compile=False)
    if job["how"] == "load_model of Keras 2":
        return tf_keras.models.load_model(file, compile=False)
    if job["how"] == "load_weights":
        model = getattr(networks, job["network"])(job["activation"])
        model.load_weights(file)
        return model
    if job["how"] == "saved_model":
        served = tf.saved_model.load(file).signatures["serving_default"]
        return lambda images: served(images=tf.constant(images))["output_0"]
    raise ValueError(job["how"])


images = mnist.pixels(mnist.load(None).test_images[:IMAGES], "float32")
for job in json.loads(sys.argv[1]):
    np.savetxt(job["out"], np.asarray(load(job)(images)), fmt="%.9g", delimiter=",")
