package distill.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/** The layout of {@code model.summary()} in Keras 2.8: three columns that start at 0, 29 and 55 of a line of 65 characters. */
final class Summary {

    private static final int WIDTH = 65;

    private Summary() {
    }

    static String of(Network network) {
        StringBuilder text = new StringBuilder("Model: \"" + network.name() + "\"\n");
        text.append("_".repeat(WIDTH)).append('\n');
        row(text, "Layer (type)", "Output Shape", "Param #");
        text.append("=".repeat(WIDTH)).append('\n');
        for (Network.NamedLayer layer : network.layers()) {
            row(text, layer.name() + " (" + layer.layer().type() + ")", shape(layer.output()), Long.toString(layer.parameters()));
            row(text, "", "", "");
        }
        text.append("=".repeat(WIDTH)).append('\n');
        String total = String.format(Locale.ROOT, "%,d", network.parameters());
        text.append("Total params: ").append(total).append('\n');
        text.append("Trainable params: ").append(total).append('\n');
        text.append("Non-trainable params: 0\n");
        return text.append("_".repeat(WIDTH)).append('\n').toString();
    }

    private static void row(StringBuilder text, String layer, String output, String parameters) {
        text.append(String.format(Locale.ROOT, "%-29.28s%-26.25s%-10s", " " + layer, output, parameters).substring(1)).append(" \n");
    }

    private static String shape(Shape example) {
        return Arrays.stream(example.asArray()).mapToObj(Long::toString).collect(Collectors.joining(", ", "(None, ", ")"));
    }
}
