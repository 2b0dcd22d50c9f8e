package distill.explain;

import distill.nn.Conv2D;
import distill.nn.Device;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.Phase;
import distill.nn.Tensors;
import distill.nn.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Grad-CAM: the activations of a layer with places, such as the last convolution, each channel weighted by the mean
 * gradient of the class's logit with respect to it; relu of the sum, divided by its largest value. Sources: Selvaraju
 * et al., ICCV 2017, equations 1 and 2; Keras's example grad_cam, which takes the softmax off as well.
 */
public final class GradCam implements AutoCloseable {

    private final Network network;
    private final Shape activationShape;
    private final Graph graph = new Graph();
    private final Session session;
    private final Placeholder<TFloat32> image;
    private final Placeholder<TInt32> target;
    private final Operand<TFloat32> activations;
    private final Operand<TFloat32> gradients;

    /**
     * A network to explain, by its last convolution.
     *
     * @param network with logits at its end: no activation after its last layer
     * @param weights of the network
     * @throws IllegalArgumentException where the network has no convolution
     */
    public GradCam(Network network, Weights weights, Device device) {
        this(
                network,
                weights,
                lastConvolution(network)
                        .orElseThrow(() -> new IllegalArgumentException(
                                network.name() + " has no convolution, so Grad-CAM has nothing to look at")),
                device);
    }

    /**
     * A network to explain, by a layer of it.
     *
     * @param network with logits at its end: no activation after its last layer
     * @param weights of the network
     * @param layer its place in the network; it puts out (height, width, channels)
     */
    public GradCam(Network network, Weights weights, int layer, Device device) {
        this.network = network;
        activationShape = network.layers().get(layer).output();
        try {
            Ops tf = Ops.create(graph);
            Model<TFloat32> model = network.build(tf, TFloat32.class);
            image = tf.placeholder(
                    TFloat32.class, Placeholder.shape(network.input().prepend(1)));
            target = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
            List<Operand<TFloat32>> outputs = model.layerOutputs(tf, image, Phase.inference());
            activations = outputs.get(layer);
            Operand<TFloat32> oneHot =
                    tf.oneHot(target, tf.constant((int) network.output().get(0)), tf.constant(1f), tf.constant(0f));
            Operand<TFloat32> logit =
                    tf.reduceSum(tf.math.mul(outputs.get(outputs.size() - 1), oneHot), tf.constant(new int[] {0, 1}));
            gradients = tf.gradients(logit, List.of(activations)).dy(0);
            session = device.open(graph);
            model.setWeights(session, weights);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /** Whether a network has what Grad-CAM looks at. */
    public static boolean explains(Network network) {
        return lastConvolution(network).isPresent();
    }

    /**
     * The last layer that puts out more than one place and that a layer with a kernel comes before, or is: where a
     * network is one of convolutions and does not end them so, what they found after its normalisation and activation.
     * Empty where there is none, as of networks of dense layers.
     */
    public static OptionalInt lastWithPlaces(Network network) {
        List<NamedLayer> layers = network.layers();
        OptionalInt first = IntStream.range(0, layers.size())
                .filter(i -> hasPlaces(layers.get(i))
                        && layers.get(i).weights().stream()
                                .anyMatch(weight -> weight.name().contains("kernel")))
                .findFirst();
        return IntStream.range(first.orElse(layers.size()), layers.size())
                .filter(i -> hasPlaces(layers.get(i)))
                .max();
    }

    private static boolean hasPlaces(NamedLayer layer) {
        Shape output = layer.output();
        return output.numDimensions() == 3 && output.get(0) * output.get(1) > 1;
    }

    private static OptionalInt lastConvolution(Network network) {
        return IntStream.range(0, network.layers().size())
                .filter(i -> network.layers().get(i).layer() instanceof Conv2D)
                .max();
    }

    /**
     * How much each pixel speaks for the class {@code target}, from 0 to 1; all 0 where nothing speaks for it. The map
     * is enlarged from the layer's size to the image's by bilinear interpolation.
     *
     * @throws IllegalArgumentException where the network has no such class
     */
    public ExplanationMap explain(Image image, int target) {
        Classifier.checkClass(target, (int) network.output().get(0));
        int height = Math.toIntExact(activationShape.get(0));
        int width = Math.toIntExact(activationShape.get(1));
        int channels = Math.toIntExact(activationShape.get(2));
        double[] sum = new double[height * width];
        try (TFloat32 pixels = Tensors.of(network.input().prepend(1), image.pixels());
                TInt32 label = TInt32.scalarOf(target);
                Result result = session.runner()
                        .feed(this.image, pixels)
                        .feed(this.target, label)
                        .fetch(activations)
                        .fetch(gradients)
                        .run()) {
            double[] a = Tensors.doubles(result.get(0));
            double[] g = Tensors.doubles(result.get(1));
            double[] weights = new double[channels];
            for (int i = 0; i < g.length; i++) {
                weights[i % channels] += g[i] / sum.length;
            }
            for (int i = 0; i < a.length; i++) {
                sum[i / channels] += weights[i % channels] * a[i];
            }
        }
        double[] positive = Arrays.stream(sum).map(value -> Math.max(0, value)).toArray();
        double max = Arrays.stream(positive).max().orElseThrow();
        double[] map = Arrays.stream(positive)
                .map(value -> max > 0 ? value / max : value)
                .toArray();
        return new ExplanationMap(
                image, Bilinear.resize(map, height, width, image.height(), image.width(), Bilinear.Edge.CLAMP));
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
