package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Add;
import distill.nn.BatchNormalization;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Network;
import distill.nn.Padding;
import org.tensorflow.ndarray.Shape;

/**
 * A residual network for small images, to look at what depth does: a convolution, blocks of two 3 x 3 convolutions of
 * one width with an identity shortcut each, the mean over the places and a Dense layer. One stage of the networks that
 * He et al. 2016 (Deep Residual Learning, section 4.2) train on CIFAR-10.
 *
 * @param blocks how many, at least 1
 * @param filters of each convolution
 * @param preactivation whether normalisation and activation come before each convolution and nothing after the addition
 *     (He et al. 2016, Identity Mappings, Fig. 4e: ResNet V2), or after each with the last activation after the
 *     addition (Fig. 4a: V1)
 * @param batchNormalization whether there is any
 */
public record ResidualNetwork(int blocks, int filters, boolean preactivation, boolean batchNormalization) {

    /** How many convolutions: one at first, and two in each block. */
    public int convolutions() {
        return 1 + 2 * blocks;
    }

    /** The network for images of (height, width, channels), with logits at its end. */
    public Network build(Shape input, int classes) {
        Network.Functional model = new Network.Functional(input);
        int x = convolution(model, Network.INPUT, "conv1");
        x = preactivation ? x : activated(model, x, "conv1");
        for (int block = 1; block <= blocks; block++) {
            String name = blockName(block);
            x = preactivation ? preactivated(model, x, name) : postactivated(model, x, name);
        }
        x = preactivation ? activated(model, x, "post") : x;
        x = model.add("avg_pool", new GlobalAveragePooling2D(), x);
        model.add("predictions", new Dense(classes, Activation.LINEAR), x);
        return model.build("residual_" + convolutions());
    }

    /** What the names of a block's layers begin with. */
    public static String blockName(int block) {
        return "block" + block + "_";
    }

    private int preactivated(Network.Functional model, int input, String name) {
        int x = activated(model, input, name + "1");
        x = convolution(model, x, name + "1");
        x = activated(model, x, name + "2");
        x = convolution(model, x, name + "2");
        return model.add(name + "out", new Add(), input, x);
    }

    private int postactivated(Network.Functional model, int input, String name) {
        int x = convolution(model, input, name + "1");
        x = activated(model, x, name + "1");
        x = normalized(model, convolution(model, x, name + "2"), name + "2");
        x = model.add(name + "add", new Add(), input, x);
        return model.add(name + "out", new ActivationLayer(Activation.RELU), x);
    }

    private int activated(Network.Functional model, int input, String name) {
        return model.add(name + "_relu", new ActivationLayer(Activation.RELU), normalized(model, input, name));
    }

    private int normalized(Network.Functional model, int input, String name) {
        return batchNormalization ? model.add(name + "_bn", new BatchNormalization(.99, 1e-3), input) : input;
    }

    private int convolution(Network.Functional model, int input, String name) {
        return model.add(
                name + "_conv", new Conv2D(filters, 3, 1, Padding.SAME, !batchNormalization, Activation.LINEAR), input);
    }
}
