"""A user of keras.applications: saves a model in each format, and later loads what the Java program fine-tuned.

Arguments: "save", a folder and a network; or "load", a folder and files, which prints each one's answers to the inputs of
NETWORK-check.h5 as a line of JSON.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import h5py
import keras
import numpy as np
import tensorflow as tf

import export_keras_models
from drawn import draw


def build(network):
    return getattr(keras.applications, network)(weights=None, input_shape=(64, 64, 3), classes=3, classifier_activation=None)


def answer(file, network, inputs):
    if os.path.isdir(file):
        return tf.saved_model.load(file).signatures["serving_default"](images=tf.constant(inputs))["output_0"]
    if file.endswith(".weights.h5"):
        model = build(network)
        model.load_weights(file)
    else:
        model = keras.models.load_model(file, compile=False)
    return model(inputs, training=False)


command, folder, network, *files = sys.argv[1:]
if command == "save":
    model = build(network)
    # As Keras starts it, MobileNetV2's outputs in inference are all equal.
    draw(model)
    file = os.path.join(folder, "model.h5")
    model.save(file)
    export_keras_models.main([file, "--out", folder, "--name", network])
else:
    with h5py.File(os.path.join(folder, network + "-check.h5")) as check:
        inputs = check["inputs"][()].astype("float32")
    for file in files:
        print(json.dumps(np.asarray(answer(file, network, inputs)).tolist()))
