package distill.loss;

import distill.nn.Network;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A loss by which a student learns from its teacher and from the labels, or from the labels alone: on the outputs of
 * both networks, or also on those of layers. To add one, write it in a file of its own and name it in {@link #all};
 * from then on {@code --loss} and settings can name it.
 */
public interface DistillationLoss {

    private static List<DistillationLoss> all() {
        return List.of(
                new KnowledgeDistillation(),
                new DecoupledDistillation(),
                new StrongerTeacher(),
                new LogitMse(),
                new AttentionTransfer(),
                new Hints(),
                new Similarity(),
                new LabelSmoothing(),
                new PlainCrossEntropy());
    }

    /** The names of all losses, the report's first. */
    static List<String> names() {
        return all().stream().map(DistillationLoss::name).toList();
    }

    /**
     * A loss by its name, or by the name that runs were stored with before.
     *
     * @throws IllegalArgumentException where there is none, with the names that there are
     */
    static DistillationLoss named(String name) {
        String known = name.equals(LogitMse.FORMER_NAME) ? LogitMse.NAME : name;
        return all().stream()
                .filter(loss -> loss.name().equals(known))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no loss %s: %s".formatted(name, String.join(", ", names()))));
    }

    /** What settings, labels of runs and error messages call it: lower case, words joined by hyphens. */
    String name();

    /** Whether a teacher has part in it. A loss without one is of students without distillation. */
    default boolean hasTeacher() {
        return true;
    }

    /** Whether it softens outputs by a temperature. */
    default boolean hasTemperature() {
        return false;
    }

    /**
     * This loss on layers that are named, in place of those that it finds.
     *
     * @throws IllegalArgumentException where it compares no layers that can be named, or not so many
     */
    default DistillationLoss on(List<LayerPair> pairs) {
        throw new IllegalArgumentException(
                "the loss %s has no layers that can be named; attention and hints have".formatted(name()));
    }

    /** The layers that were named; empty where it finds those that it compares itself. */
    default List<LayerPair> named() {
        return List.of();
    }

    /**
     * The layers whose outputs it compares: none for a loss on the networks' outputs alone.
     *
     * @return in the order in which {@link Batch#features} and {@link Batch#teacherFeatures} have their outputs
     * @throws IllegalArgumentException where these two networks have none that can be compared, with the layers and
     *     shapes that they have
     */
    default List<ComparedLayers> layers(Network student, Network teacher) {
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
     * @param teacherOutputs (batch, classes): what its teacher puts out for the same images, which are constants; a
     *     loss without a teacher leaves it alone
     * @param features (batch, layer's output shape) of the student's layer of each of {@link #layers}
     * @param teacherFeatures (batch, layer's output shape) of the teacher's in inference, constants
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
     * @param softTargets what the reading makes of a teacher's outputs before {@code kd} compares with them
     * @param temperature T, over 0; null for a loss that has none
     * @param alpha the weight of the distillation, in [0, 1]; that of the labels is 1 - alpha; null for a loss without
     *     a teacher
     */
    record Parameters(SoftTargets softTargets, Double temperature, Double alpha) {}
}
