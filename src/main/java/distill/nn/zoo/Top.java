package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Network;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;

/**
 * What follows the last convolution of a network of {@code keras.applications}: its arguments {@code include_top},
 * {@code pooling}, {@code classes} and {@code classifier_activation}.
 *
 * @param classes of the Dense layer {@code predictions} behind the mean over the places; empty without one
 * @param activation at the end
 */
public record Top(Optional<Integer> classes, Activation activation) {

    /** Classes of ImageNet. */
    public static final int IMAGENET = 1000;

    /** The default size of images: 224 x 224 pixels of three colours. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    private static final int SMALLEST = 32;

    /** {@code include_top=True}. */
    public static Top of(int classes, Activation activation) {
        return new Top(Optional.of(classes), activation);
    }

    /** {@code include_top=False, pooling="avg"}. */
    public static Top pooledFeatures() {
        return new Top(Optional.empty(), Activation.LINEAR);
    }

    /** Adds it to a network, with Keras's name for the pooling there. */
    void addTo(Network.Functional model, int x, String poolingName) {
        int features = model.add(poolingName, new GlobalAveragePooling2D(), x);
        classes.ifPresent(count -> model.add("predictions", new Dense(count, activation), features));
    }

    /** Begins a network for images of (height, width, 3), at least 32 pixels each; fails for another input. */
    static Network.Functional model(String network, Shape input) {
        if (input.numDimensions() != 3 || input.get(2) != 3 || input.get(0) < SMALLEST || input.get(1) < SMALLEST) {
            throw new IllegalArgumentException(
                    "%s takes (height, width, 3) of at least %d pixels, found %s".formatted(network, SMALLEST, input));
        }
        return new Network.Functional(input);
    }
}
