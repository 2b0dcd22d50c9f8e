"""Makes layers.json of src/test/resources/keras: what Keras's layers of images put out, with their gradients, and the
configurations in which Keras 3 and Keras 2 save them; and two files of weights of many classes. Everything is drawn
from seeds."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
import tf_keras

SEED = 4
ACTIVATIONS = [
    "linear",
    "relu",
    "relu6",
    "softmax",
    "sigmoid",
    "tanh",
    "elu",
    "selu",
    "gelu",
    "silu",
    "swish",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "softplus",
    "softsign",
    "exponential",
    "leaky_relu",
    "mish",
]
# Layers that change images in training only, with what they cannot do without.
AUGMENTATIONS = {
    "AugMix": {},
    "CutMix": {},
    "MixUp": {},
    "RandAugment": {},
    "RandomBrightness": {"factor": 0.2},
    "RandomColorDegeneration": {"factor": 0.2},
    "RandomColorJitter": {"brightness_factor": 0.2},
    "RandomContrast": {"factor": 0.2},
    "RandomElasticTransform": {},
    "RandomErasing": {},
    "RandomFlip": {},
    "RandomGaussianBlur": {},
    "RandomGrayscale": {},
    "RandomHue": {"factor": 0.2},
    "RandomInvert": {},
    "RandomPerspective": {},
    "RandomPosterization": {"factor": 4},
    "RandomRotation": {"factor": 0.2},
    "RandomSaturation": {"factor": 0.2},
    "RandomSharpness": {"factor": 0.2},
    "RandomShear": {"x_factor": (0.1, 0.2)},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2},
    "RandomZoom": {"height_factor": 0.2},
}


def inputs():
    random = np.random.default_rng(SEED)
    return {
        "images": random.uniform(-2, 2, (2, 5, 4, 4)),
        "others": random.uniform(-2, 2, (2, 5, 4, 4)),
        "fewer": random.uniform(-2, 2, (2, 5, 4, 2)),
        "rows": random.uniform(-2, 2, (2, 4)),
        "colours": random.uniform(0, 255, (2, 4, 4, 3)),
        # From where activations bend to where they are flat.
        "numbers": np.reshape([-7.5, -3.2, -2.9, -1.1, -0.4, -0.05, 0.03, 0.6, 1.7, 2.8, 3.3, 6.4], (2, 6)),
    }


def cases():
    """(class, its arguments, names of its inputs, whether in training)"""
    yield "Conv2D", {"filters": 3, "kernel_size": 3, "activation": "relu"}, ["images"], False
    yield "Conv2D", {"filters": 2, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "use_bias": False}, [
        "images"
    ], False
    yield "Conv2D", {"filters": 2, "kernel_size": (2, 3), "dilation_rate": (2, 1)}, ["images"], False
    yield "Conv2D", {"filters": 2, "kernel_size": 3, "dilation_rate": (2, 3), "padding": "same"}, ["images"], False
    yield "Conv2D", {"filters": 4, "kernel_size": 2, "groups": 2, "strides": 2, "padding": "same"}, ["images"], False
    yield "DepthwiseConv2D", {"kernel_size": 3, "activation": "silu"}, ["images"], False
    yield "DepthwiseConv2D", {
        "kernel_size": (3, 2),
        "strides": 2,
        "padding": "same",
        "depth_multiplier": 2,
        "use_bias": False,
    }, ["images"], False
    yield "DepthwiseConv2D", {"kernel_size": 2, "dilation_rate": 2, "padding": "same"}, ["images"], False
    yield "SeparableConv2D", {"filters": 3, "kernel_size": 3, "activation": "relu"}, ["images"], False
    yield "SeparableConv2D", {
        "filters": 3,
        "kernel_size": (2, 3),
        "strides": 2,
        "padding": "same",
        "depth_multiplier": 2,
        "use_bias": False,
    }, ["images"], False
    yield "Conv2DTranspose", {"filters": 2, "kernel_size": 3}, ["images"], False
    yield "Conv2DTranspose", {
        "filters": 2,
        "kernel_size": (3, 2),
        "strides": 2,
        "padding": "same",
        "use_bias": False,
    }, ["images"], False
    yield "Dense", {"units": 3, "activation": "softmax"}, ["rows"], False
    yield "Dense", {"units": 2, "use_bias": False}, ["images"], False

    for pooling in ("MaxPooling2D", "AveragePooling2D"):
        yield pooling, {"pool_size": 2}, ["images"], False
        yield pooling, {"pool_size": (3, 2), "strides": (1, 2), "padding": "same"}, ["images"], False
    for pooling in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        yield pooling, {}, ["images"], False
        yield pooling, {"keepdims": True}, ["images"], False

    for activation in ACTIVATIONS:
        yield "Activation", {"activation": activation}, ["numbers"], False
    yield "Activation", {"activation": "softmax"}, ["fewer"], False
    yield "ReLU", {}, ["numbers"], False
    yield "ReLU", {"max_value": 6.0}, ["numbers"], False
    yield "ReLU", {"negative_slope": 0.1}, ["numbers"], False
    yield "ReLU", {"max_value": 3.0, "negative_slope": 0.1, "threshold": 0.5}, ["numbers"], False
    yield "LeakyReLU", {}, ["numbers"], False
    yield "ELU", {}, ["numbers"], False
    yield "ELU", {"alpha": 0.7}, ["numbers"], False
    yield "PReLU", {}, ["rows"], False
    yield "PReLU", {"shared_axes": [1, 2]}, ["fewer"], False
    yield "Softmax", {}, ["numbers"], False
    yield "Softmax", {"axis": 1}, ["fewer"], False

    for training in (False, True):
        yield "BatchNormalization", {}, ["images"], training
        yield "BatchNormalization", {"center": False, "momentum": 0.9}, ["fewer"], training
        yield "BatchNormalization", {"scale": False, "epsilon": 0.01}, ["fewer"], training
        yield "BatchNormalization", {"axis": 1}, ["numbers"], training
    yield "LayerNormalization", {}, ["images"], False
    yield "LayerNormalization", {"axis": [1, 3], "center": False, "epsilon": 0.01}, ["fewer"], False
    yield "LayerNormalization", {"scale": False}, ["rows"], False
    yield "GroupNormalization", {"groups": 2}, ["images"], False
    yield "GroupNormalization", {"groups": -1, "scale": False}, ["fewer"], False
    yield "GroupNormalization", {"groups": 2, "center": False}, ["numbers"], False
    yield "Normalization", {}, ["fewer"], False
    yield "Normalization", {"axis": None, "invert": True}, ["numbers"], False
    yield "Normalization", {"axis": (1, 3)}, ["fewer"], False
    yield "Normalization", {"mean": [0.5, -0.25], "variance": [2.0, 0.5]}, ["fewer"], False
    yield "Normalization", {"axis": None, "mean": 0.5, "variance": 2.0}, ["numbers"], False
    yield "Rescaling", {"scale": 1 / 127.5, "offset": -1}, ["numbers"], False
    yield "Rescaling", {"scale": [0.5, 2.0], "offset": [1.0, -1.0]}, ["fewer"], False

    for merge in ("Add", "Average", "Maximum", "Minimum", "Multiply"):
        yield merge, {}, ["rows", "rows", "rows"], False
    yield "Add", {}, ["images", "others"], False
    yield "Multiply", {}, ["images", "rows"], False
    yield "Subtract", {}, ["images", "others"], False
    yield "Concatenate", {}, ["images", "fewer"], False
    yield "Concatenate", {"axis": 1}, ["rows", "rows"], False

    yield "Dropout", {"rate": 0.5}, ["rows"], False
    yield "SpatialDropout2D", {"rate": 0.5}, ["fewer"], False
    yield "AlphaDropout", {"rate": 0.5}, ["rows"], False
    yield "GaussianDropout", {"rate": 0.5}, ["rows"], False
    yield "GaussianNoise", {"stddev": 0.5}, ["rows"], False
    for augmentation, arguments in AUGMENTATIONS.items():
        yield augmentation, arguments, ["colours"], False

    yield "Identity", {}, ["rows"], False
    yield "Flatten", {}, ["fewer"], False
    yield "Reshape", {"target_shape": (4, -1)}, ["fewer"], False
    yield "Permute", {"dims": (3, 1, 2)}, ["fewer"], False
    yield "ZeroPadding2D", {}, ["fewer"], False
    yield "ZeroPadding2D", {"padding": ((0, 1), (2, 0))}, ["fewer"], False
    yield "Cropping2D", {"cropping": (1, 0)}, ["fewer"], False
    yield "Cropping2D", {"cropping": ((0, 2), (1, 1))}, ["fewer"], False
    yield "UpSampling2D", {}, ["fewer"], False
    yield "UpSampling2D", {"size": (2, 3), "interpolation": "bilinear"}, ["fewer"], False
    yield "Resizing", {"height": 7, "width": 3}, ["fewer"], False
    yield "Resizing", {"height": 3, "width": 6, "interpolation": "nearest"}, ["fewer"], False
    yield "CenterCrop", {"height": 2, "width": 3}, ["fewer"], False
    yield "RandomCrop", {"height": 5, "width": 4, "seed": 1}, ["fewer"], False


def build(k, type_name, arguments, shapes, name):
    """The layer in a model, its weights drawn; None where Keras 2 does not have it."""
    layer_type = getattr(k.layers, type_name, None)
    if layer_type is None:
        return None
    random = np.random.default_rng(SEED)
    layer = layer_type(**arguments, name=name)
    tensors = [k.Input(shape[1:], batch_size=None) for shape in shapes]
    k.Model(tensors, layer(tensors if len(tensors) > 1 else tensors[0]))
    # Variances are above 0, and so are slopes.
    layer.set_weights([random.uniform(0.2, 1, w.shape).astype(w.dtype) for w in layer.get_weights()])
    if type_name == "Normalization":
        layer.finalize_state()
    return layer


def steps(shape):
    """What each number of an output counts in the sum whose gradient is taken."""
    return np.reshape((np.arange(np.prod(shape)) * 7 % 11 - 5) / 10, shape).astype("float32")


def numbers(values):
    return [float(f"{value:.7g}") for value in np.ravel(values)]


def golden(type_name, arguments, names, training, given, index):
    arrays = [tf.constant(given[name], tf.float32) for name in names]
    shapes = [array.shape for array in arrays]
    name = f"case_{index}"
    layer = build(keras, type_name, arguments, shapes, name)
    def run():
        with tf.GradientTape() as tape:
            tape.watch(arrays)
            y = layer(arrays if len(arrays) > 1 else arrays[0], training=training)
            total = tf.reduce_sum(y * steps(y.shape))
        weights = [w.value for w in layer.trainable_weights]
        return y, tape.gradient(total, arrays + weights, unconnected_gradients="zero")

    start = layer.get_weights()
    if arguments.get("groups", 1) > 1 and type_name == "Conv2D":
        # XLA has the gradient of a grouped convolution, which TensorFlow's kernels for a CPU have not.
        run = tf.function(run, jit_compile=True)
    outputs, gradients = run()
    saved = keras.saving.serialize_keras_object(layer)
    case = {
        "class": type_name,
        "config": saved["config"],
        "inputs": names,
        "training": training,
        "weights": [
            {"name": w.name, "shape": list(w.shape), "values": numbers(value)}
            for w, value in zip(layer.weights, start, strict=True)
        ],
        "shape": list(outputs.shape),
        "output": numbers(outputs),
        "gradients": [numbers(gradient) for gradient in gradients],
    }
    old = build_old(type_name, arguments, shapes, name)
    if old is not None:
        case["keras2"] = old
    return case


def build_old(type_name, arguments, shapes, name):
    """The configuration in which Keras 2 saves such a layer; None where it has none."""
    try:
        layer = build(tf_keras, type_name, arguments, shapes, name)
    except (TypeError, ValueError):
        return None
    if layer is None:
        return None
    tensors = [tf_keras.Input(shape[1:]) for shape in shapes]
    model = tf_keras.Model(tensors, layer(tensors if len(tensors) > 1 else tensors[0]))
    layers = json.loads(model.to_json())["config"]["layers"]
    return next(one["config"] for one in layers if one["class_name"] == type_name)


def weighted(k):
    """A model of layers whose weights have names of all kinds."""
    return k.Sequential(
        [
            k.Input((6, 5, 4)),
            k.layers.Normalization(name="normal"),
            k.layers.DepthwiseConv2D(3, name="depthwise"),
            k.layers.PReLU(shared_axes=[1, 2], name="slopes"),
            k.layers.SeparableConv2D(6, 2, name="separable"),
            k.layers.GroupNormalization(3, name="groups"),
            k.layers.Conv2DTranspose(2, 2, name="transpose"),
            k.layers.BatchNormalization(scale=False, name="batch"),
            k.layers.Flatten(name="flat"),
            k.layers.LayerNormalization(name="layer"),
            k.layers.Dense(3, use_bias=False, name="outside"),
        ],
        name="weighted",
    )


def weights(folder):
    for k, names in ((keras, ["layers.keras", "layers.h5"]), (tf_keras, ["layers-keras2.h5"])):
        model = weighted(k)
        random = np.random.default_rng(SEED)
        model.set_weights([random.uniform(0.2, 1, w.shape).astype(w.dtype) for w in model.get_weights()])
        for name in names:
            model.save(folder / name)


def main(folder):
    # One thread adds up in one order.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    given = {name: values.astype("float32") for name, values in inputs().items()}
    all_cases = [golden(*case, given, index) for index, case in enumerate(cases())]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in all_cases)
    arrays = {name: {"shape": list(values.shape), "values": numbers(values)} for name, values in given.items()}
    text = '{"inputs":' + json.dumps(arrays, separators=(",", ":")) + ',\n"cases":[\n' + lines + "\n]}\n"
    (folder / "layers.json").write_text(text)
    weights(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
