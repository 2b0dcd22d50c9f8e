package distill.task2;

import static distill.task2.TheoryAnswers.text;

import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Blocks;
import distill.nn.Conv2D;
import distill.nn.Device;
import distill.nn.Inference;
import distill.nn.Layer;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.ResNet50;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import distill.page.Cell;
import distill.page.Table;
import distill.report.BlockDiagram.Panel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.tensorflow.ndarray.Shape;

/** Questions 1b, a residual block, and 1c, ResNet V1 against V2. */
final class ResNets {

    private static final Top TOP = Top.of(Top.IMAGENET, Activation.SOFTMAX);
    private static final Shape SMALL = Shape.of(64, 64, 3);

    private ResNets() {}

    static void b(TheoryAnswers answers) throws IOException {
        List<List<Cell>> rows = new ArrayList<>();
        List<Panel> panels = new ArrayList<>();
        for (boolean second : List.of(false, true)) {
            Network block = identityBlock(second, Top.INPUT);
            Network small = identityBlock(second, SMALL);
            String name = second ? "ResNet50V2" : "ResNet50 (V1)";
            for (boolean shortcut : List.of(true, false)) {
                Network drawn = shortcut ? block : Blocks.withoutShortcuts(block);
                String title = name + (shortcut ? "" : ", no shortcut");
                Cost cost = Cost.of(drawn, 1);
                double through = share(shortcut ? small : Blocks.withoutShortcuts(small), answers.device());
                rows.add(List.of(
                        Cell.text(title),
                        Cell.text(order(drawn)),
                        Cell.number(cost.parameters()),
                        Cell.number(cost.flops() / 1e6, 1),
                        Cell.percent(100 * through, 1)));
                panels.add(panel(title, drawn));
            }
        }
        answers.publish(
                "q1-b-residual-block",
                new Table(
                        "b. The residual block conv2_block2, with and without its shortcut",
                        List.of("block", "layers", "parameters", "MFLOP", "comes through where F = 0"),
                        rows,
                        List.of(
                                "A block adds F, what its layers compute, to its input. Where F is 0, V2's gives its input, V1's what of it is positive,",
                                "and the same layers without a shortcut nothing of it.",
                                "Layers in order; + is the sum with the block's input.",
                                "Comes through: the share of a random input's numbers, half of them negative, that leave the block as they came",
                                "when the last convolution's weights are 0, so that what the block adds, F, is 0.")));
        answers.draw("q1-b-residual-block", "The residual block conv2_block2, with and without its shortcut", panels);
    }

    static void c(TheoryAnswers answers) throws IOException {
        Network first = ResNet50.build(Top.INPUT, TOP);
        Network second = ResNet50V2.build(Top.INPUT, TOP);
        List<Network> both = List.of(first, second);
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(Cell.texts(
                "a block's layers", order(identityBlock(false, Top.INPUT)), order(identityBlock(true, Top.INPUT))));
        for (String stack : List.of("conv2", "conv3", "conv4", "conv5")) {
            rows.add(row(stack + ": height in, out", both, network -> Cell.text(heights(network, stack))));
        }
        rows.add(row("convolutions that stride", both, network -> Cell.text(strided(network))));
        rows.add(
                row("on the way through the shortcuts alone", both, network -> new Cell.Numbers(shortcutWay(network))));
        rows.add(counts("batch normalisations", both, is(BatchNormalization.class)));
        rows.add(counts("convolutions", both, is(Conv2D.class)));
        rows.add(row("parameters", both, network -> Cell.number(network.parameters())));
        rows.add(row(
                "GFLOP per image",
                both,
                network -> Cell.number(Cost.of(network, 1).flops() / 1e9, 3)));
        answers.publish(
                "q1-c-resnet-v1-v2",
                new Table(
                        "c. ResNet50 V1 and V2 as Keras has them",
                        List.of("", "ResNet50 (V1)", "ResNet50V2"),
                        rows,
                        List.of(
                                "V2 normalises and activates before each convolution and has nothing behind the sum. That it strides at the end of a stack, in the",
                                "3 x 3 convolution, is Keras's (and TF-slim's), not the paper's; it is where the difference in FLOPs comes from.",
                                "Of 224 x 224 pixels, with ImageNet's 1000 classes.",
                                "conv1, conv3: convolutions of 1 x 1 and 3 x 3.",
                                "The way through the shortcuts alone goes from the first pooling to the last block; + are its sums.")));
        answers.draw(
                "q1-c-strides",
                "The first blocks that stride, and what follows in V2",
                List.of(
                        new Panel(
                                "ResNet50, conv3_block1",
                                Blocks.between(first, "conv3_block1_1_conv", "conv3_block1_out"),
                                List.of()),
                        new Panel(
                                "ResNet50V2, conv2_block3",
                                Blocks.between(second, "conv2_block3_preact_bn", "conv2_block3_out"),
                                List.of()),
                        new Panel(
                                "ResNet50V2, conv3_block1",
                                Blocks.between(second, "conv3_block1_preact_bn", "conv3_block1_out"),
                                List.of())));
    }

