package distill.experiment;

import distill.loss.ComparedLayers;
import distill.loss.DistillationLoss;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistTeacher;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import distill.weights.KerasFile;
import distill.weights.Matching;
import distill.weights.SavedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A teacher that was trained elsewhere, in place of each seed's own: a network with weights, or a SavedModel of any
 * network that is run as it is.
 *
 * @param name what it is called
 * @param network with all that it puts out; null for a SavedModel that is run
 * @param graph of its reading, which says how its images are scaled
 * @param weights of the network; null for a SavedModel that is run
 * @param served the SavedModel that is run; null for a network
 * @param identity what a student's settings call it: of a training its run's, of another the SHA-256 of its weights, of
 *     a network that is none of ours that of its layers and weights, and of a SavedModel that is run that of its files,
 *     what it is fed and what its outputs are taken for
 */
public record GivenTeacher(
        String name, Network network, ReadingGraph graph, Weights weights, ServedTeacher served, String identity) {

    private static final Logger LOG = LoggerFactory.getLogger(GivenTeacher.class);

    /** A network with weights. */
    public GivenTeacher(String name, Network network, ReadingGraph graph, Weights weights, String identity) {
        this(name, network, graph, weights, null, identity);
    }

    /** It, to be asked. */
    OpenTeacher open(Device device) throws IOException {
        return served != null
                ? served.open(graph.outputActivation(), device)
                : OpenTeacher.of(graph.model(network, weights, device));
    }

    /** Its logits, to be asked. */
    OpenTeacher openLogits(Device device) throws IOException {
        return served != null
                ? served.open(Activation.LINEAR, device)
                : OpenTeacher.of(graph.model(network.withOutputActivation(Activation.LINEAR), weights, device));
    }

    /** What it takes and gives. */
    DataSpec data() {
        return served != null
                ? served.data()
                : new DataSpec(network.input(), Math.toIntExact(network.output().size()));
    }

    /** What is to be said of how it is asked: one sentence, or none. */
    public Optional<String> about() {
        return Optional.ofNullable(served).map(ServedTeacher::about);
    }

    /**
     * The layers of a student and of this teacher that a loss compares.
     *
     * @throws IOException where it compares some and this teacher's are not known
     */
    List<ComparedLayers> compared(Settings settings, Network student) throws IOException {
        if (served == null) {
            return ReadingGraph.compared(settings, student, network);
        }
        if (settings.role() == Role.STUDENT) {
            checkLooksAtOutputs(DistillationLoss.named(settings.loss()), student);
        }
        return List.of();
    }

    /**
     * Checks that a loss finds the layers that it compares in a student and this teacher.
     *
     * @throws IOException where it does not, with the layers that there are
     */
    public void checkLayers(DistillationLoss loss, Network student) throws IOException {
        if (served == null) {
            checkLayers(loss, student, network);
        } else {
            checkLooksAtOutputs(loss, student);
        }
    }

    private void checkLooksAtOutputs(DistillationLoss loss, Network student) throws IOException {
        // A loss on layers finds some in any two networks of one kind, or says that it finds none.
        boolean looksInside;
        try {
            looksInside = !DistillationLoss.named(loss.name())
                    .layers(student, student)
                    .isEmpty();
        } catch (IllegalArgumentException e) {
            looksInside = true;
        }
        if (looksInside) {
            throw new IOException(
                    "the loss %s compares layers, and of %s, a SavedModel that is run as it is, only the outputs are known: choose a loss on outputs, such as kd or dkd"
                            .formatted(loss.name(), name));
        }
    }

    /** The same of a student and another teacher. */
    public static void checkLayers(DistillationLoss loss, Network student, Network teacher) throws IOException {
        try {
            loss.layers(student, teacher);
        } catch (IllegalArgumentException e) {
            throw new IOException("--loss: " + e.getMessage(), e);
        }
    }

    /** What tells its outputs from those of others: a SHA-256. */
    String digest() {
        if (served != null) {
            return identity;
        }
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
        return ofTask1(library, nameOrFile, null, reading, data);
    }

    /**
     * The same.
     *
     * @param outputs what a SavedModel gives that is run as it is; null where its outputs are to tell
     */
    public static GivenTeacher ofTask1(
            ModelLibrary library, String nameOrFile, OutputKind outputs, Reading reading, DataSpec data)
            throws IOException {
        ReadingGraph graph = new ReadingGraph(reading);
        Network report = MnistTeacher.buildCnn(new Network.Names(), data, graph.outputActivation());
        library.checkExists(nameOrFile);
        if (library.isFile(nameOrFile)) {
            return ofFile(library, nameOrFile, outputs, graph, report);
        }
        checkNotServed(nameOrFile, outputs);
        ModelLibrary.StoredModel model = library.find(nameOrFile);
        checkFits(nameOrFile, model, report, "teacher");
        return model.architecture().equals(ModelLibrary.name(Architecture.MNIST_TEACHER, data))
                ? new GivenTeacher(
                        nameOrFile,
                        report,
                        graph,
                        model.weights(),
                        model.weights().digest())
                : ofAnyNetwork(nameOrFile, model, graph, report);
    }

    private static void checkNotServed(String nameOrFile, OutputKind outputs) throws IOException {
        if (outputs != null) {
            throw new IOException(nameOrFile + " is no folder of a SavedModel, and what other teachers give is known:"
                    + " leave --teacher-outputs out");
        }
    }

    /** A file of the network {@code usual}, or else of the one that it describes. */
    private static GivenTeacher ofFile(
            ModelLibrary library, String file, OutputKind outputs, ReadingGraph graph, Network usual)
            throws IOException {
        Path path = Path.of(file);
        if (SavedModel.isAt(path)) {
            return ofSavedModel(new SavedModel(path, library.device()), outputs, graph, usual);
        }
        checkNotServed(file, outputs);
        KerasFile content = KerasFile.read(path, library.device());
        try {
            content.checkConfiguration(usual, file);
            return ofUsualNetwork(content, file, graph, usual);
        } catch (IOException e) {
            if (content.config().isEmpty()) {
                throw e;
            }
            return ofAnyNetwork(file, library.read(path), graph, usual);
        }
    }

    private static GivenTeacher ofUsualNetwork(KerasFile content, String file, ReadingGraph graph, Network usual)
            throws IOException {
        Weights weights = Matching.of(content, usual, file).weights();
        Optional<Activation> end = content.outputActivation().flatMap(Activation::of);
        if (end.isPresent()) {
            checkEnd(file, end.get(), "teacher");
        }
        return new GivenTeacher(file, usual, graph, weights, weights.digest());
    }

    /**
     * A SavedModel, which does not describe its network: that is {@code usual} where its weights fit and it computes
     * the same. Any other, and one of which is said what it gives, is run as it is.
     */
    private static GivenTeacher ofSavedModel(SavedModel model, OutputKind outputs, ReadingGraph graph, Network usual)
            throws IOException {
        String name = model.folder().toString();
        GivenTeacher own = null;
        try {
            own = outputs == null ? ofUsualNetwork(model.variables(), name, graph, usual) : null;
        } catch (IOException e) {
            LOG.debug("{} is none of our networks", name, e);
        }
        ServedTeacher served;
        try {
            DataSpec data =
                    new DataSpec(usual.input(), Math.toIntExact(usual.output().size()));
            served = ServedTeacher.of(model, data, graph.inputs(), outputs);
        } catch (IOException e) {
            if (own == null) {
                throw e;
            }
            LOG.debug("{} cannot be run, but its weights are those of our network", name, e);
            return own;
        }
        return own != null && served.computes(usual, own.weights())
                ? own
                : new GivenTeacher(
                        name,
                        null,
                        graph,
                        null,
                        served,
                        new Weights(List.of(Weights.ofText(served.identityText()))).digest());
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
        checkEnd("%s, a %s,".formatted(name, model.architecture()), model.output(), role);
    }

    private static void checkEnd(String name, Activation end, String role) throws IOException {
        if (!end.endsClassifier()) {
            throw new IOException(
                    "%s ends in %s; a %s ends in softmax or linear".formatted(name, end.kerasName(), role));
        }
    }

    /** Equal weights in other layers are another teacher. */
    private static String identity(Network network, Weights weights) {
        List<Weights.Weight> all = new ArrayList<>(weights.values());
        all.add(Weights.ofText(GivenStudent.architecture(network)));
        return new Weights(List.copyOf(all)).digest();
    }

    /**
     * A teacher of Task 2: a training by its name in the library, another model of it, or a file that Keras saved.
     *
     * @param base which network a file without a configuration has; a training knows its own
     * @param outputs what a SavedModel gives that is run as it is; null where its outputs are to tell
     * @param reading how a file's network has its head and its inputs; a training knows its own
     * @param imageSize of the images that it will see
     * @param classes of these images
     * @throws IOException where there is neither, or its network does not fit
     */
    public static GivenTeacher ofTask2(
            ModelLibrary library,
            String nameOrFile,
            OutputKind outputs,
            BaseModel base,
            Reading reading,
            int imageSize,
            int classes)
            throws IOException {
        library.checkExists(nameOrFile);
        ReadingGraph graph = new ReadingGraph(reading);
        Network usual = base.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD), classes)
                .whole();
        if (library.isFile(nameOrFile)) {
            return ofFile(library, nameOrFile, outputs, graph, usual);
        }
        checkNotServed(nameOrFile, outputs);
        Optional<Settings> training = library.training(nameOrFile);
        if (training.isEmpty()) {
            return ofAnyNetwork(nameOrFile, library.find(nameOrFile), graph, usual);
        }
        Settings settings = training.filter(Settings::isTransfer)
                .orElseThrow(() -> new IOException(
                        nameOrFile + " is no training of Task 2, expected one, or a file that Keras saved"));
        if (settings.isOfOwnStudent()) {
            return ofAnyNetwork(nameOrFile, library.find(nameOrFile), ReadingGraph.of(settings), usual);
        }
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
