package distill.loss;

import distill.nn.Network;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A loss by which a student learns from its teacher and from the labels: on the outputs of both, or also on those of
 * layers that it names. To add one, write it in a file of its own and name it in {@link #all}; from then on settings
 * can name it.
 */
public interface DistillationLoss {

    private static List<DistillationLoss> all() {
        return List.of(new KnowledgeDistillation(), new MseLogits(), new Similarity());
    }

    /** The names of all losses, the report's first. */
    static List<String> names() {
        return all().stream().map(DistillationLoss::name).toList();
    }

    /**
     * A loss by its name.
     *
     * @throws IllegalArgumentException where there is none, with the names that there are
     */
    static DistillationLoss named(String name) {
        return all().stream()
                .filter(loss -> loss.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no loss %s: %s".formatted(name, String.join(", ", names()))));
    }

    /** What settings, labels of runs and error messages call it: lower case, words joined by hyphens. */
    String name();

    /**
     * The student's layers whose outputs it compares: none for a loss on the networks' outputs alone.
     *
     * @return names of layers, in the order in which {@link Batch#features} has their outputs
     */
    default List<String> studentLayers(Network student) {
        return List.of();
    }

    /**
     * The teacher's layers that it compares them with: none for a loss on the networks' outputs alone.
     *
     * @return names of layers, in the order in which {@link Batch#teacherFeatures} has their outputs
     */
    default List<String> teacherLayers(Network teacher) {
        return List.of();
    }

    /**
     * Adds the loss of one batch to a graph.
     *
     * @return the loss, whose {@link Loss#outputs} are the student's
     */
    <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters);

    /**
     * What a loss is made of. "Outputs" are probabilities where the reading's networks end in a softmax, else logits.
     *
     * @param labels (batch, classes), one-hot
     * @param outputs (batch, classes): what the student puts out
     * @param teacherOutputs (batch, classes): what its teacher puts out for the same images, which are constants
     * @param features (batch, layer's output shape) of each of {@link #studentLayers}
     * @param teacherFeatures (batch, layer's output shape) of each of {@link #teacherLayers} in inference, constants
     */
    record Batch<T extends TFloating>(
            Operand<T> labels,
            Operand<T> outputs,
            Operand<T> teacherOutputs,
            List<Operand<T>> features,
            List<Operand<T>> teacherFeatures) {}

    /**
     * What a training sets.
     *
     * @param softTargets what the reading makes of a teacher's outputs before a cross-entropy compares with them
     * @param temperature T, over 0; null for a loss that has none
     * @param alpha the weight of the distillation, in [0, 1]; that of the labels is 1 - alpha
     */
    record Parameters(SoftTargets softTargets, Double temperature, double alpha) {}
}
