package distill.weights;

import com.fasterxml.jackson.databind.JsonNode;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Add;
import distill.nn.AlphaDropout;
import distill.nn.AveragePooling2D;
import distill.nn.BatchNormalization;
import distill.nn.CenterCrop;
import distill.nn.Concatenate;
import distill.nn.Conv2D;
import distill.nn.Conv2DTranspose;
import distill.nn.Cropping2D;
import distill.nn.Dense;
import distill.nn.DepthwiseConv2D;
import distill.nn.Dropout;
import distill.nn.ELU;
import distill.nn.Flatten;
import distill.nn.GaussianDropout;
import distill.nn.GaussianNoise;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.GlobalMaxPooling2D;
import distill.nn.GroupNormalization;
import distill.nn.Identity;
import distill.nn.Interpolation;
import distill.nn.Layer;
import distill.nn.LayerNormalization;
import distill.nn.LeakyReLU;
import distill.nn.MaxPooling2D;
import distill.nn.Merge;
import distill.nn.Normalization;
import distill.nn.PReLU;
import distill.nn.Permute;
import distill.nn.RandomAugmentation;
import distill.nn.RandomCrop;
import distill.nn.ReLU;
import distill.nn.Rescaling;
import distill.nn.Reshape;
import distill.nn.Resizing;
import distill.nn.SeparableConv2D;
import distill.nn.Sides;
import distill.nn.Softmax;
import distill.nn.SpatialDropout2D;
import distill.nn.UpSampling2D;
import distill.nn.ZeroPadding2D;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;

/** Our layers from the configurations in which Keras 2 and 3 save theirs. */
final class KerasLayers {

    private static final double EPSILON = 1e-3;
    /** Layers that change images at random in training and do nothing in inference. */
    private static final List<String> AUGMENTATIONS = List.of(
            "AugMix",
            "CutMix",
            "MixUp",
            "RandAugment",
            "RandomBrightness",
            "RandomColorDegeneration",
            "RandomColorJitter",
            "RandomContrast",
            "RandomElasticTransform",
            "RandomErasing",
            "RandomFlip",
            "RandomGaussianBlur",
            "RandomGrayscale",
            "RandomHue",
            "RandomInvert",
            "RandomPerspective",
            "RandomPosterization",
            "RandomRotation",
            "RandomSaturation",
            "RandomSharpness",
            "RandomShear",
            "RandomTranslation",
            "RandomZoom");

    private static final Map<String, Builder> LAYERS = layers();

    /** Operations of one tensor. */
    private static final Map<String, Builder> OPERATIONS = operations();

    private KerasLayers() {}

    /** Makes a layer of its arguments. */
    private interface Builder {
        Layer build(LayerArguments arguments) throws IOException;
    }

    /**
     * The layer that a configuration describes.
     *
     * @param name the layer's name in the model
     * @param className Keras's class: {@code Conv2D}
     * @param config Keras's {@code get_config()} of the layer
     * @param source what errors call the file
     * @throws IOException where there is no such layer here, or it has an argument with which none here computes
     */
    static Layer of(String name, String className, JsonNode config, String source) throws IOException {
        return build(LAYERS, name, className, config, source);
    }

    private static Layer build(
            Map<String, Builder> known, String name, String className, JsonNode config, String source)
            throws IOException {
        Builder builder = known.get(className);
        if (builder == null) {
            throw new IOException(
                    "%s: its layer %s is of the class %s, which this program does not compute: it computes %s"
                            .formatted(source, name, className, String.join(", ", known.keySet())));
        }
        LayerArguments arguments =
                new LayerArguments("%s: its layer %s (%s)".formatted(source, name, className), config);
        Layer layer = builder.build(arguments);
        arguments.checkOthers();
        return layer;
    }

    /**
     * The layer for one of Keras 3's operations that a functional model calls on a tensor:
     * {@code keras.ops.sigmoid(x)}, {@code keras.activations.silu(x)}.
     *
     * @param className Keras's: {@code Sigmoid}
     * @param config the operation's arguments
     * @throws IOException as {@link #of}
     */
    static Layer ofOperation(String name, String className, JsonNode config, String source) throws IOException {
        return build(OPERATIONS, name, className, config, source);
    }

