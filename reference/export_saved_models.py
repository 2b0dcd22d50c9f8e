"""Makes SavedModels of the kinds that others have, for 28 x 28 x 1 images in ten classes, and answers.json: images as
bytes, and what each model gives for them in Python. Everything is drawn from seeds."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
import tf_keras

IMAGES = 20


class Perceptron(tf.Module):
    """Not Keras's: variables and a function."""

    def __init__(self):
        super().__init__()
        random = np.random.default_rng(1)
        self.hidden = tf.Variable(random.normal(0, 0.05, (784, 30)).astype("float32"))
        self.last = tf.Variable(random.normal(0, 0.5, (30, 10)).astype("float32"))

    @tf.function(input_signature=[tf.TensorSpec([None, 28, 28, 1], tf.float32)])
    def __call__(self, images):
        hidden = tf.sin(tf.reshape(images, [-1, 784]) @ self.hidden)
        return tf.nn.softmax(hidden @ self.last)


def scaled(k, dtype, rescaling):
    """A Keras model that scales its images itself and gives logits."""
    inputs = k.Input((28, 28, 1), dtype=dtype)
    x = k.layers.Rescaling(**rescaling)(inputs)
    x = k.layers.Conv2D(3, 5, strides=4, activation="tanh")(x)
    return k.Model(inputs, k.layers.Dense(10)(k.layers.Flatten()(x)))


def tensorflow_1(folder, images):
    """Placeholders, a session and a signature, as simple_save wrote them. Gives its answer."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        inputs = tf.compat.v1.placeholder(tf.float64, [None, 28, 28, 1], "images")
        random = np.random.default_rng(2)
        kernel = tf.compat.v1.get_variable("kernel", initializer=random.normal(0, 0.1, (784, 10)), use_resource=False)
        outputs = tf.nn.softmax(tf.reshape(inputs, [-1, 784]) @ kernel)
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.saved_model.simple_save(session, str(folder), {"images": inputs}, {"probabilities": outputs})
        return session.run(outputs, {inputs: images})


def main(folder):
    keras.utils.set_random_seed(3)
    images = np.random.default_rng(0).integers(0, 256, (IMAGES, 28, 28, 1)).astype("uint8")
    unit = images * np.float32(1 / 255)
    answers = {}

    module = Perceptron()
    tf.saved_model.save(module, str(folder / "module"), signatures=module.__call__)
    answers["module"] = module(unit)

    # As our own networks it is fed numbers from 0 to 1, and scales these further.
    own_scale = scaled(keras, "float32", {"scale": 2.0, "offset": -1.0})
    own_scale.export(folder / "own-scale", verbose=False)
    answers["own-scale"] = own_scale(unit)

    # What scales grey levels itself is exported for bytes.
    grey_levels = scaled(keras, "uint8", {"scale": 1 / 255})
    grey_levels.export(folder / "grey-levels", verbose=False)
    answers["grey-levels"] = grey_levels(images)

    keras_2 = scaled(tf_keras, "float32", {"scale": 2.0, "offset": -1.0})
    keras_2.save(folder / "keras-2", save_format="tf")
    answers["keras-2"] = keras_2(unit)

    answers["tensorflow-1"] = tensorflow_1(folder / "tensorflow-1", unit.astype("float64"))

    numbers = {name: np.ravel(outputs).astype("float64").tolist() for name, outputs in answers.items()}
    (folder / "answers.json").write_text(json.dumps({"images": np.ravel(images).tolist(), "outputs": numbers}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
