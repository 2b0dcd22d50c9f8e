"""Saves a Keras model in every format that the Java program reads, with a file of inputs and outputs to check it by.

    python reference/export_keras_models.py cnn.h5 --out exported
    python reference/export_keras_models.py ResNet50V2 --out exported

MODEL is a file or folder that Keras loads, or the name of a function of keras.applications. Runs on Keras 2 and 3;
Keras before 2.12 has no .keras and .weights.h5, which are left out there.
"""

import argparse
import os
import re
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import numpy as np
import tensorflow as tf

keras = tf.keras
# tf.keras may be Keras 3, Keras 2 or, with TF_USE_LEGACY_KERAS=1, tf-keras: ask the package that the classes are from.
KERAS_PACKAGE = sys.modules[keras.Model.__module__.split(".")[0]]
KERAS_VERSION = tuple(int(part) for part in KERAS_PACKAGE.__version__.split(".")[:2])
EXAMPLES = 8


def load(model, weights):
    """A model from a file, or from keras.applications by name."""
    if os.path.exists(model):
        try:
            return keras.models.load_model(model, compile=False)
        except (OSError, ValueError) as problem:
            sys.exit(f"error: Keras does not load {model}: {str(problem).splitlines()[0]}")
    build = getattr(keras.applications, model, None)
    if build is None or not model[0].isupper():
        sys.exit(f"error: there is no file {model}, and keras.applications has nothing of that name")
    return build(weights=None if weights == "none" else weights)


def name_of(model):
    """What the files are called: as the file or folder that was given, without its ending, or as the function."""
    return re.sub(r"\.(keras|h5|hdf5)$", "", os.path.basename(os.path.abspath(model)))


def targets(prefix):
    """What is written, but for the check: Keras before 2.12 has no .weights.h5 and .keras."""
    endings = [".h5", "-saved-model"] + ([".weights.h5", ".keras"] if KERAS_VERSION >= (2, 12) else [])
    return [prefix + ending for ending in endings]


def save(model, prefix):
    """Writes the model in every format."""
    model.save(prefix + ".h5")
    if KERAS_VERSION >= (3, 0):
        model.export(prefix + "-saved-model", verbose=False)
    else:
        model.save(prefix + "-saved-model")
    if KERAS_VERSION >= (2, 12):
        model.save_weights(prefix + ".weights.h5")
        model.save(prefix + ".keras")


def save_check(model, path):
    """Random inputs in [0, 1), the same for the same shape, and what the model answers in inference."""
    inputs = np.random.default_rng(1).random((EXAMPLES, *model.input_shape[1:]), dtype="float32")
    with h5py.File(path, "w") as file:
        file["inputs"] = inputs
        file["outputs"] = model(inputs, training=False).numpy().astype("float32")
        activation = getattr(model.layers[-1], "activation", None)
        if activation is not None:
            file.attrs["output_activation"] = activation.__name__


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--out", default="exported", metavar="DIR", help="where to (default: exported)")
    parser.add_argument("--name", help="what the files are called (default: as MODEL, without its ending)")
    parser.add_argument("--weights", default="imagenet", help="of keras.applications: imagenet (default), none or a file")
    options = parser.parse_args(argv)
    model = load(options.model, options.weights)
    os.makedirs(options.out, exist_ok=True)
    prefix = os.path.join(options.out, options.name or name_of(options.model))
    written = [*targets(prefix), prefix + "-check.h5"]
    for path in written:
        if os.path.exists(path):
            sys.exit(f"error: {path} is there already and was left alone: name another --out or --name")
    save(model, prefix)
    save_check(model, prefix + "-check.h5")
    print("\n".join(written))


if __name__ == "__main__":
    main(sys.argv[1:])
