package distill.experiment;

import distill.nn.Activation;
import distill.nn.InferenceOnly;
import distill.nn.Initializer;
import distill.nn.Layer;
import distill.nn.Network;
import distill.nn.Normalization;
import distill.nn.RandomAugmentation;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.run.Json;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * A network of one's own in the place of a task's student.
 *
 * @param name what it is called
 * @param configuration Keras's, from which it is built
 * @param network without an activation at its end, for that is the reading's
 * @param weights that its trainings start from; null where they are drawn for each seed
 * @param architecture what settings call it: a SHA-256 of its layers, what they are set to, and how their weights start
 */
public record GivenStudent(String name, String configuration, Network network, Weights weights, String architecture) {

    /** What settings call the weights that its trainings start from; null where they are drawn. */
    public String startingWeights() {
        return weights == null ? null : weights.digest();
    }

    /**
     * A student of Task 1: a model of the library by its name, or a file, that has Keras's configuration of its
     * network.
     *
     * @param data what it must be built for
     * @param keepsWeights whether trainings start from its weights; else they are drawn as its configuration says
     * @throws IOException where there is neither, its network does not fit, or it cannot be trained
     */
    public static GivenStudent ofTask1(ModelLibrary library, String nameOrFile, DataSpec data, boolean keepsWeights)
            throws IOException {
        Network report = MnistStudent.buildFc(new Network.Names(), data, MnistStudent.WIDTH, Activation.LINEAR);
        return of(library, library.findOrRead(nameOrFile), nameOrFile, report, keepsWeights);
    }

    /**
     * The same of Task 2. Where its weights are kept, its {@link TrainedNetwork#head} is trained alone in the initial
     * phase.
     *
     * @param imageSize height and width in pixels of the images that it will see
     * @param classes of these images
     * @throws IOException as {@link #ofTask1}; also where nothing of its head is trained
     */
    public static GivenStudent ofTask2(
            ModelLibrary library, String nameOrFile, int imageSize, int classes, boolean keepsWeights)
            throws IOException {
        ModelLibrary.StoredModel model = library.findOrRead(nameOrFile);
        checkSize(named(nameOrFile, model), model.network().input(), imageSize);
        Network report =
                BaseModel.MOBILENETV2.withHead(imageSize, false, classes).whole();
        GivenStudent student = of(library, model, nameOrFile, report, keepsWeights);
        boolean learns = TrainedNetwork.head(student.network())
                .anyMatch(layer -> layer.trainable() && layer.weights().stream().anyMatch(WeightSpec::trainable));
        if (!learns) {
            throw new IOException(
                    "%s: its head, %s, is frozen, and the initial phase trains the head alone: save it with a trainable head"
                            .formatted(named(nameOrFile, model), student.headInWords()));
        }
        return student;
    }

    /** The layers of its head by their names. */
    public String headInWords() {
        return TrainedNetwork.head(network).map(Network.NamedLayer::name).collect(Collectors.joining(", "));
    }

    private static void checkSize(String named, Shape input, int imageSize) throws IOException {
        boolean square = input.numDimensions() == 3 && input.get(0) == input.get(1);
        if (square && input.get(0) >= BaseModel.SMALLEST_IMAGE && input.get(0) != imageSize) {
            throw new IOException(
                    "%s, takes images of %d x %d pixels, and those here have %d x %d: --image-size %d resizes them"
                            .formatted(named, input.get(0), input.get(1), imageSize, imageSize, input.get(0)));
        }
    }

    private static String named(String nameOrFile, ModelLibrary.StoredModel model) {
        return nameOrFile + ", a " + model.architecture();
    }

    /** @param usual the network in whose place it stands */
    private static GivenStudent of(
            ModelLibrary library,
            ModelLibrary.StoredModel model,
            String nameOrFile,
            Network usual,
            boolean keepsWeights)
            throws IOException {
        String named = named(nameOrFile, model);
        String configuration = library.configuration(nameOrFile)
                .orElseThrow(
                        () -> new IOException(
                                named
                                        + ", has no configuration of Keras's from which a student could be built: ./reproduce weights export writes it with one (--format keras), and --student takes that file"));
        GivenTeacher.checkFits(nameOrFile, model, usual, "student");
        checkTrains(named, model.network());
        if (!keepsWeights) {
            checkDrawn(named, model.network());
        }
        Network network = own(model.network());
        return new GivenStudent(
                nameOrFile, configuration, network, keepsWeights ? model.weights() : null, architecture(network));
    }

    /**
     * Checks that its weights can be drawn, which those that are kept need not be.
     *
     * @throws IOException where they cannot, with the layer
     */
    public void checkDrawn() throws IOException {
        checkDrawn(name + ", a " + ModelLibrary.inWords(network), network);
    }

    /** A network as it is kept: without an activation at its end. */
    static Network own(Network network) {
        return network.withOutputActivation(Activation.LINEAR);
    }

    private static void checkTrains(String named, Network network) throws IOException {
        for (Network.NamedLayer layer : network.layers()) {
            if (layer.layer() instanceof RandomAugmentation augmentation) {
                throw new IOException(
                        "%s: its layer %s (%s) changes images in training, which this program computes for no network: build the student without it"
                                .formatted(named, layer.name(), augmentation.type()));
            }
        }
        if (network.trainableParameters() == 0) {
            throw new IOException(named + ": none of its weights are trained; save it with trainable layers");
        }
    }

    private static void checkDrawn(String named, Network network) throws IOException {
        String kept = ": take the file's weights with --student-weights keep, or ";
        for (Network.NamedLayer layer : network.layers()) {
            if (layer.weights().isEmpty()) {
                continue;
            }
            String which = "%s: its layer %s (%s) "
                    .formatted(named, layer.name(), layer.layer().type());
            Layer plain = layer.layer() instanceof InferenceOnly inference ? inference.layer() : layer.layer();
            if (plain instanceof Normalization) {
                throw new IOException(
                        which + "has means and variances of data, which are not drawn" + kept + "build it without");
            }
            if (!layer.trainable()) {
                throw new IOException(
                        which + "is frozen, and would stay as it is drawn" + kept + "save it with trainable layers");
            }
            for (WeightSpec weight : layer.weights()) {
                if (weight.initializer() instanceof Initializer.NotDrawn unknown) {
                    throw new IOException(which
                            + "starts its %s by Keras's initialiser %s, which this program does not draw"
                                    .formatted(weight.name(), unknown.name())
                            + kept + "build it with another initialiser");
                }
            }
        }
    }

    /** The layers, what they are set to and how their weights start, digested as a weight without numbers. */
    static String architecture(Network network) {
        String layers = network.layers().stream()
                .map(layer -> Json.write(List.of(
                        layer.name(),
                        layer.inbound(),
                        layer.layer().type(),
                        layer.layer() instanceof InferenceOnly,
                        layer.trainable(),
                        new TreeMap<>(layer.layer().config()),
                        layer.weights().stream()
                                .map(weight -> weight.name() + weight.shape() + weight.initializer())
                                .toList())))
                .collect(Collectors.joining("\n", network.input() + "\n", ""));
        return new Weights(List.of(Weights.ofText(layers))).digest();
    }
}
