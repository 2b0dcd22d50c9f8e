"""What real Keras computes with ResNet50V2 and MobileNetV2: outputs, gradients, and some steps of Adam.

Arguments: a folder, and a list in JSON of {"network", "dtype", "steps"}. With TF_USE_LEGACY_KERAS=1 it is Keras 2 that computes.
For each it writes NETWORK-DTYPE.h5 (the model before training) and NETWORK-DTYPE-answers.h5.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import numpy as np
import tensorflow as tf

from drawn import draw

keras = tf.keras
SIZE = 64
BATCH = 4
CLASSES = 10


def answers(model, steps, file):
    random = np.random.default_rng(2)
    dtype = model.compute_dtype
    images = random.uniform(-1, 1, (BATCH, SIZE, SIZE, 3)).astype("float32").astype(dtype)
    labels = random.integers(0, CLASSES, BATCH)
    optimizer = keras.optimizers.Adam(1e-3)

    @tf.function
    def gradients():
        with tf.GradientTape() as tape:
            outputs = model(images, training=True)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=outputs)
        return outputs, tape.gradient(loss, model.trainable_variables)

    file["images"], file["labels"] = images, labels
    file["inference"] = model(images, training=False).numpy()
    start = model.get_weights()
    outputs, first = gradients()
    for number, weight in enumerate(model.get_weights()):
        file[f"moved/{number}"] = weight
    # In training the first call has moved the statistics.
    model.set_weights(start)
    file["training"] = outputs.numpy()
    for number, gradient in enumerate(first):
        file[f"gradients/{number}"] = gradient.numpy()
    if steps:
        for _ in range(steps):
            optimizer.apply_gradients(zip(gradients()[1], model.trainable_variables))
        for number, weight in enumerate(model.get_weights()):
            file[f"weights/{number}"] = weight


folder = sys.argv[1]
for job in json.loads(sys.argv[2]):
    keras.backend.clear_session()
    keras.backend.set_floatx(job["dtype"])
    if hasattr(keras, "config"):
        keras.config.set_dtype_policy(job["dtype"])
    build = getattr(keras.applications, job["network"])
    model = build(weights=None, input_shape=(SIZE, SIZE, 3), classes=CLASSES, classifier_activation=None)
    draw(model)
    prefix = os.path.join(folder, f"{job['network']}-{job['dtype']}")
    model.save(prefix + ".h5")
    with h5py.File(prefix + "-answers.h5", "w") as file:
        answers(model, job["steps"], file)
