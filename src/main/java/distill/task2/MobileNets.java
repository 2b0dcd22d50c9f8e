package distill.task2;

import static distill.task2.ResNets.count;
import static distill.task2.ResNets.counts;
import static distill.task2.ResNets.is;
import static distill.task2.ResNets.panel;
import static distill.task2.ResNets.row;
import static distill.task2.TheoryAnswers.text;

import distill.cost.Cost;
import distill.experiment.TransferBenchmark;
import distill.nn.Activation;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Blocks;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.DepthwiseConv2D;
import distill.nn.Network;
import distill.nn.ReLU;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MobileNet;
import distill.nn.zoo.MobileNetV2;
import distill.nn.zoo.ResNet50;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import distill.page.Cell;
import distill.page.Table;
import distill.report.PublishedMhist;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Questions 1d, MobileNet V1 against V2, and 1f, what makes a network light. */
final class MobileNets {

    private static final Top TOP = Top.of(Top.IMAGENET, Activation.SOFTMAX);
    private static final int REPORT_BATCH = 32;
    private static final int RUNS = 30;

    private MobileNets() {}

    static void d(TheoryAnswers answers) throws IOException {
        Network first = MobileNet.build(Top.INPUT, TOP);
        Network second = MobileNetV2.build(Top.INPUT, TOP);
        List<Network> both = List.of(first, second);
        List<List<Cell>> rows = List.of(
                counts("convolutions over places and channels", both, MobileNets::isFull),
                counts("depthwise convolutions", both, is(DepthwiseConv2D.class)),
                counts("1 x 1 convolutions", both, MobileNets::isPointwise),
                counts("classifier", both, MobileNets::isClassifier),
                counts("layers with kernels, all of these", both, MobileNets::hasKernel),
                List.of(Cell.text("the report's number of them"), Cell.number(28), Cell.number(54)),
                counts("batch normalisations", both, is(BatchNormalization.class)),
                counts("blocks (one depthwise convolution each)", both, is(DepthwiseConv2D.class)),
                List.of(Cell.text("the report's number of them"), Cell.NONE, Cell.number(17)),
                counts("shortcuts", both, is(Add.class)),
                row("1 x 1 convolutions with no activation behind", both, network -> Cell.number(linear(network))),
                counts("layers that stride", both, MobileNets::strides),
                row("parameters", both, network -> Cell.number(network.parameters())),
                row(
                        "parameters without the classifier",
                        both,
                        network -> Cell.number(network.layers().stream()
                                .filter(layer -> !isClassifier(layer))
                                .mapToLong(Network.NamedLayer::parameters)
                                .sum())),
                row(
                        "MFLOP per image",
                        both,
                        network -> Cell.number(Math.round(Cost.of(network, 1).flops() / 1e6))));
        answers.publish(
                "q1-d-mobilenet-v1-v2",
                new Table(
                        "d. MobileNet V1 and V2 as Keras has them",
                        List.of("", "MobileNet (V1)", "MobileNetV2"),
                        rows,
                        List.of(
                                text(
                                        "V2 has %d layers with kernels, not 54: its first block widens nothing, so it has two convolutions and not three.",
                                        count(second, MobileNets::hasKernel)),
                                "V2's blocks widen, filter and narrow; behind the narrowing there is no activation, and a shortcut where the shapes allow it.",
                                "Of width 1.0 and 224 x 224 pixels, with ImageNet's 1000 classes.")));
        answers.draw(
                "q1-d-mobilenet-blocks",
                "MobileNet's block, and MobileNetV2's with and without a shortcut",
                List.of(
                        panel("MobileNet, block 5", Blocks.between(first, "conv_dw_5", "conv_pw_5_relu")),
                        panel("MobileNetV2, block 2", Blocks.between(second, "block_2_expand", "block_2_add")),
                        panel("MobileNetV2, block 1", Blocks.between(second, "block_1_expand", "block_1_project_BN"))));
    }

    static void f(TheoryAnswers answers) throws IOException {
        List<List<Cell>> rows = new ArrayList<>();
        for (Network network : List.of(
                ResNet50.build(Top.INPUT, TOP),
                ResNet50V2.build(Top.INPUT, TOP),
                MobileNet.build(Top.INPUT, TOP),
                MobileNetV2.build(Top.INPUT, TOP))) {
            rows.add(costs(network.name(), network, answers));
        }
        rows.add(costs(
                "the report's teacher",
                BaseModel.RESNET50V2.withHead(PublishedMhist.IMAGE_SIZE, true).whole(),
                answers));
        rows.add(costs(
                "the report's students",
                BaseModel.MOBILENETV2.withHead(PublishedMhist.IMAGE_SIZE, true).whole(),
                answers));
        List<String> notes = new ArrayList<>(
                List.of(
                        "Floating-point operations of one image of 224 x 224 pixels, a multiplication and an addition being two; papers count such a pair as one.",
                        "Outputs: the numbers that all layers put out for one image. The report's networks have Dense(2) behind ImageNet's 1000 logits."));
        if (!answers.quick()) {
            notes.add(text("ms: one image at a time, in inference, the fastest of %d.", RUNS));
        }
        List<String> header = new ArrayList<>(List.of(
                "network",
                "parameters",
                "float32 MB",
                "GFLOP",
                "of which depthwise",
                "batch of " + REPORT_BATCH + ": GFLOP",
                "outputs, millions"));
        if (!answers.quick()) {
            header.add("ms per image");
        }
        answers.publish("q1-f-cost", new Table("f. Parameters and FLOPs", header, rows, notes));
        separable(answers);
    }

