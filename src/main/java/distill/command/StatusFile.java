package distill.command;

import distill.experiment.EpochListener;
import distill.experiment.TrainingListener;
import distill.files.WholeFile;
import distill.run.EpochResult;
import distill.run.Json;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the {@link TrainingStatus} of this process in a store from its first training on: written after each epoch, and
 * while an epoch goes on at most once a second; deleted at the end. Safe for several threads.
 */
public final class StatusFile implements TrainingListener, AutoCloseable {

    private static final long REWRITE_NANOS = 1_000_000_000;

    private static final AtomicInteger EXPERIMENTS = new AtomicInteger();

    private final Path file;
    private final ConsoleProgress progress;
    private final String images;
    private final Set<Side> underway = new LinkedHashSet<>();
    private Instant since;
    private int ended;
    private long written;
    private boolean closed;

    /**
     * A file that is not written yet. Deletes those that killed processes left.
     *
     * @param store its folder, which is there when the first training starts
     * @param progress hears of the same trainings before this does, and knows how long those to come will take
     * @param images what accuracies are measured on, such as {@code test}
     */
    public StatusFile(Path store, ConsoleProgress progress, String images) {
        this.file = TrainingStatus.file(store, EXPERIMENTS.incrementAndGet());
        this.progress = progress;
        this.images = images;
        TrainingStatus.deleteDead(store);
    }

    @Override
    public synchronized EpochListener start(Settings settings, int steps, int done) {
        if (since == null) {
            since = Instant.now();
            file.toFile().deleteOnExit();
        }
        Side side = new Side(settings, steps, done);
        underway.add(side);
        write();
        return side;
    }

    private void write() {
        if (closed) {
            return;
        }
        written = System.nanoTime();
        TrainingStatus status = TrainingStatus.ofThisProcess(
                since,
                images,
                ended,
                progress.all(),
                progress.secondsToGo(),
                underway.stream().map(Side::now).toList());
        try {
            WholeFile.replace(file, Json.write(status) + "\n");
        } catch (IOException e) {
            // No training ends for want of this file: where nothing can be written, its run says so.
        }
    }

    /** Deletes the file. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The file is left, and known to be a dead process's.
        }
    }

    /** A training. */
    private final class Side implements EpochListener {

        private final Settings settings;
        private final int steps;
        private int done;
        private int step;
        private Double accuracy;

        private Side(Settings settings, int steps, int done) {
            this.settings = settings;
            this.steps = steps;
            this.done = done;
        }

        private TrainingStatus.Underway now() {
            return new TrainingStatus.Underway(settings.label(), done + 1, settings.epochs(), step, steps, accuracy);
        }

        @Override
        public void afterStep(int epoch, int step, int steps) {
            synchronized (StatusFile.this) {
                this.step = step;
                if (System.nanoTime() - written > REWRITE_NANOS) {
                    write();
                }
            }
        }

        @Override
        public void afterEpoch(EpochResult result) {
            synchronized (StatusFile.this) {
                done = result.epoch();
                step = 0;
                accuracy = result.testAccuracy();
                if (done == settings.epochs()) {
                    underway.remove(this);
                    ended++;
                }
                write();
            }
        }

        /** One that stopped early has ended before its last epoch. */
        @Override
        public void stored(Run run) {
            synchronized (StatusFile.this) {
                if (underway.remove(this)) {
                    ended++;
                    write();
                }
            }
        }
    }
}
