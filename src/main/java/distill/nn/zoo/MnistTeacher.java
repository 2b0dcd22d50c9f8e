package distill.nn.zoo;

import static distill.nn.Activation.RELU;

import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Dropout;
import distill.nn.Flatten;
import distill.nn.MaxPooling2D;
import distill.nn.Network;

/** The report's teacher for MNIST (Question 2, Fig. 2): a convolutional network of 1,011,466 parameters. */
public final class MnistTeacher {

    /** Height and width in pixels of the smallest images that its convolutions and poolings leave anything of. */
    public static final int SMALLEST_IMAGE = 7;

    private static final double DROPOUT = .5;

    private MnistTeacher() {}

    /**
     * The report's {@code build_cnn}. Note the first pooling's stride of 1.
     *
     * @param output what follows the last layer: SOFTMAX as the report's program has it, LINEAR for logits
     */
    public static Network buildCnn(Network.Names names, Activation output) {
        return buildCnn(names, DataSpec.MNIST, output);
    }

    /** The teacher for other images and classes; the images have {@link #SMALLEST_IMAGE} pixels each way at least. */
    public static Network buildCnn(Network.Names names, DataSpec data, Activation output) {
        return buildCnn(names, data, output, DROPOUT);
    }

    /** The teacher with another rate of dropout, in [0, 1). */
    public static Network buildCnn(Network.Names names, Activation output, double dropout) {
        return buildCnn(names, DataSpec.MNIST, output, dropout);
    }

    private static Network buildCnn(Network.Names names, DataSpec data, Activation output, double dropout) {
        return Network.sequential(
                names,
                data.input(),
                new Conv2D(32, 3, RELU),
                new MaxPooling2D(2, 1),
                new Conv2D(64, 3, RELU),
                new MaxPooling2D(2, 2),
                new Flatten(),
                new Dropout(dropout),
                new Dense(128, RELU),
                new Dropout(dropout),
                new Dense(data.classes(), output));
    }
}
