package distill.explain;

/**
 * An image cut into the pieces that LIME turns on and off.
 *
 * @param of the piece, from 0, of each pixel, row by row
 * @param count how many pieces there are
 */
public record Segments(int[] of, int count) {

    /**
     * Squares of {@code cell} x {@code cell} pixels; those at the right and lower border may be smaller. On digits of
     * 28 x 28, LIME's own quickshift finds a handful of pieces; squares of 4 x 4 are 49, and the same for every image.
     */
    public static Segments grid(int height, int width, int cell) {
        if (cell < 1) {
            throw new IllegalArgumentException("a cell has at least 1 pixel, found " + cell);
        }
        int columns = (width + cell - 1) / cell;
        int rows = (height + cell - 1) / cell;
        int[] of = new int[height * width];
        for (int p = 0; p < of.length; p++) {
            of[p] = p / width / cell * columns + p % width / cell;
        }
        return new Segments(of, rows * columns);
    }
}
