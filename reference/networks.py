"""The report's two networks for MNIST, with the names that Keras gives the layers of a session's first network."""

import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D


def build_cnn(output_activation, dropout=0.5):
    """The teacher: 1,011,466 parameters. Note the first pooling's stride of 1."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            Conv2D(32, 3, activation="relu", name="conv2d"),
            MaxPooling2D(2, strides=1, name="max_pooling2d"),
            Conv2D(64, 3, activation="relu", name="conv2d_1"),
            MaxPooling2D(2, strides=2, name="max_pooling2d_1"),
            Flatten(name="flatten"),
            Dropout(dropout, name="dropout"),
            Dense(128, activation="relu", name="dense"),
            Dropout(dropout, name="dropout_1"),
            Dense(10, activation=output_activation, name="dense_1"),
        ],
        name="sequential",
    )


def build_fc(output_activation, width=784):
    """The student: 1,238,730 parameters at the report's width, more than the teacher has."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            Flatten(name="flatten"),
            Dense(width, activation="relu", name="dense"),
            Dense(width, activation="relu", name="dense_1"),
            Dense(10, activation=output_activation, name="dense_2"),
        ],
        name="sequential",
    )
