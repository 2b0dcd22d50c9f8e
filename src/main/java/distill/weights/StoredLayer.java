package distill.weights;

import distill.nn.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * A layer with weights, as a file that Keras saved holds it.
 *
 * @param name the layer's name in the model; where the file does not tell it, the group's
 * @param group of a {@code .weights.h5}, which does not tell the order of layers, the layer's group: its class in snake
 *     case, numbered from the second of its class on, {@code dense_1}, after those of the models that it is in,
 *     {@code sequential/dense_1}; empty where the file tells the order
 * @param weights in Keras's order
 */
public record StoredLayer(String name, Optional<String> group, List<StoredWeight> weights) {

    /**
     * One weight.
     *
     * @param name its own name, {@code kernel}, or in a Keras 3 file its number in the layer, {@code 0}
     * @param dtype {@code float16}, {@code bfloat16}, {@code float32}, {@code float64}, or of what is no weight that
     *     gradients change, {@code int64} and the like
     * @param values row by row
     */
    public record StoredWeight(String name, Shape shape, String dtype, double[] values) {

        /** The shape as Python prints it: {@code (3, 3, 1, 32)}. */
        public String shapeText() {
            return Arrays.stream(shape.asArray()).mapToObj(Long::toString).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /** {@code dense_1/kernel} */
    public String path(StoredWeight weight) {
        return name + "/" + weight.name();
    }

    /** A SHA-256 of a weight's path, shape and values, in hexadecimal. */
    public String digest(StoredWeight weight) {
        return new Weights(List.of(new Weights.Weight(path(weight), weight.shape(), weight.values()))).digest();
    }
}
