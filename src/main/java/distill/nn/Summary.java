package distill.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * The layout of {@code model.summary()} in Keras 2.8: columns that end at the same places in each line, and a cell that
 * is too long for its column goes on in the next line. A network whose layers do not stand in a row has a fourth
 * column, which says what each takes.
 */
final class Summary {

    private static final List<Integer> IN_A_ROW = List.of(29, 55, 65);
    private static final List<Integer> WITH_CONNECTIONS = List.of(32, 53, 65, 98);
    private static final int GAP = 2;
    private static final String INPUT = "input_1";

    /** Where a list of connections is broken. */
    private static final String BREAK = "',";

    private final Network network;
    private final boolean inARow;
    private final List<Integer> ends;
    private final StringBuilder text = new StringBuilder();

    private Summary(Network network) {
        this.network = network;
        inARow = IntStream.range(0, network.layers().size())
                .allMatch(i -> network.layers().get(i).inbound().equals(List.of(i - 1)));
        ends = inARow ? IN_A_ROW : WITH_CONNECTIONS;
    }

    static String of(Network network) {
        return new Summary(network).text();
    }

    private String text() {
        int width = ends.get(ends.size() - 1);
        text.append("Model: \"").append(network.name()).append("\"\n");
        text.append("_".repeat(width)).append('\n');
        row("Layer (type)", "Output Shape", "Param #", "Connected to");
        text.append("=".repeat(width)).append('\n');
        if (!inARow) {
            row(INPUT + " (InputLayer)", "[" + batched(network.input()) + "]", "0", "[]");
            text.append(" ".repeat(width)).append('\n');
        }
        for (Network.NamedLayer layer : network.layers()) {
            row(
                    layer.name() + " (" + layer.layer().type() + ")",
                    batched(layer.output()),
                    Long.toString(layer.parameters()),
                    layer.inbound().stream().map(this::connection).collect(Collectors.joining(", ", "[", "]")));
            text.append(" ".repeat(width)).append('\n');
        }
        text.append("=".repeat(width)).append('\n');
        long trainable = network.trainableParameters();
        text.append(String.format(
                Locale.ROOT,
                "Total params: %,d\nTrainable params: %,d\nNon-trainable params: %,d\n",
                network.parameters(),
                trainable,
                network.parameters() - trainable));
        return text.append("_".repeat(width)).append('\n').toString();
    }

    private static String batched(Shape example) {
        return Arrays.stream(example.asArray())
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "(None, ", ")"));
    }

    private String connection(int index) {
        return "'%s[0][0]'"
                .formatted(
                        index == Network.INPUT
                                ? INPUT
                                : network.layers().get(index).name());
    }

    /** @param cells as many as there may be columns; those too many are left out */
    private void row(String... cells) {
        String[] left = Arrays.copyOf(cells, ends.size());
        while (Arrays.stream(left).anyMatch(cell -> !cell.isEmpty())) {
            StringBuilder line = new StringBuilder(" ");
            for (int column = 0; column < left.length; column++) {
                boolean last = column == left.length - 1;
                int room = ends.get(column) - (column == 0 ? 0 : ends.get(column - 1)) - (last ? 0 : GAP);
                int taken = Math.min(room, left[column].length());
                int broken = left[column].indexOf(BREAK) + BREAK.length();
                if (broken >= BREAK.length() && broken < taken) {
                    taken = broken;
                }
                line.append(left[column], 0, taken).append(" ".repeat(last ? 0 : GAP));
                left[column] = left[column].substring(taken);
                line.append(" ".repeat(Math.max(0, ends.get(column) - line.length())));
            }
            text.append(line).append('\n');
        }
    }
}
