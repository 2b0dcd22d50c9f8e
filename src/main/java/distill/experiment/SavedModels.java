package distill.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.files.Contents;
import distill.files.Folders;
import distill.files.WholeFile;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Initializer;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.run.EpochResult;
import distill.run.Json;
import distill.run.Provenance;
import distill.run.Settings;
import distill.weights.Checkpoint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * Trained weights: {@code saved-models/LABEL-IDENTITY/epoch-NN/}, each a TensorFlow checkpoint named {@code state} with
 * what the epochs gave so far beside it. A folder appears under its name only when it is whole, so a kill leaves at
 * most a folder named {@code .epoch-NN.tmp-*}. What cannot be read is put aside with a warning, and trained again.
 *
 * @param folder such as {@code saved-models}
 * @param device where to open the sessions that read and write
 */
public record SavedModels(Path folder, Device device) {

    /** Where all programs of this project look, seen from the working directory. */
    public static final Path FOLDER = Path.of("saved-models");

    private static final Logger LOG = LoggerFactory.getLogger(SavedModels.class);
    private static final String HISTORY = "history.json";
    private static final String TEACHER_OUTPUTS = "teacher-outputs";

    /**
     * How far a training came.
     *
     * @param settings what is trained
     * @param history one result for each epoch done
     * @param provenance of the process that trained the last of them
     */
    public record Progress(Settings settings, List<EpochResult> history, Provenance provenance) {

        /** How many epochs are done. */
        public int epochs() {
            return history.size();
        }

        /** Whether it has ended; of one that may stop early nothing is kept before. */
        boolean hasEnded() {
            return epochs() == settings.epochs() || settings.stopping().applies();
        }
    }

    /**
     * Keeps a network of one's own, and the weights that it brought, so that trainings can have it as their student.
     */
    public void keep(GivenStudent student) throws IOException {
        students().keep(student);
    }

    /** The own students that are kept here. */
    OwnStudents students() {
        return OwnStudents.in(folder, device);
    }

    /**
     * The network of a training.
     *
     * @throws IOException where it is an own student's that is not kept here
     */
    TrainedNetwork network(Settings settings) throws IOException {
        return network(settings, ReadingGraph.of(settings).outputActivation());
    }

    /** The network of a training with another activation at its end. */
    TrainedNetwork network(Settings settings, Activation output) throws IOException {
        return settings.isOfOwnStudent()
                ? new TrainedNetwork(students().network(settings).withOutputActivation(output), null)
                : TrainedNetwork.of(settings, output);
    }

    /** The folder of one training's weights. It need not exist. */
    public Path folder(Settings settings) {
        return folder.resolve(name(settings));
    }

    /** What one training's folder is called. */
    static String name(Settings settings) {
        return settings.label() + "-" + settings.identity();
    }

    /**
     * Keeps the state after an epoch, in place of what was kept of that epoch before.
     *
     * @param state weights, and for a training that may go on, the optimiser's state
     */
    public void save(Progress progress, Weights state) throws IOException {
        Path target = epoch(progress.settings(), progress.epochs());
        Folders.make(target, made -> {
            checkpoint(made).write(state);
            WholeFile.replace(made.resolve(HISTORY), Json.write(progress));
            Folders.delete(target);
        });
    }

    /** How far a training came: its last whole epoch. Empty where nothing is kept. */
    public Optional<Progress> progress(Settings settings) throws IOException {
        for (int epoch = settings.epochs(); epoch >= 1; epoch--) {
            Path history = epoch(settings, epoch).resolve(HISTORY);
            if (!Files.exists(history)) {
                continue;
            }
            Optional<Progress> progress = progress(history.getParent());
            if (progress.isPresent() && progress.get().epochs() == epoch) {
                return progress;
            }
            putAside(settings, epoch, "its history is damaged, or not of " + epoch + " epochs");
        }
        return Optional.empty();
    }

    /** Whether a training is kept after its last epoch. */
    public boolean isWhole(Settings settings) throws IOException {
        // Of one that may stop early nothing is kept before its end.
        return settings.stopping().applies()
                ? progress(settings).isPresent()
                : progress(settings, settings.epochs()).isPresent();
    }

    /** How far a training was after one of its epochs; empty where that is not kept, or damaged. */
    public Optional<Progress> progress(Settings settings, int epoch) throws IOException {
        Path kept = epoch(settings, epoch);
        return Files.exists(kept.resolve(HISTORY)) ? progress(kept) : Optional.empty();
    }

    /** What an epoch's folder says of its training; empty where that is damaged. */
    static Optional<Progress> progress(Path epoch) throws IOException {
        try {
            return Optional.ofNullable(Json.read(Contents.text(epoch.resolve(HISTORY)), Progress.class))
                    .filter(progress -> progress.settings() != null && progress.history() != null);
        } catch (JsonProcessingException | CharacterCodingException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * The weights after an epoch.
     *
     * @param specs which, by name
     * @return empty where that epoch is not kept, or cannot be read
     */
    public Optional<Weights> load(Settings settings, int epoch, List<WeightSpec> specs) throws IOException {
        Path kept = epoch(settings, epoch);
        if (!Files.exists(kept)) {
            return Optional.empty();
        }
        try {
            return Optional.of(checkpoint(kept).read(specs));
        } catch (IOException e) {
            putAside(settings, epoch, e.getMessage());
            return Optional.empty();
        }
    }

    /** Deletes what is kept of the epochs before {@code epoch}. */
    public void deleteBefore(Settings settings, int epoch) throws IOException {
        for (int earlier = 1; earlier < epoch; earlier++) {
            Folders.delete(epoch(settings, earlier));
        }
    }

    /** Makes what a teacher puts out for a set of images. */
    @FunctionalInterface
    interface Outputs {
        double[] make() throws IOException;
    }

    /**
     * What a teacher puts out for a set of images in float32: kept from before, or made and kept in
     * {@code teacher-outputs/NAME}. What is kept and cannot be read is made again.
     *
     * @param name of the teacher's weights, the images, and whatever else decides the outputs
     * @param shape (images, classes)
     */
    double[] teacherOutputs(String name, Shape shape, Outputs asked) throws IOException {
        Path target = folder.resolve(TEACHER_OUTPUTS).resolve(name);
        WeightSpec spec = new WeightSpec(TEACHER_OUTPUTS, shape, Initializer.ZEROS);
        try {
            return checkpoint(target).read(List.of(spec)).values().get(0).values();
        } catch (FileNotFoundException e) {
            LOG.debug("{}: not yet asked", target);
        } catch (IOException e) {
            LOG.warn("{}: asking the teacher again", e.getMessage());
            Folders.delete(target);
        }
        double[] outputs = asked.make();
        Folders.make(target, made -> checkpoint(made).write(Weights.of(List.of(spec), one -> outputs)));
        return outputs;
    }

    private void putAside(Settings settings, int epoch, String reason) throws IOException {
        Path kept = epoch(settings, epoch);
        Path aside = kept.resolveSibling(kept.getFileName() + ".damaged");
        Folders.delete(aside);
        Files.move(kept, aside);
        LOG.warn("{}: put aside as {}, to be trained again", reason, aside.getFileName());
    }

    private Path epoch(Settings settings, int epoch) {
        return folder(settings).resolve("epoch-%02d".formatted(epoch));
    }

    private Checkpoint<TFloat32> checkpoint(Path folder) {
        return new Checkpoint<>(folder.resolve("state"), TFloat32.class, device);
    }
}
