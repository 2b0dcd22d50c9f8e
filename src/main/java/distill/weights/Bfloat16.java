package distill.weights;

import io.jhdf.api.dataset.ContiguousDataset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * bfloat16 in HDF5, which has no such type: Keras stores a value's two bytes as an opaque type without a tag, and marks
 * the weight with the attribute {@code dtype}. jHDF (0.13) cannot read an opaque type without a tag, not even to skip
 * it. So its description in the file's bytes is made that of a string of two bytes, whose content is then taken raw.
 */
final class Bfloat16 {

    /**
     * HDF5 specification, IV.A.1.a and IV.A.2.d: a message of type 3 (datatype) and of 8 bytes, constant, which says
     * version 1, class 5 (opaque), a tag of 0 bytes, a size of 2 bytes.
     */
    private static final byte[] OPAQUE = {3, 0, 8, 0, 1, 0, 0, 0, 0x15, 0, 0, 0, 2, 0, 0, 0};

    private static final int CLASS = 8;
    private static final int STRING = 0x13;

    private Bfloat16() {}

    /** A file's bytes with the opaque types of two bytes as strings. */
    static byte[] opaqueAsStrings(byte[] file) {
        byte[] mended = file.clone();
        // Anywhere: in the file within an archive, messages are not aligned.
        for (int i = 0; i + OPAQUE.length <= file.length; i++) {
            if (Arrays.equals(file, i, i + OPAQUE.length, OPAQUE, 0, OPAQUE.length)) {
                mended[i + CLASS] = STRING;
            }
        }
        return mended;
    }

    /** The values: each is the upper half of a float32. */
    static double[] values(ContiguousDataset dataset) {
        ByteBuffer bytes = dataset.getBuffer().order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[Math.toIntExact(dataset.getSize())];
        Arrays.setAll(values, i -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16));
        return values;
    }
}
