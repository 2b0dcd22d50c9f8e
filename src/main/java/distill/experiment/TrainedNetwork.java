package distill.experiment;

import static java.util.Objects.requireNonNullElse;

import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.run.AdamForm;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The network of a training. Transfer learning has a base, which can be frozen, and a head.
 *
 * @param whole what is trained, with all that it puts out
 * @param parts base and head of one of the report's networks; null in Task 1, and of a network of one's own
 */
record TrainedNetwork(Network whole, BaseModel.WithHead parts) {

    /** What weights of layers that multiply by a matrix are called: {@code kernel}, {@code depthwise_kernel}. */
    private static final String KERNEL = "kernel";

    private static final int STUDENT_THREADS = 1;
    private static final int TEACHER_THREADS = 4;

    /** The network that settings name; an own student's, which they do not, is {@link SavedModels#network}. */
    static TrainedNetwork of(Settings settings) {
        return of(settings, ReadingGraph.of(settings).outputActivation());
    }

    /** The network that settings name with another activation at its end. */
    static TrainedNetwork of(Settings settings, Activation output) {
        if (settings.isTransfer()) {
            BaseModel.WithHead parts = BaseModel.of(settings.network())
                    .withHead(
                            settings.images().imageSize(),
                            settings.reading().has(Slip.IMAGENET_HEAD),
                            classes(settings));
            return new TrainedNetwork(parts.whole(), parts);
        }
        return new TrainedNetwork(
                settings.role() == Role.TEACHER
                        ? MnistTeacher.buildCnn(new Network.Names(), MnistPlan.spec(settings), output)
                        : MnistStudent.buildFc(
                                new Network.Names(),
                                MnistPlan.spec(settings),
                                requireNonNullElse(settings.width(), MnistStudent.WIDTH),
                                output),
                null);
    }

    /** Which network of Task 1 a training trains. */
    static Architecture architecture(Settings settings) {
        return settings.role() == Role.TEACHER ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
    }

    /** How many classes a network of Task 2 tells apart. */
    static int classes(Settings settings) {
        return requireNonNullElse(settings.images().classCount(), BaseModel.MHIST_CLASSES);
    }

    /**
     * The device that computes a network on another number of threads than it has where nobody asked for one. In Task 1
     * it is one that does not depend on the machine, so that its weights do not either: a student's products gain
     * little from a second thread, and several students are trained at once; a teacher has too few beside it for that.
     */
    static Device device(Settings.Model model, Device device) {
        return model.network() != null
                ? device
                : device.threadsOr(model.role() == Role.TEACHER ? TEACHER_THREADS : STUDENT_THREADS);
    }

    /** Where a training is computed. */
    static Device device(Settings settings) {
        Settings.Computation computation = settings.computation();
        return new Device(computation.device().equals("gpu"), computation.threads(), true);
    }

    /**
     * How this program computes a network on a device.
     *
     * @param adam null as in runs from before version 3
     */
    static Settings.Computation computation(Settings.Model model, AdamForm adam, Device device) {
        return Settings.Computation.here(
                device.kind(), device(model, device).threads(), currentVersion(model, adam), adam);
    }

    /** The version of this program's computation of a network: {@link Settings.Computation#currentVersion}. */
    static int currentVersion(Settings.Model model, AdamForm adam) {
        // An own student may have any layer.
        boolean hasMaxPooling = model.architecture() != null
                || (model.network() == null
                        ? model.role() == Role.TEACHER
                        : BaseModel.of(model.network()).poolsByMaximum());
        return Settings.Computation.currentVersion(hasMaxPooling, adam);
    }

    /** The whole network, of which the base is not trained where it is frozen. */
    Network trained(boolean frozenBase) {
        return parts != null ? parts.trained(frozenBase) : frozenBase ? withFrozenBase(whole) : whole;
    }

    /** The layer that gives the head what it is put on; empty where that is the network's input. */
    Optional<String> endOfBase() {
        if (parts != null) {
            return Optional.of(last(parts.base()).name());
        }
        return head(whole)
                .filter(layer -> hasKernel(layer) && layer.inbound().get(0) != Network.INPUT)
                .map(layer -> whole.layers().get(layer.inbound().get(0)).name())
                .findFirst();
    }

    /** A network of one's own with all layers frozen but those of its head, and those that it froze itself. */
    private static Network withFrozenBase(Network network) {
        Set<String> trained = head(network)
                .filter(NamedLayer::trainable)
                .map(NamedLayer::name)
                .collect(Collectors.toSet());
        return network.freeze(name -> !trained.contains(name));
    }

    /**
     * The head of a network of one's own: the last layer with a kernel, such as the Dense layer that makes the classes'
     * outputs, and what follows it. Where several branches are merged at the end, it is so on each way to the output.
     */
    static Stream<NamedLayer> head(Network network) {
        List<NamedLayer> layers = network.layers();
        Set<Integer> reached = new HashSet<>(Set.of(layers.size() - 1));
        for (int i = layers.size() - 1; i >= 0; i--) {
            if (reached.contains(i) && !hasKernel(layers.get(i))) {
                reached.addAll(layers.get(i).inbound());
            }
        }
        return IntStream.range(0, layers.size()).filter(reached::contains).mapToObj(layers::get);
    }

    private static boolean hasKernel(NamedLayer layer) {
        return layer.weights().stream().anyMatch(weight -> weight.name().contains(KERNEL));
    }

    private static NamedLayer last(Network network) {
        return network.layers().get(network.layers().size() - 1);
    }
}
