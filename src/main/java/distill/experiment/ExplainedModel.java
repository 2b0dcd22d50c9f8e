package distill.experiment;

import distill.explain.Classifier;
import distill.explain.GradCam;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.training.CompiledModel;
import distill.training.Inputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.tensorflow.types.TFloat32;

/**
 * A trained network to be explained. Both readings train the same weights but for what follows the last layer, so here
 * the probabilities are always behind a softmax, and Grad-CAM always looks at the logits before it.
 */
public final class ExplainedModel implements Classifier, AutoCloseable {

    /** What gives probabilities, to be closed in the end. */
    private interface Asked extends AutoCloseable {

        double[] probabilities(float[] images);

        @Override
        void close();
    }

    private final String name;
    private final Asked model;
    private final GradCam gradCam;
    private final String leftOut;

    /** @param gradCam gives null where Grad-CAM has nothing to look at */
    private ExplainedModel(String name, Asked model, Supplier<GradCam> gradCam, String leftOut) {
        this.name = name;
        this.model = model;
        this.leftOut = leftOut;
        try {
            this.gradCam = gradCam.get();
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * A network with weights, in inference.
     *
     * @param name what tables and figures call it
     * @param network whose last layer is a Dense; what follows that does not matter
     */
    public ExplainedModel(String name, Network network, Weights weights, Device device) {
        this(name, asked(network, weights, device), () -> gradCam(network, weights, device), null);
    }

    /**
     * A network of one's own with weights, in inference: Grad-CAM looks at its last layer with places.
     *
     * @param network whose output is a number for each class, with a softmax or nothing behind it
     */
    static ExplainedModel ofAnyNetwork(Network network, Weights weights, Device device) {
        Network logits = network.withOutputActivation(Activation.LINEAR);
        OptionalInt layer = GradCam.lastWithPlaces(logits);
        return new ExplainedModel(
                network.name(),
                asked(network, weights, device),
                () -> layer.isPresent() ? new GradCam(logits, weights, layer.getAsInt(), device) : null,
                null);
    }

    private static Asked asked(Network network, Weights weights, Device device) {
        CompiledModel<TFloat32> model = CompiledModel.of(
                network.withOutputActivation(Activation.SOFTMAX), Inputs.FEATURES, TFloat32.class, device);
        try {
            model.setWeights(weights);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        return new Asked() {

            @Override
            public double[] probabilities(float[] images) {
                return model.predictOnBatch(images);
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }

    private static GradCam gradCam(Network network, Weights weights, Device device) {
        Network logits = network.withOutputActivation(Activation.LINEAR);
        return GradCam.explains(logits) ? new GradCam(logits, weights, device) : null;
    }

    /**
     * A SavedModel that is run as it is. Methods that ask for predictions alone explain it, which Grad-CAM is not.
     *
     * @param name what tables and figures call it
     */
    static ExplainedModel of(String name, ServedTeacher teacher, Device device) throws IOException {
        ServedTeacher.Opened opened = teacher.open(Activation.SOFTMAX, device);
        Asked asked = new Asked() {

            @Override
            public double[] probabilities(float[] images) {
                try {
                    return opened.outputsOfPixels(images);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() {
                opened.close();
            }
        };
        return new ExplainedModel(
                name,
                asked,
                () -> null,
                "%s of the %s is left out: it looks at layers, and of a SavedModel that is run as it is only the outputs are known."
                        .formatted(Explainers.GRAD_CAM, name));
    }

    /** What is to be said of a method that every such network has but this one. */
    public Optional<String> leftOut() {
        return Optional.ofNullable(leftOut);
    }

    /** What tables and figures call it. */
    public String name() {
        return name;
    }

    /** Grad-CAM of this network; empty where it has no layer to look at. */
    Optional<GradCam> gradCam() {
        return Optional.ofNullable(gradCam);
    }

    @Override
    public double[] probabilities(float[] images, int count) {
        return model.probabilities(images);
    }

    @Override
    public void close() {
        if (gradCam != null) {
            gradCam.close();
        }
        model.close();
    }
}
