package distill.report;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import distill.experiment.Example;
import distill.experiment.Explainers;
import distill.experiment.Explainers.Explained;
import distill.explain.ExplanationMap;
import distill.explain.Image;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import javax.imageio.ImageIO;

/**
 * Question 9's figure of one image: a row for each method, in it the image, each model's map with the outline of the
 * digit over it and a colour bar. Under each map stand the class that the model predicts and its probability.
 */
public final class ExplanationFigure {

    private static final int PIXEL = 6;
    private static final int MARGIN = 24;
    private static final int GAP = 16;
    private static final int METHOD = 108;
    private static final int TITLE = 64;
    private static final int CAPTION = 46;
    private static final int BAR = 10;
    private static final int TICKS = 44;
    private static final int PNG_SCALE = 2;

    /** Not 12, which VectorGraphics2D takes for every viewer's default and leaves out. */
    private static final int SMALL = 11;

    private static final float INK = .5f;

    private static final Color TEXT = new Color(0x22, 0x22, 0x22);
    private static final Color FAINT = new Color(0x66, 0x66, 0x66);
    private static final double SMALL_NUMBERS = .01;
    private static final int MOST_DECIMALS = 4;
    private static final Color EMPTY = new Color(0xf2, 0xf2, 0xf2);

    /** Matplotlib's viridis at 0, 1/8, ..., 1. */
    private static final List<Color> VIRIDIS = List.of(
            new Color(0x44, 0x01, 0x54),
            new Color(0x47, 0x2d, 0x7b),
            new Color(0x3b, 0x52, 0x8b),
            new Color(0x2c, 0x72, 0x8e),
            new Color(0x21, 0x91, 0x8c),
            new Color(0x28, 0xae, 0x80),
            new Color(0x5e, 0xc9, 0x62),
            new Color(0xad, 0xdc, 0x30),
            new Color(0xfd, 0xe7, 0x25));

    /** ColorBrewer's RdBu from blue to red. */
    private static final List<Color> BLUE_TO_RED = List.of(
            new Color(0x21, 0x66, 0xac),
            new Color(0x67, 0xa9, 0xcf),
            new Color(0xd1, 0xe5, 0xf0),
            new Color(0xf7, 0xf7, 0xf7),
            new Color(0xfd, 0xdb, 0xc7),
            new Color(0xef, 0x8a, 0x62),
            new Color(0xb2, 0x18, 0x2b));

    private record Scale(double low, double high, List<Color> colours) {

        /** The map's own range; around 0 for LIME's, which have a sign. */
        static Scale of(String method, ExplanationMap map) {
            if (method.equals(Explainers.LIME)) {
                double most = Math.max(Math.max(-map.min(), map.max()), Double.MIN_NORMAL);
                return new Scale(-most, most, BLUE_TO_RED);
            }
            return map.max() > map.min() ? new Scale(map.min(), map.max(), VIRIDIS) : new Scale(0, 1, VIRIDIS);
        }

        Color colour(double value) {
            double place = (value - low) / (high - low) * (colours.size() - 1);
            int left = Math.max(0, Math.min(colours.size() - 2, (int) place));
            double share = Math.max(0, Math.min(1, place - left));
            Color a = colours.get(left);
            Color b = colours.get(left + 1);
            return new Color(
                    mix(a.getRed(), b.getRed(), share),
                    mix(a.getGreen(), b.getGreen(), share),
                    mix(a.getBlue(), b.getBlue(), share));
        }

        private static int mix(int a, int b, double share) {
            return (int) Math.round(a + share * (b - a));
        }
    }

    private final Graphics2D g;
    private final Example example;
    private final List<Explained> models;
    private final List<String> methods;

    private ExplanationFigure(Graphics2D g, Example example, List<Explained> models) {
        this.g = g;
        this.example = example;
        this.models = models;
        this.methods = methods(models);
    }

