package distill.explain;

/** Bilinear interpolation of a grid whose cells have their values at their centres. */
final class Bilinear {

    /** What lies beyond the outermost centres. */
    enum Edge {
        /** The outermost value, as in Pillow's and TensorFlow's resizing. */
        CLAMP,
        /** The grid mirrored at the outermost centres, as in scikit-image's {@code resize(mode="reflect")}. */
        MIRROR;

        private int index(int i, int n) {
            int mirrored = n - 1 - Math.abs(n - 1 - Math.abs(i));
            return Math.max(0, Math.min(n - 1, this == MIRROR ? mirrored : i));
        }
    }

    private Bilinear() {}

    /**
     * Resizes a grid, without smoothing where it shrinks.
     *
     * @param values height * width numbers, row by row
     * @return newHeight * newWidth numbers, row by row
     */
    static double[] resize(double[] values, int height, int width, int newHeight, int newWidth, Edge edge) {
        return resizedColumns(resizedColumns(values, height, width, newHeight, edge), width, newHeight, newWidth, edge);
    }

    /** The grid with another height, given column by column. */
    private static double[] resizedColumns(double[] values, int height, int width, int newHeight, Edge edge) {
        double[] resized = new double[newHeight * width];
        for (int y = 0; y < newHeight; y++) {
            double place = (y + .5) * height / newHeight - .5;
            int above = (int) Math.floor(place);
            double share = place - above;
            int first = edge.index(above, height) * width;
            int second = edge.index(above + 1, height) * width;
            for (int x = 0; x < width; x++) {
                resized[x * newHeight + y] = (1 - share) * values[first + x] + share * values[second + x];
            }
        }
        return resized;
    }
}
