package distill.experiment;

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
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.types.TFloat32;

/**
 * A teacher that was trained elsewhere, in place of each seed's own.
 *
 * @param name what it is called
 * @param network with all that it puts out
 * @param graph of its reading, which says how its images are scaled
 * @param weights of the network
 * @param identity what a student's settings call it
 */
public record GivenTeacher(String name, Network network, ReadingGraph graph, Weights weights, String identity) {

    /** It, to be asked. */
    CompiledModel<TFloat32> model(Device device) {
        return graph.model(network, weights, device);
    }

    /**
     * A teacher of Task 1: a model of the library by its name, or a file.
     *
     * @param reading decides the activation at the teacher's end
     * @param data what it must be built for
     * @throws IOException where there is neither, or it is not the report's teacher network
     */
    public static GivenTeacher ofTask1(ModelLibrary library, String nameOrFile, Reading reading, DataSpec data)
            throws IOException {
        ReadingGraph graph = new ReadingGraph(reading);
        Network network = MnistTeacher.buildCnn(new Network.Names(), data, graph.outputActivation());
        Weights weights = data.equals(DataSpec.MNIST)
                ? library.find(nameOrFile, Architecture.MNIST_TEACHER).weights()
                : ofOtherImages(library, nameOrFile, network, data);
        return new GivenTeacher(nameOrFile, network, graph, weights, weights.digest());
    }

    /** The weights of a training's teacher, or of a file, where the images are not as MNIST's. */
    private static Weights ofOtherImages(ModelLibrary library, String nameOrFile, Network network, DataSpec data)
            throws IOException {
        library.checkExists(nameOrFile);
        Path file = Path.of(nameOrFile);
        if (Files.exists(file) && !ModelLibrary.isModel(file)) {
            return Matching.of(KerasFile.read(file, library.device()), network, nameOrFile)
                    .weights();
        }
        ModelLibrary.StoredModel model = library.find(nameOrFile);
        String expected = ModelLibrary.name(Architecture.MNIST_TEACHER, data);
        if (!model.architecture().equals(expected)) {
            throw new IOException("%s is a %s, expected a %s".formatted(nameOrFile, model.architecture(), expected));
        }
        return model.weights();
    }

    /**
     * A teacher of Task 2: a training by its name in the library, or a file that Keras saved.
     *
     * @param base which network a file has; a training knows its own
     * @param reading how a file's network has its head and its inputs; a training knows its own
     * @param imageSize of the images that it will see
     * @param classes of these images
     * @throws IOException where there is neither, or it is of another network
     */
    public static GivenTeacher ofTask2(
            ModelLibrary library, String nameOrFile, BaseModel base, Reading reading, int imageSize, int classes)
            throws IOException {
        library.checkExists(nameOrFile);
        Path file = Path.of(nameOrFile);
        if (!Files.exists(file) || ModelLibrary.isModel(file)) {
            Settings settings = library.training(nameOrFile)
                    .filter(Settings::isTransfer)
                    .orElseThrow(() -> new IOException(
                            nameOrFile + " is no training of Task 2, expected one, or a file that Keras saved"));
            int own = TrainedNetwork.classes(settings);
            if (own != classes) {
                throw new IOException(
                        "%s tells %d classes apart, and the images have %d: name a teacher of these images"
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
        Network network = base.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD), classes)
                .whole();
        Weights weights = Matching.of(KerasFile.read(file, library.device()), network, nameOrFile)
                .weights();
        return new GivenTeacher(nameOrFile, network, new ReadingGraph(reading), weights, weights.digest());
    }
}
