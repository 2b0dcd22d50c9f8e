package distill.explain;

/** Bilinear interpolation of a grid whose cells have their values at their centres. */
final class Bilinear {

    /** What lies beyond the outermost centres. */
    enum Edge {
        /** The outermost value, as in Pillow's and TensorFlow's resizing. */
        CLAMP {
            @Override
            int index(int i, int n) {
                return Math.max(0, Math.min(n - 1, i));
            }
        },
        /** The grid mirrored at the outermost centres, as in scikit-image's {@code resize(mode="reflect")}. */
        MIRROR {
            @Override
            int index(int i, int n) {
                return n == 1 ? 0 : i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
            }
        };

        abstract int index(int i, int n);
    }

    private Bilinear() {}

    /**
     * Resizes a grid, without smoothing where it shrinks.
     *
     * @param values height * width numbers, row by row
     * @return newHeight * newWidth numbers, row by row
     */
    static double[] resize(double[] values, int height, int width, int newHeight, int newWidth, Edge edge) {
        double[] rows = new double[newHeight * width];
        for (int y = 0; y < newHeight; y++) {
            double place = (y + .5) * height / newHeight - .5;
            int above = (int) Math.floor(place);
            double share = place - above;
            int first = edge.index(above, height) * width;
            int second = edge.index(above + 1, height) * width;
            for (int x = 0; x < width; x++) {
                rows[y * width + x] = (1 - share) * values[first + x] + share * values[second + x];
            }
        }
        double[] resized = new double[newHeight * newWidth];
        for (int x = 0; x < newWidth; x++) {
            double place = (x + .5) * width / newWidth - .5;
            int left = (int) Math.floor(place);
            double share = place - left;
            int first = edge.index(left, width);
            int second = edge.index(left + 1, width);
            for (int y = 0; y < newHeight; y++) {
                resized[y * newWidth + x] = (1 - share) * rows[y * width + first] + share * rows[y * width + second];
            }
        }
        return resized;
    }
}