    /** A block to be drawn, with what it costs below it. */
    static Panel panel(String title, Network block) {
        Cost cost = Cost.of(block, 1);
        return new Panel(
                title, block, List.of(text("%,d parameters, %.1f MFLOP", cost.parameters(), cost.flops() / 1e6)));
    }

    static List<Cell> row(String name, List<Network> networks, Function<Network, Cell> value) {
        List<Cell> row = new ArrayList<>(List.of(Cell.text(name)));
        networks.forEach(network -> row.add(value.apply(network)));
        return row;
    }

    /** A row of how many layers of each network are of a kind. */
    static List<Cell> counts(String name, List<Network> networks, Predicate<Network.NamedLayer> kind) {
        return row(name, networks, network -> Cell.number(count(network, kind)));
    }

    static long count(Network network, Predicate<Network.NamedLayer> kind) {
        return network.layers().stream().filter(kind).count();
    }

    static Predicate<Network.NamedLayer> is(Class<? extends Layer> type) {
        return layer -> type.isInstance(layer.layer());
    }

    /** A block whose shortcut has no layers. */
    private static Network identityBlock(boolean second, Shape input) {
        return second
                ? Blocks.between(
                        ResNet50V2.build(input, Top.pooledFeatures()), "conv2_block2_preact_bn", "conv2_block2_out")
                : Blocks.between(
                        ResNet50.build(input, Top.pooledFeatures()), "conv2_block2_1_conv", "conv2_block2_out");
    }

    private static String order(Network block) {
        return block.layers().stream()
                .map(layer -> symbol(layer.layer()))
                .filter(symbol -> !symbol.isEmpty())
                .collect(Collectors.joining(" "));
    }

    /** Short names for a table; what only pads has none. */
    private static String symbol(Layer layer) {
        if (layer instanceof Conv2D conv) {
            return "conv" + conv.kernel().height();
        }
        if (layer instanceof BatchNormalization) {
            return "BN";
        }
        if (layer instanceof ActivationLayer) {
            return "ReLU";
        }
        if (layer instanceof MaxPooling2D) {
            return "pool";
        }
        return layer instanceof Add ? "+" : "";
    }

    /** The share of a block's input that leaves it unchanged when its residual branch gives 0. */
    private static double share(Network block, Device device) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
        Weights drawn = block.initialWeights(random);
        Weights zero = new Weights(drawn.values().stream()
                .map(weight -> weight.name().contains("_3_conv/")
                        ? new Weights.Weight(weight.name(), weight.shape(), new double[weight.values().length])
                        : weight)
                .toList());
        double[] input = new double[Math.toIntExact(block.input().size())];
        // Floats, which come back as they went in.
        Arrays.setAll(input, i -> (float) (2 * random.nextDouble() - 1));
        double[] output = Inference.predict(block, zero, input, device);
        return IntStream.range(0, input.length)
                        .filter(i -> input[i] == output[i])
                        .count()
                / (double) input.length;
    }

    private static String heights(Network network, String stack) {
        List<Network.NamedLayer> layers = network.layers().stream()
                .filter(layer -> layer.name().startsWith(stack + "_"))
                .toList();
        return layers.get(0).input().get(0) + ", "
                + layers.get(layers.size() - 1).output().get(0);
    }

    private static String strided(Network network) {
        return network.layers().stream()
                .filter(layer -> layer.name().contains("block")
                        && !layer.name().contains("_0_")
                        && layer.layer() instanceof Conv2D conv
                        && conv.strides().moreThanOne())
                .map(layer -> symbol(layer.layer()) + " of " + layer.name().replaceFirst("_\\d_conv$", ""))
                .collect(Collectors.joining(", "));
    }

    private static String shortcutWay(Network network) {
        List<Network.NamedLayer> layers = network.layers();
        Map<String, Integer> counts = new TreeMap<>();
        int layer = network.indexOf("conv5_block3_out");
        while (!layers.get(layer).name().equals("pool1_pool")) {
            counts.merge(symbol(layers.get(layer).layer()), 1, Integer::sum);
            layer = layers.get(layer).inbound().get(0);
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
