"""Times Keras's training steps and sweeps, for ./reproduce bench --python, which runs it between its own measurements. It prints a line of JSON.

bench_keras.py step FORM NETWORK THREADS
bench_keras.py sweep FORM FOLDER THREADS EPOCHS T/ALPHA...

Forms: notebook, a step in plain Python as the report's notebooks have it, where a student's teacher is asked in each step (steps alone: a sweep
would take too long); function, as fast as Keras goes: the step is one tf.function, a teacher's outputs are known; xla, the same compiled by XLA.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

import losses
import mnist
import networks
import training
from bench import BATCH_SIZE, CASES, TEST_BATCH, WARM_UP, peak_megabytes, students, summary

TEACHERS = {"mnist-student": "mnist-teacher", "mobilenetv2": "resnet50v2"}


def model_of(network):
    if network == "mnist-student":
        return networks.build_fc("softmax")
    if network == "mnist-teacher":
        return networks.build_cnn("softmax")
    build = keras.applications.MobileNetV2 if network == "mobilenetv2" else keras.applications.ResNet50V2
    base = build(weights=None, classifier_activation=None)
    return keras.Sequential([base, keras.layers.Dense(2)])


def training_step(model, form, loss, teacher=None):
    """A function that trains the model on one batch; with a teacher it is asked there and then."""
    step = training.train_step(model, loss, keras.optimizers.Adam(1e-3))
    if form == "function":
        return step
    if form == "xla":
        return tf.function(step.python_function, jit_compile=True)

    def in_plain_python(images, labels, _):
        return step.python_function(images, labels, teacher(images, training=False) if teacher else None)

    return in_plain_python


def step(form, network):
    case = CASES[network]
    random = np.random.default_rng(1)
    images = tf.constant(random.random((case.batch, *case.shape), dtype="float32"))
    labels = tf.constant(random.integers(0, case.classes, case.batch))
    teacher_outputs = tf.fill((case.batch, case.classes), 1 / case.classes)
    loss = losses.loss("student" if case.has_teacher else "teacher", losses.unnormalised_targets, 4.0, 0.5)
    model = model_of(network)
    teacher = model_of(TEACHERS[network]) if form == "notebook" and case.has_teacher else None
    train = training_step(model, form, loss, teacher)
    milliseconds = []
    for number in range(-WARM_UP, case.steps):
        start = time.perf_counter()
        train(images, labels, teacher_outputs)[0].numpy()
        if number >= 0:
            milliseconds.append((time.perf_counter() - start) * 1e3)
    return summary(milliseconds, model.count_params())


def sweep(form, folder, epochs, cells):
    """Trains a student for each T and alpha, with a test on all test images after each epoch, and on all training images
    after the last."""
    data = mnist.load(folder / "mnist")
    images, test_images = (tf.constant(mnist.pixels(some, "float32")) for some in (data.train_images, data.test_images))
    labels = tf.constant(data.train_labels)
    teacher_outputs = tf.constant(np.fromfile(folder / "teacher-outputs", "<f4").reshape(-1, 10))
    accuracies, train_accuracies = [], []
    for temperature, alpha in cells:
        model = networks.build_fc("softmax")
        train = training_step(model, form, losses.loss("student", losses.unnormalised_targets, temperature, alpha))
        predict = tf.function(lambda batch: tf.argmax(model(batch, training=False), axis=1), jit_compile=form == "xla")
        for _ in range(epochs):
            order = tf.random.shuffle(tf.range(len(images)))
            for start in range(0, len(images) - BATCH_SIZE + 1, BATCH_SIZE):
                batch = order[start : start + BATCH_SIZE]
                train(tf.gather(images, batch), tf.gather(labels, batch), tf.gather(teacher_outputs, batch))
            accuracy = evaluate(predict, test_images, data.test_labels)
        accuracies.append(accuracy)
        train_accuracies.append(evaluate(predict, images, data.train_labels))
    return {"accuracies": accuracies, "train_accuracies": train_accuracies, "memory": peak_megabytes()}


def evaluate(predict, images, labels):
    """In percent."""
    starts = range(0, len(images), TEST_BATCH)
    predicted = tf.concat([predict(images[start : start + TEST_BATCH]) for start in starts], axis=0)
    return 100 * np.mean(predicted.numpy() == labels)


if __name__ == "__main__":
    what, form, of, threads, *rest = sys.argv[1:]
    tf.config.threading.set_intra_op_parallelism_threads(int(threads))
    print(json.dumps(step(form, of) if what == "step" else sweep(form, Path(of), int(rest[0]), students(rest[1:]))))
