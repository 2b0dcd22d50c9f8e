package distill.experiment;

import distill.files.Folders;
import distill.files.WholeFile;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.run.Settings;
import distill.weights.Checkpoint;
import distill.weights.KerasModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.types.TFloat64;

/**
 * The networks of one's own that were trained as students, kept so that their trainings can go on, be looked at and be
 * repeated without the file that they came from: {@code saved-models/students/DIGEST/network/config.json} with Keras's
 * configuration, and where students started from weights of their own, these in {@code weights-DIGEST/}.
 *
 * @param folder such as {@code saved-models/students}
 * @param device where to open the sessions that read and write weights
 */
record OwnStudents(Path folder, Device device) {

    private static final String NETWORK = "network";
    private static final String CONFIGURATION = "config.json";

    /** Those of a folder of models. */
    static OwnStudents in(Path models, Device device) {
        return new OwnStudents(models.resolve("students"), device);
    }

    /** Keeps a student's configuration, and the weights that it starts from where it has them. */
    void keep(GivenStudent student) throws IOException {
        keep(
                folder.resolve(student.architecture()).resolve(NETWORK),
                kept -> WholeFile.replace(kept.resolve(CONFIGURATION), student.configuration()));
        if (student.weights() != null) {
            keep(weights(student.architecture(), student.startingWeights()), kept -> checkpoint(kept)
                    .write(student.weights()));
        }
    }

    /** Makes a folder as a whole, unless it is there. */
    private static void keep(Path target, Folders.Writer writer) throws IOException {
        if (!Files.exists(target)) {
            Folders.make(target, writer);
        }
    }

    /**
     * The network of an own student's settings, without an activation at its end.
     *
     * @throws IOException where its configuration is gone, or is another network's
     */
    Network network(Settings settings) throws IOException {
        Path configuration =
                folder.resolve(settings.architecture()).resolve(NETWORK).resolve(CONFIGURATION);
        if (!Files.exists(configuration)) {
            throw gone(settings, "the network", configuration);
        }
        Network network = GivenStudent.own(KerasModel.of(configuration).network());
        if (!GivenStudent.architecture(network).equals(settings.architecture())) {
            throw new IOException(
                    "%s is not the network of %s (their digests differ): delete its folder, and give the model again with --student"
                            .formatted(configuration, settings.label()));
        }
        return network;
    }

    /**
     * The weights that an own student's settings start from, which it kept.
     *
     * @throws IOException where they are gone, or are others
     */
    Weights weights(Settings settings) throws IOException {
        Path kept = weights(settings.architecture(), settings.keptWeights());
        if (!Files.exists(kept)) {
            throw gone(settings, "the starting weights", kept);
        }
        Weights weights = checkpoint(kept).read(network(settings).weights());
        if (!weights.digest().equals(settings.keptWeights())) {
            throw new IOException(
                    "%s does not hold the starting weights of %s (their digests differ): delete it, and give the model again with --student and --student-weights keep"
                            .formatted(kept, settings.label()));
        }
        return weights;
    }

    private static IOException gone(Settings settings, String what, Path file) {
        return new IOException("%s of %s was kept in %s, which is gone: give the model again with --student%s"
                .formatted(
                        what,
                        settings.label(),
                        file,
                        settings.keptWeights() == null ? "" : " and --student-weights keep"));
    }

    private Path weights(String architecture, String digest) {
        return folder.resolve(architecture).resolve("weights-" + digest);
    }

    private Checkpoint<TFloat64> checkpoint(Path folder) {
        return new Checkpoint<>(folder.resolve("state"), TFloat64.class, device);
    }
}
