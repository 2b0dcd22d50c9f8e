"""Makes small networks with Keras and saves them in each of its formats, with their weights and answers as JSON."""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np


def convolutional():
    """The kinds of layer that the MNIST networks have, with one name of its own."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(2, 3, activation="relu", name="first"),
            keras.layers.MaxPooling2D(2, strides=1),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(4, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ],
        name="small",
    )


def nested():
    """A model within a model."""
    inner = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, name="inside")], name="inner")
    inputs = keras.Input((5,))
    return keras.Model(inputs, keras.layers.Dense(2, name="outside")(inner(inputs)), name="nested")


def absurd(path):
    """A small file whose one weight claims to be 4 TB."""
    with h5py.File(path, "w") as file:
        variables = file.create_group("layers/dense/vars")
        variables.attrs["name"] = "dense"
        variables.create_dataset("0", shape=(2**20, 2**20), dtype="float32", chunks=(1, 1024))


def main(folder):
    os.makedirs(folder, exist_ok=True)
    absurd(os.path.join(folder, "absurd.weights.h5"))
    for seed, (name, build) in enumerate({"small": convolutional, "nested": nested}.items()):
        keras.backend.clear_session()
        random = np.random.default_rng(seed)
        model = build()
        model.set_weights([random.uniform(-1, 1, w.shape).astype("float32") for w in model.get_weights()])
        inputs = random.uniform(0, 1, (3, *model.input_shape[1:])).astype("float32")
        model.save(os.path.join(folder, name + "-model.h5"))
        model.save_weights(os.path.join(folder, name + ".weights.h5"))
        model.save(os.path.join(folder, name + ".keras"))
        answers = {
            "weights": {"/".join(w.path.split("/")[-2:]): np.ravel(w.numpy()).tolist() for w in model.weights},
            "inputs": np.ravel(inputs).tolist(),
            "outputs": np.ravel(model(inputs).numpy()).tolist(),
        }
        with open(os.path.join(folder, name + ".json"), "w") as file:
            json.dump(answers, file)


if __name__ == "__main__":
    main(sys.argv[1])
