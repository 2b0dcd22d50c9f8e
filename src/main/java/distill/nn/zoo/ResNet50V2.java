package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Padding;
import distill.nn.ZeroPadding2D;
import org.tensorflow.ndarray.Shape;

/**
 * {@code keras.applications.ResNet50V2} (He et al. 2016, Identity Mappings in Deep Residual Networks): normalisation
 * and activation come before each convolution, so that a block's shortcut is untouched. 25,613,800 parameters with
 * ImageNet's 1000 classes.
 */
public final class ResNet50V2 {

    private ResNet50V2() {}

    /** The network for images of (height, width, 3), at least 32 pixels each. */
    public static Network build(Shape input, Top top) {
        Network.Functional model = Top.model("ResNet50V2", input);
        int x = model.add("conv1_pad", ZeroPadding2D.of(3), Network.INPUT);
        x = model.add("conv1_conv", convolution(64, 7, 2, true), x);
        x = model.add("pool1_pad", ZeroPadding2D.of(1), x);
        x = model.add("pool1_pool", new MaxPooling2D(3, 2), x);
        x = stack(model, x, "conv2", 64, 3, 2);
        x = stack(model, x, "conv3", 128, 4, 2);
        x = stack(model, x, "conv4", 256, 6, 2);
        x = stack(model, x, "conv5", 512, 3, 1);
        x = model.add("post_bn", normalization(), x);
        x = model.add("post_relu", new ActivationLayer(Activation.RELU), x);
        top.addTo(model, x, "avg_pool");
        return model.build("resnet50v2");
    }

    /** Blocks of which the first widens and the last one strides. */
    private static int stack(Network.Functional model, int input, String name, int filters, int blocks, int strides) {
        int x = input;
        for (int block = 1; block <= blocks; block++) {
            x = block(model, x, name + "_block" + block, filters, block == blocks ? strides : 1, block == 1);
        }
        return x;
    }

    private static int block(
            Network.Functional model, int input, String name, int filters, int strides, boolean widens) {
        int preactivated = model.add(name + "_preact_bn", normalization(), input);
        preactivated = model.add(name + "_preact_relu", new ActivationLayer(Activation.RELU), preactivated);
        int x = model.add(name + "_1_conv", convolution(filters, 1, 1, false), preactivated);
        x = model.add(name + "_1_bn", normalization(), x);
        x = model.add(name + "_1_relu", new ActivationLayer(Activation.RELU), x);
        x = model.add(name + "_2_pad", ZeroPadding2D.of(1), x);
        x = model.add(name + "_2_conv", convolution(filters, 3, strides, false), x);
        x = model.add(name + "_2_bn", normalization(), x);
        x = model.add(name + "_2_relu", new ActivationLayer(Activation.RELU), x);
        // Keras lists layers by their depth, so the shortcut's stands beside the last convolution.
        int shortcut = input;
        if (widens) {
            shortcut = model.add(name + "_0_conv", convolution(4 * filters, 1, strides, true), preactivated);
        } else if (strides > 1) {
            shortcut = model.add(new MaxPooling2D(1, strides), input);
        }
        x = model.add(name + "_3_conv", convolution(4 * filters, 1, 1, true), x);
        return model.add(name + "_out", new Add(), shortcut, x);
    }

    private static Conv2D convolution(int filters, int kernelSize, int strides, boolean useBias) {
        return new Conv2D(filters, kernelSize, strides, Padding.VALID, useBias, Activation.LINEAR);
    }

    private static BatchNormalization normalization() {
        return new BatchNormalization(.99, 1.001e-5);
    }
}
