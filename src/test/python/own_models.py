"""A Keras user's part: makes three classifiers of images of 28 x 28 pixels in ten classes, each of another kind, or writes
beside each file that the Java program exported a check file of what it answers. Arguments: make FOLDER, or check FILE..."""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
from keras import layers

SEED = 7
SHAPE = (28, 28, 1)
CLASSES = 10


def row():
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(8, 3, strides=2, use_bias=False, kernel_initializer="he_normal"),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.SeparableConv2D(12, 3, activation="swish"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name="row",
    )


def branches():
    images = keras.Input(SHAPE)
    x = layers.Conv2D(6, 5, strides=4, padding="same", activation="swish")(images)
    y = layers.BatchNormalization()(layers.Conv2D(6, 3, padding="same")(x))
    added = layers.Activation("swish")(layers.Add()([x, y]))
    joined = layers.Concatenate()([added, layers.AveragePooling2D(3, strides=1, padding="same")(x)])
    pooled = layers.Dropout(0.1)(layers.GlobalAveragePooling2D()(joined))
    return keras.Model(images, layers.Dense(CLASSES)(pooled), name="branches")


def nested():
    inner = keras.Sequential(
        [keras.Input((14, 14, 4)), layers.DepthwiseConv2D(3, activation="elu"), layers.LayerNormalization()],
        name="inside",
    )
    images = keras.Input(SHAPE)
    x = layers.Conv2D(4, 3, strides=2, padding="same")(images)
    x = layers.LeakyReLU(negative_slope=0.1)(x)
    x = layers.GlobalMaxPooling2D()(inner(x))
    return keras.Model(images, layers.Dense(CLASSES, activation="softmax")(x), name="nested")


def examples(count):
    return np.random.default_rng(SEED).uniform(0, 1, (count, *SHAPE)).astype("float32")


if sys.argv[1] == "make":
    keras.utils.set_random_seed(SEED)
    for build in (row, branches, nested):
        model = build()
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=build is branches))
        model.fit(examples(64), np.arange(64) % CLASSES, batch_size=32, verbose=0)
        model.save(Path(sys.argv[2]) / f"{build.__name__}.keras")
else:
    for file in sys.argv[2:]:
        model = keras.models.load_model(file, compile=False)
        with h5py.File(file + "-check.h5", "w") as check:
            check["inputs"] = examples(16)
            check["outputs"] = np.asarray(model(check["inputs"][:], training=False))
