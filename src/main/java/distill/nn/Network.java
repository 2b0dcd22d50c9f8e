package distill.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The layers of a network, one after the other, as Keras's {@code Sequential}. It is a description: {@link #build} puts
 * it into a graph.
 *
 * @param name Keras's name of the model
 * @param input the shape of one example, without the batch
 * @param layers in order
 */
public record Network(String name, Shape input, List<NamedLayer> layers) {

    /**
     * A layer in its place.
     *
     * @param name Keras's name: {@code dense_1}
     * @param input the shape of one example that reaches it
     */
    public record NamedLayer(String name, Shape input, Layer layer) {

        /** The shape of one example that leaves it. */
        public Shape output() {
            return layer.outputShape(input);
        }

        /** Its weights under their names in the layer: {@code kernel}. */
        public List<WeightSpec> weights() {
            return layer.weights(input);
        }

        /** How many numbers its weights have. */
        public long parameters() {
            return weights().stream().mapToLong(weight -> weight.shape().size()).sum();
        }
    }

    /**
     * Gives names as a Keras session does: the class's name in snake case, with _1, _2, ... from the second on.
     * Networks that are named by one {@code Names} continue each other's numbers, as in the report's Fig. 2 and 3.
     */
    public static final class Names {

        private final Map<String, Integer> used = new HashMap<>();

        /**
         * The next name for a Keras class: {@code MaxPooling2D} gives {@code max_pooling2d}, then
         * {@code max_pooling2d_1}.
         */
        public String next(String type) {
            String snake = snakeCase(type);
            int number = used.merge(snake, 1, Integer::sum) - 1;
            return number == 0 ? snake : snake + "_" + number;
        }

        /** As Keras's {@code to_snake_case}: {@code MaxPooling2D} gives {@code max_pooling2d}. */
        public static String snakeCase(String type) {
            return type.replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                    .replaceAll("([a-z])([A-Z])", "$1_$2")
                    .toLowerCase(Locale.ROOT);
        }
    }

    /** A network of layers in a row, named by {@code names}. */
    public static Network sequential(Names names, Shape input, Layer... layers) {
        List<NamedLayer> named = new ArrayList<>();
        String name = names.next("Sequential");
        Shape shape = input;
        for (Layer layer : layers) {
            named.add(new NamedLayer(names.next(layer.type()), shape, layer));
            shape = layer.outputShape(shape);
        }
        return new Network(name, input, List.copyOf(named));
    }

    /** The shape of one example's result. */
    public Shape output() {
        return layers.get(layers.size() - 1).output();
    }

    /** Every weight in Keras's order, its name led by the layer's: {@code dense_1/bias}. */
    public List<WeightSpec> weights() {
        return layers.stream()
                .flatMap(layer -> layer.weights().stream()
                        .map(w -> new WeightSpec(layer.name() + "/" + w.name(), w.shape(), w.initializer())))
                .toList();
    }

    /** How many numbers the weights have: {@code model.count_params()}. */
    public long parameters() {
        return layers.stream().mapToLong(NamedLayer::parameters).sum();
    }

    /**
     * Starting weights as Keras's initialisers define them, drawn from {@code random} in the order of
     * {@link #weights()}.
     */
    public Weights initialWeights(UniformRandomProvider random) {
        return Weights.of(weights(), weight -> weight.initializer().draw(weight.shape(), random));
    }

    /** Adds the network's variables to a graph. They have no values yet. */
    public <T extends TFloating> Model<T> build(Ops tf, Class<T> dtype) {
        return new Model<>(
                this,
                weights().stream()
                        .map(weight ->
                                Variable.create(tf.withSubScope("variables"), weight.name(), weight.shape(), dtype))
                        .toList());
    }

    /** The table that {@code model.summary()} of Keras 2.8 prints, as in the report's Fig. 2 and 3. */
    public String summary() {
        return Summary.of(this);
    }
}
