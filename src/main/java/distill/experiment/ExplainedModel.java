package distill.experiment;

import distill.explain.Classifier;
import distill.explain.GradCam;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.training.CompiledModel;
import distill.training.Inputs;
import java.util.Optional;
import org.tensorflow.types.TFloat32;

/**
 * A trained network to be explained. Both readings train the same weights but for what follows the last layer, so here
 * the probabilities are always behind a softmax, and Grad-CAM always looks at the logits before it.
 */
public final class ExplainedModel implements Classifier, AutoCloseable {

    private final String name;
    private final CompiledModel<TFloat32> model;
    private final Optional<GradCam> gradCam;

    /**
     * A network with weights, in inference.
     *
     * @param name what tables and figures call it
     * @param network whose last layer is a Dense; what follows that does not matter
     */
    public ExplainedModel(String name, Network network, Weights weights, Device device) {
        this.name = name;
        model = CompiledModel.of(
                network.withOutputActivation(Activation.SOFTMAX), Inputs.FEATURES, TFloat32.class, device);
        model.setWeights(weights);
        Network logits = network.withOutputActivation(Activation.LINEAR);
        gradCam = GradCam.explains(logits) ? Optional.of(new GradCam(logits, weights, device)) : Optional.empty();
    }

    /** What tables and figures call it. */
    public String name() {
        return name;
    }

    /** Grad-CAM of this network; empty where it has no convolution. */
    Optional<GradCam> gradCam() {
        return gradCam;
    }

    @Override
    public double[] probabilities(float[] images, int count) {
        return model.predictOnBatch(images);
    }

    @Override
    public void close() {
        gradCam.ifPresent(GradCam::close);
        model.close();
    }
}
