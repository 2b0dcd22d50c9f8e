package distill.data;

import static distill.data.Mnist.CLASSES;
import static distill.data.Mnist.SIDE;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Generated digits, for machines where MNIST is not to be had. Each image takes one of a few skeletons of its digit,
 * moves the skeleton's points about, draws smooth strokes through them, and sets the whole turned, sheared, stretched
 * and shifted into the frame; some images also get a stray stroke, and all a little noise. The variety is so great that
 * a linear classifier fails on many of them, while a convolutional network learns nearly all.
 *
 * <p>Image {@code i} depends on the seed and {@code i} alone, so the first images of a large set are those of a small
 * one.
 */
public final class StrokeDigits {

    /** Seeds of sets lie this far apart in the seeds of images, so that no two sets have an image in common. */
    private static final int MAX_IMAGES = 1 << 21;

    private static final double BOX_WIDTH = 60;
    private static final double BOX_HEIGHT = 100;

    /**
     * By digit, variant and stroke: the points x, y of a pen's way in a box of 60 x 100, y downwards. A smooth curve
     * goes through the points, with a corner where a point stands twice.
     */
    private static final int[][][][] SKELETONS = {
        { // 0
            {{34, 1, 12, 14, 2, 50, 12, 88, 32, 99, 52, 84, 58, 48, 50, 14, 30, 1}},
            {{42, 6, 22, 4, 5, 30, 5, 70, 24, 98, 48, 88, 57, 56, 52, 20, 36, 2, 26, 8}},
            {{30, 2, 8, 22, 6, 76, 30, 98, 54, 76, 52, 22, 30, 2}, {50, 10, 10, 92}},
        },
        { // 1
            {{31, 0, 30, 50, 29, 100}},
            {{12, 24, 34, 1, 34, 1, 33, 50, 32, 100}},
            {{12, 22, 32, 1, 32, 1, 31, 50, 31, 98}, {10, 99, 31, 98, 52, 98}},
            {{42, 0, 32, 40, 22, 100}},
        },
        { // 2
            {{6, 22, 26, 1, 52, 16, 44, 48, 6, 96, 6, 96, 30, 95, 58, 96}},
            {{8, 16, 32, 2, 54, 20, 40, 56, 16, 88, 6, 94, 10, 78, 26, 84, 42, 97, 58, 90}},
            {{4, 10, 30, 2, 56, 22, 46, 52, 20, 80, 4, 98, 4, 98, 36, 92, 58, 98}},
        },
        { // 3
            {{6, 10, 30, 0, 52, 18, 42, 42, 22, 48, 22, 48, 46, 54, 57, 76, 36, 99, 4, 90}},
            {{6, 4, 30, 3, 54, 4, 54, 4, 40, 24, 26, 44, 26, 44, 50, 54, 56, 78, 34, 98, 4, 92}},
            {{8, 14, 28, 1, 48, 14, 42, 36, 28, 46, 24, 50, 32, 50, 50, 62, 50, 88, 26, 99, 6, 88}},
        },
        { // 4
            {{12, 2, 8, 30, 4, 56, 4, 56, 30, 54, 58, 52}, {48, 4, 45, 50, 42, 100}},
            {{40, 100, 41, 50, 42, 2, 42, 2, 22, 36, 2, 68, 2, 68, 30, 67, 59, 66}},
            {{10, 4, 6, 32, 10, 52, 30, 56, 50, 44}, {54, 2, 50, 48, 44, 100}},
        },
        { // 5
            {{56, 2, 34, 3, 14, 4, 14, 4, 11, 24, 10, 44, 10, 44, 34, 38, 56, 60, 46, 92, 22, 99, 4, 88}},
            {{12, 4, 10, 24, 8, 48, 8, 48, 36, 44, 54, 68, 38, 96, 4, 94}, {12, 4, 34, 4, 58, 0}},
            {{54, 6, 28, 4, 14, 20, 14, 40, 32, 48, 48, 66, 40, 92, 18, 98, 4, 84}},
        },
        { // 6
            {{46, 2, 22, 22, 6, 58, 10, 90, 32, 99, 52, 82, 44, 58, 24, 56, 8, 76}},
            {{34, 0, 16, 36, 6, 72, 20, 98, 46, 94, 54, 72, 38, 58, 16, 70, 10, 84}},
            {{56, 10, 36, 4, 12, 32, 4, 70, 22, 98, 48, 90, 50, 66, 28, 56, 6, 72}},
        },
        { // 7
            {{4, 6, 30, 5, 56, 3, 56, 3, 42, 44, 26, 100}},
            {{4, 8, 30, 4, 56, 6, 56, 6, 38, 48, 28, 98}, {16, 52, 34, 50, 52, 48}},
            {{4, 22, 8, 6, 8, 6, 32, 6, 54, 2, 54, 2, 48, 28, 34, 60, 30, 100}},
        },
        { // 8
            {{46, 10, 26, 0, 8, 16, 20, 38, 44, 58, 54, 80, 32, 99, 8, 84, 16, 58, 42, 38, 50, 18, 40, 4}},
            {{30, 46, 10, 28, 18, 4, 42, 4, 50, 26, 30, 46, 6, 70, 16, 98, 44, 98, 54, 72, 30, 46}},
            {{52, 8, 34, 2, 14, 14, 24, 40, 46, 62, 44, 92, 20, 96, 12, 72, 34, 46, 56, 10}},
        },
        { // 9
            {{50, 16, 28, 1, 6, 20, 14, 46, 36, 46, 50, 18, 50, 18, 48, 56, 42, 100}},
            {{48, 24, 34, 2, 10, 12, 8, 40, 30, 48, 50, 22, 52, 56, 40, 92, 12, 96}},
            {{52, 10, 28, 4, 8, 28, 24, 48, 48, 34, 54, 8, 54, 8, 50, 50, 52, 100}},
        },
    };

