package distill.explain;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * RISE: randomised input sampling. The image is dimmed by many random masks; a pixel's value is the mean of the class's
 * probability over the masks, each weighted by how much of the pixel it keeps. Source: Petsiuk, Das and Saenko, BMVC
 * 2018, equation 6, and their program.
 *
 * <p>A mask is a small grid of zeros and ones, enlarged by bilinear interpolation and cut out at a random place. Masks
 * are drawn, shown to the model and forgotten a batch at a time, so memory does not grow with their number. The map
 * depends on the seed, and on the batch size only as far as the model's own rounding does.
 *
 * @param form how masks are enlarged and what becomes of the sum
 * @param masks how many
 * @param grid the small grid's height and width in cells
 * @param keep the probability, in (0, 1], that a cell is kept
 * @param seed of the masks
 * @param batchSize how many masked images the model is given at once
 */
public record Rise(Form form, int masks, int grid, double keep, long seed, int batchSize) {

    /** The paper's grid, and the course's. */
    public static final int GRID = 7;

    private static final int BATCH_SIZE = 128;

    /** The two forms of RISE. */
    public enum Form {

        /**
         * What the report's authors ran, from their course: the grid is enlarged to (height + grid) x (width + grid)
         * pixels as Pillow does, cut out at an offset from 0 to grid pixels, and each mask is divided by its largest
         * value. The map is scaled to [0, 1].
         */
        COURSE("RISE (course)") {
            @Override
            double[] mask(double[] cells, int grid, Image image, UniformRandomProvider random) {
                double[] mask = cut(
                        cells,
                        grid,
                        image,
                        image.height() + grid,
                        image.width() + grid,
                        random.nextInt(grid + 1),
                        random.nextInt(grid + 1),
                        Bilinear.Edge.CLAMP);
                double max = Arrays.stream(mask).max().orElseThrow();
                return max == 0
                        ? mask
                        : Arrays.stream(mask).map(value -> value / max).toArray();
            }

            @Override
            ExplanationMap map(ExplanationMap sum, Rise rise) {
                return sum.minMax();
            }
        },

        /**
         * The paper's and its program's: the grid is enlarged to (grid + 1) cells of ceil(height / grid) x ceil(width /
         * grid) pixels as scikit-image does, and cut out at an offset of less than a cell. The map is the sum divided
         * by masks * keep: an estimate of the probability given that the pixel is kept.
         */
        PAPER("RISE (paper)") {
            @Override
            double[] mask(double[] cells, int grid, Image image, UniformRandomProvider random) {
                int cellHeight = (image.height() + grid - 1) / grid;
                int cellWidth = (image.width() + grid - 1) / grid;
                return cut(
                        cells,
                        grid,
                        image,
                        (grid + 1) * cellHeight,
                        (grid + 1) * cellWidth,
                        random.nextInt(cellHeight),
                        random.nextInt(cellWidth),
                        Bilinear.Edge.MIRROR);
            }

            @Override
            ExplanationMap map(ExplanationMap sum, Rise rise) {
                return sum.map(value -> value / (rise.masks * rise.keep));
            }
        };

        private final String label;

        Form(String label) {
            this.label = label;
        }

        /** One mask of the image's size from the small grid. */
        abstract double[] mask(double[] cells, int grid, Image image, UniformRandomProvider random);

        /** The map from the sum over all masks of probability times mask. */
        abstract ExplanationMap map(ExplanationMap sum, Rise rise);

        private static double[] cut(
                double[] cells, int grid, Image image, int height, int width, int top, int left, Bilinear.Edge edge) {
            double[] large = Bilinear.resize(cells, grid, grid, height, width, edge);
            double[] mask = new double[image.size()];
            for (int y = 0; y < image.height(); y++) {
                System.arraycopy(large, (top + y) * width + left, mask, y * image.width(), image.width());
            }
            return mask;
        }

        /** {@code RISE (course)} or {@code RISE (paper)}. */
        @Override
        public String toString() {
            return label;
        }
    }

    /** Fails where a number is out of range. */
    public Rise {
        if (masks < 1 || grid < 1 || !(keep > 0 && keep <= 1) || batchSize < 1) {
            throw new IllegalArgumentException(
                    "RISE takes masks, a grid and a batch from 1 on and a probability in (0, 1], found %d, %d, %d and %s"
                            .formatted(masks, grid, batchSize, keep));
        }
    }

    /** A form with the grid of 7 x 7 and the probability of .5 that the paper and the course both take. */
    public static Rise of(Form form, int masks, long seed) {
        return new Rise(form, masks, GRID, .5, seed, BATCH_SIZE);
    }

    /** How much each pixel speaks for the class {@code target}. */
    public ExplanationMap explain(Classifier model, Image image, int target) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[] sum = new double[image.size()];
        for (int from = 0; from < masks; from += batchSize) {
            double[][] batch = new double[Math.min(batchSize, masks - from)][];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = mask(image, random);
            }
            double[] scores = model.probabilities(masked(image, batch), batch.length, target);
            for (int i = 0; i < batch.length; i++) {
                for (int p = 0; p < sum.length; p++) {
                    sum[p] += scores[i] * batch[i][p];
                }
            }
        }
        return form.map(new ExplanationMap(image, sum), this);
    }

    /** The next mask: height * width numbers from 0, all dark, to 1. */
    double[] mask(Image image, UniformRandomProvider random) {
        double[] cells = new double[grid * grid];
        Arrays.setAll(cells, cell -> random.nextDouble() < keep ? 1 : 0);
        return form.mask(cells, grid, image, random);
    }

    private static float[] masked(Image image, double[][] masks) {
        int values = image.pixels().length;
        float[] images = new float[masks.length * values];
        for (int i = 0; i < masks.length; i++) {
            image.dimmed(masks[i], images, i * values);
        }
        return images;
    }
}
