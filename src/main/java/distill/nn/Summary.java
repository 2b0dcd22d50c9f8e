package distill.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The layout of {@code model.summary()} in Keras 2.8: lines of 65 characters, columns that end at 29, 55 and 65, and a
 * cell that is too long for its column goes on in the next line.
 */
final class Summary {

    private static final int[] ENDS = {29, 55, 65};
    private static final int WIDTH = 65;
    private static final int GAP = 2;

    private Summary() {}

    static String of(Network network) {
        StringBuilder text = new StringBuilder("Model: \"" + network.name() + "\"\n");
        text.append("_".repeat(WIDTH)).append('\n');
        row(text, "Layer (type)", "Output Shape", "Param #");
        text.append("=".repeat(WIDTH)).append('\n');
        for (Network.NamedLayer layer : network.layers()) {
            String shape = Arrays.stream(layer.output().asArray())
                    .mapToObj(Long::toString)
                    .collect(Collectors.joining(", ", "(None, ", ")"));
            row(text, layer.name() + " (" + layer.layer().type() + ")", shape, Long.toString(layer.parameters()));
            text.append(" ".repeat(WIDTH)).append('\n');
        }
        text.append("=".repeat(WIDTH)).append('\n');
        long trainable = network.trainableParameters();
        text.append(String.format(
                Locale.ROOT,
                "Total params: %,d\nTrainable params: %,d\nNon-trainable params: %,d\n",
                network.parameters(),
                trainable,
                network.parameters() - trainable));
        return text.append("_".repeat(WIDTH)).append('\n').toString();
    }

    private static void row(StringBuilder text, String... cells) {
        String[] left = cells.clone();
        while (Arrays.stream(left).anyMatch(cell -> !cell.isEmpty())) {
            StringBuilder line = new StringBuilder(" ");
            for (int column = 0; column < left.length; column++) {
                boolean last = column == left.length - 1;
                int room = ENDS[column] - (column == 0 ? 0 : ENDS[column - 1]) - (last ? 0 : GAP);
                int taken = Math.min(room, left[column].length());
                line.append(left[column], 0, taken).append(" ".repeat(last ? 0 : GAP));
                left[column] = left[column].substring(taken);
                line.append(" ".repeat(Math.max(0, ENDS[column] - line.length())));
            }
            text.append(line).append('\n');
        }
    }
}
