package distill.experiment;

import com.google.protobuf.ByteString;
import distill.data.ImageBatch;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Settings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * Writes what each epoch of a training gives where TensorBoard finds it: {@code FOLDER/LABEL-IDENTITY/}, named as the
 * training's folder in {@code saved-models/} is, so that {@code tensorboard --logdir FOLDER} shows each training as a
 * run. Steps are epochs, from 1:
 *
 * <ul>
 *   <li>{@code loss/total}, {@code loss/hard}, {@code loss/soft}: the means of {@link EpochResult}; a training without
 *       distillation has no {@code loss/soft}
 *   <li>{@code accuracy/test}, {@code accuracy/train}: percent of all images, after the epoch, without dropout
 *   <li>{@code learning_rate}: the optimiser's, which in Task 2 changes with the phase
 *   <li>{@code roc_auc/test}: of Task 2, from 0 to 1
 *   <li>{@code augmented/0} and on: the first training images as the network sees them first, where they are augmented
 * </ul>
 *
 * Each start of a training begins a file, which has TensorBoard forget what earlier ones say of the epochs to come.
 *
 * @param folder such as {@code runs/tensorboard}; need not exist
 */
public record TensorBoard(Path folder) implements TrainingListener {

    @Override
    public EpochListener start(Settings settings, int steps, int done) throws IOException {
        EventFile file = EventFile.create(folder.resolve(SavedModels.name(settings)));
        file.append(Event.newBuilder()
                .setStep(done + 1)
                .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
        return new Events(settings, file);
    }

    private record Events(Settings settings, EventFile file) implements EpochListener {

        @Override
        public void augmented(ImageBatch images) {
            Summary.Builder summary = Summary.newBuilder();
            for (int i = 0; i < images.size(); i++) {
                BufferedImage picture = images.picture(i);
                summary.addValue(Summary.Value.newBuilder()
                        .setTag("augmented/" + i)
                        .setImage(Summary.Image.newBuilder()
                                .setHeight(picture.getHeight())
                                .setWidth(picture.getWidth())
                                .setColorspace(picture.getColorModel().getNumComponents())
                                .setEncodedImageString(png(picture))));
            }
            append(1, summary);
        }

        @Override
        public void afterEpoch(EpochResult result, DoubleSupplier trainAccuracy) {
            Summary.Builder summary = Summary.newBuilder();
            add(summary, "loss/total", result.loss());
            add(summary, "loss/hard", result.hard());
            if (settings.role() == Role.STUDENT) {
                add(summary, "loss/soft", result.soft());
            }
            add(summary, "accuracy/test", result.testAccuracy());
            add(summary, "accuracy/train", trainAccuracy.getAsDouble());
            add(summary, "learning_rate", PhasePlan.of(settings, result.epoch()).learningRate());
            if (result.rocAuc() != null) {
                add(summary, "roc_auc/test", result.rocAuc());
            }
            append(result.epoch(), summary);
        }

        private static void add(Summary.Builder summary, String tag, double value) {
            summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value));
        }

        private void append(int epoch, Summary.Builder summary) {
            try {
                file.append(Event.newBuilder().setStep(epoch).setSummary(summary));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static ByteString png(BufferedImage picture) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                ImageIO.write(picture, "png", bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return ByteString.copyFrom(bytes.toByteArray());
        }
    }

    /**
     * A file of events that TensorBoard reads: a TFRecord file of serialised {@link Event}s, the first of which names
     * the format's version. An event is on the disk when {@link #append} returns.
     *
     * @param path {@code events.out.tfevents.SECONDS.N}; TensorBoard reads the files of a folder in the order of their
     *     names
     */
    private record EventFile(Path path) {

        private static final String VERSION = "brain.Event:2";
        private static final int CRC_MASK = 0xa282ead8;

        /** Begins a file in a folder, which is made where it is missing. */
        static EventFile create(Path folder) throws IOException {
            Files.createDirectories(folder);
            long seconds = Instant.now().getEpochSecond();
            for (int n = 0; ; n++) {
                try {
                    EventFile file =
                            new EventFile(Files.createFile(folder.resolve("events.out.tfevents." + seconds + "." + n)));
                    file.append(Event.newBuilder().setFileVersion(VERSION));
                    return file;
                } catch (FileAlreadyExistsException e) {
                    // Another start in the same second.
                }
            }
        }

        /** Adds an event, with the time of day. */
        void append(Event.Builder event) throws IOException {
            byte[] data = event.setWallTime(Instant.now().toEpochMilli() / 1e3)
                    .build()
                    .toByteArray();
            Files.write(path, record(data), StandardOpenOption.APPEND);
        }

        /** A record of TFRecord: the length and its checksum, the data and theirs, all in little-endian order. */
        private static byte[] record(byte[] data) {
            ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            record.putLong(data.length);
            record.putInt(maskedChecksum(record.array(), Long.BYTES));
            record.put(data);
            record.putInt(maskedChecksum(data, data.length));
            return record.array();
        }

        private static int maskedChecksum(byte[] bytes, int length) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, length);
            return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
        }
    }
}
