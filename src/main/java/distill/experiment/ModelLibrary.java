package distill.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import distill.files.Contents;
import distill.files.Folders;
import distill.files.WholeFile;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.run.Json;
import distill.run.Reading;
import distill.run.Settings;
import distill.weights.Checkpoint;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.KerasModel;
import distill.weights.Matching;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * The models in {@code saved-models} by name: those that were imported, each a folder with {@code model.json} and a
 * checkpoint named {@code state}, and for a network that is none of ours Keras's configuration of it,
 * {@code config.json}; and those that were trained, whose folders {@link SavedModels} describes.
 *
 * @param folder such as {@code saved-models}
 * @param device where to open the sessions that read and write
 */
public record ModelLibrary(Path folder, Device device) {

    private static final String DESCRIPTION = "model.json";
    private static final String STATE = "state";
    private static final String CONFIGURATION = "config.json";
    private static final String FLOAT32 = "float32";
    private static final String FLOAT64 = "float64";

    /**
     * A network with weights.
     *
     * @param name what it is called: its folder's name, or the file's
     * @param architecture which network, in words: {@code mnist-teacher}
     * @param network in a graph's description
     * @param output what follows its last layer
     * @param dtype {@code float32} or {@code float64}: what the weights are kept as
     */
    public record StoredModel(
            String name, String architecture, Network network, Activation output, String dtype, Weights weights) {

        /** One of the networks that are imported and exported. */
        public StoredModel(String name, Architecture architecture, Activation output, String dtype, Weights weights) {
            this(name, architecture.toString(), architecture.build(output), output, dtype, weights);
        }

        /**
         * Writes it for Keras, as {@link KerasFormat#write} does.
         *
         * @throws IOException where there is something at {@code target}, or it cannot be written
         */
        public void write(KerasFormat format, Path target, Device device) throws IOException {
            format.write(target, network, weights, type(dtype), device);
        }
    }

    /**
     * Where an imported model is from: {@code model.json}.
     *
     * @param model which network, in words: {@code mnist-teacher}, or {@code Keras model vgg16} where the file's own
     *     configuration says it
     * @param outputActivation what follows its last layer, by Keras's name
     * @param dtype {@code float32} or {@code float64}
     * @param source the file's name, without its folder
     * @param format of the file, in words
     * @param version of what wrote the file, where it says so
     * @param matched {@code by name} or {@code by the layers' order}
     * @param weightsDigest SHA-256 of the weights
     * @param date of the import, UTC
     */
    public record Imported(
            String model,
            String outputActivation,
            String dtype,
            String source,
            String format,
            String version,
            String matched,
            String weightsDigest,
            String date) {}

    /**
     * Reads a file as a network of ours.
     *
     * @param output what follows the last layer; null for what the file's configuration says, or else softmax
     * @throws IOException where the file cannot be read or is not of that network
     */
    public StoredModel read(Path file, Architecture architecture, Activation output) throws IOException {
        return model(file, KerasFile.read(file, device), architecture, output);
    }

    private static StoredModel model(Path file, KerasFile content, Architecture architecture, Activation output)
            throws IOException {
        return model(file, content, matching(file, content, architecture), architecture, output);
    }

    /**
     * Reads a file as the network that its own configuration describes.
     *
     * @throws IOException where the file cannot be read, has no configuration, or is of a network that this program
     *     cannot compute
     */
    public StoredModel read(Path file) throws IOException {
        KerasFile content = KerasFile.read(file, device);
        KerasModel model = KerasModel.of(content, file.toString());
        return model(file, content, model, model.match(content, file.toString()));
    }

    private static StoredModel model(Path file, KerasFile content, KerasModel model, Matching matching) {
        return new StoredModel(
                file.toString(),
                inWords(model.network()),
                model.network(),
                model.network().outputActivation(),
                dtype(content),
                matching.weights());
    }

    static String inWords(Network network) {
        return "Keras model " + network.name();
    }

    /** Finds a network's weights first: an error that names one tells more than one of the configuration. */
    private static Matching matching(Path file, KerasFile content, Architecture architecture) throws IOException {
        Network network = architecture.build(Activation.LINEAR);
        Matching matching = Matching.of(content, network, file.toString());
        content.checkConfiguration(network, file.toString());
        return matching;
    }

