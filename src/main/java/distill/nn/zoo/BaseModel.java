package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Labels;
import distill.nn.MaxPooling2D;
import distill.nn.Network;
import distill.nn.Weights;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;

/** The pre-trained networks of Task 2, on which a head for the classes of a set is put: Keras's {@code base_model}. */
public enum BaseModel {
    /** The report's teacher. */
    RESNET50V2(
            ResNet50V2::build,
            Architecture.RESNET50V2,
            Architecture.RESNET50V2_NO_TOP,
            "resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels.h5",
            "resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5"),
    /** The report's student. */
    MOBILENETV2(
            MobileNetV2::build,
            Architecture.MOBILENETV2,
            Architecture.MOBILENETV2_NO_TOP,
            "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
            "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5");

    /** Height and width in pixels of the smallest images that these networks take. */
    public static final int SMALLEST_IMAGE = 32;

    /** Classes of MHIST. */
    public static final int MHIST_CLASSES = 2;

    private final BiFunction<Shape, Top, Network> builder;
    private final Architecture withTop;
    private final Architecture withoutTop;
    private final String weightsWithTop;
    private final String weightsWithoutTop;
    private final boolean poolsByMaximum;

    BaseModel(
            BiFunction<Shape, Top, Network> builder,
            Architecture withTop,
            Architecture withoutTop,
            String weightsWithTop,
            String weightsWithoutTop) {
        this.builder = builder;
        this.withTop = withTop;
        this.withoutTop = withoutTop;
        this.weightsWithTop = weightsWithTop;
        this.weightsWithoutTop = weightsWithoutTop;
        this.poolsByMaximum = builder.apply(Top.INPUT, Top.pooledFeatures()).layers().stream()
                .anyMatch(layer -> layer.layer() instanceof MaxPooling2D);
    }

    /**
     * A base with its head.
     *
     * @param base up to the 1000 logits of ImageNet, or up to the pooled features
     * @param head takes what the base puts out and gives a logit for each class
     * @param whole both in one; with two classes 25,615,802 parameters for ResNet50V2 on the 1000 logits, 23,568,898 on
     *     the features; 3,540,986 and 2,260,546 for MobileNetV2
     */
    public record WithHead(Network base, Network head, Network whole) {

        /** The whole with the base frozen, or not. */
        public Network trained(boolean frozenBase) {
            return frozenBase
                    ? whole.freeze(name -> base.layers().stream()
                            .anyMatch(layer -> layer.name().equals(name)))
                    : whole;
        }

        /**
         * Starting weights of the whole with those of a pre-trained base.
         *
         * @param seed of the head's, which are drawn
         */
        public Weights initialWeights(Weights pretrained, long seed) {
            return new Weights(Stream.concat(pretrained.values().stream(), head.initialWeights(seed).values().stream())
                    .toList());
        }
    }

    /** The base with a label, as {@link Labels#find} finds it. */
    public static BaseModel of(String label) {
        return Labels.find("networks", values(), label);
    }

    /** What its weights are imported as: with the 1000 classes of ImageNet, or up to the pooled features. */
    public Architecture architecture(boolean imagenetHead) {
        return imagenetHead ? withTop : withoutTop;
    }

    /** Where Keras has its ImageNet weights, below the address of {@code keras-applications}: folder and file. */
    public String kerasWeights(boolean imagenetHead) {
        return imagenetHead ? weightsWithTop : weightsWithoutTop;
    }

    /** Whether one of its layers is a MaxPooling2D. */
    public boolean poolsByMaximum() {
        return poolsByMaximum;
    }

    /** The base with Dense(2) on top, linear, for MHIST's two classes. */
    public WithHead withHead(int imageSize, boolean imagenetHead) {
        return withHead(imageSize, imagenetHead, MHIST_CLASSES);
    }

    /**
     * The base with a Dense layer on top, linear.
     *
     * @param imageSize height and width in pixels, at least {@link #SMALLEST_IMAGE}
     * @param imagenetHead whether it stands on the 1000 logits of ImageNet, as in the report's program, or on the
     *     pooled features, as its text says
     * @param classes units of that layer
     */
    public WithHead withHead(int imageSize, boolean imagenetHead, int classes) {
        Shape input = Shape.of(imageSize, imageSize, 3);
        Top top = imagenetHead ? Top.of(Top.IMAGENET, Activation.LINEAR) : Top.pooledFeatures();
        Network base = builder.apply(input, top);
        Dense logits = new Dense(classes, Activation.LINEAR);
        return new WithHead(
                base,
                Network.sequential(new Network.Names(), base.output(), logits),
                base.followedBy(new Network.Names(), logits));
    }

    /** {@code resnet50v2} */
    @Override
    public String toString() {
        return withTop.toString();
    }
}
