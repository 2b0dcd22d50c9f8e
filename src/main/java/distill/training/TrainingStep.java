package distill.training;

import distill.loss.ComparedLayers;
import distill.loss.DistillationLoss;
import distill.loss.Loss;
import distill.nn.Model;
import distill.nn.Phase;
import distill.nn.Variable;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * One training step: what stands between {@code with tf.GradientTape()} and {@code optimizer.apply_gradients} in the
 * report's programs, decorated with {@code @tf.function}. It is put into a graph once, and run for every batch.
 */
@FunctionalInterface
public interface TrainingStep<T extends TFloating> {

    /**
     * Adds the step to a graph.
     *
     * @param model whose variables it changes
     */
    Result<T> of(Ops tf, Model<T> model, Batch<T> batch);

    /**
     * The shapes of what layers of a teacher put out for one image, where the step compares with them; none where it
     * looks at the teacher's outputs alone.
     */
    default List<Shape> teacherFeatures() {
        return List.of();
    }

    /**
     * What is fed to a step.
     *
     * @param images (batch, input shape), scaled
     * @param labels (batch, classes), one-hot
     * @param teacherOutputs (batch, classes): what a teacher puts out for the same images; without a teacher nothing is
     *     fed, so that a step without one leaves it alone
     * @param teacherFeatures (batch, layer's output shape) of each of {@link #teacherFeatures()}
     * @param training the phase to call the model in
     */
    record Batch<T extends TFloating>(
            Operand<T> images,
            Operand<T> labels,
            Operand<T> teacherOutputs,
            List<Operand<T>> teacherFeatures,
            Phase training) {}

    /**
     * What a step does.
     *
     * @param loss before the update
     * @param update of the variables
     */
    record Result<T extends TFloating>(Loss<T> loss, Optimizer.Update<T> update) {}

    /** The step of a loss on the network's outputs: the loss, its gradient, the update. */
    static <T extends TFloating> TrainingStep<T> of(LossFunction<T> computeLoss, Optimizer optimizer) {
        return (tf, model, batch) -> {
            Operand<T> outputs = model.call(tf, batch.images(), batch.training());
            return minimize(tf, model, computeLoss.of(tf, batch.labels(), outputs, batch.teacherOutputs()), optimizer);
        };
    }

    /**
     * The step of a distillation loss, on the outputs of the layers that it names, too.
     *
     * @param compared the layers that the loss compares: {@link DistillationLoss#layers}
     */
    static <T extends TFloating> TrainingStep<T> of(
            DistillationLoss loss,
            DistillationLoss.Parameters parameters,
            List<ComparedLayers> compared,
            Optimizer optimizer) {
        return new TrainingStep<>() {

            @Override
            public Result<T> of(Ops tf, Model<T> model, Batch<T> batch) {
                List<Operand<T>> outputs = model.layerOutputs(tf, batch.images(), batch.training());
                List<Operand<T>> features = compared.stream()
                        .map(pair -> outputs.get(
                                model.network().indexOf(pair.student().name())))
                        .toList();
                DistillationLoss.Batch<T> made = new DistillationLoss.Batch<>(
                        batch.labels(),
                        outputs.get(outputs.size() - 1),
                        batch.teacherOutputs(),
                        features,
                        batch.teacherFeatures());
                return minimize(tf, model, loss.of(tf, made, parameters), optimizer);
            }

            @Override
            public List<Shape> teacherFeatures() {
                return compared.stream().map(pair -> pair.teacher().output()).toList();
            }
        };
    }

    /** Trains the weights that the loss has of its own, too; the optimiser keeps them. */
    private static <T extends TFloating> Result<T> minimize(Ops tf, Model<T> model, Loss<T> loss, Optimizer optimizer) {
        List<Variable<T>> trained = concat(model.trainableVariables(), loss.variables());
        List<Operand<T>> gradients = GradientTape.gradient(tf, loss, trained);
        Optimizer.Update<T> update = optimizer.applyGradients(tf, gradients, trained);
        return new Result<>(loss, new Optimizer.Update<>(update.step(), concat(update.state(), loss.variables())));
    }

    private static <V> List<V> concat(List<V> first, List<V> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
