package distill.data;

import java.awt.image.BufferedImage;

/**
 * Images that a network is given at once.
 *
 * @param pixels n * size * size * 3 grey levels from 0 to 255, image by image and row by row, the channels of a pixel
 *     side by side
 * @param labels n classes
 * @param indices which n images of the set these are
 */
public record ImageBatch(float[] pixels, int[] labels, int[] indices) {

    /** How many images there are. */
    public int size() {
        return labels.length;
    }

    /** One of the images, its grey levels rounded to whole ones. */
    public BufferedImage picture(int i) {
        int values = pixels.length / size();
        int side = (int) Math.sqrt(values / RgbImage.CHANNELS);
        int[] rounded = new int[values];
        for (int k = 0; k < values; k++) {
            rounded[k] = Math.round(pixels[i * values + k]);
        }
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        image.getRaster().setPixels(0, 0, side, side, rounded);
        return image;
    }
}
