package distill.report;

import distill.nn.ActivationLayer;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.DepthwiseConv2D;
import distill.nn.Layer;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.ReLU;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * Draws blocks of networks side by side, from their layers: each layer a box with Keras's class, name and output shape,
 * a sum a circle, the shortcut at the right.
 */
public final class BlockDiagram {

    private static final int BOX_WIDTH = 252;
    private static final int BOX_HEIGHT = 38;
    private static final int ROW = 56;
    private static final int BEND = 24;
    private static final int MARGIN = 24;
    private static final int TITLE = 44;
    private static final int CAPTION = 28;
    private static final int LINE = 16;
    private static final int RADIUS = 11;
    private static final int ARROW = 6;
    private static final int INPUT_HALF = 10;
    private static final Color CONVOLUTION = new Color(0xcf, 0xe2, 0xf3);
    private static final Color NORMALIZATION = new Color(0xff, 0xf2, 0xcc);
    private static final Color ACTIVATION = new Color(0xf9, 0xd9, 0xc5);
    private static final Color OTHER = new Color(0xe8, 0xe8, 0xe8);
    private static final Color DETAIL = new Color(0x50, 0x50, 0x50);
    private static final Color SHORTCUT = new Color(0x00, 0x5a, 0x9c);

    private BlockDiagram() {}

    /**
     * One block of a drawing.
     *
     * @param title above it
     * @param block with one shortcut at most; the last input of a sum is taken as the block's result
     * @param notes below it
     */
    public record Panel(String title, Network block, List<String> notes) {}

    /**
     * Draws blocks.
     *
     * @param path where the drawing goes, without the ending: .png and .svg are added
     * @return the files
     */
    public static List<Path> draw(String title, List<Panel> panels, Path path) throws IOException {
        List<Layout> layouts = panels.stream().map(Layout::of).toList();
        int width = MARGIN
                + layouts.stream().mapToInt(layout -> layout.width() + MARGIN).sum();
        int height = TITLE
                + layouts.stream().mapToInt(Layout::height).max().orElse(0)
                + LINE
                        * panels.stream()
                                .mapToInt(panel -> panel.notes().size())
                                .max()
                                .orElse(0)
                + MARGIN;
        return Drawing.save(width, height, g -> paint(g, title, layouts, width, height), path);
    }

    /**
     * Where a block's layers stand: those on its main path in a column from top to bottom, those of its shortcut beside
     * them.
     *
     * @param rows of each layer, 0 being that of the input
     * @param main indices of the layers in the column
     */
    private record Layout(Panel panel, Map<Integer, Integer> rows, List<Integer> main) {

        static Layout of(Panel panel) {
            List<Network.NamedLayer> layers = panel.block().layers();
            List<Integer> main = new ArrayList<>();
            for (int i = layers.size() - 1;
                    i != Network.INPUT;
                    i = last(layers.get(i).inbound())) {
                main.add(i);
            }
            Collections.reverse(main);
            Map<Integer, Integer> rows = new HashMap<>(Map.of(Network.INPUT, 0));
            for (int i = 0; i < main.size(); i++) {
                rows.put(main.get(i), i + 1);
            }
            for (int i = 0; i < layers.size(); i++) {
                if (!rows.containsKey(i)) {
                    rows.put(i, rows.get(last(layers.get(i).inbound())) + 1);
                }
            }
            return new Layout(panel, rows, main);
        }

        private static int last(List<Integer> inbound) {
            return inbound.get(inbound.size() - 1);
        }

        boolean beside(int layer) {
            return layer != Network.INPUT && !main.contains(layer);
        }

        boolean hasLayersBeside() {
            return main.size() < panel.block().layers().size();
        }

        boolean hasShortcut() {
            return panel.block().layers().stream().anyMatch(layer -> layer.layer() instanceof Add);
        }

        int width() {
            int shortcut = hasLayersBeside() ? BEND + BOX_WIDTH : hasShortcut() ? BEND : 0;
            return BOX_WIDTH + shortcut;
        }

        int height() {
            return CAPTION + (main.size() + 1) * ROW;
        }

        int centre(int left, int layer) {
            return left + BOX_WIDTH / 2 + (beside(layer) ? BEND + BOX_WIDTH : 0);
        }

        /** Where the shortcut goes down. */
        int shortcutX(int left) {
            return left + BOX_WIDTH + BEND + (hasLayersBeside() ? BOX_WIDTH / 2 : 0);
        }

        int middle(int layer) {
            return TITLE + CAPTION + rows.get(layer) * ROW + BOX_HEIGHT / 2;
        }
    }

