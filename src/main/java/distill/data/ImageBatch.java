package distill.data;

import java.awt.image.BufferedImage;

/**
 * Images that a network is given at once: as they are, in bytes, or augmented, in grey levels that need not be whole.
 * Image by image and row by row, the channels of a pixel side by side.
 *
 * @param indices which n images of their set these are
 * @param labels n classes
 * @param bytes the pixels, 0 to 255 in an unsigned byte; null where the images are augmented
 * @param levels the pixels, grey levels from 0 to 255; null where they are not yet made of the bytes
 */
public record ImageBatch(int[] indices, int[] labels, byte[] bytes, float[] levels) {

    /** How many images there are. */
    public int size() {
        return labels.length;
    }

    /**
     * The pixels, 0 to 255 in an unsigned byte.
     *
     * @throws IllegalStateException where the images are augmented, whose grey levels are not whole
     */
    @Override
    public byte[] bytes() {
        if (bytes == null) {
            throw new IllegalStateException("the grey levels of augmented images are not whole");
        }
        return bytes;
    }

    /** The pixels as grey levels from 0 to 255. */
    @Override
    public float[] levels() {
        if (levels != null) {
            return levels;
        }
        float[] made = new float[bytes.length];
        for (int i = 0; i < made.length; i++) {
            made[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return made;
    }

    /** This batch with its grey levels at hand. */
    ImageBatch withLevels() {
        return new ImageBatch(indices, labels, bytes, levels());
    }

    /** One of the RGB images, which are square, its grey levels rounded to whole ones. */
    public BufferedImage picture(int i) {
        float[] all = levels();
        int values = all.length / size();
        int side = (int) Math.sqrt(values / RgbImage.CHANNELS);
        int[] rounded = new int[values];
        for (int k = 0; k < values; k++) {
            rounded[k] = Math.round(all[i * values + k]);
        }
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        image.getRaster().setPixels(0, 0, side, side, rounded);
        return image;
    }
}
