package distill.experiment;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistTeacher;
import distill.run.Reading;
import distill.run.Settings;
import distill.run.Slip;
import distill.training.CompiledModel;
import distill.weights.KerasFile;
import distill.weights.Matching;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * A teacher that was trained elsewhere, in place of each seed's own.
 *
 * @param name what it is called
 * @param network with all that it puts out
 * @param graph of its reading, which says how its images are scaled
 * @param weights of the network
 * @param identity what a student's settings call it: of a training its run's, of another the SHA-256 of its weights,
 *     and of a network that is none of ours that of its layers and weights
 */
public record GivenTeacher(String name, Network network, ReadingGraph graph, Weights weights, String identity) {

    /** It, to be asked. */
    CompiledModel<TFloat32> model(Device device) {
        return graph.model(network, weights, device);
    }

    /** What tells its outputs from those of others: a SHA-256. */
    String digest() {
        String weightsDigest = weights.digest();
        return identity.length() == weightsDigest.length() ? identity : weightsDigest;
    }

    /**
     * A teacher of Task 1: a model of the library by its name, or a file. It may be any network that takes and gives
     * what the report's teacher does.
     *
     * @param reading decides the activation at the teacher's end
     * @param data what it must be built for
     * @throws IOException where there is neither, or its network does not fit
     */
    public static GivenTeacher ofTask1(ModelLibrary library, String nameOrFile, Reading reading, DataSpec data)
            throws IOException {
        ReadingGraph graph = new ReadingGraph(reading);
        Network report = MnistTeacher.buildCnn(new Network.Names(), data, graph.outputActivation());
        library.checkExists(nameOrFile);
        if (library.isFile(nameOrFile)) {
            return ofFile(library, nameOrFile, graph, report);
        }
        ModelLibrary.StoredModel model = library.find(nameOrFile);
        return model.architecture().equals(ModelLibrary.name(Architecture.MNIST_TEACHER, data))
                ? new GivenTeacher(
                        nameOrFile,
                        report,
                        graph,
                        model.weights(),
                        model.weights().digest())
                : ofAnyNetwork(nameOrFile, model, graph, report);
    }

    /** A file of the network {@code usual}, or else of the one that it describes. */
    private static GivenTeacher ofFile(ModelLibrary library, String file, ReadingGraph graph, Network usual)
            throws IOException {
        KerasFile content = KerasFile.read(Path.of(file), library.device());
        Weights weights;
        try {
            content.checkConfiguration(usual, file);
            weights = Matching.of(content, usual, file).weights();
        } catch (IOException e) {
            if (content.config().isEmpty()) {
                throw e;
            }
            return ofAnyNetwork(file, library.read(Path.of(file)), graph, usual);
        }
        return new GivenTeacher(file, usual, graph, weights, weights.digest());
    }

    /**
     * A network that is none of ours.
     *
     * @param usual the one in whose place it teaches
     * @throws IOException where it takes or gives something else than that
     */
    private static GivenTeacher ofAnyNetwork(
            String name, ModelLibrary.StoredModel model, ReadingGraph graph, Network usual) throws IOException {
        checkFits(name, model, usual, "teacher");
        Network network = model.network().withOutputActivation(graph.outputActivation());
        return new GivenTeacher(name, network, graph, model.weights(), identity(network, model.weights()));
    }

    /**
     * Checks that a network takes and gives what the one in whose place it stands does.
     *
     * @param role what it is to be, in words
     * @throws IOException where it does not, or where no reading's activation can follow its end
     */
    static void checkFits(String name, ModelLibrary.StoredModel model, Network usual, String role) throws IOException {
        Network own = model.network();
        if (!own.input().equals(usual.input()) || !own.output().equals(usual.output())) {
            throw new IOException("%s, a %s, takes examples of shape %s and gives %s; a %s here takes %s and gives %s"
                    .formatted(
                            name,
                            model.architecture(),
                            own.input(),
                            own.output(),
                            role,
                            usual.input(),
                            usual.output()));
        }
        Activation end = own.outputActivation();
        if (end != Activation.SOFTMAX && end != Activation.LINEAR) {
            throw new IOException("%s, a %s, ends in %s; a %s ends in softmax or linear"
                    .formatted(name, model.architecture(), end.kerasName(), role));
        }
    }

    /** Equal weights in other layers are another teacher: the layers are digested as a weight without numbers. */
    private static String identity(Network network, Weights weights) {
        String layers = network.layers().stream()
                .map(layer -> layer.name()
                        + layer.inbound()
                        + layer.layer().type()
                        + new TreeMap<>(layer.layer().config()))
                .collect(Collectors.joining("\n"));
        List<Weights.Weight> all = new ArrayList<>(weights.values());
        all.add(new Weights.Weight(layers, Shape.of(0), new double[0]));
        return new Weights(List.copyOf(all)).digest();
    }

    /**
     * A teacher of Task 2: a training by its name in the library, another model of it, or a file that Keras saved.
     *
     * @param base which network a file without a configuration has; a training knows its own
     * @param reading how a file's network has its head and its inputs; a training knows its own
     * @param imageSize of the images that it will see
     * @param classes of these images
     * @throws IOException where there is neither, or its network does not fit
     */
    public static GivenTeacher ofTask2(
            ModelLibrary library, String nameOrFile, BaseModel base, Reading reading, int imageSize, int classes)
            throws IOException {
        library.checkExists(nameOrFile);
        ReadingGraph graph = new ReadingGraph(reading);
        Network usual = base.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD), classes)
                .whole();
        if (library.isFile(nameOrFile)) {
            return ofFile(library, nameOrFile, graph, usual);
        }
        Optional<Settings> training = library.training(nameOrFile);
        if (training.isEmpty()) {
            return ofAnyNetwork(nameOrFile, library.find(nameOrFile), graph, usual);
        }
        Settings settings = training.filter(Settings::isTransfer)
                .orElseThrow(() -> new IOException(
                        nameOrFile + " is no training of Task 2, expected one, or a file that Keras saved"));
        int own = TrainedNetwork.classes(settings);
        if (own != classes) {
            throw new IOException("%s tells %d classes apart, and the images have %d: name a teacher of these images"
                    .formatted(nameOrFile, own, classes));
        }
        return new GivenTeacher(
                settings.label(),
                BaseModel.of(settings.network())
                        .withHead(imageSize, settings.reading().has(Slip.IMAGENET_HEAD), classes)
                        .whole(),
                ReadingGraph.of(settings),
                library.find(nameOrFile).weights(),
                settings.identity());
    }
}
