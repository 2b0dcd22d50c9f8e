"""Saves networks of keras.applications with weights drawn from a seed, and what they answer, for the Java program to be
held against.

    python reference/export_applications.py DenseNet121 EfficientNetB0 --out exported

For each it writes NAME.keras, and NAME-answers.h5 with inputs, labels, the outputs in float32, and in float64 the
outputs and the gradients of the cross-entropy with respect to all weights, with training=False. Images are as small as the network
takes them; there are ten classes, and no softmax at the end. With TF_USE_LEGACY_KERAS=1 it is Keras 2 that saves, a
NAME.h5, and gives the outputs alone.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import numpy as np
import tensorflow as tf

keras = tf.keras
LEGACY = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
SIZES = {"VGG16": 32, "Xception": 71, "InceptionV3": 75}
SIZE = 64
CLASSES = 10
BATCH = 3
# So many images give the statistics of batch normalisations.
CALIBRATION = 16


def build(name, dtype):
    """The network in a type, with Keras's own weights."""
    keras.backend.clear_session()
    tf.keras.backend.set_floatx(dtype)
    if not LEGACY:
        keras.config.set_dtype_policy(dtype)
    size = SIZES.get(name, SIZE)
    function = getattr(keras.applications, name)
    return function(weights=None, input_shape=(size, size, 3), classes=CLASSES, classifier_activation=None)


def draw(model, random):
    """Weights that show an exchange. Batch normalisations have statistics that are about those of their inputs, so that
    signals neither vanish nor grow in many layers."""
    normalizations = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            channels = layer.get_weights()[0].shape
            layer.set_weights([random.uniform(0.3, 0.6, channels), random.uniform(0.05, 0.1, channels), np.array(0)])
            layer.finalize_state()
        elif layer in normalizations:
            values = layer.get_weights()
            trained = [random.uniform(0.5, 1.5, v.shape) if i == 0 else random.uniform(-0.5, 0.5, v.shape)
                       for i, v in enumerate(values[:-2])]
            layer.set_weights([*trained, *values[-2:]])
        else:
            layer.set_weights([random.normal(0, 1.4 / np.sqrt(fan_in(layer, i, w.shape)), w.shape)
                               for i, w in enumerate(layer.get_weights())])
    momenta = [layer.momentum for layer in normalizations]
    for layer in normalizations:
        layer.momentum = 0.0
    model(images(model, random, CALIBRATION), training=True)
    for layer, momentum in zip(normalizations, momenta):
        layer.momentum = momentum
        *trained, mean, variance = layer.get_weights()
        shifted = mean + np.sqrt(variance) * random.uniform(-0.2, 0.2, mean.shape)
        layer.set_weights([*trained, shifted, (variance + 1e-3) * random.uniform(0.7, 1.4, variance.shape)])


def fan_in(layer, index, shape):
    """How many numbers the products of a weight are summed over."""
    depthwise = isinstance(layer, (keras.layers.DepthwiseConv2D, keras.layers.SeparableConv2D)) and index == 0
    return np.prod(shape[:2]) if depthwise else np.prod(shape[:-1])


def images(model, random, number):
    """Grey levels."""
    return random.uniform(0, 255, (number, *model.input_shape[1:])).astype("float32")


def save(name, folder):
    random = np.random.default_rng(1)
    model = build(name, "float32")
    draw(model, random)
    inputs = images(model, random, BATCH)
    labels = random.integers(0, CLASSES, BATCH)
    model.save(os.path.join(folder, name + (".h5" if LEGACY else ".keras")))
    with h5py.File(os.path.join(folder, name + "-answers.h5"), "w") as file:
        file["inputs"], file["labels"] = inputs, labels
        file["outputs"] = model(inputs, training=False).numpy()
        if LEGACY:
            return
        weights = model.get_weights()
        model = build(name, "float64")
        model.set_weights(weights)
        for layer in model.layers:
            if isinstance(layer, keras.layers.Normalization):
                layer.finalize_state()
        with tf.GradientTape() as tape:
            outputs = model(inputs.astype("float64"), training=False)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=outputs)
        file["outputs64"] = outputs.numpy()
        for variable, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
            file["gradients/" + variable.path] = gradient.numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="+", help="functions of keras.applications")
    parser.add_argument("--out", default="exported", metavar="DIR", help="where to (default: exported)")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for name in options.names:
        save(name, options.out)


if __name__ == "__main__":
    main()