    /** Keras's classes that {@link #ofOperation} can build, in alphabetical order. */
    static Set<String> operationClasses() {
        return OPERATIONS.keySet();
    }

    /** Keras's classes that {@link #of} can build, in alphabetical order. */
    static Set<String> classes() {
        return LAYERS.keySet();
    }

    private static Map<String, Builder> layers() {
        Map<String, Builder> layers = new TreeMap<>();
        convolutions(layers);
        poolings(layers);
        activations(layers);
        normalizations(layers);
        merges(layers);
        regularizations(layers);
        shapes(layers);
        layers.put(
                "Dense",
                arguments -> new Dense(
                        arguments.whole("units"),
                        arguments.flag("use_bias", true),
                        arguments.activation(),
                        arguments.initializers("kernel", "bias")));
        layers.put("Identity", arguments -> new Identity());
        for (String type : AUGMENTATIONS) {
            layers.put(type, arguments -> new RandomAugmentation(type, arguments.all()));
        }
        return layers;
    }

    private static void convolutions(Map<String, Builder> layers) {
        layers.put("Conv2D", arguments -> {
            Sides strides = arguments.sides("strides", Sides.ONE);
            return new Conv2D(
                    arguments.whole("filters"),
                    arguments.sides("kernel_size"),
                    strides,
                    arguments.padding(),
                    dilation(arguments, strides),
                    arguments.whole("groups", 1, 1),
                    arguments.flag("use_bias", true),
                    arguments.activation(),
                    arguments.initializers("kernel", "bias"));
        });
        layers.put("DepthwiseConv2D", arguments -> {
            Sides strides = squareStrides(arguments);
            return new DepthwiseConv2D(
                    arguments.sides("kernel_size"),
                    strides,
                    arguments.padding(),
                    dilation(arguments, strides),
                    arguments.whole("depth_multiplier", 1, 1),
                    arguments.flag("use_bias", true),
                    arguments.activation(),
                    arguments.initializers(KerasInitializers.DEPTHWISE));
        });
        layers.put("SeparableConv2D", arguments -> {
            Sides strides = squareStrides(arguments);
            return new SeparableConv2D(
                    arguments.whole("filters"),
                    arguments.sides("kernel_size"),
                    strides,
                    arguments.padding(),
                    dilation(arguments, strides),
                    arguments.whole("depth_multiplier", 1, 1),
                    arguments.flag("use_bias", true),
                    arguments.activation(),
                    arguments.initializers(KerasInitializers.SEPARABLE));
        });
        layers.put(
                "Conv2DTranspose",
                arguments -> new Conv2DTranspose(
                        arguments.whole("filters"),
                        arguments.sides("kernel_size"),
                        arguments.sides("strides", Sides.ONE),
                        arguments.padding(),
                        arguments.flag("use_bias", true),
                        arguments.activation(),
                        arguments.initializers("kernel", "bias")));
    }

    /** TensorFlow has no kernel for windows with holes that take steps, either. */
    private static Sides dilation(LayerArguments arguments, Sides strides) throws IOException {
        Sides dilation = arguments.sides("dilation_rate", Sides.ONE);
        if (dilation.moreThanOne() && strides.moreThanOne()) {
            throw arguments.refused("dilation_rate", "1 where strides are more than 1");
        }
        return dilation;
    }

    /** TensorFlow has no kernel for a depthwise convolution that moves otherwise down than to the right, either. */
    private static Sides squareStrides(LayerArguments arguments) throws IOException {
        Sides strides = arguments.sides("strides", Sides.ONE);
        if (strides.height() != strides.width()) {
            throw arguments.refused("strides", "the same number down and to the right");
        }
        return strides;
    }

    private static void poolings(Map<String, Builder> layers) {
        layers.put("MaxPooling2D", arguments -> {
            Sides pool = arguments.sides("pool_size", Sides.of(2));
            return new MaxPooling2D(pool, arguments.sides("strides", pool), arguments.padding());
        });
        layers.put("AveragePooling2D", arguments -> {
            Sides pool = arguments.sides("pool_size", Sides.of(2));
            return new AveragePooling2D(pool, arguments.sides("strides", pool), arguments.padding());
        });
        layers.put(
                "GlobalAveragePooling2D", arguments -> new GlobalAveragePooling2D(arguments.flag("keepdims", false)));
        layers.put("GlobalMaxPooling2D", arguments -> new GlobalMaxPooling2D(arguments.flag("keepdims", false)));
    }

