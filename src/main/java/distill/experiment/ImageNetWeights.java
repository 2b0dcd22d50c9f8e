package distill.experiment;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.weights.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pre-trained weights of a large network: what {@code weights="imagenet"} is in Keras, but for the download. They are
 * looked for in the places that a person named, then among the imported models, then where Keras keeps its own.
 *
 * @param source where they were found: a file or a model's name
 * @param weights of the network that was asked for
 */
public record ImageNetWeights(String source, Weights weights) {

    private static final String KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/";
    private static final String CLASSIFIER = "predictions/";

    /** Where Keras keeps the files that it downloads: {@code ~/.keras/models}. */
    public static final Path KERAS_MODELS = Path.of(System.getProperty("user.home"), ".keras", "models");

    /**
     * Finds the weights of a network. For one without a top those with the 1000 classes serve as well: their last layer
     * is left out.
     *
     * @param library the imported models
     * @param named files, folders that hold files under Keras's names, and names of imported models; a file of another
     *     network is passed over
     * @param kerasModels such as {@link #KERAS_MODELS}
     * @param architecture a base model, with or without the top
     * @throws IOException where a named one does not exist; where there are none, which says what to fetch and where to
     *     put it; where several imported models could be meant; or where a file cannot be read
     * @throws IllegalArgumentException where Keras has no weights of that network
     */
    public static ImageNetWeights find(
            ModelLibrary library, List<String> named, Path kerasModels, Architecture architecture) throws IOException {
        List<String> looked = new ArrayList<>();
        Published best = Published.of(architecture).get(0);
        return search(library, named, kerasModels, architecture, looked)
                .orElseThrow(() -> new IOException(
                        ("there are no weights of %s: %s. Fetch %s into %s, or name a file with --weights, or import one"
                                        + " (./reproduce weights import FILE --model %s); --weights none starts from random ones")
                                .formatted(
                                        architecture,
                                        String.join("; ", looked),
                                        address(architecture),
                                        kerasModels,
                                        best.architecture())));
    }

    /**
     * Looks for the weights of a network for which random ones will do, too.
     *
     * @return empty where there are none
     * @throws IOException where a named one does not exist; where several imported models could be meant; or where a
     *     file cannot be read
     */
    public static Optional<ImageNetWeights> findIfAny(
            ModelLibrary library, List<String> named, Path kerasModels, Architecture architecture) throws IOException {
        return search(library, named, kerasModels, architecture, new ArrayList<>());
    }

    /** Looks for weights among the imported models of {@link SavedModels#FOLDER} and in Keras's own folder. */
    public static Optional<ImageNetWeights> findIfAny(List<String> named, Architecture architecture, Device device)
            throws IOException {
        return findIfAny(new ModelLibrary(SavedModels.FOLDER, device), named, KERAS_MODELS, architecture);
    }

    /** Where Keras has the weights of a network that serve best. */
    public static String address(Architecture architecture) {
        return KERAS + Published.of(architecture).get(0).address();
    }

    private static Optional<ImageNetWeights> search(
            ModelLibrary library, List<String> named, Path kerasModels, Architecture architecture, List<String> looked)
            throws IOException {
        List<Published> published = Published.of(architecture);
        for (String place : named) {
            library.checkExists(place);
            Path path = Path.of(place);
            Optional<ImageNetWeights> found =
                    Files.isDirectory(path) && !ModelLibrary.isModel(path) && !SavedModel.isAt(path)
                            ? inFolder(library, path, published, looked)
                            : at(library, place, published, looked);
            if (found.isPresent()) {
                return found;
            }
        }
        for (Published file : published) {
            List<String> imported = library.imported(file.architecture());
            if (imported.size() > 1) {
                throw new IOException("%s has more than one %s: %s. Name one with --weights"
                        .formatted(library.folder(), file.architecture(), String.join(", ", imported)));
            }
            if (imported.size() == 1) {
                return Optional.of(file.read(imported.get(0), library.find(imported.get(0))));
            }
        }
        looked.add("no imported %s in %s".formatted(published.get(0).architecture(), library.folder()));
        return inFolder(library, kerasModels, published, looked);
    }

    /** The weights up to the pooled features. */
    static Weights withoutTop(Weights weights) {
        return new Weights(weights.values().stream()
                .filter(weight -> !weight.name().startsWith(CLASSIFIER))
                .toList());
    }

    private static Optional<ImageNetWeights> inFolder(
            ModelLibrary library, Path folder, List<Published> published, List<String> looked) throws IOException {
        for (Published file : published) {
            Path path = folder.resolve(file.name());
            if (Files.exists(path)) {
                return Optional.of(
                        file.read(path.toString(), library.read(path, file.architecture(), Activation.LINEAR)));
            }
        }
        looked.add("no %s in %s".formatted(published.get(0).name(), folder));
        return Optional.empty();
    }

    private static Optional<ImageNetWeights> at(
            ModelLibrary library, String nameOrFile, List<Published> published, List<String> looked)
            throws IOException {
        ModelLibrary.Opened opened = library.open(nameOrFile);
        IOException first = null;
        for (Published file : published) {
            try {
                return Optional.of(file.read(nameOrFile, opened.as(file.architecture())));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        looked.add(nameOrFile + " is none (" + first.getMessage() + ")");
        return Optional.empty();
    }

    /**
     * A file that Keras distributes.
     *
     * @param architecture the network that it is of
     * @param address below that of all
     * @param cut whether its last layer is to be left out
     */
    private record Published(Architecture architecture, String address, boolean cut) {

        /** The published files that serve for a network, the better first. */
        static List<Published> of(Architecture architecture) {
            for (BaseModel base : BaseModel.values()) {
                Published withTop = new Published(base.architecture(true), base.kerasWeights(true), false);
                if (architecture == base.architecture(true)) {
                    return List.of(withTop);
                }
                if (architecture == base.architecture(false)) {
                    return List.of(
                            new Published(architecture, base.kerasWeights(false), false),
                            new Published(withTop.architecture(), withTop.address(), true));
                }
            }
            throw new IllegalArgumentException("Keras has no pre-trained weights of " + architecture);
        }

        String name() {
            return Path.of(address).getFileName().toString();
        }

        ImageNetWeights read(String source, ModelLibrary.StoredModel model) {
            return new ImageNetWeights(source, cut ? withoutTop(model.weights()) : model.weights());
        }
    }
}
