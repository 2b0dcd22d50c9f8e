"""Task 2's networks, ResNet50V2 and MobileNetV2 with a head of two logits, and their losses, slip by slip."""

import keras
import numpy as np
import tensorflow as tf
import tf_keras

import losses
import mhist
from training import joined

BATCH_SIZE = 32
FINE = 0.1  # times the initial rate
LEARNING_RATES = {"teacher": 1e-4, "student": 1e-3, "student-plain": 1e-3}
NETWORKS = {"resnet50v2": "ResNet50V2", "mobilenetv2": "MobileNetV2"}
# What the report's program does in Task 2 and its text does not say. as-written has all of them, less those that are
# taken away; as-described has none.
SLIPS = {
    "logit-targets": "soft targets are t / T, without a softmax",
    "imagenet-head": "the two logits are computed from the 1000 of ImageNet, not from pooled features",
    "no-freezing": "everything trains in the initial phase too",
    "batch-statistics": "training normalises by the batch and moves the statistics",
    "raw-inputs": "pixels are in [0, 1], not in [-1, 1] as the networks' weights want them",
    "carried-students": "students keep their weights from one temperature to the next",
    "scratch-temperature": "the student without distillation trains T^2 CE(y, s / T)",
    "resampled-report": "a report is made on the first images of as many batches as there are test images",
    "partial-test": "accuracy is also taken on the full batches of the shuffled test set alone",
    "alpha-on-hard": "alpha weights the cross-entropy (in steps 3 to 8), not the distillation",
    "eskd-rate": "early-stopped: the teacher's rate is 1e-3, and the student trains as long as its teacher",
    "bessel": "the moving variance is n / (n - 1) times the batch's, as in Keras 2",
}


def slips(variant, without=()):
    """The names of the slips of a reading."""
    unknown = set(without) - set(SLIPS)
    if unknown:
        raise ValueError(f"there is no slip {', '.join(sorted(unknown))}: the names are {', '.join(SLIPS)}")
    if variant == "as-described" and without:
        raise ValueError("as-described has no slips that could be taken away")
    return frozenset(SLIPS) - set(without) if variant == "as-written" else frozenset()


def keras_of(slips):
    """Keras 2 or 3. In float64 Keras 2 has no fused kernel, and so no factor either."""
    return tf_keras if "bessel" in slips else keras


def build(network, slips, size, weights="none"):
    """A network for images of size x size.

    weights are imagenet (Keras's own, which it downloads where ~/.keras/models has them not), a file of the network
    with or without its ImageNet head, or none (drawn)."""
    k = keras_of(slips)
    base = application(k, NETWORKS[network], "imagenet-head" in slips, size, weights)
    return k.Model(base.input, k.layers.Dense(2, name="dense")(base.output), name=network)


def application(k, name, imagenet_head, size, weights):
    """The network up to the 1000 logits of ImageNet, or up to the pooled features."""
    function = getattr(k.applications, name)
    shape = (size, size, 3)
    base = function(input_shape=shape, weights=None, classifier_activation=None)
    if weights == "imagenet":
        base.set_weights(function(classifier_activation=None).get_weights())
    elif weights != "none":
        try:
            base.load_weights(weights)
        except (OSError, KeyError, ValueError) as problem:
            if imagenet_head:
                raise not_of(weights, f"{name} with its ImageNet head", problem) from None
            return without_head(function, shape, weights)
    # The layer before the head pools.
    return base if imagenet_head else k.Model(base.input, base.layers[-2].output)


def without_head(function, shape, weights):
    base = function(input_shape=shape, weights=None, include_top=False, pooling="avg")
    try:
        base.load_weights(weights)
    except (OSError, KeyError, ValueError) as problem:
        raise not_of(weights, f"{base.name}, neither with its ImageNet head nor without", problem) from None
    return base


def not_of(weights, network, problem):
    return ValueError(f"{weights} does not hold {network}: {' '.join(str(problem).split())}")


def start_phase(model, phase, rate, slips, adam=None):
    """Freezes all but the last layer in the initial phase, where that is done, and else nothing. Gives a new Adam,
    whose rate is a tenth in the fine phase; adam makes another one than Keras's of a rate."""
    for layer in model.layers[:-1]:
        layer.trainable = phase != "initial" or "no-freezing" in slips
    return (adam or keras_of(slips).optimizers.Adam)(rate * FINE if phase == "fine" else rate)


def loss(role, slips, temperature=None, alpha=None, name=None, regressor=()):
    """The loss of a teacher, student or student-plain, as a function of labels, outputs and teacher's outputs; name and
    regressor are as of losses.loss."""
    if role == "student-plain" and "scratch-temperature" in slips and name != "label-smoothing":
        return lambda labels, outputs, _: losses.compute_scratch_loss(labels, outputs, temperature)
    soft_targets = losses.logit_targets if "logit-targets" in slips else losses.softmax_targets
    distillation = 1 - alpha if role == "student" and "alpha-on-hard" in slips else alpha
    return losses.loss(role, soft_targets, temperature, distillation, name, regressor)


def predictor(model, slips):
    """A function from grey levels of 0 to 255 to the model's outputs in inference, computed in batches of 32; a list where
    it has several."""

    @tf.function(reduce_retracing=True)
    def call(batch):
        return model(batch, training=False)

    def predict(images):
        batches = [images[start : start + BATCH_SIZE] for start in range(0, len(images), BATCH_SIZE)]
        return joined([call(inputs(batch, model, slips)) for batch in batches])

    return predict


def inputs(images, model, slips):
    return mhist.pixels(images, model.compute_dtype, "raw-inputs" in slips)