    private static List<Cell> costs(String name, Network network, TheoryAnswers answers) {
        Cost cost = Cost.of(network, 1);
        long outputs = network.layers().stream()
                .mapToLong(layer -> layer.output().size())
                .sum();
        List<Cell> row = new ArrayList<>(List.of(
                Cell.text(name),
                Cell.number(cost.parameters()),
                Cell.number(4 * cost.parameters() / 1e6, 1),
                Cell.number(cost.flops() / 1e9, 3),
                Cell.number(cost.flopsByOperation().getOrDefault("DepthwiseConv2dNative", 0L) / 1e9, 3),
                Cell.number(Cost.of(network, REPORT_BATCH).flops() / 1e9, 3),
                Cell.number(outputs / 1e6, 1)));
        if (!answers.quick()) {
            row.add(Cell.number(TransferBenchmark.forwardMilliseconds(network, 1, RUNS, answers.device()), 1));
        }
        return row;
    }

    /** What a depthwise and a 1 x 1 convolution save over one convolution (Howard et al. 2017, section 3.1). */
    static void separable(TheoryAnswers answers) throws IOException {
        Network network = MobileNet.build(Top.INPUT, TOP);
        List<List<Cell>> rows = new ArrayList<>();
        List<Cost> standards = new ArrayList<>();
        List<Cost> separables = new ArrayList<>();
        long blocks = count(network, is(DepthwiseConv2D.class));
        for (int block = 1; block <= blocks; block++) {
            Network.NamedLayer layer = layer(network, "conv_dw_" + block);
            DepthwiseConv2D depthwise = (DepthwiseConv2D) layer.layer();
            Conv2D pointwise = (Conv2D) layer(network, "conv_pw_" + block).layer();
            int window = depthwise.kernel().height();
            int filters = pointwise.filters();
            Conv2D one = new Conv2D(
                    filters, window, depthwise.strides().height(), depthwise.padding(), false, Activation.LINEAR);
            Cost standard = Cost.of(Network.sequential(new Network.Names(), layer.input(), one), 1);
            Cost separable = Cost.of(Network.sequential(new Network.Names(), layer.input(), depthwise, pointwise), 1);
            standards.add(standard);
            separables.add(separable);
            rows.add(saving(
                    "block %d, %d to %d channels".formatted(block, layer.input().get(2), filters),
                    standard.flops(),
                    separable.flops(),
                    Cell.number(1. / filters + 1. / (window * window), 4)));
        }
        rows.add(saving("all of them", flops(standards), flops(separables), Cell.NONE));
        answers.publish(
                "q1-f-separable",
                new Table(
                        "f. MobileNet's blocks, each against one 3 x 3 convolution of the same shapes",
                        List.of("block", "one convolution, MFLOP", "separable, MFLOP", "ratio", "1/N + 1/9"),
                        rows,
                        List.of(text(
                                "Parameters: %,d in the blocks' kernels, %,d in one convolution each; the whole network would have %,d instead of %,d.",
                                parameters(separables),
                                parameters(standards),
                                network.parameters() - parameters(separables) + parameters(standards),
                                network.parameters()))));
    }

    private static List<Cell> saving(String name, long standard, long separable, Cell expected) {
        return List.of(
                Cell.text(name),
                Cell.number(standard / 1e6, 1),
                Cell.number(separable / 1e6, 1),
                Cell.number((double) separable / standard, 4),
                expected);
    }

    private static long flops(List<Cost> costs) {
        return costs.stream().mapToLong(Cost::flops).sum();
    }

    private static long parameters(List<Cost> costs) {
        return costs.stream().mapToLong(Cost::parameters).sum();
    }

    private static boolean hasKernel(Network.NamedLayer layer) {
        return isFull(layer) || layer.layer() instanceof DepthwiseConv2D || isPointwise(layer) || isClassifier(layer);
    }

    private static boolean isFull(Network.NamedLayer layer) {
        return layer.layer() instanceof Conv2D conv && conv.kernel().moreThanOne();
    }

    private static boolean isPointwise(Network.NamedLayer layer) {
        return layer.layer() instanceof Conv2D conv && !conv.kernel().moreThanOne() && !isClassifier(layer);
    }

    /** Dense, or in MobileNet a convolution over the one place that pooling leaves. */
    private static boolean isClassifier(Network.NamedLayer layer) {
        return layer.layer() instanceof Dense || layer.name().equals("conv_preds");
    }

    private static boolean strides(Network.NamedLayer layer) {
        return layer.layer() instanceof Conv2D conv && conv.strides().moreThanOne()
                || layer.layer() instanceof DepthwiseConv2D depthwise
                        && depthwise.strides().moreThanOne();
    }

    /** 1 x 1 convolutions behind whose normalisation no activation stands: linear bottlenecks. */
    private static long linear(Network network) {
        List<Network.NamedLayer> layers = network.layers();
        return IntStream.range(0, layers.size())
                .filter(i -> isPointwise(layers.get(i))
                        && takers(layers, i).stream()
                                .flatMap(normalization -> takers(layers, normalization).stream())
                                .noneMatch(taker -> layers.get(taker).layer() instanceof ReLU))
                .count();
    }

    private static List<Integer> takers(List<Network.NamedLayer> layers, int source) {
        return IntStream.range(0, layers.size())
                .filter(i -> layers.get(i).inbound().contains(source))
                .boxed()
                .toList();
    }

    private static Network.NamedLayer layer(Network network, String name) {
        return network.layers().get(network.indexOf(name));
    }
}
