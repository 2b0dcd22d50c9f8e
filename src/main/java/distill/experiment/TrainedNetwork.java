package distill.experiment;

import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import java.util.Optional;

/**
 * The network of a training. Transfer learning has a base, which can be frozen, and a head.
 *
 * @param whole what is trained, with all that it puts out
 * @param parts base and head; empty where nothing can be frozen
 */
record TrainedNetwork(Network whole, Optional<BaseModel.WithHead> parts) {

    /** The network that settings name. */
    static TrainedNetwork of(Settings settings) {
        return of(settings, ReadingGraph.of(settings).outputActivation());
    }

    /** The network that settings name with another activation at its end. */
    static TrainedNetwork of(Settings settings, Activation output) {
        if (settings.isTransfer()) {
            return of(BaseModel.of(settings.network())
                    .withHead(settings.images().imageSize(), settings.reading().has(Slip.IMAGENET_HEAD)));
        }
        return new TrainedNetwork(
                settings.width() != null
                        ? MnistStudent.buildFc(new Network.Names(), settings.width(), output)
                        : architecture(settings).build(output),
                Optional.empty());
    }

    /** A base with its head. */
    static TrainedNetwork of(BaseModel.WithHead network) {
        return new TrainedNetwork(network.whole(), Optional.of(network));
    }

    /** Which network of Task 1 a training trains. */
    static Architecture architecture(Settings settings) {
        return settings.role() == Role.TEACHER ? Architecture.MNIST_TEACHER : Architecture.MNIST_STUDENT;
    }

    /** The version of this program's computation of a training's network. */
    static int currentVersion(Settings settings) {
        return Settings.Computation.currentVersion(
                settings.isTransfer()
                        ? settings.network().equals(BaseModel.RESNET50V2.toString())
                        : settings.role() == Role.TEACHER);
    }

    /** The whole network, of which the base is not trained where it is frozen. */
    Network trained(boolean frozenBase) {
        return parts.map(network -> network.trained(frozenBase)).orElse(whole);
    }

    /**
     * Starting weights that are drawn.
     *
     * @param seed of all that is drawn
     */
    Weights drawnWeights(long seed) {
        return whole.initialWeights(seed);
    }

    /**
     * Starting weights with a pre-trained base.
     *
     * @param seed of the head, which is drawn
     */
    Weights pretrainedWeights(Weights base, long seed) {
        return parts.orElseThrow().initialWeights(base, seed);
    }
}
