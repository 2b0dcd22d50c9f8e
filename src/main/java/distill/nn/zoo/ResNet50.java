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
 * {@code keras.applications.ResNet50} (He et al. 2016, Deep Residual Learning for Image Recognition, Table 1):
 * normalisation and activation come after each convolution, and the block's last activation after the addition, so that
 * it lies on the way of the shortcut. As in the paper the first block of a stack strides, in its first convolution.
 * 25,636,712 parameters with ImageNet's 1000 classes.
 */
public final class ResNet50 {

    private ResNet50() {}

    /** The network for images of (height, width, 3), at least 32 pixels each. */
    public static Network build(Shape input, Top top) {
        Network.Functional model = Top.model("ResNet50", input);
        int x = model.add("conv1_pad", ZeroPadding2D.of(3), Network.INPUT);
        x = model.add("conv1_conv", convolution(64, 7, 2, Padding.VALID), x);
        x = model.add("conv1_bn", normalization(), x);
        x = model.add("conv1_relu", new ActivationLayer(Activation.RELU), x);
        x = model.add("pool1_pad", ZeroPadding2D.of(1), x);
        x = model.add("pool1_pool", new MaxPooling2D(3, 2), x);
        x = stack(model, x, "conv2", 64, 3, 1);
        x = stack(model, x, "conv3", 128, 4, 2);
        x = stack(model, x, "conv4", 256, 6, 2);
        x = stack(model, x, "conv5", 512, 3, 2);
        top.addTo(model, x, "avg_pool");
        return model.build("resnet50");
    }

    /** Blocks of which the first widens and strides. */
    private static int stack(Network.Functional model, int input, String name, int filters, int blocks, int strides) {
        int x = input;
        for (int block = 1; block <= blocks; block++) {
            x = block(model, x, name + "_block" + block, filters, block == 1 ? strides : 1, block == 1);
        }
        return x;
    }

    private static int block(
            Network.Functional model, int input, String name, int filters, int strides, boolean widens) {
        int x = model.add(name + "_1_conv", convolution(filters, 1, strides, Padding.VALID), input);
        x = model.add(name + "_1_bn", normalization(), x);
        x = model.add(name + "_1_relu", new ActivationLayer(Activation.RELU), x);
        x = model.add(name + "_2_conv", convolution(filters, 3, 1, Padding.SAME), x);
        x = model.add(name + "_2_bn", normalization(), x);
        x = model.add(name + "_2_relu", new ActivationLayer(Activation.RELU), x);
        // Keras lists layers by their depth, so the shortcut's stand beside the last ones.
        int shortcut = widens
                ? model.add(name + "_0_conv", convolution(4 * filters, 1, strides, Padding.VALID), input)
                : input;
        x = model.add(name + "_3_conv", convolution(4 * filters, 1, 1, Padding.VALID), x);
        shortcut = widens ? model.add(name + "_0_bn", normalization(), shortcut) : shortcut;
        x = model.add(name + "_3_bn", normalization(), x);
        x = model.add(name + "_add", new Add(), shortcut, x);
        return model.add(name + "_out", new ActivationLayer(Activation.RELU), x);
    }

    private static Conv2D convolution(int filters, int kernelSize, int strides, Padding padding) {
        return new Conv2D(filters, kernelSize, strides, padding, true, Activation.LINEAR);
    }

    private static BatchNormalization normalization() {
        return new BatchNormalization(.99, 1.001e-5);
    }
}
