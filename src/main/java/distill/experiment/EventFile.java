package distill.experiment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;

/**
 * A file of events that TensorBoard reads: a TFRecord file of serialised {@link Event}s, the first of which names the
 * format's version. An event is on the disk when {@link #append} returns.
 *
 * @param path {@code events.out.tfevents.SECONDS.N}; TensorBoard reads the files of a folder in the order of their
 *     names
 */
record EventFile(Path path) {

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
        byte[] data =
                event.setWallTime(Instant.now().toEpochMilli() / 1e3).build().toByteArray();
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