    private StrokeDigits() {}

    /**
     * Draws a set: the classes equally likely, in random order.
     *
     * @param n how many images, 0 to 2097152
     * @param seed the same seed gives the same images; sets of different seeds share none
     * @return n grey images of 28 x 28 in ten classes, white ink (255) on black (0)
     * @throws IllegalArgumentException where n is out of range
     */
    public static Images generate(int n, long seed) {
        if (n < 0 || n > MAX_IMAGES) {
            throw new IllegalArgumentException("cannot generate %d images, only 0 to %d".formatted(n, MAX_IMAGES));
        }
        byte[] pixels = new byte[n * SIDE * SIDE];
        byte[] labels = new byte[n];
        IntStream.range(0, n).parallel().forEach(i -> {
            // A seed of one long is spread over the generator's whole state, so neighbours have nothing in common.
            UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed * MAX_IMAGES + i);
            int digit = random.nextInt(CLASSES);
            labels[i] = (byte) digit;
            System.arraycopy(draw(digit, random), 0, pixels, i * SIDE * SIDE, SIDE * SIDE);
        });
        return Images.inMemory(SIDE, SIDE, 1, CLASSES, pixels, labels);
    }

    private static byte[] draw(int digit, UniformRandomProvider random) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);

        AffineTransform hand = hand(random);
        graphics.setStroke(pen(random.nextDouble(1.5, 3.4)));
        int[][][] variants = SKELETONS[digit];
        for (int[] stroke : variants[random.nextInt(variants.length)]) {
            graphics.draw(hand.createTransformedShape(smooth(wobble(stroke, random))));
        }
        if (random.nextDouble() < 0.25) {
            graphics.setStroke(pen(random.nextDouble(0.8, 1.8)));
            graphics.draw(strayStroke(random));
        }
        graphics.dispose();

        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        addNoise(pixels, random);
        return pixels;
    }

    private static BasicStroke pen(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    /** From the skeleton's box to the frame: 15 to 21 pixels high, turned, sheared, stretched and off the centre. */
    private static AffineTransform hand(UniformRandomProvider random) {
        ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
        AffineTransform hand = new AffineTransform();
        hand.translate(SIDE / 2.0 + random.nextDouble(-2.5, 2.5), SIDE / 2.0 + random.nextDouble(-2.5, 2.5));
        hand.rotate(Math.toRadians(11 * clip(gaussian.sample())));
        hand.shear(-0.12 + 0.22 * clip(gaussian.sample()), 0);
        double size = random.nextDouble(15, 21) / BOX_HEIGHT;
        hand.scale(size * random.nextDouble(0.7, 1.3), size);
        hand.translate(-BOX_WIDTH / 2, -BOX_HEIGHT / 2);
        return hand;
    }

    private static double clip(double gaussian) {
        return Math.max(-2, Math.min(2, gaussian));
    }

    private static double[] wobble(int[] stroke, UniformRandomProvider random) {
        ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
        double[] moved = new double[stroke.length];
        for (int k = 0; k < stroke.length; k += 2) {
            boolean corner = k > 0 && stroke[k] == stroke[k - 2] && stroke[k + 1] == stroke[k - 1];
            moved[k] = corner ? moved[k - 2] : stroke[k] + 4 * clip(gaussian.sample());
            moved[k + 1] = corner ? moved[k - 1] : stroke[k + 1] + 4 * clip(gaussian.sample());
        }
        return moved;
    }

    /**
     * The Catmull-Rom curve through the points x, y: at each, it runs parallel to the line between the two neighbours.
     */
    private static Path2D smooth(double[] points) {
        int last = points.length - 2;
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int k = 0; k < last; k += 2) {
            int before = Math.max(k - 2, 0);
            int after = Math.min(k + 4, last);
            path.curveTo(
                    points[k] + (points[k + 2] - points[before]) / 6,
                    points[k + 1] + (points[k + 3] - points[before + 1]) / 6,
                    points[k + 2] - (points[after] - points[k]) / 6,
                    points[k + 3] - (points[after + 1] - points[k + 1]) / 6,
                    points[k + 2],
                    points[k + 3]);
        }
        return path;
    }

    /** A short bent line anywhere in the frame. */
    private static Path2D strayStroke(UniformRandomProvider random) {
        double x = random.nextDouble(1, SIDE - 1);
        double y = random.nextDouble(1, SIDE - 1);
        double reach = 6;
        return smooth(new double[] {
            x,
            y,
            x + random.nextDouble(-reach, reach),
            y + random.nextDouble(-reach, reach),
            x + random.nextDouble(-reach, reach),
            y + random.nextDouble(-reach, reach)
        });
    }

    /** Weakens the ink by a factor of this image and by grain of each inked pixel, as a scanner's threshold would. */
    private static void addNoise(byte[] pixels, UniformRandomProvider random) {
        double ink = random.nextDouble(0.75, 1);
        for (int k = 0; k < pixels.length; k++) {
            int value = Byte.toUnsignedInt(pixels[k]);
            if (value > 0) {
                pixels[k] = (byte) Math.round(value * ink * random.nextDouble(0.85, 1));
            }
        }
    }
}
