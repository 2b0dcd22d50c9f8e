package distill.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.nn.Device;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.training.EpochResult;
import distill.weights.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.types.TFloat32;

/**
 * Trained weights: {@code saved-models/LABEL-IDENTITY/epoch-NN/}, each a TensorFlow checkpoint named {@code state} with what the epochs
 * gave so far beside it. A folder appears under its name only when it is whole, so a kill leaves at most a folder named {@code epoch-NN.tmp-*}.
 *
 * @param folder such as {@code saved-models}
 * @param device where to open the sessions that read and write
 */
public record SavedModels(Path folder, Device device) {

    private static final Logger LOG = LoggerFactory.getLogger(SavedModels.class);
    private static final String HISTORY = "history.json";

    /**
     * How far a training came.
     *
     * @param settings what is trained
     * @param history  one result for each epoch done
     */
    public record Progress(Settings settings, List<EpochResult> history) {

        public int epochs() {
            return history.size();
        }
    }

    /** The folder of one training's weights. It need not exist. */
    public Path folder(Settings settings) {
        return folder.resolve(settings.label() + "-" + settings.identity());
    }

    /**
     * Keeps the state after an epoch. What is there already stays.
     *
     * @param state weights, and for a training that may go on, the optimiser's state
     */
    public void save(Settings settings, List<EpochResult> history, Weights state) throws IOException {
        Path target = epoch(settings, history.size());
        if (Files.exists(target)) {
            return;
        }
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempDirectory(target.getParent(), target.getFileName() + ".tmp-");
        try {
            checkpoint(temporary).write(state);
            Files.writeString(temporary.resolve(HISTORY), Json.write(new Progress(settings, history)));
            move(temporary, target);
        } finally {
            delete(temporary);
        }
    }

    /** How far a training came: its last whole epoch. Empty where nothing is kept. */
    public Optional<Progress> progress(Settings settings) throws IOException {
        for (int epoch = settings.epochs(); epoch >= 1; epoch--) {
            Path history = epoch(settings, epoch).resolve(HISTORY);
            if (Files.exists(history)) {
                try {
                    return Optional.of(Json.read(Files.readString(history), Progress.class));
                } catch (JsonProcessingException e) {
                    LOG.warn("{} is damaged: going on from an earlier epoch", history);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The weights after an epoch.
     *
     * @param specs which, by name
     * @return empty where that epoch is not kept
     * @throws IOException where what is kept cannot be read
     */
    public Optional<Weights> load(Settings settings, int epoch, List<WeightSpec> specs) throws IOException {
        Checkpoint<TFloat32> checkpoint = checkpoint(epoch(settings, epoch));
        if (!checkpoint.exists()) {
            return Optional.empty();
        }
        try {
            return Optional.of(checkpoint.read(specs));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " (delete " + epoch(settings, epoch) + ", and it is trained again)", e);
        }
    }

    /** Forgets a training's weights. */
    public void discard(Settings settings) throws IOException {
        delete(folder(settings));
    }

    private Path epoch(Settings settings, int epoch) {
        return folder(settings).resolve("epoch-%02d".formatted(epoch));
    }

    private Checkpoint<TFloat32> checkpoint(Path folder) {
        return new Checkpoint<>(folder.resolve("state"), TFloat32.class, device);
    }

    /** Gives a whole folder its name. Where another process was faster, its folder, which holds the same, stays. */
    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(to)) {
                throw e;
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
