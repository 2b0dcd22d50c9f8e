"""Makes the golden files of src/test/resources/keras: what small networks answer and how they train as JSON, and their
weights in each format that Keras has or had; and the layers of two large ones. Everything is drawn from seeds."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
import tensorflow as tf
import tf_keras
from keras.src.legacy.saving import legacy_h5_format

import losses
from mnist import pixels
from training import LEARNING_RATE, train_step

TEMPERATURE = 4.0
ALPHA = 0.3
STEPS = 10


def convolutional(k, output_activation="softmax", dropout=0.5):
    """The MNIST teacher in small, its images not square, with one name of its own. k is keras or tf_keras."""
    return k.Sequential(
        [
            k.Input((10, 9, 1)),
            k.layers.Conv2D(2, 3, activation="relu", name="first"),
            k.layers.MaxPooling2D(2, strides=1),
            k.layers.Conv2D(3, 3, activation="relu"),
            k.layers.MaxPooling2D(2, strides=2),
            k.layers.Flatten(),
            k.layers.Dropout(dropout),
            k.layers.Dense(5, activation="relu"),
            k.layers.Dropout(dropout),
            k.layers.Dense(10, activation=output_activation),
        ],
        name="small",
    )


def nested(k):
    """A model within a model."""
    inner = k.Sequential([k.Input((5,)), k.layers.Dense(4, name="inside")], name="inner")
    inputs = k.Input((5,))
    return k.Model(inputs, k.layers.Dense(2, name="outside")(inner(inputs)), name="nested")


def drawn(k, dtype, build, seed, *arguments):
    """A model of that type with weights from the seed. Layers and functions are numbered from the first on."""
    keras.backend.clear_session()
    tf_keras.backend.clear_session()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    tf.random.set_seed(1)
    model = build(k, *arguments)
    random = np.random.default_rng(seed)
    model.set_weights([random.uniform(-1, 1, w.shape).astype(w.dtype) for w in model.get_weights()])
    return model


def named(model, values):
    """Lists of numbers under the names of a Keras 3 model's weights."""
    names = ["/".join(weight.path.split("/")[-2:]) for weight in model.weights]
    return {name: numbers(value) for name, value in zip(names, values, strict=True)}


def numbers(values):
    return np.ravel(values).astype("float64").tolist()


def write(path, content):
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


def keras_1(path, model, keras_version=None):
    """A model as Keras 1.2 laid it out; with a version the whole of it, as model.save did, else weights alone. Batch
    normalisation, which the model has not, is added at the end."""
    arrays = model.get_weights()
    layers = {
        "convolution2d_1": dict(zip("Wb", arrays[0:2])),
        "maxpooling2d_1": {},
        "convolution2d_2": dict(zip("Wb", arrays[2:4])),
        "dense_1": dict(zip("Wb", arrays[4:6])),
        "dense_2": dict(zip("Wb", arrays[6:8])),
        "batchnormalization_1": {
            name: np.full(10, i + 0.5, "float32")
            for i, name in enumerate(["gamma", "beta", "running_mean", "running_std"])
        },
    }
    with h5py.File(path, "w") as file:
        root = file
        if keras_version:
            root = file.create_group("model_weights")
            file.attrs["keras_version"] = np.bytes_(keras_version)
            # A Sequential's configuration was the list of its layers.
            config = [{"class_name": "Dense", "config": {"name": "dense_2", "activation": "linear", "output_dim": 10}}]
            file.attrs["model_config"] = np.bytes_(json.dumps({"class_name": "Sequential", "config": config}))
        root.attrs["layer_names"] = np.array(list(layers), "S")
        for layer, weights in layers.items():
            group = root.create_group(layer)
            group.attrs["weight_names"] = np.array([f"{layer}_{name}" for name in weights], "S")
            for name, values in weights.items():
                group[f"{layer}_{name}"] = values


def absurd(path):
    """A small file whose one weight claims to be 4 TB."""
    with h5py.File(path, "w") as file:
        variables = file.create_group("layers/dense/vars")
        variables.attrs["name"] = "dense"
        variables.create_dataset("0", shape=(2**20, 2**20), dtype="float32", chunks=(1, 1024))


def formats(folder, name, build, seed):
    """One network in float32 in every format, and its weights in each type with what it answers as JSON."""
    answers = {"weights": {}}
    for dtype in ("float16", "bfloat16", "float64", "float32"):
        model = drawn(keras, dtype, build, seed)
        answers["weights"][dtype] = named(model, model.get_weights())
    answers["inputs"] = numbers(np.random.default_rng(seed).random((3, *model.input_shape[1:]), "float32"))
    inputs = np.reshape(answers["inputs"], (3, *model.input_shape[1:])).astype("float32")
    answers["outputs"] = numbers(model(inputs))
    write(folder / f"{name}.json", answers)

    model.save(folder / f"{name}-model.h5")
    model.save(folder / f"{name}.keras")
    model.save_weights(folder / f"{name}.weights.h5")
    drawn(tf_keras, "float32", build, seed).save(folder / f"{name}-keras2-model.h5")


