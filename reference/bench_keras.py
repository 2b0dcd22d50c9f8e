"""Times a training step of each network in Keras, for ./reproduce bench --python, which runs it between its own measurements.

Arguments: the networks (mnist-student, mnist-teacher, mobilenetv2, resnet50v2). Each prints a line of JSON: milliseconds per step, median and
best, and the peak memory of the process in MB. As fast as Keras goes here: the step is one tf.function, a teacher's outputs are known.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import losses
import networks
import training

WARM_UP = 2
# network: batch, inputs, classes, steps
CASES = {
    "mnist-student": (256, (28, 28, 1), 10, 100),
    "mnist-teacher": (256, (28, 28, 1), 10, 20),
    "mobilenetv2": (32, (224, 224, 3), 2, 8),
    "resnet50v2": (32, (224, 224, 3), 2, 5),
}


def model_of(network):
    if network == "mnist-student":
        return networks.build_fc("softmax")
    if network == "mnist-teacher":
        return networks.build_cnn("softmax")
    build = keras.applications.MobileNetV2 if network == "mobilenetv2" else keras.applications.ResNet50V2
    base = build(weights=None, classifier_activation=None)
    return keras.Sequential([base, keras.layers.Dense(2)])


def peak_megabytes():
    """What Linux calls the high-water mark (getrusage counts the parent's as well); None elsewhere."""
    if not os.path.exists("/proc/self/status"):
        return None
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def bench(network):
    batch, shape, classes, steps = CASES[network]
    random = np.random.default_rng(1)
    images = random.random((batch, *shape), dtype="float32")
    labels = random.integers(0, classes, batch)
    role = "student" if network in ("mnist-student", "mobilenetv2") else "teacher"
    teacher_outputs = np.full((batch, classes), 1 / classes, "float32")
    loss = losses.loss(role, losses.unnormalised_targets, 4.0, 0.5)
    step = training.train_step(model_of(network), loss, keras.optimizers.Adam(1e-3))
    milliseconds = []
    for number in range(-WARM_UP, steps):
        start = time.perf_counter()
        step(images, labels, teacher_outputs)[0].numpy()
        if number >= 0:
            milliseconds.append((time.perf_counter() - start) * 1e3)
    milliseconds.sort()
    return {
        "network": network,
        "median": milliseconds[steps // 2],
        "best": milliseconds[0],
        "memory": peak_megabytes(),
    }


for name in sys.argv[1:]:
    print(json.dumps(bench(name)), flush=True)
