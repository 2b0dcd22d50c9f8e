"""Grad-CAM maps of every class of one image, computed with TensorFlow's tape. Arguments: a model that ends in logits, the image as CSV,
where the maps go, a row for each class.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

model = keras.models.load_model(sys.argv[1], compile=False)
image = tf.constant(np.loadtxt(sys.argv[2], delimiter=",", dtype="float32").reshape((1, 28, 28, 1)))
last = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)][-1]

with tf.GradientTape(persistent=True) as tape:
    x = image
    for layer in model.layers:
        x = layer(x)
        if layer is last:
            activations = x
            tape.watch(activations)
    logits = [x[0, c] for c in range(x.shape[1])]

maps = []
for logit in logits:
    weights = tf.reduce_mean(tape.gradient(logit, activations), axis=(0, 1, 2))
    heat = tf.nn.relu(tf.reduce_sum(activations[0] * weights, axis=-1))
    heat = tf.math.divide_no_nan(heat, tf.reduce_max(heat))
    maps.append(tf.image.resize(heat[..., None], (28, 28)).numpy().ravel())
np.savetxt(sys.argv[3], maps, fmt="%.9g", delimiter=",")
