"""Makes the report's two networks and exports them as a user does, from a session in which other models came first.

The argument is a folder. With TF_USE_LEGACY_KERAS=1 it is Keras 2 that makes and exports them.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import tensorflow as tf

import export_keras_models

layers = tf.keras.layers
folder = sys.argv[1]
# The layers of the models that follow are numbered on from these.
tf.keras.Sequential([layers.InputLayer((9, 9, 1)), layers.Conv2D(1, 3), layers.Flatten(), layers.Dense(2)])

teacher = tf.keras.Sequential(
    [
        layers.InputLayer((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2, 1),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2, 2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
)
# A model within a model, with logits at its end.
body = tf.keras.Sequential([layers.InputLayer((784,)), layers.Dense(784, activation="relu"), layers.Dense(784, activation="relu")])
student = tf.keras.Sequential([layers.InputLayer((28, 28, 1)), layers.Flatten(), body, layers.Dense(10)])
os.makedirs(os.path.join(folder, "given"))
# What is written has the name of the file that was given, and not one that Keras makes up.
for name, model in {"teacher": teacher, "student": student}.items():
    file = os.path.join(folder, "given", name + ".h5")
    model.save(file)
    export_keras_models.main([file, "--out", folder])
