package distill.report;

import distill.experiment.Example;
import distill.experiment.Explainers;
import distill.experiment.Explainers.Explained;
import distill.experiment.NetworkExplanations;
import distill.explain.ExplanationMap;
import distill.explain.Image;
import distill.metrics.Classification;
import distill.statistics.Rounded;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A figure of one image, as question 9 has it: a row for each method, in it the image, each model's map with the
 * outline of the digit over it, where it is grey, and a colour bar. Under each map stand the class that the model
 * predicts and its probability.
 */
public final class ExplanationFigure {

    /**
     * A pixel of the image is so large, where the image has up to 28 of them each way; of larger ones it is smaller.
     */
    private static final int LARGEST_PIXEL = 6;

    private static final int USUAL_SIDE = 28;
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

    private static final Color TEXT = new Color(0x222222);
    private static final Color FAINT = new Color(0x666666);
    private static final double SMALL_NUMBERS = .01;
    private static final int MOST_DECIMALS = 4;
    private static final Color EMPTY = new Color(0xf2f2f2);

    /** Matplotlib's viridis at 0, 1/8, ..., 1. */
    private static final List<Integer> VIRIDIS =
            List.of(0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725);

    /** ColorBrewer's RdBu from blue to red. */
    private static final List<Integer> BLUE_TO_RED =
            List.of(0x2166ac, 0x67a9cf, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xef8a62, 0xb2182b);

    private record Scale(double low, double high, List<Integer> colours) {

        /** The map's own range; around 0 for LIME's, which have a sign. */
        static Scale of(String method, ExplanationMap map) {
            if (method.equals(Explainers.LIME)) {
                double most = Math.max(Math.max(-map.min(), map.max()), Double.MIN_NORMAL);
                return new Scale(-most, most, BLUE_TO_RED);
            }
            return map.max() > map.min() ? new Scale(map.min(), map.max(), VIRIDIS) : new Scale(0, 1, VIRIDIS);
        }

        int rgb(double value) {
            double place = (value - low) / (high - low) * (colours.size() - 1);
            int left = Math.max(0, Math.min(colours.size() - 2, (int) place));
            double share = Math.max(0, Math.min(1, place - left));
            Color a = new Color(colours.get(left));
            Color b = new Color(colours.get(left + 1));
            int red = mix(a.getRed(), b.getRed(), share);
            int green = mix(a.getGreen(), b.getGreen(), share);
            return new Color(red, green, mix(a.getBlue(), b.getBlue(), share)).getRGB();
        }

        private static int mix(int a, int b, double share) {
            return (int) Math.round(a + share * (b - a));
        }

        /**
         * A number on the bar, to about a hundredth of its range: {@code 0.50} from 0 to 1, {@code 1.25e-4} where all
         * are small.
         */
        String tick(double value) {
            if (Math.max(Math.abs(low), Math.abs(high)) < SMALL_NUMBERS) {
                return value == 0
                        ? "0"
                        : String.format(Locale.ROOT, "%.2e", value).replaceFirst("e([+-])0", "e$1");
            }
            int decimals = (int) Math.max(0, Math.min(MOST_DECIMALS, 2 - Math.floor(Math.log10(high - low))));
            return Rounded.text("%." + decimals + "f", value);
        }
    }

    private final String title;
    private final List<String> classes;
    private final Image image;
    private final List<Explained> models;
    private final int pixel;
    private final int side;
    private final int tall;

    private ExplanationFigure(String title, List<String> classes, Image image, List<Explained> models) {
        this.title = title;
        this.classes = classes;
        this.image = image;
        this.models = models;
        int most = Math.max(image.height(), image.width());
        this.pixel = Math.max(1, Math.min(LARGEST_PIXEL, LARGEST_PIXEL * USUAL_SIDE / most));
        this.side = pixel * image.width();
        this.tall = pixel * image.height();
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
        return of(example, models, about).save(folder.resolve(name));
    }

    /**
     * Draws the maps of an image through a network of one's own, whose classes are called by their numbers.
     *
     * @param title what stands above the figure
     * @param path where {@code PATH.png} and {@code PATH.svg} go
     * @return the files
     */
    public static List<Path> draw(NetworkExplanations.OfImage explained, String title, Path path) throws IOException {
        List<String> numbers = IntStream.range(0, explained.explained().probabilities().length)
                .mapToObj(String::valueOf)
                .toList();
        return new ExplanationFigure(title, numbers, explained.image(), List.of(explained.explained())).save(path);
    }

    private static ExplanationFigure of(Example example, List<Explained> models, String about) {
        String split = example.split().equals("train") ? "training" : "test";
        String title =
                "Image %d of the %s images, a %s, %s".formatted(example.index(), split, example.className(), about);
        return new ExplanationFigure(title, example.classes(), example.image(), models);
    }

    private List<Path> save(Path path) throws IOException {
        return Drawing.save(width(), height(), PNG_SCALE, this::paint, path);
    }

    /** Paints what {@link #draw} writes. */
    public static BufferedImage image(Example example, List<Explained> models, String about) {
        ExplanationFigure figure = of(example, models, about);
        return Drawing.image(figure.width(), figure.height(), PNG_SCALE, figure::paint);
    }

