package distill.nn;

import org.tensorflow.ndarray.Shape;

/**
 * One weight of a network.
 *
 * @param name Keras's name without a suffix: {@code conv2d/kernel}
 * @param shape Keras's shape: (inputs, units), (height, width, inputs, filters), (units)
 * @param initializer how it starts
 * @param trainable whether gradients change it; the statistics of a batch normalisation they do not
 */
public record WeightSpec(String name, Shape shape, Initializer initializer, boolean trainable) {

    /** A weight that gradients change. */
    public WeightSpec(String name, Shape shape, Initializer initializer) {
        this(name, shape, initializer, true);
    }
}
