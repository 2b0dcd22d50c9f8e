package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.DepthwiseConv2D;
import distill.nn.Dropout;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Layer;
import distill.nn.Network;
import distill.nn.Padding;
import distill.nn.ReLU;
import distill.nn.Reshape;
import distill.nn.ZeroPadding2D;
import org.tensorflow.ndarray.Shape;

/**
 * {@code keras.applications.MobileNet} of width 1.0 (Howard et al. 2017, Table 1): after the first convolution, blocks
 * that filter each channel by itself and then mix the channels. 4,253,864 parameters with ImageNet's 1000 classes.
 */
public final class MobileNet {

    private static final double DROPOUT = 1e-3;

    /** Table 1 of the paper: filters and strides of each block. */
    private static final int[][] BLOCKS = {
        {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1},
        {1024, 2}, {1024, 1}
    };

    private MobileNet() {}

    /** The network for images of (height, width, 3), at least 32 pixels each. */
    public static Network build(Shape input, Top top) {
        Network.Functional model = Top.model("MobileNet", input);
        int x = convolved(model, Network.INPUT, "conv1", convolution(32, 3, 2));
        for (int block = 1; block <= BLOCKS.length; block++) {
            x = block(model, x, block, BLOCKS[block - 1][0], BLOCKS[block - 1][1]);
        }
        if (top.classes().isPresent()) {
            classifier(model, x, top.classes().get(), top.activation());
        } else {
            top.addTo(model, x, "global_average_pooling2d");
        }
        return model.build("mobilenet_1.00_" + input.get(0));
    }

    private static int block(Network.Functional model, int input, int number, int filters, int strides) {
        int x = input;
        if (strides > 1) {
            x = model.add("conv_pad_" + number, new ZeroPadding2D(0, 1, 0, 1), x);
        }
        Padding padding = strides > 1 ? Padding.VALID : Padding.SAME;
        x = convolved(model, x, "conv_dw_" + number, new DepthwiseConv2D(3, strides, padding));
        return convolved(model, x, "conv_pw_" + number, convolution(filters, 1, 1));
    }

    private static Conv2D convolution(int filters, int kernelSize, int strides) {
        return new Conv2D(filters, kernelSize, strides, Padding.SAME, false, Activation.LINEAR);
    }

    /** A convolution with normalisation and activation after it. */
    private static int convolved(Network.Functional model, int input, String name, Layer convolution) {
        int x = model.add(name, convolution, input);
        x = model.add(name + "_bn", new BatchNormalization(.99, 1e-3), x);
        return model.add(name + "_relu", new ReLU(), x);
    }

    /** Keras's top of this network has a convolution of one pixel where the others have a Dense layer. */
    private static void classifier(Network.Functional model, int input, int classes, Activation activation) {
        int x = model.add(new GlobalAveragePooling2D(true), input);
        x = model.add("dropout", new Dropout(DROPOUT), x);
        x = model.add("conv_preds", new Conv2D(classes, 1, 1, Padding.SAME, true, Activation.LINEAR), x);
        x = model.add("reshape_2", new Reshape(Shape.of(classes)), x);
        model.add("predictions", new ActivationLayer(activation), x);
    }
}