    /** The methods that at least one model has a map of, in their order. */
    static List<String> methods(List<Explained> models) {
        return models.stream()
                .flatMap(model -> model.maps().keySet().stream())
                .distinct()
                .toList();
    }

    private int width() {
        return column(models.size()) - GAP + MARGIN;
    }

    private int height() {
        return TITLE + methods(models).size() * (tall + CAPTION) + MARGIN;
    }

    /** Where the panel of a model begins; the input's is before them. */
    private int column(int model) {
        return METHOD + side + GAP + model * (side + BAR + TICKS + GAP);
    }

    private void paint(Drawing drawing) {
        drawing.text(title, MARGIN, 26, Font.BOLD, 15, TEXT);
        drawing.centred("input", METHOD + side / 2, TITLE - 10, Font.BOLD, 13, TEXT);
        for (int m = 0; m < models.size(); m++) {
            drawing.centred(models.get(m).model(), column(m) + side / 2, TITLE - 10, Font.BOLD, 13, TEXT);
        }
        int y = TITLE;
        for (String method : methods(models)) {
            int line = y + tall / 2;
            for (String word : method.split(" ")) {
                drawing.text(word, MARGIN, line, Font.BOLD, 13, TEXT);
                line += 18;
            }
            cells(drawing, METHOD, y, this::colour);
            for (int m = 0; m < models.size(); m++) {
                panel(drawing, models.get(m), method, column(m), y);
            }
            y += tall + CAPTION;
        }
    }

    private void panel(Drawing drawing, Explained model, String method, int x, int y) {
        int middle = x + side / 2;
        ExplanationMap map = model.maps().get(method);
        if (map == null) {
            drawing.g().setColor(EMPTY);
            drawing.g().fillRect(x, y, side, tall);
            drawing.centred("no convolution", middle, y + tall / 2, Font.PLAIN, SMALL, FAINT);
            return;
        }
        Scale scale = Scale.of(method, map);
        cells(drawing, x, y, pixel -> scale.rgb(map.values()[pixel]));
        if (image.channels() == 1) {
            outline(drawing.g(), x, y);
        }
        bar(drawing, scale, x + side + 4, y);
        double[] probabilities = model.probabilities();
        int predicted = Classification.largest(probabilities, probabilities.length)[0];
        String prediction = "predicted %s: %s".formatted(classes.get(predicted), percent(probabilities[predicted]));
        drawing.centred(prediction, middle, y + tall + 16, Font.PLAIN, SMALL, TEXT);
        List<String> below = new ArrayList<>();
        if (model.target() != predicted) {
            below.add("map of %s: %s".formatted(classes.get(model.target()), percent(probabilities[model.target()])));
        }
        if (map.max() == map.min()) {
            below.add("no pixel stands out");
        }
        drawing.centred(String.join(", ", below), middle, y + tall + 31, Font.PLAIN, SMALL, TEXT);
    }

    /** Draws each pixel as a square. */
    private void cells(Drawing drawing, int x, int y, IntUnaryOperator rgb) {
        picture(drawing, x, y, side, (column, row) -> rgb.applyAsInt(row / pixel * image.width() + column / pixel));
    }

    /** Draws as one picture, which no viewer smooths where it is this large already. */
    private void picture(Drawing drawing, int x, int y, int width, IntBinaryOperator rgb) {
        BufferedImage picture = new BufferedImage(width, tall, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < tall; row++) {
            for (int column = 0; column < width; column++) {
                picture.setRGB(column, row, rgb.applyAsInt(column, row));
            }
        }
        drawing.g().drawImage(picture, x, y, null);
    }

    /** Where pixels of half the brightness or more end: the outline of a digit. */
    private void outline(Graphics2D g, int x, int y) {
        Path2D path = new Path2D.Double();
        for (int row = 0; row < image.height(); row++) {
            for (int column = 0; column < image.width(); column++) {
                int left = x + pixel * column;
                int top = y + pixel * row;
                if (ink(row, column) != ink(row, column - 1)) {
                    path.moveTo(left, top);
                    path.lineTo(left, top + pixel);
                }
                if (ink(row, column) != ink(row - 1, column)) {
                    path.moveTo(left, top);
                    path.lineTo(left + pixel, top);
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
        return row >= 0 && column >= 0 && image.brightness(row * image.width() + column) >= INK;
    }

    private void bar(Drawing drawing, Scale scale, int x, int y) {
        double range = scale.high() - scale.low();
        picture(drawing, x, y, BAR, (column, row) -> scale.rgb(scale.high() - row / (tall - 1.) * range));
        List<Double> ticks = List.of(scale.high(), (scale.high() + scale.low()) / 2, scale.low());
        for (int tick = 0; tick < ticks.size(); tick++) {
            int baseline = y + tick * tall / 2 + 10 - 5 * tick;
            drawing.text(scale.tick(ticks.get(tick)), x + BAR + 4, baseline, Font.PLAIN, SMALL, TEXT);
        }
    }

    private int colour(int place) {
        int last = image.channels() - 1;
        float[] values = image.pixels();
        int first = place * image.channels();
        return new Color(values[first], values[first + last / 2], values[first + last]).getRGB();
    }

    private static String percent(double probability) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }
}
