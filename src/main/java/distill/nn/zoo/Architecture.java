package distill.nn.zoo;

import distill.nn.Activation;
import distill.nn.Network;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The networks that weights are imported into and exported from, by the names that commands take. */
public enum Architecture {
    MNIST_TEACHER("mnist-teacher", MnistTeacher::buildCnn),
    MNIST_STUDENT("mnist-student", MnistStudent::buildFc);

    private final String label;
    private final BiFunction<Network.Names, Activation, Network> builder;

    Architecture(String label, BiFunction<Network.Names, Activation, Network> builder) {
        this.label = label;
        this.builder = builder;
    }

    /**
     * The network with a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Architecture of(String label) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the networks are "
                        + Arrays.stream(values()).map(Architecture::toString).collect(Collectors.joining(", "))
                        + ", found " + label));
    }

    /**
     * The network, its layers numbered from the first on.
     *
     * @param output what follows its last layer
     */
    public Network build(Activation output) {
        return builder.apply(new Network.Names(), output);
    }

    /** {@code mnist-teacher} */
    @Override
    public String toString() {
        return label;
    }
}
