package distill.experiment;

import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
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
     * @throws IOException where there is neither, or it is not the report's teacher network
     */
    public static GivenTeacher ofTask1(ModelLibrary library, String nameOrFile, Reading reading) throws IOException {
        Weights weights = library.find(nameOrFile, Architecture.MNIST_TEACHER).weights();
        ReadingGraph graph = new ReadingGraph(reading);
        Network network = Architecture.MNIST_TEACHER.build(graph.outputActivation());
        return new GivenTeacher(nameOrFile, network, graph, weights, weights.digest());
    }

    /**
     * A teacher of Task 2: a training by its name in the library, or a file that Keras saved.
     *
     * @param base which network a file has; a training knows its own
     * @param reading how a file's network has its head and its inputs; a training knows its own
     * @param imageSize of the images that it will see
     * @throws IOException where there is neither, or it is of another network
     */
    public static GivenTeacher ofTask2(
            ModelLibrary library, String nameOrFile, BaseModel base, Reading reading, int imageSize)
            throws IOException {
        library.checkExists(nameOrFile);
        Path file = Path.of(nameOrFile);
        if (!Files.exists(file) || ModelLibrary.isModel(file)) {
            Settings settings = library.training(nameOrFile)
                    .filter(Settings::isTransfer)
                    .orElseThrow(() -> new IOException(
                            nameOrFile + " is no training of Task 2, expected one, or a file that Keras saved"));
            BaseModel own = BaseModel.of(settings.network());
            return new GivenTeacher(
                    settings.label(),
                    own.withHead(imageSize, settings.reading().has(Slip.IMAGENET_HEAD))
                            .whole(),
                    ReadingGraph.of(settings),
                    library.find(nameOrFile).weights(),
                    settings.identity());
        }
        Network network =
                base.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD)).whole();
        Weights weights = Matching.of(KerasFile.read(file, library.device()), network, nameOrFile)
                .weights();
        return new GivenTeacher(nameOrFile, network, new ReadingGraph(reading), weights, weights.digest());
    }
}
