"""The report's training (Question 4): a step of Adam, and epochs of shuffled full batches with a test after each."""

import time

import numpy as np
import tensorflow as tf

from losses import first
from mnist import pixels

BATCH_SIZE = 256
LEARNING_RATE = 1e-3


def train_step(model, compute_loss, optimizer, training=True, watched=None):
    """A function that trains the model on one batch. It returns what the loss and its two parts were before the update,
    as means over the batch.

    compute_loss(labels, outputs, teacher_outputs) is one of losses.py's; labels are one-hot. The optimizer is a new
    one; training is what the model is called with. The weights that are trainable now are trained, and those that the
    loss has of its own. watched is what losses.watch made of the model, where the loss compares layers."""
    watched = model if watched is None else watched
    variables = model.trainable_variables + getattr(compute_loss, "variables", [])
    optimizer.build(variables)

    @tf.function
    def step(images, labels, teacher_outputs=None):
        with tf.GradientTape() as tape:
            outputs = watched(images, training=training)
            loss, hard, soft = compute_loss(one_hot(labels, first(outputs)), outputs, teacher_outputs)
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        return tf.reduce_mean(loss), tf.reduce_mean(hard), soft

    return step


def one_hot(labels, outputs):
    """As wide and of the type as the outputs."""
    return tf.one_hot(labels, outputs.shape[1], dtype=outputs.dtype)


def predict(model, images):
    """The model's outputs in inference, computed in batches of 256; a list where it has several."""

    @tf.function
    def call(batch):
        return model(batch, training=False)

    batches = [images[start : start + BATCH_SIZE] for start in range(0, len(images), BATCH_SIZE)]
    return joined([call(pixels(batch, model.compute_dtype)) for batch in batches])


def joined(batches):
    """Outputs of batches as arrays; a list where each batch has several."""
    if isinstance(batches[0], list):
        return [np.concatenate([part.numpy() for part in parts]) for parts in zip(*batches)]
    return np.concatenate([batch.numpy() for batch in batches])


def rows(outputs, indices):
    """Those of some images; of no outputs none."""
    if isinstance(outputs, list):
        return [part[indices] for part in outputs]
    return None if outputs is None else outputs[indices]


def evaluate(model, images, labels):
    """The share of images whose largest output is their label's, in percent."""
    right = np.count_nonzero(predict(model, images).argmax(axis=1) == labels)
    return 100.0 * right / len(labels)


def train_and_evaluate(model, step, data, epochs, batch_size, order, teacher_outputs=None):
    """Trains by the steps of train_step, prints each epoch's test accuracy and returns what each epoch gave.

    order is the random generator that shuffles; teacher_outputs are those on all training images, looked up by index.
    """
    steps = len(data.train_images) // batch_size
    history = []
    for epoch in range(1, epochs + 1):
        start = time.time()
        sums = np.zeros(3)
        # Full batches only: the images that are left over are dropped.
        for batch in order.permutation(len(data.train_images))[: steps * batch_size].reshape(steps, batch_size):
            images = pixels(data.train_images[batch], model.compute_dtype)
            known = rows(teacher_outputs, batch)
            sums += [float(part) for part in step(images, data.train_labels[batch], known)]
        accuracy = evaluate(model, data.test_images, data.test_labels)
        loss, hard, soft = (sums / steps).tolist()
        seconds = time.time() - start
        history.append(
            {"epoch": epoch, "test_accuracy": accuracy, "loss": loss, "hard": hard, "soft": soft, "seconds": seconds}
        )
        print(f"  epoch {epoch}/{epochs}: test accuracy {accuracy:.2f} %, loss {loss:.4f}, {seconds:.0f} s", flush=True)
    return history
