package distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrokeDigitsTest {

    private static final int CLASSES = 10;

    @Test
    void theSameSeedGivesTheSameImages() throws DataException {
        assertSame(StrokeDigits.generate(200, 5), StrokeDigits.generate(200, 5));
    }

    @Test
    void theFirstImagesOfALargeSetAreThoseOfASmallOne() throws DataException {
        assertSame(StrokeDigits.generate(50, 5), StrokeDigits.generate(200, 5).first(50));
    }

    private static void assertSame(Images expected, Images found) throws DataException {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.label(i), found.label(i));
            assertArrayEquals(expected.image(i), found.image(i));
        }
    }

    @Test
    void anotherSeedGivesOtherImages() throws DataException {
        Images one = StrokeDigits.generate(100, 1);
        Images two = StrokeDigits.generate(100, 2);
        for (int i = 0; i < one.size(); i++) {
            for (int j = 0; j < two.size(); j++) {
                assertFalse(Arrays.equals(one.image(i), two.image(j)), i + ", " + j);
            }
        }
    }

    @Test
    void imagesHaveTheFormOfMnist() throws DataException {
        Images digits = StrokeDigits.generate(7, 1);
        assertEquals(7, digits.size());
        assertEquals(28, digits.height());
        assertEquals(28, digits.width());
        assertEquals(1, digits.channels());
        assertEquals(CLASSES, digits.classes().size());
    }

    @Test
    void theClassesAreAboutEquallyFrequent() throws DataException {
        Images digits = StrokeDigits.generate(5000, 3);
        int[] counts = new int[CLASSES];
        for (int i = 0; i < digits.size(); i++) {
            counts[digits.label(i)]++;
        }
        for (int count : counts) {
            // Five standard deviations of a fair draw: sqrt(5000 * 0.1 * 0.9) = 21.
            assertEquals(500, count, 106, Arrays.toString(counts));
        }
    }

    @Test
    void theDigitsAreBrightStrokesOnABlackGround() throws DataException {
        Images digits = StrokeDigits.generate(500, 4);
        for (int i = 0; i < digits.size(); i++) {
            byte[] image = digits.image(i);
            long black =
                    IntStream.range(0, image.length).filter(k -> image[k] == 0).count();
            int brightest = IntStream.range(0, image.length)
                    .map(k -> Byte.toUnsignedInt(image[k]))
                    .max()
                    .orElseThrow();
            assertTrue(black > image.length / 2, "image " + i + " has only " + black + " black pixels");
            assertTrue(brightest > 120, "the brightest pixel of image " + i + " is " + brightest);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE})
    void sizesThatCannotBeAreRefused(int n) throws DataException {
        assertThrows(IllegalArgumentException.class, () -> StrokeDigits.generate(n, 1));
    }

    /** Measured with all 10000 test images: at most 0.76 for a linear classifier and 0.89 for the nearest neighbour. */
    @Test
    void aLinearClassifierFailsWhereTheNearestNeighbourDoesBetter() throws DataException {
        Images train = StrokeDigits.generate(6000, 1);
        Images test = StrokeDigits.generate(500, 2);
        double linear = softmaxRegression(train, test, 10);
        double neighbour = nearestNeighbour(train, test);
        assertTrue(linear > 0.6 && linear < 0.85, "linear " + linear);
        assertTrue(neighbour > linear + 0.04, "nearest neighbour " + neighbour + ", linear " + linear);
    }

    private static double softmaxRegression(Images train, Images test, int epochs) throws DataException {
        byte[][] asked = images(test);
        float[][] weights = new float[CLASSES][train.imageBytes() + 1];
        for (int epoch = 0; epoch < epochs; epoch++) {
            float rate = 0.05f / (1 + epoch);
            for (int i = 0; i < train.size(); i++) {
                float[] x = scaled(train.image(i));
                double[] p = Arrays.stream(weights)
                        .mapToDouble(w -> Math.exp(dot(w, x)))
                        .toArray();
                double sum = Arrays.stream(p).sum();
                for (int c = 0; c < CLASSES; c++) {
                    float step = rate * (float) ((c == train.label(i) ? 1 : 0) - p[c] / sum);
                    for (int k = 0; k < x.length; k++) {
                        weights[c][k] += step * x[k];
                    }
                }
            }
        }
        long right = IntStream.range(0, test.size())
                .filter(i -> {
                    float[] x = scaled(asked[i]);
                    double[] scores =
                            Arrays.stream(weights).mapToDouble(w -> dot(w, x)).toArray();
                    return scores[test.label(i)] == Arrays.stream(scores).max().orElseThrow();
                })
                .count();
        return (double) right / test.size();
    }

    /** The pixels from 0 to 1, and a 1 for the bias. */
    private static float[] scaled(byte[] image) {
        float[] x = new float[image.length + 1];
        for (int k = 0; k < image.length; k++) {
            x[k] = Byte.toUnsignedInt(image[k]) / 255f;
        }
        x[image.length] = 1;
        return x;
    }

    private static float dot(float[] w, float[] x) {
        float sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += w[k] * x[k];
        }
        return sum;
    }

    private static byte[][] images(Images set) throws DataException {
        byte[][] images = new byte[set.size()][];
        for (int i = 0; i < images.length; i++) {
            images[i] = set.image(i);
        }
        return images;
    }

    private static double nearestNeighbour(Images train, Images test) throws DataException {
        byte[][] known = images(train);
        byte[][] asked = images(test);
        long right = IntStream.range(0, test.size())
                .filter(i -> {
                    byte[] image = asked[i];
                    int nearest = -1;
                    int least = Integer.MAX_VALUE;
                    for (int j = 0; j < known.length; j++) {
                        int distance = distance(image, known[j]);
                        if (distance < least) {
                            least = distance;
                            nearest = j;
                        }
                    }
                    return train.label(nearest) == test.label(i);
                })
                .count();
        return (double) right / test.size();
    }

    private static int distance(byte[] a, byte[] b) {
        int sum = 0;
        for (int k = 0; k < a.length; k++) {
            int difference = (a[k] & 0xff) - (b[k] & 0xff);
            sum += difference * difference;
        }
        return sum;
    }
}
