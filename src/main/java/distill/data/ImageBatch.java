package distill.data;

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
}