    private static StoredModel model(
            Path file, KerasFile content, Matching matching, Architecture architecture, Activation output)
            throws IOException {
        String ending = content.outputActivation().orElse(Activation.SOFTMAX.kerasName());
        Activation activation = output != null
                ? output
                : Activation.of(ending)
                        .filter(Activation::endsClassifier)
                        .orElseThrow(() -> new IOException(
                                file + " ends in " + ending + ", expected softmax or linear: is it another network?"));
        return new StoredModel(file.toString(), architecture, activation, dtype(content), matching.weights());
    }

    /** What a file's weights are kept as. */
    private static String dtype(KerasFile content) {
        boolean wide = content.layers().stream()
                .flatMap(layer -> layer.weights().stream())
                .anyMatch(weight -> weight.dtype().equals(FLOAT64));
        return wide ? FLOAT64 : FLOAT32;
    }

    static Class<? extends TFloating> type(String dtype) {
        return dtype.equals(FLOAT64) ? TFloat64.class : TFloat32.class;
    }

    /**
     * Imports a file. The model is there as a whole or not at all.
     *
     * @param architecture which network of ours it is of; null for what the file's own configuration describes
     * @param target the model's folder
     * @param output as in {@link #read}
     * @throws IOException where the file cannot be read or is not of that network, or something else stands at
     *     {@code target}
     */
    public Imported importFile(Path file, Architecture architecture, Activation output, Path target)
            throws IOException {
        KerasFile content = KerasFile.read(file, device);
        Matching matching;
        StoredModel model;
        if (architecture == null) {
            KerasModel described = KerasModel.of(content, file.toString());
            matching = described.match(content, file.toString());
            model = model(file, content, described, matching);
        } else {
            matching = matching(file, content, architecture);
            model = model(file, content, matching, architecture, output);
        }
        Imported imported = new Imported(
                model.architecture(),
                model.output().kerasName(),
                model.dtype(),
                file.toAbsolutePath().normalize().getFileName().toString(),
                content.format(),
                content.version().orElse(null),
                matching.by().toString(),
                model.weights().digest(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        boolean isNew = !Files.exists(target)
                && Folders.make(target, made -> {
                    new Checkpoint<>(made.resolve(STATE), type(model.dtype()), device).write(model.weights());
                    WholeFile.replace(made.resolve(DESCRIPTION), Json.write(imported));
                    if (architecture == null) {
                        WholeFile.replace(
                                made.resolve(CONFIGURATION),
                                content.config().orElseThrow().toString());
                    }
                });
        if (!isNew) {
            throw new IOException(target + " is there already and was left alone: name another with --out");
        }
        return imported;
    }

    /** Whether there is a model of exactly that name. */
    public boolean has(String name) {
        return !name.isBlank() && isModel(folder.resolve(name));
    }

    /** Whether a folder holds a model, imported or trained. */
    static boolean isModel(Path folder) {
        return isImported(folder) || lastEpoch(folder) != null;
    }

    private static boolean isImported(Path folder) {
        return Files.exists(folder.resolve(DESCRIPTION));
    }

    /**
     * The model of a name: an imported one, or a training's folder or the beginning of its name. An imported one that
     * is elsewhere goes by its path.
     *
     * @throws IOException where there is none, there are several, or its training has not ended
     */
    public StoredModel find(String name) throws IOException {
        Path model = folderOf(name);
        return isImported(model) ? imported(model) : trained(model);
    }

    /**
     * The settings of the training that a name is of; empty where it is of an imported model.
     *
     * @throws IOException as {@link #find(String)}
     */
    Optional<Settings> training(String name) throws IOException {
        Path model = folderOf(name);
        return isImported(model)
                ? Optional.empty()
                : Optional.of(finished(model).settings());
    }

    /** The reading of the training that a name is of; empty where it is of an imported model, or a file. */
    Optional<Reading> reading(String nameOrFile) throws IOException {
        return isFile(nameOrFile) ? Optional.empty() : training(nameOrFile).map(Settings::reading);
    }

    private Path folderOf(String name) throws IOException {
        if (name.isBlank()) {
            throw new IOException("a model's name is expected, found nothing");
        }
        if (isModel(Path.of(name))) {
            return Path.of(name);
        }
        List<Path> found = folders().stream()
                .filter(path -> path.getFileName().toString().startsWith(name))
                .toList();
        if (names().contains(name)) {
            found = List.of(folder.resolve(name));
        }
        if (found.size() != 1) {
            List<String> all = names();
            throw new IOException("%s model of %s is called %s; there %s"
                    .formatted(
                            found.isEmpty() ? "no" : "more than one",
                            folder,
                            name,
                            all.isEmpty() ? "are none" : (all.size() == 1 ? "is " : "are ") + String.join(", ", all)));
        }
        return found.get(0);
    }

    /**
     * The model of a name, or else that in a file which describes its network itself.
     *
     * @throws IOException where there is neither, or it cannot be read
     */
    public StoredModel findOrRead(String nameOrFile) throws IOException {
        if (isFile(nameOrFile)) {
            return read(Path.of(nameOrFile));
        }
        checkExists(nameOrFile);
        return find(nameOrFile);
    }

    /** Keras's configuration of the model of a name or a file; empty where it has none of its own. */
    Optional<String> configuration(String nameOrFile) throws IOException {
        if (isFile(nameOrFile)) {
            return KerasFile.read(Path.of(nameOrFile), device).config().map(JsonNode::toString);
        }
        Path configuration = folderOf(nameOrFile).resolve(CONFIGURATION);
        return Files.exists(configuration) ? Optional.of(Contents.text(configuration)) : Optional.empty();
    }

    /** Whether what is named is a file, or a SavedModel, and not a model of the library. */
    boolean isFile(String nameOrFile) throws IOException {
        Path file = Path.of(nameOrFile);
        return !names().contains(nameOrFile) && !isModel(file) && Files.exists(file);
    }

    /**
     * The model of a name, or else that in a file.
     *
     * @throws IOException where there is neither, or it is of another network
     */
    public StoredModel find(String nameOrFile, Architecture architecture) throws IOException {
        return open(nameOrFile).as(architecture);
    }

    /** A model of the library, or a file, that was read and may be of several networks. */
    @FunctionalInterface
    interface Opened {

        /**
         * It as a network of ours.
         *
         * @throws IOException where it is of another network
         */
        StoredModel as(Architecture architecture) throws IOException;
    }

    /**
     * Reads the model of a name, or else a file.
     *
     * @throws IOException where there is neither, or it cannot be read
     */
    Opened open(String nameOrFile) throws IOException {
        if (isFile(nameOrFile)) {
            Path file = Path.of(nameOrFile);
            KerasFile content = KerasFile.read(file, device);
            return architecture -> model(file, content, architecture, null);
        }
        checkExists(nameOrFile);
        StoredModel model = find(nameOrFile);
        return architecture -> {
            if (!model.architecture().equals(architecture.toString())) {
                throw new IOException(
                        "%s is a %s, expected a %s".formatted(nameOrFile, model.architecture(), architecture));
            }
            return model;
        };
    }

    /**
     * Checks that there is a file or a folder, or a model whose name so begins.
     *
     * @throws IOException where there is none
     */
    void checkExists(String nameOrFile) throws IOException {
        if (!Files.exists(Path.of(nameOrFile)) && names().stream().noneMatch(name -> name.startsWith(nameOrFile))) {
            throw new IOException("there is no file %s, and no model of that name in %s".formatted(nameOrFile, folder));
        }
    }

    private List<String> names() throws IOException {
        return folders().stream().map(path -> path.getFileName().toString()).toList();
    }

    /** The names of the imported models of a network. */
    public List<String> imported(Architecture architecture) throws IOException {
        return imported().entrySet().stream()
                .filter(model -> model.getValue().model().equals(architecture.toString()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The models that were imported, each under its name, in the order of the names. */
    public Map<String, Imported> imported() throws IOException {
        Map<String, Imported> imported = new LinkedHashMap<>();
        for (Path model : folders()) {
            if (isImported(model)) {
                imported.put(model.getFileName().toString(), description(model));
            }
        }
        return imported;
    }

    /**
     * How far those trainings came that were begun and have not ended, by what is kept of them.
     *
     * @param folder such as {@code saved-models}; need not exist
     */
    public static List<SavedModels.Progress> begun(Path folder) throws IOException {
        List<SavedModels.Progress> begun = new ArrayList<>();
        for (Path model : folders(folder)) {
            if (!isImported(model)) {
                SavedModels.progress(lastEpoch(model))
                        .filter(progress -> !progress.hasEnded())
                        .ifPresent(begun::add);
            }
        }
        return begun;
    }

    private List<Path> folders() throws IOException {
        return folders(folder);
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(ModelLibrary::isModel).sorted().toList();
        }
    }

    /** The folder of the last epoch that is kept of a training; null where the folder is none's. */
    private static Path lastEpoch(Path model) {
        String[] names = model.toFile().list((parent, name) -> name.matches("epoch-\\d+"));
        return Stream.of(names == null ? new String[0] : names)
                // epoch-100 comes after epoch-99.
                .max(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                .map(model::resolve)
                .orElse(null);
    }

    private static Imported description(Path model) throws IOException {
        Path description = model.resolve(DESCRIPTION);
        try {
            Imported imported = Json.read(Contents.text(description), Imported.class);
            if (imported != null && imported.model() != null && imported.outputActivation() != null) {
                return imported;
            }
            throw damaged(description, null);
        } catch (JsonProcessingException | CharacterCodingException e) {
            throw damaged(description, e);
        }
    }

    private static IOException damaged(Path description, Exception cause) {
        return new IOException(description + " is damaged: import the file again", cause);
    }

    private StoredModel imported(Path model) throws IOException {
        Imported imported = description(model);
        Path description = model.resolve(DESCRIPTION);
        Activation output = Activation.of(imported.outputActivation())
                .orElseThrow(() -> new IOException(
                        description + " names an activation that we do not have: " + imported.outputActivation()));
        try {
            Path configuration = model.resolve(CONFIGURATION);
            Network network = Files.exists(configuration)
                    ? KerasModel.of(configuration).network()
                    : Architecture.of(imported.model()).build(output);
            Weights weights =
                    new Checkpoint<>(model.resolve(STATE), type(imported.dtype()), device).read(network.weights());
            if (!weights.digest().equals(imported.weightsDigest())) {
                throw new IOException(model + " does not hold the weights that were imported (their digests differ):"
                        + " import " + imported.source() + " again");
            }
            return new StoredModel(
                    model.getFileName().toString(), imported.model(), network, output, imported.dtype(), weights);
        } catch (IllegalArgumentException e) {
            throw damaged(description, e);
        }
    }

    private StoredModel trained(Path model) throws IOException {
        Settings settings = finished(model).settings();
        Activation output = ReadingGraph.of(settings).outputActivation();
        Architecture task1 = TrainedNetwork.architecture(settings);
        Network network = new SavedModels(folder, device).network(settings).whole();
        String width = settings.width() == null ? "" : " of width " + settings.width();
        return new StoredModel(
                model.getFileName().toString(),
                settings.isOfOwnStudent()
                        ? inWords(network)
                        : settings.isTransfer()
                                ? settings.network() + " with " + classes(TrainedNetwork.classes(settings))
                                : name(task1, MnistPlan.spec(settings)) + width,
                network,
                output,
                FLOAT32,
                new Checkpoint<>(lastEpoch(model).resolve(STATE), TFloat32.class, device).read(network.weights()));
    }

    /** What a network of Task 1 is called: {@code mnist-teacher}, and what it is built for where that is not MNIST. */
    static String name(Architecture network, DataSpec data) {
        return network + (data.equals(DataSpec.MNIST) ? "" : " of " + data);
    }

    private static String classes(int count) {
        return (count == BaseModel.MHIST_CLASSES ? "two" : count) + " classes";
    }

    /** What a training that has ended says of itself. */
    private static SavedModels.Progress finished(Path model) throws IOException {
        Path last = lastEpoch(model);
        SavedModels.Progress progress = SavedModels.progress(last)
                .orElseThrow(() -> new IOException(last + " is damaged: its training goes on from the epoch before"));
        if (!progress.hasEnded()) {
            throw new IOException("the training of %s has ended %d of its %d epochs: let it end first"
                    .formatted(
                            model.getFileName(),
                            progress.epochs(),
                            progress.settings().epochs()));
        }
        return progress;
    }
}
