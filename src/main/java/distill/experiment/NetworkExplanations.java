package distill.experiment;

import distill.data.RgbImage;
import distill.experiment.Explainers.Explained;
import distill.explain.ExplanationMap;
import distill.explain.GradCam;
import distill.explain.Image;
import distill.explain.Lime;
import distill.explain.Rise;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.Normalization;
import distill.nn.Rescaling;
import distill.training.Inputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * Explanation maps of what a network of one's own sees in images of one's own, by the methods of Question 9. The masks
 * and samples are the same for every image and network.
 */
public final class NetworkExplanations implements AutoCloseable {

    private static final long SEED = 1;

    /** Images that a network is given at once: a large one takes much memory for each. */
    private static final int BATCH_SIZE = 32;

    /** LIME turns off so many pieces each way, as RISE has cells. */
    private static final int PIECES = Rise.GRID;

    private static final double KEEP = .5;

    private final ExplainedModel model;
    private final Network network;
    private final Pixels pixels;
    private final String gradCamLayer;

    /** A method that makes maps. */
    public enum Method {
        /** RISE in its paper's form. */
        RISE("rise", "RISE"),
        LIME("lime", Explainers.LIME),
        GRAD_CAM("grad-cam", Explainers.GRAD_CAM);

        private final String label;
        private final String inFigures;

        Method(String label, String inFigures) {
            this.label = label;
            this.inFigures = inFigures;
        }

        /**
         * The method with a label.
         *
         * @throws IllegalArgumentException where there is none
         */
        public static Method of(String label) {
            return labelled(values(), label, "the methods are rise, lime and grad-cam");
        }

        /** {@code grad-cam} */
        @Override
        public String toString() {
            return label;
        }
    }

    /** Which numbers a network takes for the grey levels 0 to 255 of an image. */
    public enum Pixels {
        UNIT("0..1", 1, 0),
        SYMMETRIC("-1..1", 2, -1),
        GREY_LEVELS("0..255", 255, 0);

        private static final double SMALL_SCALE = .1;

        private final String label;
        private final Rescaling fromUnit;

        Pixels(String label, double scale, double offset) {
            this.label = label;
            this.fromUnit = new Rescaling(scale, offset);
        }

        /**
         * The range with a label.
         *
         * @throws IllegalArgumentException where there is none
         */
        public static Pixels of(String label) {
            return labelled(values(), label, "a network takes pixels of 0..1, -1..1 or 0..255");
        }

        /**
         * Those of a training are its reading's; a network that scales pixels itself takes grey levels.
         *
         * @param training its reading; null of a network that was not trained here
         */
        private static Pixels of(Network network, ReadingGraph training) {
            if (training != null) {
                return training.inputs() == Inputs.GREY_LEVELS_SYMMETRIC ? SYMMETRIC : UNIT;
            }
            boolean scales = network.layers().stream()
                    .filter(layer -> layer.inbound().contains(Network.INPUT))
                    .anyMatch(layer -> layer.layer() instanceof Normalization
                            || layer.layer() instanceof Rescaling rescaling && shrinks(rescaling));
            return scales ? GREY_LEVELS : UNIT;
        }

        /** Whether grey levels come out small, as by 1/255 or 1/127.5; a scale of 2 is for pixels of 0 to 1. */
        private static boolean shrinks(Rescaling rescaling) {
            return rescaling.scale().stream().allMatch(scale -> Math.abs(scale) < SMALL_SCALE);
        }

        /** A network that takes pixels from 0 to 1, and does with them what this one does with these. */
        private Network before(Network network) {
            List<NamedLayer> layers = new ArrayList<>();
            layers.add(new NamedLayer(
                    network.name() + "_pixels", List.of(Network.INPUT), network.input(), fromUnit, false));
            network.layers().stream()
                    .map(layer -> new NamedLayer(
                            layer.name(),
                            // The input, -1, is the layer that was put before all others.
                            layer.inbound().stream().map(from -> from + 1).toList(),
                            layer.inputs(),
                            layer.layer(),
                            layer.trainable()))
                    .forEach(layers::add);
            return new Network(network.name(), network.input(), List.copyOf(layers));
        }

        /** {@code 0..255} */
        @Override
        public String toString() {
            return label;
        }
    }

    private static <E extends Enum<E>> E labelled(E[] values, String label, String expected) {
        for (E value : values) {
            if (value.toString().equals(label)) {
                return value;
            }
        }
        throw new IllegalArgumentException(expected + ", found " + label);
    }

    /**
     * The maps of an image.
     *
     * @param image as the network sees it, with pixels from 0 to 1
     */
    public record OfImage(Image image, Explained explained) {}

    private NetworkExplanations(ExplainedModel model, Network network, Pixels pixels, String gradCamLayer) {
        this.model = model;
        this.network = network;
        this.pixels = pixels;
        this.gradCamLayer = gradCamLayer;
    }

