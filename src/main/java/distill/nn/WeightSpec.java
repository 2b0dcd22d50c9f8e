package distill.nn;

import org.tensorflow.ndarray.Shape;

/**
 * One weight of a network.
 *
 * @param name Keras's name without a suffix: {@code conv2d/kernel}
 * @param shape Keras's shape: (inputs, units), (height, width, inputs, filters), (units)
 * @param initializer how it starts
 */
public record WeightSpec(String name, Shape shape, Initializer initializer) {}
