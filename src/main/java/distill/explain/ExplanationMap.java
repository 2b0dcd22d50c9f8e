package distill.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * How much each pixel of an image speaks for a class.
 *
 * @param height in pixels
 * @param width in pixels
 * @param values height * width numbers, row by row; more is more for the class. Their scale is the method's
 */
public record ExplanationMap(int height, int width, double[] values) {

    /** A map of an image, with a value for each of its pixels. */
    ExplanationMap(Image image, double[] values) {
        this(image.height(), image.width(), values);
    }

    /** The smallest value. */
    public double min() {
        return Arrays.stream(values).min().orElseThrow();
    }

    /** The largest value. */
    public double max() {
        return Arrays.stream(values).max().orElseThrow();
    }

    /** Scaled so that the smallest value is 0 and the largest 1; all 0 where they are equal. */
    public ExplanationMap minMax() {
        double min = min();
        double range = max() - min;
        return map(value -> range == 0 ? 0 : (value - min) / range);
    }

    /** The map of what a function makes of each value. */
    ExplanationMap map(DoubleUnaryOperator function) {
        return new ExplanationMap(
                height, width, Arrays.stream(values).map(function).toArray());
    }

    /** The pixels from the largest value to the smallest; of equal ones, the first in the image. */
    public int[] order() {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
