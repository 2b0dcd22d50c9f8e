package distill.training;

import distill.files.Temporary;
import distill.nn.Weights;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.ToDoubleFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Keras's callbacks for {@link CompiledModel#fit}. Each is for one training at a time, and can be used for the next.
 */
public final class Callbacks {

    private Callbacks() {}

    /** What a callback watches: Keras's {@code monitor}. */
    public enum Monitor {

        /** The training loss, which is to fall. */
        LOSS(EpochLog::loss, -1),

        /** The accuracy on the validation images in percent, which is to rise. */
        VALIDATION_ACCURACY(EpochLog::validationAccuracy, 1);

        private final ToDoubleFunction<EpochLog> value;
        private final int sign;

        Monitor(ToDoubleFunction<EpochLog> value, int sign) {
            this.value = value;
            this.sign = sign;
        }

        /** What is watched, so that more is better. */
        private double goodness(EpochLog log) {
            if (this == VALIDATION_ACCURACY && Double.isNaN(log.validationAccuracy())) {
                throw new IllegalStateException(
                        "a callback watches the validation accuracy, and there are no validation images: give some with Fit.validation");
            }
            return sign * value.applyAsDouble(log);
        }
    }

    /**
     * Keras's {@code EarlyStopping}: ends the training where what is watched has not become better for some epochs.
     *
     * @param minDelta by how much it has to be better than the best so far, at least 0, in its own unit
     * @param patience after how many epochs in a row without that the training ends; 0 and 1 are the same
     * @param restoreBest whether the model has the weights of its best epoch when the training ends, by whatever; else
     *     those of the last
     */
    public static Callback earlyStopping(Monitor monitor, double minDelta, int patience, boolean restoreBest) {
        if (!(minDelta >= 0) || patience < 0) {
            throw new IllegalArgumentException(
                    "early stopping takes a minDelta and a patience of at least 0, found %s and %d"
                            .formatted(minDelta, patience));
        }
        return new Callback() {
            private double best;
            private int waited;
            private Weights bestWeights;

            @Override
            public void onTrainBegin(CompiledModel<?> model) {
                best = Double.NEGATIVE_INFINITY;
                waited = 0;
                bestWeights = null;
            }

            @Override
            public boolean onEpochEnd(CompiledModel<?> model, EpochLog log) {
                double now = monitor.goodness(log);
                boolean better = now - minDelta > best;
                if (restoreBest && (better || bestWeights == null)) {
                    bestWeights = model.getWeights();
                }
                if (better) {
                    best = now;
                    waited = 0;
                    return true;
                }
                waited++;
                return waited < patience || log.epoch() == 1;
            }

            @Override
            public void onTrainEnd(CompiledModel<?> model) {
                if (bestWeights != null) {
                    model.restoreWeights(bestWeights);
                }
            }
        };
    }

    /**
     * Keras's {@code CSVLogger}: a line for each epoch in a CSV file, with the names of {@link EpochLog} above. Epochs
     * are counted from 1, where Keras counts them from 0, and the validation accuracy is empty where there is none.
     *
     * @param file a file that is there is replaced; its folder is made where it is missing
     */
    public static Callback csvLogger(Path file) {
        return new Callback() {
            @Override
            public void onTrainBegin(CompiledModel<?> model) throws IOException {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.deleteIfExists(file);
                append("epoch", "loss", "hard", "soft", "validationAccuracy", "seconds");
            }

            @Override
            public boolean onEpochEnd(CompiledModel<?> model, EpochLog log) throws IOException {
                double accuracy = log.validationAccuracy();
                append(
                        log.epoch(),
                        log.loss(),
                        log.hard(),
                        log.soft(),
                        Double.isNaN(accuracy) ? null : accuracy,
                        log.seconds());
                return true;
            }

            private void append(Object... cells) throws IOException {
                try (Writer out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                        CSVPrinter csv = new CSVPrinter(out, CSVFormat.RFC4180)) {
                    csv.printRecord(cells);
                }
            }
        };
    }

    /**
     * Keras's {@code ModelCheckpoint} with {@code save_best_only=True}: writes the model whenever what is watched is
     * better than it ever was in this training.
     *
     * @param file a Keras 3 archive, whose name ends in {@code .keras}; one that is there is replaced
     * @throws IllegalArgumentException where it has another name
     */
    public static Callback modelCheckpoint(Path file, Monitor monitor) {
        KerasFormat.KERAS.checkName(file);
        return new Callback() {
            private double best;

            @Override
            public void onTrainBegin(CompiledModel<?> model) {
                best = Double.NEGATIVE_INFINITY;
            }

            @Override
            public boolean onEpochEnd(CompiledModel<?> model, EpochLog log) throws IOException {
                double now = monitor.goodness(log);
                if (now > best) {
                    best = now;
                    Path unfinished = Temporary.beside(file);
                    model.save(KerasFormat.KERAS, unfinished);
                    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
                }
                return true;
            }
        };
    }
}
