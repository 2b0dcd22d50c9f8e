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
import distill.nn.Sides;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.function.Consumer;
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
    private static final Color CONVOLUTION = new Color(0xcfe2f3);
    private static final Color NORMALIZATION = new Color(0xfff2cc);
    private static final Color ACTIVATION = new Color(0xf9d9c5);
    private static final Color OTHER = new Color(0xe8e8e8);
    private static final Color SHORTCUT = new Color(0x005a9c);

    private final Panel panel;
    private final List<Network.NamedLayer> layers;

    /** The input and the layers on the main path, from top to bottom; those of the shortcut stand beside them. */
    private final LinkedList<Integer> column = new LinkedList<>();

    private BlockDiagram(Panel panel) {
        this.panel = panel;
        this.layers = panel.block().layers();
        column.add(layers.size() - 1);
        while (column.getFirst() != Network.INPUT) {
            column.addFirst(before(column.getFirst()));
        }
    }

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
        List<BlockDiagram> blocks = panels.stream().map(BlockDiagram::new).toList();
        int width = MARGIN
                + blocks.stream().mapToInt(block -> block.width() + MARGIN).sum();
        int height = blocks.stream().mapToInt(BlockDiagram::height).max().orElse(0);
        int notes =
                panels.stream().mapToInt(panel -> panel.notes().size()).max().orElse(0);
        Consumer<Drawing> painter = drawing -> {
            drawing.centred(title, width / 2, 28, Font.BOLD, 16, Color.BLACK);
            int left = MARGIN;
            for (BlockDiagram block : blocks) {
                block.paint(drawing, left);
                left += block.width() + MARGIN;
            }
        };
        return Drawing.save(width, TITLE + height + LINE * notes + MARGIN, 1, painter, path);
    }

    private int before(int layer) {
        List<Integer> inbound = layers.get(layer).inbound();
        return inbound.get(inbound.size() - 1);
    }

    private boolean beside(int layer) {
        return !column.contains(layer);
    }

    private boolean hasLayersBeside() {
        return column.size() <= layers.size();
    }

    /** The row of a layer, 0 being the input's. */
    private int row(int layer) {
        return beside(layer) ? row(before(layer)) + 1 : column.indexOf(layer);
    }

    private int width() {
        boolean hasShortcut = layers.stream().anyMatch(layer -> layer.layer() instanceof Add);
        return BOX_WIDTH + (hasLayersBeside() ? BEND + BOX_WIDTH : hasShortcut ? BEND : 0);
    }

    private int height() {
        return CAPTION + column.size() * ROW;
    }

    /** How far down the middle of a layer is. */
    private int middle(int layer) {
        return TITLE + CAPTION + row(layer) * ROW + BOX_HEIGHT / 2;
    }

    /** How far right of the block's left side the middle of a layer is. */
    private int centre(int layer) {
        return BOX_WIDTH / 2 + (beside(layer) ? BEND + BOX_WIDTH : 0);
    }

    /** Half the width or height of a layer, whose box has the given one. */
    private int half(int layer, int box) {
        return layers.get(layer).layer() instanceof Add ? RADIUS : box / 2;
    }

    private void paint(Drawing drawing, int left) {
        int middle = left + BOX_WIDTH / 2;
        drawing.centred(panel.title(), middle, TITLE + 14, Font.BOLD, 13, Color.BLACK);
        String input = "input, " + text(panel.block().input());
        drawing.centred(input, middle, middle(Network.INPUT) + 4, Font.PLAIN, 12, Color.BLACK);
        drawing.g().setStroke(new BasicStroke(1.3f));
        for (int i = 0; i < layers.size(); i++) {
            for (int source : layers.get(i).inbound()) {
                connect(drawing, left, source, i);
            }
        }
        for (int i = 0; i < layers.size(); i++) {
            box(drawing, layers.get(i), left + centre(i), middle(i));
        }
        int line = TITLE + height() + 4;
        for (String note : panel.notes()) {
            drawing.centred(note, middle, line, Font.PLAIN, 12, Drawing.DETAIL);
            line += LINE;
        }
    }

    private void connect(Drawing drawing, int left, int source, int target) {
        int x = left + centre(target);
        int from = middle(source);
        int to = middle(target);
        if (beside(source) == beside(target) && row(target) - row(source) == 1) {
            drawing.g().setColor(beside(target) ? SHORTCUT : Color.BLACK);
            int start = source == Network.INPUT ? INPUT_HALF : half(source, BOX_HEIGHT);
            arrowDown(drawing, x, from + start, to - half(target, BOX_HEIGHT));
            return;
        }
        drawing.g().setColor(SHORTCUT);
        int shortcut = left + BOX_WIDTH + BEND + (hasLayersBeside() ? BOX_WIDTH / 2 : 0);
        if (!beside(source)) {
            drawing.line(left + BOX_WIDTH - (source == Network.INPUT ? BOX_WIDTH * .2 : 0), from, shortcut, from);
        }
        int top = from + (beside(source) ? BOX_HEIGHT / 2 : 0);
        if (beside(target)) {
            arrowDown(drawing, shortcut, top, to - BOX_HEIGHT / 2);
        } else {
            drawing.line(shortcut, top, shortcut, to);
            int end = x + half(target, BOX_WIDTH);
            drawing.line(shortcut, to, end + ARROW, to);
            drawing.triangle(end, to, end + ARROW, to - ARROW / 2., end + ARROW, to + ARROW / 2.);
        }
    }

    private static void arrowDown(Drawing drawing, int x, int from, int to) {
        drawing.line(x, from, x, to - ARROW);
        drawing.triangle(x, to, x + ARROW / 2., to - ARROW, x - ARROW / 2., to - ARROW);
    }

    private static void box(Drawing drawing, Network.NamedLayer layer, int x, int y) {
        if (layer.layer() instanceof Add) {
            Ellipse2D circle = new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
            drawing.g().setColor(Color.WHITE);
            drawing.g().fill(circle);
            drawing.g().setColor(Color.BLACK);
            drawing.g().draw(circle);
            drawing.line(x - RADIUS / 2., y, x + RADIUS / 2., y);
            drawing.line(x, y - RADIUS / 2., x, y + RADIUS / 2.);
            int start = x - RADIUS - 6 - drawing.width(layer.name(), Font.PLAIN, 10);
            drawing.text(layer.name(), start, y + 4, Font.PLAIN, 10, Drawing.DETAIL);
            return;
        }
        drawing.box(x, y, BOX_WIDTH, BOX_HEIGHT, colour(layer.layer()));
        drawing.centred(label(layer.layer()), x, y - 3, Font.PLAIN, 12, Color.BLACK);
        String detail = layer.name() + "   " + text(layer.output());
        drawing.centred(detail, x, y + 12, Font.PLAIN, 10, Drawing.DETAIL);
    }

    private static String label(Layer layer) {
        if (layer instanceof Conv2D conv) {
            return "Conv2D %s, %d filters%s".formatted(text(conv.kernel()), conv.filters(), strides(conv.strides()));
        }
        if (layer instanceof DepthwiseConv2D conv) {
            return "DepthwiseConv2D %s%s".formatted(text(conv.kernel()), strides(conv.strides()));
        }
        if (layer instanceof MaxPooling2D pooling) {
            return "MaxPooling2D %s%s".formatted(text(pooling.pool()), strides(pooling.strides()));
        }
        if (layer instanceof ActivationLayer activation) {
            return "Activation " + activation.activation().kerasName();
        }
        return layer instanceof ReLU ? "ReLU, at most 6" : layer.type();
    }

    private static String text(Sides sides) {
        return sides.height() + " \u00d7 " + sides.width();
    }

    private static String strides(Sides strides) {
        if (!strides.moreThanOne()) {
            return "";
        }
        boolean square = strides.height() == strides.width();
        return ", stride " + (square ? Integer.toString(strides.height()) : text(strides));
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
}
