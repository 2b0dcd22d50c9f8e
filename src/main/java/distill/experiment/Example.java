package distill.experiment;

import distill.data.DataException;
import distill.data.Images;
import distill.explain.Image;
import java.util.List;

/**
 * An image of a data set.
 *
 * @param split {@code train} or {@code test}
 * @param index which image of the split, from 0, in the files' order
 * @param label its class
 * @param classes the names of all classes
 * @param image its pixels, scaled as the networks take them
 */
public record Example(String split, int index, int label, List<String> classes, Image image) {

    /** Pixels are float32(v) * float32(1/255), as in a training. */
    public static Example of(String split, Images set, int index) throws DataException {
        if (index < 0 || index >= set.size()) {
            throw new IllegalArgumentException(
                    "the %s images have the indices 0 to %d, found %d".formatted(split, set.size() - 1, index));
        }
        byte[] bytes = set.image(index);
        float[] pixels = new float[bytes.length];
        for (int p = 0; p < pixels.length; p++) {
            pixels[p] = Byte.toUnsignedInt(bytes[p]) * (1f / 255f);
        }
        return new Example(
                split,
                index,
                set.label(index),
                set.classes(),
                new Image(set.height(), set.width(), set.channels(), pixels));
    }

    /** The name of its class. */
    public String className() {
        return classes.get(label);
    }
}
