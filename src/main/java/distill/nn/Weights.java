package distill.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * The values of a network's weights, outside any graph: {@code model.get_weights()} with the names. Values are held as
 * doubles, which hold every float exactly.
 *
 * @param values in Keras's order
 */
public record Weights(List<Weight> values) {

    /**
     * One weight's values.
     *
     * @param name {@code dense_1/kernel}
     * @param values row by row, as NumPy's {@code ravel()}
     */
    public record Weight(String name, Shape shape, double[] values) {

        public Weight {
            if (shape.size() != values.length) {
                throw new IllegalArgumentException("weight %s of shape %s has %d values, found %d"
                        .formatted(name, shape, shape.size(), values.length));
            }
        }
    }

    /** A weight without numbers, by whose name a {@link #digest} tells a text, too. */
    public static Weight ofText(String text) {
        return new Weight(text, Shape.of(0), new double[0]);
    }

    /** Values for each of {@code specs}, from {@code draw}. */
    public static Weights of(List<WeightSpec> specs, Function<WeightSpec, double[]> draw) {
        return new Weights(specs.stream()
                .map(spec -> new Weight(spec.name(), spec.shape(), draw.apply(spec)))
                .toList());
    }

    /**
     * Those of these weights that have the names of {@code specs}, in the order of these.
     *
     * @throws IllegalArgumentException where there is none of a name
     */
    public Weights only(List<WeightSpec> specs) {
        Map<String, Weight> byName = values.stream().collect(Collectors.toMap(Weight::name, weight -> weight));
        return new Weights(specs.stream()
                .map(spec -> Optional.ofNullable(byName.get(spec.name()))
                        .orElseThrow(() -> new IllegalArgumentException("there is no weight " + spec.name())))
                .toList());
    }

    /**
     * A SHA-256 over every weight's name, shape and values, in hexadecimal. Equal digests mean equal weights, bit for
     * bit.
     */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Weight weight : values) {
                digest.update((weight.name() + weight.shape()).getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes =
                        ByteBuffer.allocate(8 * weight.values().length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asDoubleBuffer().put(weight.values());
                digest.update(bytes.array());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
