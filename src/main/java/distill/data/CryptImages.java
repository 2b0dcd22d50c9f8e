package distill.data;

import distill.data.Annotation.Partition;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Generated tissue, for machines without MHIST or another set: crypts of the colon, cut across, in the pink and purple
 * of haematoxylin and eosin. Each has a wall of epithelium with dark nuclei around a light lumen, which is smooth or
 * serrated. Most are serrated where the label is SSA and few where it is HP, which is the difference that is plain to
 * see. Sizes, places, colours, the stroma between and the noise are chance in both.
 *
 * <p>Image {@code i} of a partition depends on {@code i} alone. Its votes are made up: the label has a majority.
 */
final class CryptImages {

    private static final int SIDE = 224;
    private static final int CRYPTS_ACROSS = 3;

    /** SSA's share of MHIST: 990 of 3152. */
    private static final double SSA_SHARE = .314;

    private static final double SERRATED_IN_SSA = .75;
    private static final double SERRATED_IN_HP = .12;

    private static final int MAX_IMAGES = 1 << 21;

    private CryptImages() {}

    /**
     * The rows of a partition's images, the classes in random order, as often as in MHIST.
     *
     * @param firstRow number of the first
     */
    static List<Annotation> annotations(Partition partition, int n, int firstRow) {
        return IntStream.range(0, n)
                .mapToObj(i -> {
                    UniformRandomProvider random = random(partition, i);
                    boolean serrated = random.nextDouble() < SSA_SHARE;
                    int votes = random.nextInt(4) + (serrated ? 4 : 0);
                    String name = "%s_%d.png".formatted(partition, i);
                    return new Annotation(firstRow + i, name, serrated ? "SSA" : "HP", votes, partition);
                })
                .toList();
    }

    /** Draws the image of such a row. */
    static RgbImage read(Annotation row) {
        String name = row.image();
        int i = Integer.parseInt(name.substring(name.indexOf('_') + 1, name.indexOf('.')));
        // Another stream than the label's and the votes'.
        return draw(
                row.label().equals("SSA") ? SERRATED_IN_SSA : SERRATED_IN_HP,
                random(row.partition(), MAX_IMAGES / 2 + i));
    }

    private static UniformRandomProvider random(Partition partition, int i) {
        return RandomSource.XO_RO_SHI_RO_128_PP.create((partition.ordinal() + 1L) * MAX_IMAGES + i);
    }

    private static RgbImage draw(double serratedShare, UniformRandomProvider random) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        Color stroma = stained(232, 176, 206, random);
        Color epithelium = stained(188, 122, 182, random);
        Color nuclei = stained(98, 60, 132, random);
        Color lumen = stained(244, 236, 242, random);
        graphics.setColor(stroma);
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.setColor(nuclei);
        for (int k = random.nextInt(60, 140); k > 0; k--) {
            nucleus(graphics, random.nextDouble(SIDE), random.nextDouble(SIDE), random);
        }
        double cell = random.nextDouble(64, 92);
        double originX = random.nextDouble(-cell, 0);
        double originY = random.nextDouble(-cell, 0);
        for (int row = 0; row <= CRYPTS_ACROSS + 1; row++) {
            for (int column = 0; column <= CRYPTS_ACROSS + 1; column++) {
                double x = originX + cell * (column + .5 * (row % 2) + random.nextDouble(-.1, .1));
                double y = originY + cell * (row + random.nextDouble(-.1, .1));
                double radius = cell * random.nextDouble(.36, .47);
                if (Math.min(x, y) > -radius && Math.max(x, y) < SIDE + radius) {
                    boolean serrated = random.nextDouble() < serratedShare;
                    crypt(graphics, serrated, x, y, radius, epithelium, nuclei, lumen, random);
                }
            }
        }
        graphics.dispose();
        return withNoise(image, random);
    }

    /** A stain's strength differs from slide to slide. */
    private static Color stained(int red, int green, int blue, UniformRandomProvider random) {
        double strength = random.nextDouble(.85, 1.15);
        return new Color(fade(red, strength), fade(green, strength), fade(blue, strength));
    }

    private static int fade(int value, double strength) {
        return (int) Math.round(Math.max(0, 255 - (255 - value) * strength));
    }

    private static void crypt(
            Graphics2D graphics,
            boolean serrated,
            double x,
            double y,
            double radius,
            Color epithelium,
            Color nuclei,
            Color lumen,
            UniformRandomProvider random) {
        Ellipse shape = new Ellipse(x, y, random.nextDouble(.75, 1), random.nextDouble(Math.PI));
        graphics.setColor(epithelium);
        graphics.fill(shape.outline(radius, 0, 1));
        graphics.setColor(nuclei);
        int count = (int) (radius * random.nextDouble(.9, 1.3));
        for (int k = 0; k < count; k++) {
            double angle = 2 * Math.PI * (k + random.nextDouble(-.3, .3)) / count;
            Point2D place = shape.at(angle, radius * random.nextDouble(.84, .92));
            nucleus(graphics, place.getX(), place.getY(), random);
        }
        int teeth = random.nextInt(7, 13);
        double depth = serrated ? random.nextDouble(.3, .5) : 0;
        // The teeth take half their depth off the lumen, which is made as large again.
        double size = radius * random.nextDouble(.4, .62) / (1 - depth / 2);
        Path2D hole = shape.outline(size, depth, teeth);
        graphics.setColor(lumen);
        graphics.fill(hole);
        graphics.setColor(epithelium.darker());
        graphics.setStroke(new BasicStroke(.8f));
        graphics.draw(hole);
    }

    private static void nucleus(Graphics2D graphics, double x, double y, UniformRandomProvider random) {
        double width = random.nextDouble(2.5, 5);
        double height = random.nextDouble(2.5, 5);
        graphics.fill(new Ellipse2D.Double(x - width / 2, y - height / 2, width, height));
    }

    /** The form of an ellipse about (x, y), whatever its size. */
    private record Ellipse(double x, double y, double flatness, double turn) {

        Point2D at(double angle, double radius) {
            double along = radius * Math.cos(angle);
            double across = radius * flatness * Math.sin(angle);
            return new Point2D.Double(
                    x + along * Math.cos(turn) - across * Math.sin(turn),
                    y + along * Math.sin(turn) + across * Math.cos(turn));
        }

        /** The crypt's edge, with teeth like a saw's cut into it where the depth, a share of the radius, is over 0. */
        Path2D outline(double radius, double depth, int teeth) {
            Path2D path = new Path2D.Double();
            int points = 240;
            for (int k = 0; k < points; k++) {
                double tooth = (double) k * teeth / points % 1;
                Point2D point = at(2 * Math.PI * k / points, radius * (1 - depth * Math.abs(2 * tooth - 1)));
                if (k == 0) {
                    path.moveTo(point.getX(), point.getY());
                } else {
                    path.lineTo(point.getX(), point.getY());
                }
            }
            path.closePath();
            return path;
        }
    }

    private static RgbImage withNoise(BufferedImage image, UniformRandomProvider random) {
        int[] colours = image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
        byte[] pixels = new byte[colours.length * RgbImage.CHANNELS];
        for (int k = 0; k < colours.length; k++) {
            int noise = random.nextInt(-9, 10);
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                int value = (colours[k] >> (16 - 8 * channel) & 0xff) + noise;
                pixels[k * RgbImage.CHANNELS + channel] = (byte) Math.max(0, Math.min(255, value));
            }
        }
        return new RgbImage(SIDE, SIDE, pixels);
    }
}
