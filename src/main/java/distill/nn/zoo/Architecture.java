package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.Labels;
import distill.nn.Network;
import java.util.function.Function;

/** The networks that weights are imported into and exported from, by the names that commands take. */
public enum Architecture {
    /** The report's teacher for MNIST. */
    MNIST_TEACHER("mnist-teacher", output -> MnistTeacher.buildCnn(new Network.Names(), output)),
    /** The report's student for MNIST. */
    MNIST_STUDENT("mnist-student", output -> MnistStudent.buildFc(new Network.Names(), output)),
    /** {@code keras.applications.ResNet50V2} with ImageNet's classes. */
    RESNET50V2("resnet50v2", output -> ResNet50V2.build(Top.INPUT, Top.of(Top.IMAGENET, output))),
    /** {@code keras.applications.ResNet50V2} with {@code include_top=False, pooling="avg"}: 2048 features. */
    RESNET50V2_NO_TOP("resnet50v2-no-top", output -> ResNet50V2.build(Top.INPUT, Top.pooledFeatures())),
    /** {@code keras.applications.MobileNetV2} with ImageNet's classes. */
    MOBILENETV2("mobilenetv2", output -> MobileNetV2.build(Top.INPUT, Top.of(Top.IMAGENET, output))),
    /** {@code keras.applications.MobileNetV2} with {@code include_top=False, pooling="avg"}: 1280 features. */
    MOBILENETV2_NO_TOP("mobilenetv2-no-top", output -> MobileNetV2.build(Top.INPUT, Top.pooledFeatures()));

    private final String label;
    private final Function<Activation, Network> builder;

    Architecture(String label, Function<Activation, Network> builder) {
        this.label = label;
        this.builder = builder;
    }

    /** The network with a label, as {@link Labels#find} finds it. */
    public static Architecture of(String label) {
        return Labels.find("networks", values(), label);
    }

    /** The network, its layers numbered from the first on, with {@code output} after its last Dense layer. */
    public Network build(Activation output) {
        return builder.apply(output);
    }

    /** {@code mnist-teacher} */
    @Override
    public String toString() {
        return label;
    }
}