    /**
     * Explains a model of the library by its name, or that in a file which describes its network itself.
     *
     * @param pixels which numbers it takes for grey levels; null where it is to be told by what it is: those of a
     *     training are its reading's, those of a network that scales pixels itself grey levels, and others from 0 to 1
     * @throws IOException where there is neither, or it is no classifier of images
     */
    public static NetworkExplanations open(ModelLibrary library, String nameOrFile, Pixels pixels, Device device)
            throws IOException {
        ModelLibrary.StoredModel stored = library.findOrRead(nameOrFile);
        Network network = stored.network();
        checkClassifies(nameOrFile + ", a " + stored.architecture(), network);
        ReadingGraph training =
                library.reading(nameOrFile).map(ReadingGraph::new).orElse(null);
        Pixels taken = pixels != null ? pixels : Pixels.of(network, training);
        Network fromUnit = taken.before(network);
        OptionalInt layer = GradCam.lastWithPlaces(fromUnit.withOutputActivation(Activation.LINEAR));
        return new NetworkExplanations(
                ExplainedModel.ofAnyNetwork(fromUnit, stored.weights(), device),
                network,
                taken,
                layer.isEmpty() ? null : fromUnit.layers().get(layer.getAsInt()).name());
    }

    private static void checkClassifies(String named, Network network) throws IOException {
        Shape input = network.input();
        boolean ofImages = input.numDimensions() == 3 && (input.get(2) == 1 || input.get(2) == RgbImage.CHANNELS);
        boolean ofClasses =
                network.output().numDimensions() == 1 && network.output().get(0) > 1;
        if (!ofImages || !ofClasses) {
            throw new IOException(
                    "%s, takes examples of shape %s and gives %s; what is explained here takes images of one or three channels, such as [28, 28, 1], and gives a number for each of two or more classes"
                            .formatted(named, input, network.output()));
        }
        Activation end = network.outputActivation();
        if (end != Activation.SOFTMAX && end != Activation.LINEAR) {
            throw new IOException("%s, ends in %s; what is explained here ends in softmax or linear"
                    .formatted(named, end.kerasName()));
        }
    }

    /** How many classes there are, which are called 0, 1, ... */
    public int classes() {
        return Math.toIntExact(network.output().get(0));
    }

    /** Which numbers the network is given for grey levels. */
    public Pixels pixels() {
        return pixels;
    }

    /** The layer that Grad-CAM looks at; empty where the network has none with places, so that it has no such map. */
    public Optional<String> gradCamLayer() {
        return Optional.ofNullable(gradCamLayer);
    }

    /**
     * The maps of an image in a PNG or JPEG file, which is resized to what the network takes by nearest neighbour, as
     * Keras does unless it is told otherwise, and made grey where the network takes one channel.
     *
     * @param target the class that is explained; null for the one that the network predicts
     * @param masks of RISE
     * @throws IOException where the file is no such image
     * @throws IllegalArgumentException where the network has no such class
     */
    public OfImage explain(Path file, Integer target, Set<Method> methods, int masks) throws IOException {
        Image image = image(file);
        int explained = target == null ? model.predict(image) : target;
        Map<String, ExplanationMap> maps = new LinkedHashMap<>();
        for (Method method : Method.values()) {
            if (methods.contains(method)) {
                map(method, image, explained, masks).ifPresent(map -> maps.put(method.inFigures, map));
            }
        }
        return new OfImage(image, new Explained(model.name(), model.probabilities(image.pixels(), 1), explained, maps));
    }

    private Optional<ExplanationMap> map(Method method, Image image, int target, int masks) {
        return switch (method) {
            case RISE ->
                Optional.of(new Rise(Rise.Form.PAPER, masks, Rise.GRID, KEEP, SEED, BATCH_SIZE)
                        .explain(model, image, target));
            case LIME ->
                Optional.of(new Lime(
                                (Math.max(image.height(), image.width()) + PIECES - 1) / PIECES,
                                Lime.SAMPLES,
                                SEED,
                                BATCH_SIZE)
                        .explain(model, image, target));
            case GRAD_CAM -> model.gradCam().map(gradCam -> gradCam.explain(image, target));
        };
    }

    private Image image(Path file) throws IOException {
        Shape input = network.input();
        int height = Math.toIntExact(input.get(0));
        int width = Math.toIntExact(input.get(1));
        int channels = Math.toIntExact(input.get(2));
        RgbImage resized = RgbImage.readGreyToo(file).resize(height, width);
        byte[] levels = channels == 1 ? resized.grey() : resized.pixels();
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(levels[i]) / 255f;
        }
        return new Image(height, width, channels, values);
    }

    @Override
    public void close() {
        model.close();
    }
}