    /**
     * Draws an image's maps.
     *
     * @param models the same image through each model; one at least
     * @param about what the title adds: the reading, marks
     * @param folder where {@code NAME.png} and {@code NAME.svg} go
     * @return the files
     */
    public static List<Path> draw(Example example, List<Explained> models, String about, Path folder, String name)
            throws IOException {
        Path png = folder.resolve(name + ".png");
        ImageIO.write(image(example, models, about), "png", png.toFile());

        int width = width(example.image(), models);
        int height = height(example.image(), models);
        VectorGraphics2D vectors = new VectorGraphics2D();
        new ExplanationFigure(vectors, example, models).paint(width, height, about);
        Path svg = folder.resolve(name + ".svg");
        try (OutputStream out = Files.newOutputStream(svg)) {
            Processors.get("svg")
                    .getDocument(vectors.getCommands(), new PageSize(0, 0, width, height))
                    .writeTo(out);
        }
        return List.of(png, svg);
    }

    /**
     * Paints an image's maps.
     *
     * @param models the same image through each model; one at least
     * @param about what the title adds: the reading, marks
     */
    public static BufferedImage image(Example example, List<Explained> models, String about) {
        int width = width(example.image(), models);
        int height = height(example.image(), models);
        BufferedImage bitmap = new BufferedImage(PNG_SCALE * width, PNG_SCALE * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pixels = bitmap.createGraphics();
        pixels.scale(PNG_SCALE, PNG_SCALE);
        pixels.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pixels.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        new ExplanationFigure(pixels, example, models).paint(width, height, about);
        pixels.dispose();
        return bitmap;
    }

    /** The methods that at least one model has a map of, in their order. */
    static List<String> methods(List<Explained> models) {
        return models.stream()
                .flatMap(model -> model.maps().keySet().stream())
                .distinct()
                .toList();
    }

    private static int width(Image image, List<Explained> models) {
        return METHOD
                + PIXEL * image.width()
                + GAP
                + models.size() * (PIXEL * image.width() + BAR + TICKS + GAP)
                + MARGIN
                - GAP;
    }

    private static int height(Image image, List<Explained> models) {
        return TITLE + methods(models).size() * (PIXEL * image.height() + CAPTION) + MARGIN;
    }

    private void paint(int width, int height, String about) {
        int side = PIXEL * example.image().width();
        int tall = PIXEL * example.image().height();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        text(
                "Image %d of the %s images, a %d, %s"
                        .formatted(
                                example.index(),
                                example.split().equals("train") ? "training" : "test",
                                example.label(),
                                about),
                MARGIN,
                26,
                Font.BOLD,
                15,
                TEXT);
        centred("input", column(-1) + side / 2, TITLE - 10, Font.BOLD, 13, TEXT);
        for (int m = 0; m < models.size(); m++) {
            centred(models.get(m).model(), column(m) + side / 2, TITLE - 10, Font.BOLD, 13, TEXT);
        }
        for (int row = 0; row < methods.size(); row++) {
            String method = methods.get(row);
            int y = TITLE + row * (tall + CAPTION);
            List<String> words = List.of(method.split(" "));
            for (int w = 0; w < words.size(); w++) {
                text(words.get(w), MARGIN, y + tall / 2 + 18 * w, Font.BOLD, 13, TEXT);
            }
            drawCells(column(-1), y, p -> grey(example.image().pixels()[p]));
            for (int m = 0; m < models.size(); m++) {
                panel(models.get(m), method, column(m), y);
            }
        }
    }

    /** Where the panel of a model begins; that of the input is before the first. */
    private int column(int model) {
        int side = PIXEL * example.image().width();
        return METHOD + (model < 0 ? 0 : side + GAP + model * (side + BAR + TICKS + GAP));
    }

    private void panel(Explained model, String method, int x, int y) {
        int side = PIXEL * example.image().width();
        int tall = PIXEL * example.image().height();
        ExplanationMap map = model.maps().get(method);
        if (map == null) {
            g.setColor(EMPTY);
            g.fillRect(x, y, side, tall);
            centred("no convolution", x + side / 2, y + tall / 2, Font.PLAIN, SMALL, FAINT);
            return;
        }
        Scale scale = Scale.of(method, map);
        drawCells(x, y, p -> scale.colour(map.values()[p]));
        outline(x, y);
        bar(scale, x + side + 4, y, tall);
        int predicted = 0;
        for (int c = 1; c < model.probabilities().length; c++) {
            predicted = model.probabilities()[c] > model.probabilities()[predicted] ? c : predicted;
        }
        centred(
                "predicted %d: %s".formatted(predicted, percent(model.probabilities()[predicted])),
                x + side / 2,
                y + tall + 16,
                Font.PLAIN,
                SMALL,
                TEXT);
        String below = model.target() == predicted
                ? ""
                : "map of %d: %s".formatted(model.target(), percent(model.probabilities()[model.target()]));
        if (map.max() == map.min()) {
            below = (below.isEmpty() ? "" : below + ", ") + "no pixel stands out";
        }
        centred(below, x + side / 2, y + tall + 31, Font.PLAIN, SMALL, TEXT);
    }

    /** Each pixel as a square; as one picture, which no viewer smooths where it is this large already. */
    private void drawCells(int x, int y, IntFunction<Color> colour) {
        int width = example.image().width();
        int height = example.image().height();
        BufferedImage cells = new BufferedImage(PIXEL * width, PIXEL * height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < cells.getHeight(); row++) {
            for (int column = 0; column < cells.getWidth(); column++) {
                cells.setRGB(
                        column,
                        row,
                        colour.apply(row / PIXEL * width + column / PIXEL).getRGB());
            }
        }
        g.drawImage(cells, x, y, null);
    }

    /** Where pixels of half the brightness or more end. */
    private void outline(int x, int y) {
        Path2D path = new Path2D.Double();
        int width = example.image().width();
        int height = example.image().height();
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                int left = x + PIXEL * column;
                int top = y + PIXEL * row;
                if (ink(row, column) != ink(row, column - 1)) {
                    path.moveTo(left, top);
                    path.lineTo(left, top + PIXEL);
                }
                if (ink(row, column) != ink(row - 1, column)) {
                    path.moveTo(left, top);
                    path.lineTo(left + PIXEL, top);
                }
            }
        }
        g.setColor(Color.WHITE);
        g.setStroke(new BasicStroke(3, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(path);
        g.setColor(Color.BLACK);
        g.setStroke(new BasicStroke(1, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(path);
    }

    private boolean ink(int row, int column) {
        Image image = example.image();
        return row >= 0 && column >= 0 && image.pixels()[row * image.width() + column] >= INK;
    }

    private void bar(Scale scale, int x, int y, int tall) {
        BufferedImage bar = new BufferedImage(BAR, tall, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < tall; row++) {
            double value = scale.high() - row / (tall - 1.) * (scale.high() - scale.low());
            for (int column = 0; column < BAR; column++) {
                bar.setRGB(column, row, scale.colour(value).getRGB());
            }
        }
        g.drawImage(bar, x, y, null);
        List<Double> ticks = List.of(scale.high(), (scale.high() + scale.low()) / 2, scale.low());
        for (int tick = 0; tick < ticks.size(); tick++) {
            text(
                    tick(ticks.get(tick), scale),
                    x + BAR + 4,
                    y + tick * tall / 2 + (tick == 0 ? 10 : tick == 1 ? 5 : 0),
                    Font.PLAIN,
                    SMALL,
                    TEXT);
        }
    }

    /**
     * A number on the bar, to about a hundredth of its range: {@code 0.50} from 0 to 1, {@code 1.25e-4} where all are
     * small.
     */
    private static String tick(double value, Scale scale) {
        if (Math.max(Math.abs(scale.low()), Math.abs(scale.high())) < SMALL_NUMBERS) {
            return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value).replaceFirst("e([+-])0", "e$1");
        }
        double range = scale.high() - scale.low();
        int decimals = (int) Math.max(0, Math.min(MOST_DECIMALS, 2 - Math.floor(Math.log10(range))));
        return String.format(Locale.ROOT, "%." + decimals + "f", value + 0.);
    }

    private void text(String text, int x, int y, int style, int size, Color colour) {
        g.setFont(new Font(Font.SANS_SERIF, style, size));
        g.setColor(colour);
        g.drawString(text, x, y);
    }

    private void centred(String text, int x, int y, int style, int size, Color colour) {
        g.setFont(new Font(Font.SANS_SERIF, style, size));
        text(text, x - g.getFontMetrics().stringWidth(text) / 2, y, style, size, colour);
    }

    private static Color grey(float brightness) {
        return new Color(brightness, brightness, brightness);
    }

    private static String percent(double probability) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }
}
