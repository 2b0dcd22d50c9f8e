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
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.run.Json;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A network of one's own in the place of Task 1's student.
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
     * A model of the library by its name, or a file, that has Keras's configuration of its network.
     *
     * @param data what it must be built for
     * @param keepsWeights whether trainings start from its weights; else they are drawn as its configuration says
     * @throws IOException where there is neither, its network does not fit, or it cannot be trained
     */
    public static GivenStudent ofTask1(ModelLibrary library, String nameOrFile, DataSpec data, boolean keepsWeights)
            throws IOException {
        ModelLibrary.StoredModel model = library.findOrRead(nameOrFile);
        String configuration = library.configuration(nameOrFile)
                .orElseThrow(() -> new IOException(
                        "%s, a %s, has no configuration of Keras's from which a student could be built: ./reproduce weights export writes it with one (--format keras), and --student takes that file"
                                .formatted(nameOrFile, model.architecture())));
        Network report = MnistStudent.buildFc(new Network.Names(), data, MnistStudent.WIDTH, Activation.LINEAR);
        GivenTeacher.checkFits(nameOrFile, model, report, "student");
        String named = nameOrFile + ", a " + model.architecture();
        checkTrains(named, model.network());
        if (!keepsWeights) {
            checkDrawn(named, model.network());
        }
        Network network = own(model.network());
        return new GivenStudent(
                nameOrFile, configuration, network, keepsWeights ? model.weights() : null, architecture(network));
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
