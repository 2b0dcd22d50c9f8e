package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.DepthwiseConv2D;
import distill.nn.Network;
import distill.nn.Padding;
import distill.nn.ReLU;
import distill.nn.ZeroPadding2D;
import org.tensorflow.ndarray.Shape;

/**
 * {@code keras.applications.MobileNetV2} of width 1.0 (Sandler et al. 2018): blocks that widen, filter each channel by
 * itself, and narrow again without an activation, with shortcuts between the narrow ends. 3,538,984 parameters with
 * ImageNet's 1000 classes.
 */
public final class MobileNetV2 {

    /** Table 2 of the paper: expansion, filters, number of blocks, strides of the first. */
    private static final int[][] STACKS = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private MobileNetV2() {}

    /** The network for images of (height, width, 3), at least 32 pixels each. */
    public static Network build(Shape input, Top top) {
        Network.Functional model = Top.model("MobileNetV2", input);
        int x = model.add("Conv1", new Conv2D(32, 3, 2, Padding.SAME, false, Activation.LINEAR), Network.INPUT);
        x = model.add("bn_Conv1", normalization(), x);
        x = model.add("Conv1_relu", new ReLU(), x);
        int number = 0;
        for (int[] stack : STACKS) {
            for (int block = 0; block < stack[2]; block++) {
                x = block(model, x, number++, stack[0], stack[1], block == 0 ? stack[3] : 1);
            }
        }
        x = model.add("Conv_1", pointwise(1280, Padding.VALID), x);
        x = model.add("Conv_1_bn", normalization(), x);
        x = model.add("out_relu", new ReLU(), x);
        top.addTo(model, x, "global_average_pooling2d");
        return model.build("mobilenetv2_1.00_" + input.get(0));
    }

    private static int block(Network.Functional model, int input, int number, int expansion, int filters, int strides) {
        String name = number == 0 ? "expanded_conv_" : "block_" + number + "_";
        long channels = model.shape(input).get(2);
        int x = input;
        if (expansion > 1) {
            x = model.add(name + "expand", pointwise(Math.toIntExact(expansion * channels), Padding.SAME), x);
            x = model.add(name + "expand_BN", normalization(), x);
            x = model.add(name + "expand_relu", new ReLU(), x);
        }
        if (strides > 1) {
            x = model.add(name + "pad", beforeStrides(model.shape(x)), x);
        }
        Padding padding = strides > 1 ? Padding.VALID : Padding.SAME;
        x = model.add(name + "depthwise", new DepthwiseConv2D(3, strides, padding), x);
        x = model.add(name + "depthwise_BN", normalization(), x);
        x = model.add(name + "depthwise_relu", new ReLU(), x);
        x = model.add(name + "project", pointwise(filters, Padding.SAME), x);
        x = model.add(name + "project_BN", normalization(), x);
        return channels == filters && strides == 1 ? model.add(name + "add", new Add(), input, x) : x;
    }

    /** Keras's {@code correct_pad} for windows of 3: one row less in front where the number of rows is even. */
    private static ZeroPadding2D beforeStrides(Shape input) {
        return new ZeroPadding2D((int) (input.get(0) % 2), 1, (int) (input.get(1) % 2), 1);
    }

    private static Conv2D pointwise(int filters, Padding padding) {
        return new Conv2D(filters, 1, 1, padding, false, Activation.LINEAR);
    }

    private static BatchNormalization normalization() {
        return new BatchNormalization(.999, 1e-3);
    }
}
