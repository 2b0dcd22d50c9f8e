package distill.nn.zoo;

import org.tensorflow.ndarray.Shape;

/** What the networks of {@code keras.applications} take. */
final class Sizes {

    private Sizes() {}

    static void check(String network, Shape input, int smallest) {
        if (input.numDimensions() != 3 || input.get(2) != 3 || input.get(0) < smallest || input.get(1) < smallest) {
            throw new IllegalArgumentException(
                    "%s takes (height, width, 3) of at least %d pixels, found %s".formatted(network, smallest, input));
        }
    }
}