def old_formats(folder):
    model = drawn(keras, "float32", convolutional, 0)
    keras_1(folder / "small-keras1.h5", model)
    keras_1(folder / "small-keras1-model.h5", model, "1.2.2")
    with h5py.File(folder / "small-keras3.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    model = drawn(tf_keras, "float32", convolutional, 0)
    model.save_weights(folder / "small-keras2.h5")
    model.save_weights(folder / "small-keras2.weights.h5")
    model.save(folder / "small-keras2.keras")


def other_types(folder):
    for dtype in ("float16", "float64", "bfloat16"):
        model = drawn(keras, dtype, convolutional, 0)
        model.save_weights(folder / f"small-{dtype}.weights.h5")
        if dtype == "bfloat16":
            model.save(folder / f"small-{dtype}.keras")
        else:
            model.save(folder / f"small-{dtype}-model.h5")


def saved_models(folder):
    for name, build, seed in (("small", convolutional, 0), ("nested", nested, 1)):
        drawn(tf_keras, "float32", build, seed).save(folder / f"{name}-keras2-saved-model")
        drawn(keras, "float32", build, seed).export(folder / f"{name}-saved-model", verbose=False)
    for dtype in ("float16", "float64", "bfloat16"):
        drawn(keras, dtype, nested, 1).export(folder / f"nested-{dtype}-saved-model", verbose=False)


def training(path, reading):
    """What a step of training is made of, in float64: each layer's output, each loss with its gradients, and ten steps
    of Adam. A second draw of the network is the teacher."""
    random = np.random.default_rng(2)
    images = random.integers(0, 256, (20, 10, 9, 1), "uint8")
    labels = random.integers(0, 10, 20)
    # Overlapping batches of six.
    batches = [[(2 * step + i) % 20 for i in range(6)] for step in range(STEPS)]
    network = (convolutional, reading.output_activation, 0)
    teacher_outputs = drawn(keras, "float64", network[0], 3, *network[1:])(pixels(images, "float64")).numpy()
    model = drawn(keras, "float64", network[0], 0, *network[1:])

    def student_loss(labels, outputs, teacher_outputs):
        return losses.compute_student_loss(
            reading.soft_targets, labels, teacher_outputs, outputs, TEMPERATURE, ALPHA
        )

    golden = {
        "temperature": TEMPERATURE,
        "alpha": ALPHA,
        "images": numbers(images),
        "labels": labels.tolist(),
        "batches": batches,
        "teacher_outputs": numbers(teacher_outputs),
        "start": named(model, model.get_weights()),
        "layers": {},
        "losses": {},
        "steps": [],
    }
    first = batches[0]
    x = pixels(images[first], "float64")
    for layer in model.layers:
        x = layer(x)
        golden["layers"][layer.name] = numbers(x)
    for name, compute in {
        "teacher": lambda labels, outputs, _: losses.compute_teacher_loss(labels, outputs),
        "plain": lambda labels, outputs, _: losses.compute_plain_cross_entropy_loss(labels, outputs),
        "student": student_loss,
    }.items():
        with tf.GradientTape() as tape:
            outputs = model(pixels(images[first], "float64"), training=True)
            loss, hard, soft = compute(tf.one_hot(labels[first], 10, dtype="float64"), outputs, teacher_outputs[first])
        golden["losses"][name] = {
            "loss": numbers(loss),
            "hard": numbers(hard),
            "soft": float(soft),
            "gradients": named(model, tape.gradient(loss, model.trainable_variables)),
        }
    step = train_step(model, student_loss, keras.optimizers.Adam(LEARNING_RATE))
    for batch in batches:
        loss, hard, soft = step(pixels(images[batch], "float64"), labels[batch], teacher_outputs[batch])
        golden["steps"].append(
            {
                "loss": float(loss),
                "hard": float(hard),
                "soft": float(soft),
                "weights": named(model, model.get_weights()),
            }
        )
    write(path, golden)


def layers(path, network):
    """A line for each layer but the input's: name, class, and the shape of one example that leaves it."""
    lines = [f"{layer.name} {type(layer).__name__} {list(layer.output.shape[1:])}" for layer in network.layers[1:]]
    path.write_text("\n".join(lines) + "\n")


def main(folder):
    # One thread adds up in one order.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    absurd(folder / "absurd.weights.h5")
    formats(folder, "small", convolutional, 0)
    formats(folder, "nested", nested, 1)
    old_formats(folder)
    other_types(folder)
    saved_models(folder)
    for name, reading in losses.READINGS.items():
        training(folder / f"training-{name}.json", reading)
    layers(folder / "resnet50-layers.txt", keras.applications.ResNet50(weights=None))
    layers(folder / "mobilenet-layers.txt", keras.applications.MobileNet(weights=None))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