    private static void activations(Map<String, Builder> layers) {
        layers.put("Activation", arguments -> new ActivationLayer(arguments.activation()));
        layers.put(
                "ReLU",
                arguments -> new ReLU(
                        arguments.number("max_value", Double.POSITIVE_INFINITY),
                        arguments.number("negative_slope", 0),
                        arguments.number("threshold", 0)));
        // Keras 2 calls the slope alpha.
        layers.put(
                "LeakyReLU",
                arguments -> new LeakyReLU(arguments.number("negative_slope", arguments.number("alpha", .3))));
        layers.put("ELU", arguments -> new ELU(arguments.number("alpha", 1)));
        layers.put(
                "PReLU",
                arguments -> new PReLU(arguments.wholes("shared_axes", List.of()), arguments.initializers("alpha")));
        layers.put("Softmax", arguments -> new Softmax(oneAxis(arguments)));
    }

    private static Map<String, Builder> operations() {
        Map<String, Builder> operations = new TreeMap<>();
        Map.of(
                        "Relu", Activation.RELU,
                        "Relu6", Activation.RELU6,
                        "Sigmoid", Activation.SIGMOID,
                        "Tanh", Activation.TANH,
                        "Silu", Activation.SILU,
                        "HardSigmoid", Activation.HARD_SIGMOID,
                        "HardSilu", Activation.HARD_SILU,
                        "Selu", Activation.SELU,
                        "Softplus", Activation.SOFTPLUS,
                        "Softsign", Activation.SOFTSIGN)
                .forEach((type, activation) -> operations.put(type, arguments -> new ActivationLayer(activation)));
        operations.put("Mish", arguments -> new ActivationLayer(Activation.MISH));
        operations.put("Exp", arguments -> new ActivationLayer(Activation.EXPONENTIAL));
        operations.put("Gelu", arguments -> {
            if (arguments.flag("approximate", true)) {
                throw arguments.refused("approximate", "false");
            }
            return new ActivationLayer(Activation.GELU);
        });
        operations.put("LeakyRelu", arguments -> new LeakyReLU(arguments.number("negative_slope", .2)));
        operations.put("Elu", arguments -> new ELU(arguments.number("alpha", 1)));
        operations.put("Softmax", arguments -> new Softmax(oneAxis(arguments)));
        return operations;
    }

    /** One axis, as a number or as a list of one. */
    private static int oneAxis(LayerArguments arguments) throws IOException {
        List<Integer> axes = arguments.wholes("axis", List.of(-1));
        if (axes.size() != 1) {
            throw arguments.refused("axis", "one axis");
        }
        return axes.get(0);
    }

    private static void normalizations(Map<String, Builder> layers) {
        layers.put(
                "BatchNormalization",
                arguments -> new BatchNormalization(
                        arguments.number("momentum", .99),
                        arguments.number("epsilon", EPSILON),
                        oneAxis(arguments),
                        arguments.flag("center", true),
                        arguments.flag("scale", true),
                        arguments.initializers("gamma", "beta", "moving_mean", "moving_variance")));
        layers.put(
                "LayerNormalization",
                arguments -> new LayerNormalization(
                        arguments.wholes("axis", List.of(-1)),
                        arguments.number("epsilon", EPSILON),
                        arguments.flag("center", true),
                        arguments.flag("scale", true),
                        arguments.initializers("gamma", "beta")));
        layers.put(
                "GroupNormalization",
                arguments -> new GroupNormalization(
                        groups(arguments),
                        oneAxis(arguments),
                        arguments.number("epsilon", EPSILON),
                        arguments.flag("center", true),
                        arguments.flag("scale", true),
                        arguments.initializers("gamma", "beta")));
        layers.put(
                "Normalization",
                arguments -> new Normalization(
                        arguments.wholes("axis", List.of(-1)),
                        arguments.numbers("mean", List.of()),
                        arguments.numbers("variance", List.of()),
                        arguments.flag("invert", false)));
        layers.put(
                "Rescaling",
                arguments -> new Rescaling(
                        arguments.numbers("scale", List.of(1.)), arguments.numbers("offset", List.of(0.))));
    }

