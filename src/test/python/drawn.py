"""Weights for tests in which an exchange must show."""

import numpy as np
import tensorflow as tf

keras = tf.keras


def draw(model):
    """Weights that show an exchange: gamma, beta, moving mean and moving variance (.5 to 2) are drawn too. They are the
    same in float32 and float64."""
    random = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            channels = layer.get_weights()[0].shape
            low_high = [(0.5, 1.5), (-0.5, 0.5), (-0.5, 0.5), (0.5, 2)]
            layer.set_weights([rounded(random.uniform(low, high, channels)) for low, high in low_high])
        elif layer.get_weights():
            shapes = [weight.shape for weight in layer.get_weights()]
            layer.set_weights([rounded(random.normal(0, 1.2 / np.sqrt(fan_in(layer, s)), s)) for s in shapes])


def fan_in(layer, shape):
    """How many numbers a weight's products are summed over: with 9 C for a depthwise kernel nothing of the input would
    reach MobileNetV2's outputs in inference."""
    return np.prod(shape[:2]) if isinstance(layer, keras.layers.DepthwiseConv2D) else np.prod(shape[:-1])


def rounded(values):
    return values.astype("float32")
