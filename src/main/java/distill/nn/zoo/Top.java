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
 * @param pooled whether the mean over the places is taken
 * @param classes of the Dense layer {@code predictions} behind it; empty without one
 * @param activation at the end
 */
public record Top(boolean pooled, Optional<Integer> classes, Activation activation) {

    /** Classes of ImageNet. */
    public static final int IMAGENET = 1000;

    /** The default size of images: 224 x 224 pixels of three colours. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    /** {@code include_top=True}. */
    public static Top of(int classes, Activation activation) {
        return new Top(true, Optional.of(classes), activation);
    }

    /** {@code include_top=False, pooling="avg"}. */
    public static Top pooledFeatures() {
        return new Top(true, Optional.empty(), Activation.LINEAR);
    }

    /** {@code include_top=False}. */
    public static Top none() {
        return new Top(false, Optional.empty(), Activation.LINEAR);
    }

    /** Adds it, the pooling under Keras's name for the class. */
    void addTo(Network.Functional model, int x) {
        if (pooled) {
            addClasses(model, model.add(new GlobalAveragePooling2D(), x));
        }
    }

    /** Adds it, the pooling under a name of its own. */
    void addTo(Network.Functional model, int x, String poolingName) {
        if (pooled) {
            addClasses(model, model.add(poolingName, new GlobalAveragePooling2D(), x));
        }
    }

    private void addClasses(Network.Functional model, int features) {
        classes.ifPresent(count -> model.add("predictions", new Dense(count, activation), features));
    }
}