    private static int groups(LayerArguments arguments) throws IOException {
        int groups = arguments.whole("groups", 32, -1);
        if (groups == 0) {
            throw arguments.refused("groups", "whole numbers from 1, and -1 for one for each channel");
        }
        return groups;
    }

    private static void merges(Map<String, Builder> layers) {
        layers.put("Add", arguments -> new Add());
        for (Merge.Operation operation : Merge.Operation.values()) {
            Layer merge = new Merge(operation);
            layers.put(merge.type(), arguments -> merge);
        }
        layers.put("Concatenate", arguments -> new Concatenate(oneAxis(arguments)));
    }

    private static void regularizations(Map<String, Builder> layers) {
        layers.put("Dropout", arguments -> new Dropout(rate(arguments), noiseShape(arguments)));
        layers.put("SpatialDropout2D", arguments -> new SpatialDropout2D(rate(arguments)));
        layers.put("AlphaDropout", arguments -> new AlphaDropout(rate(arguments)));
        layers.put("GaussianDropout", arguments -> new GaussianDropout(rate(arguments)));
        layers.put("GaussianNoise", arguments -> new GaussianNoise(arguments.number("stddev", 0)));
    }

    /** Sizes, where null stands for the input's. */
    private static List<Integer> noiseShape(LayerArguments arguments) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        for (JsonNode size : arguments.take("noise_shape")) {
            if (!size.isNull() && size.asInt() != 1) {
                throw arguments.refused("noise_shape", "null and 1");
            }
            sizes.add(size.isNull() ? (int) Shape.UNKNOWN_SIZE : size.asInt());
        }
        return List.copyOf(sizes);
    }

    private static double rate(LayerArguments arguments) throws IOException {
        double rate = arguments.number("rate", 0);
        if (rate < 0 || rate >= 1) {
            throw arguments.refused("rate", "rates from 0 to less than 1");
        }
        return rate;
    }

    private static void shapes(Map<String, Builder> layers) {
        layers.put("Flatten", arguments -> new Flatten());
        layers.put("Reshape", arguments -> new Reshape(target(arguments)));
        layers.put("Permute", arguments -> new Permute(arguments.wholes("dims", List.of())));
        layers.put("ZeroPadding2D", arguments -> {
            int[] border = arguments.border("padding", 1);
            return new ZeroPadding2D(border[0], border[1], border[2], border[3]);
        });
        layers.put("Cropping2D", arguments -> {
            int[] border = arguments.border("cropping", 0);
            return new Cropping2D(border[0], border[1], border[2], border[3]);
        });
        layers.put(
                "UpSampling2D",
                arguments -> new UpSampling2D(
                        arguments.sides("size", Sides.of(2)), interpolation(arguments, Interpolation.NEAREST)));
        layers.put("Resizing", arguments -> {
            // A border's filling is of use with pad_to_aspect_ratio alone, which is not computed.
            arguments.take("fill_mode");
            arguments.take("fill_value");
            return new Resizing(size(arguments), interpolation(arguments, Interpolation.BILINEAR));
        });
        layers.put("CenterCrop", arguments -> new CenterCrop(size(arguments)));
        layers.put("RandomCrop", arguments -> new RandomCrop(size(arguments)));
    }

    private static Shape target(LayerArguments arguments) throws IOException {
        List<Integer> sizes = arguments.wholes("target_shape", List.of());
        long open = sizes.stream().filter(size -> size == Shape.UNKNOWN_SIZE).count();
        if (open > 1 || sizes.stream().anyMatch(size -> size < 1 && size != Shape.UNKNOWN_SIZE)) {
            throw arguments.refused("target_shape", "whole numbers from 1, of which one may be -1");
        }
        return Shape.of(sizes.stream().mapToLong(Integer::longValue).toArray());
    }

    private static Interpolation interpolation(LayerArguments arguments, Interpolation usual) throws IOException {
        String name = arguments.take("interpolation").asText(usual.kerasName());
        for (Interpolation interpolation : Interpolation.values()) {
            if (interpolation.kerasName().equals(name)) {
                return interpolation;
            }
        }
        throw arguments.refused("interpolation", String.join(", ", Interpolation.kerasNames()));
    }

    private static Sides size(LayerArguments arguments) throws IOException {
        return new Sides(arguments.whole("height"), arguments.whole("width"));
    }
}
