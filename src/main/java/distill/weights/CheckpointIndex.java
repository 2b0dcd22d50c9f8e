package distill.weights;

import com.google.protobuf.InvalidProtocolBufferException;
import distill.files.Contents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;

/**
 * {@code NAME.index} of a checkpoint, which tells what tensors there are and where. TensorFlow's library takes memory
 * for whatever a damaged one claims, and ends the whole Java machine where it does not get it. So it is looked through
 * before.
 *
 * @param file what errors name
 * @param bytes all of it, little-endian
 * @see <a href="https://github.com/google/leveldb/blob/main/doc/table_format.md">The format, of LevelDB's tables</a>
 */
record CheckpointIndex(Path file, ByteBuffer bytes) {

    private static final int FOOTER = 48;
    private static final long MAGIC = 0xdb4775248b80fb57L;

    /** A byte that says how the block is packed, and a checksum. */
    private static final int TRAILER = 1 + Integer.BYTES;

    private static final Map<DataType, Integer> SIZES =
            Map.of(DataType.DT_HALF, 2, DataType.DT_BFLOAT16, 2, DataType.DT_FLOAT, 4, DataType.DT_DOUBLE, 8);

    /**
     * Looks through a file, where there is one.
     *
     * @throws IOException where it speaks of places that are not in it, or of a tensor that has other bytes than its
     *     shape needs
     */
    static void check(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try {
            new CheckpointIndex(file, ByteBuffer.wrap(Contents.bytes(file)).order(ByteOrder.LITTLE_ENDIAN)).check();
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            throw new IOException(file + " is damaged: it is not what TensorFlow writes", e);
        }
    }

    private void check() throws IOException {
        int footer = bytes.limit() - FOOTER;
        if (footer < 0 || bytes.getLong(bytes.limit() - Long.BYTES) != MAGIC) {
            throw new IOException(file + " is damaged or no checkpoint's index: its last bytes are others");
        }
        ByteBuffer places = slice(bytes, footer, FOOTER);
        // Of a block that TensorFlow does not look at.
        varint(places);
        varint(places);
        for (ByteBuffer place : values(block(places))) {
            for (ByteBuffer entry : values(block(place))) {
                check(BundleEntryProto.parseFrom(entry));
            }
        }
    }

    /** A tensor in slices has its bytes in other entries. */
    private void check(BundleEntryProto entry) throws IOException {
        Integer size = SIZES.get(entry.getDtype());
        if (size == null) {
            return;
        }
        Shape shape = Shape.of(entry.getShape().getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray());
        double numbers = KerasFile.numbers(file + ", a tensor", shape);
        if (entry.getSlicesCount() == 0 && numbers * size != entry.getSize()) {
            throw new IOException("%s is damaged: a tensor of shape %s has %d bytes, expected %.0f"
                    .formatted(file, shape, entry.getSize(), numbers * size));
        }
    }

    /** The entries of the block whose place, an offset and a size, is next in some bytes. */
    private ByteBuffer block(ByteBuffer place) throws IOException {
        int offset = Math.toIntExact(varint(place));
        int size = Math.toIntExact(varint(place));
        ByteBuffer block = slice(bytes, offset, Math.addExact(size, TRAILER));
        if (block.get(size) != 0) {
            throw new IOException(file + " is packed, as TensorFlow's checkpoints are not");
        }
        int restarts = block.getInt(size - Integer.BYTES);
        return slice(block, 0, Math.subtractExact(size, Math.multiplyExact(Integer.BYTES, Math.addExact(restarts, 1))));
    }

    /** The values of a block's entries, but for that without a key, which is the header of the whole. */
    private static List<ByteBuffer> values(ByteBuffer block) {
        List<ByteBuffer> values = new ArrayList<>();
        while (block.hasRemaining()) {
            long shared = varint(block);
            int own = Math.toIntExact(varint(block));
            int length = Math.toIntExact(varint(block));
            int start = Math.addExact(block.position(), own);
            if (shared > 0 || own > 0) {
                values.add(slice(block, start, length));
            }
            block.position(Math.addExact(start, length));
        }
        return values;
    }

    private static ByteBuffer slice(ByteBuffer of, int offset, int size) {
        return of.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Seven bits a byte, the lowest first; the last byte's highest bit is not set. */
    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
