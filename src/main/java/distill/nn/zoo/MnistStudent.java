package distill.nn.zoo;

import static distill.nn.Activation.RELU;

import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Flatten;
import distill.nn.Network;

/**
 * The report's student for MNIST (Question 2, Fig. 3): a fully connected network of 1,238,730 parameters, more than the
 * teacher has, at a ninth of its cost.
 */
public final class MnistStudent {

    /** Units of each of the report's two hidden layers. */
    public static final int WIDTH = 784;

    private MnistStudent() {}

    /**
     * The report's {@code build_fc}.
     *
     * @param output what follows the last layer: SOFTMAX as the report's program has it, LINEAR for logits
     */
    public static Network buildFc(Network.Names names, Activation output) {
        return buildFc(names, DataSpec.MNIST, WIDTH, output);
    }

    /** The student for images and classes of one's own, with {@code width} units in each of its two hidden layers. */
    public static Network buildFc(Network.Names names, DataSpec data, int width, Activation output) {
        return Network.sequential(
                names,
                data.input(),
                new Flatten(),
                new Dense(width, RELU),
                new Dense(width, RELU),
                new Dense(data.classes(), output));
    }
}