    private static void paint(Graphics2D g, String title, List<Layout> layouts, int width, int height) {
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, width, height));
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        centred(g, title, width / 2, 28);
        int left = MARGIN;
        for (Layout layout : layouts) {
            paint(g, layout, left);
            left += layout.width() + MARGIN;
        }
    }

    private static void paint(Graphics2D g, Layout layout, int left) {
        Panel panel = layout.panel();
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        centred(g, panel.title(), left + BOX_WIDTH / 2, TITLE + 14);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        centred(g, "input, " + text(panel.block().input()), left + BOX_WIDTH / 2, layout.middle(Network.INPUT) + 4);
        List<Network.NamedLayer> layers = panel.block().layers();
        g.setStroke(new BasicStroke(1.3f));
        for (int i = 0; i < layers.size(); i++) {
            for (int source : layers.get(i).inbound()) {
                connect(g, layout, left, source, i);
            }
        }
        for (int i = 0; i < layers.size(); i++) {
            box(g, layers.get(i), layout.centre(left, i), layout.middle(i));
        }
        g.setColor(DETAIL);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        int line = TITLE + layout.height() + 4;
        for (String note : panel.notes()) {
            centred(g, note, left + BOX_WIDTH / 2, line);
            line += LINE;
        }
    }

    private static void connect(Graphics2D g, Layout layout, int left, int source, int target) {
        boolean straight = layout.beside(source) == layout.beside(target)
                && layout.rows().get(target) - layout.rows().get(source) == 1;
        int x = layout.centre(left, target);
        if (straight) {
            g.setColor(layout.beside(target) ? SHORTCUT : Color.BLACK);
            int from = layout.middle(source) + (source == Network.INPUT ? INPUT_HALF : halfHeight(layout, source));
            down(g, x, from, layout.middle(target) - halfHeight(layout, target));
            return;
        }
        g.setColor(SHORTCUT);
        int shortcut = layout.shortcutX(left);
        if (!layout.beside(source)) {
            double start = left + BOX_WIDTH - (source == Network.INPUT ? BOX_WIDTH * .2 : 0);
            g.draw(new Line2D.Double(start, layout.middle(source), shortcut, layout.middle(source)));
        }
        int top = layout.middle(source) + (layout.beside(source) ? BOX_HEIGHT / 2 : 0);
        if (layout.beside(target)) {
            down(g, shortcut, top, layout.middle(target) - BOX_HEIGHT / 2);
        } else {
            g.draw(new Line2D.Double(shortcut, top, shortcut, layout.middle(target)));
            int end = x + halfWidth(layout, target);
            g.draw(new Line2D.Double(shortcut, layout.middle(target), end + ARROW, layout.middle(target)));
            arrow(g, end, layout.middle(target), 1, 0);
        }
    }

    private static boolean isSum(Layout layout, int layer) {
        return layout.panel().block().layers().get(layer).layer() instanceof Add;
    }

    private static int halfHeight(Layout layout, int layer) {
        return isSum(layout, layer) ? RADIUS : BOX_HEIGHT / 2;
    }

    private static int halfWidth(Layout layout, int layer) {
        return isSum(layout, layer) ? RADIUS : BOX_WIDTH / 2;
    }

    private static void down(Graphics2D g, int x, int from, int to) {
        g.draw(new Line2D.Double(x, from, x, to - ARROW));
        arrow(g, x, to, 0, -1);
    }

    /** An arrow's head at a point, seen from which its line comes along (dx, dy). */
    private static void arrow(Graphics2D g, double x, double y, int dx, int dy) {
        Path2D head = new Path2D.Double();
        head.moveTo(x, y);
        head.lineTo(x + dx * ARROW - dy * ARROW / 2., y + dy * ARROW - dx * ARROW / 2.);
        head.lineTo(x + dx * ARROW + dy * ARROW / 2., y + dy * ARROW + dx * ARROW / 2.);
        head.closePath();
        g.fill(head);
    }

    private static void box(Graphics2D g, Network.NamedLayer layer, int x, int y) {
        if (layer.layer() instanceof Add) {
            Ellipse2D circle = new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
            g.setColor(Color.WHITE);
            g.fill(circle);
            g.setColor(Color.BLACK);
            g.draw(circle);
            g.draw(new Line2D.Double(x - RADIUS / 2., y, x + RADIUS / 2., y));
            g.draw(new Line2D.Double(x, y - RADIUS / 2., x, y + RADIUS / 2.));
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
            g.setColor(DETAIL);
            g.drawString(layer.name(), x - RADIUS - 6 - g.getFontMetrics().stringWidth(layer.name()), y + 4);
            return;
        }
        Rectangle2D rectangle = new Rectangle2D.Double(x - BOX_WIDTH / 2., y - BOX_HEIGHT / 2., BOX_WIDTH, BOX_HEIGHT);
        g.setColor(colour(layer.layer()));
        g.fill(rectangle);
        g.setColor(DETAIL);
        g.draw(rectangle);
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        centred(g, label(layer.layer()), x, y - 3);
        g.setColor(DETAIL);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        centred(g, layer.name() + "   " + text(layer.output()), x, y + 12);
    }

    private static String label(Layer layer) {
        if (layer instanceof Conv2D conv) {
            return "Conv2D %s, %d filters%s"
                    .formatted(square(conv.kernelSize()), conv.filters(), strides(conv.strides()));
        }
        if (layer instanceof DepthwiseConv2D conv) {
            return "DepthwiseConv2D %s%s".formatted(square(conv.kernelSize()), strides(conv.strides()));
        }
        if (layer instanceof MaxPooling2D pooling) {
            return "MaxPooling2D %s%s".formatted(square(pooling.poolSize()), strides(pooling.strides()));
        }
        if (layer instanceof ActivationLayer activation) {
            return "Activation " + activation.activation().kerasName();
        }
        return layer instanceof ReLU ? "ReLU, at most 6" : layer.type();
    }

    private static String square(int side) {
        return side + " \u00d7 " + side;
    }

    private static String strides(int strides) {
        return strides == 1 ? "" : ", stride " + strides;
    }

    private static Color colour(Layer layer) {
        if (layer instanceof Conv2D || layer instanceof DepthwiseConv2D) {
            return CONVOLUTION;
        }
        if (layer instanceof BatchNormalization) {
            return NORMALIZATION;
        }
        return layer instanceof ActivationLayer || layer instanceof ReLU ? ACTIVATION : OTHER;
    }

    private static String text(Shape shape) {
        return Arrays.stream(shape.asArray()).mapToObj(Long::toString).collect(Collectors.joining(" \u00d7 "));
    }

    private static void centred(Graphics2D g, String text, int x, int baseline) {
        FontMetrics metrics = g.getFontMetrics();
        g.drawString(text, x - metrics.stringWidth(text) / 2, baseline);
    }
}
