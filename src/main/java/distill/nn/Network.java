package distill.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The layers of a network and how they are connected: one after the other as Keras's {@code Sequential}, or freely as
 * its functional models. It is a description: {@link #build} puts it into a graph.
 *
 * @param name Keras's name of the model
 * @param input the shape of one example, without the batch
 * @param layers in an order in which each comes after those it takes from; the last one's output is the network's
 */
public record Network(String name, Shape input, List<NamedLayer> layers) {

    /** What a layer takes from that takes the network's input. */
    public static final int INPUT = -1;

    /**
     * A layer in its place.
     *
     * @param name Keras's name: {@code dense_1}
     * @param inbound what it takes: the indices of layers before it, or {@link #INPUT}
     * @param inputs the shape of one example of each
     * @param trainable Keras's {@code layer.trainable}: a frozen layer keeps its weights, and a batch normalisation its
     *     statistics
     */
    public record NamedLayer(String name, List<Integer> inbound, List<Shape> inputs, Layer layer, boolean trainable) {

        /** Fails where the layer cannot take its inputs. */
        public NamedLayer {
            layer.outputShape(inputs);
        }

        /** A layer whose inputs are all of one shape. */
        public NamedLayer(String name, List<Integer> inbound, Shape input, Layer layer, boolean trainable) {
            this(name, inbound, Collections.nCopies(inbound.size(), input), layer, trainable);
        }

        /** The shape of one example that reaches it, of a layer that merges several the first. */
        public Shape input() {
            return inputs.get(0);
        }

        /** The shape of one example that leaves it. */
        public Shape output() {
            return layer.outputShape(inputs);
        }

        /** The weights of the layer, each under its name there: {@code kernel}. */
        public List<WeightSpec> weights() {
            return layer.weights(input());
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

        /** The next name for a Keras class: {@code max_pooling2d}, then {@code max_pooling2d_1}. */
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

    /** A network that is put together layer by layer, as with Keras's functional API. */
    public static final class Functional {

        private final Names names = new Names();
        private final Shape input;
        private final List<NamedLayer> layers = new ArrayList<>();

        public Functional(Shape input) {
            this.input = input;
        }

        /**
         * Adds a layer under a name of its own.
         *
         * @param inbound what it takes: what this method gave for other layers, or {@link #INPUT}
         * @return what stands for its output
         */
        public int add(String name, Layer layer, int... inbound) {
            layers.add(new NamedLayer(
                    name,
                    Arrays.stream(inbound).boxed().toList(),
                    Arrays.stream(inbound).mapToObj(this::shape).toList(),
                    layer,
                    true));
            return layers.size() - 1;
        }

        /** Adds a layer under Keras's name for its class. */
        public int add(Layer layer, int... inbound) {
            return add(names.next(layer.type()), layer, inbound);
        }

        /** The shape of one example of an output. */
        public Shape shape(int output) {
            return output == INPUT ? input : layers.get(output).output();
        }

        /** The network, whose output is that of the layer that was added last. */
        public Network build(String name) {
            return new Network(name, input, List.copyOf(layers));
        }
    }

    /** A network of layers in a row, named by {@code names}. */
    public static Network sequential(Names names, Shape input, Layer... layers) {
        return new Network(names.next("Sequential"), input, List.of()).followedBy(names, layers);
    }

    /** This network with layers in a row behind it, named by {@code names}: Keras's {@code Sequential([base, ...])}. */
    public Network followedBy(Names names, Layer... more) {
        List<NamedLayer> all = new ArrayList<>(layers);
        for (Layer layer : more) {
            int last = all.size() - 1;
            Shape shape = all.isEmpty() ? input : all.get(last).output();
            all.add(new NamedLayer(names.next(layer.type()), List.of(last), shape, layer, true));
        }
        return new Network(name, input, List.copyOf(all));
    }

    /** This network with the layers whose names are given frozen, and all others trainable. */
    public Network freeze(Predicate<String> frozen) {
        return new Network(
                name,
                input,
                layers.stream()
                        .map(layer -> new NamedLayer(
                                layer.name(),
                                layer.inbound(),
                                layer.inputs(),
                                layer.layer(),
                                !frozen.test(layer.name())))
                        .toList());
    }

    /**
     * This network with another activation at its end, such as LINEAR for the logits of one that ends in a softmax:
     * that of its last layer where this is a Dense, an Activation or a Softmax, else one of its own after it. The
     * weights are the same.
     */
    public Network withOutputActivation(Activation activation) {
        NamedLayer last = layers.get(layers.size() - 1);
        List<NamedLayer> changed = new ArrayList<>(layers.subList(0, layers.size() - 1));
        if (last.layer() instanceof Dense dense) {
            changed.add(with(last, dense.withActivation(activation)));
        } else if (last.layer() instanceof ActivationLayer || last.layer() instanceof Softmax) {
            changed.add(with(last, new ActivationLayer(activation)));
        } else {
            changed.add(last);
            if (activation != Activation.LINEAR) {
                changed.add(new NamedLayer(
                        last.name() + "_" + activation.kerasName(),
                        List.of(layers.size() - 1),
                        last.output(),
                        new ActivationLayer(activation),
                        true));
            }
        }
        return new Network(name, input, List.copyOf(changed));
    }

    private static NamedLayer with(NamedLayer place, Layer layer) {
        return new NamedLayer(place.name(), place.inbound(), place.inputs(), layer, place.trainable());
    }

    /** What the last layer applies to its result: LINEAR where that is nothing. */
    public Activation outputActivation() {
        Layer last = layers.get(layers.size() - 1).layer();
        if (last instanceof Softmax) {
            return Activation.SOFTMAX;
        }
        return Optional.ofNullable(last.config().get("activation"))
                .filter(String.class::isInstance)
                .flatMap(name -> Activation.of((String) name))
                .orElse(Activation.LINEAR);
    }

    /**
     * The place of a layer in {@link #layers}.
     *
     * @throws IllegalArgumentException where no layer has this name, with the names that there are
     */
    public int indexOf(String layer) {
        List<String> names = layers.stream().map(NamedLayer::name).toList();
        int index = names.indexOf(layer);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "%s has no layer %s: %s".formatted(name, layer, String.join(", ", names)));
        }
        return index;
    }

    /** The shape of one example's result. */
    public Shape output() {
        return layers.get(layers.size() - 1).output();
    }

    /**
     * Every weight in Keras's order, its name led by the layer's: {@code dense_1/bias}. Those of a frozen layer are not
     * trainable.
     */
    public List<WeightSpec> weights() {
        return layers.stream()
                .flatMap(layer -> layer.weights().stream()
                        .map(w -> new WeightSpec(
                                layer.name() + "/" + w.name(),
                                w.shape(),
                                w.initializer(),
                                w.trainable() && layer.trainable())))
                .toList();
    }

    /** How many numbers the weights have: {@code model.count_params()}. */
    public long parameters() {
        return layers.stream().mapToLong(NamedLayer::parameters).sum();
    }

    /** How many of them gradients change. */
    public long trainableParameters() {
        return weights().stream()
                .filter(WeightSpec::trainable)
                .mapToLong(weight -> weight.shape().size())
                .sum();
    }

    /**
     * Starting weights as Keras's initialisers define them, drawn from {@code random} in the order of
     * {@link #weights()}.
     */
    public Weights initialWeights(UniformRandomProvider random) {
        return Weights.of(weights(), weight -> weight.initializer().draw(weight.shape(), random));
    }

    /** Starting weights, drawn from the generator of a seed. */
    public Weights initialWeights(long seed) {
        return initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(seed));
    }

    /** Adds the network's variables to a graph. They have no values yet. */
    public <T extends TFloating> Model<T> build(Ops tf, Class<T> dtype) {
        // One scope for all: to make one, TensorFlow-Java goes through every operation of the graph.
        Ops variables = tf.withSubScope("variables");
        return new Model<>(
                this,
                weights().stream()
                        .map(weight -> Variable.create(variables, weight.name(), weight.shape(), dtype))
                        .toList());
    }

    /** The table that {@code model.summary()} of Keras 2.8 prints, as in the report's Fig. 2 and 3. */
    public String summary() {
        return Summary.of(this);
    }
}
