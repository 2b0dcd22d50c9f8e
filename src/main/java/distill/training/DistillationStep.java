package distill.training;

import distill.loss.DistillationLoss;
import distill.loss.Loss;
import distill.nn.Model;
import distill.nn.Network;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** The step of a distillation loss: the student's layers that it names are differentiated as its outputs are. */
record DistillationStep<T extends TFloating>(
        DistillationLoss loss, DistillationLoss.Parameters parameters, List<Shape> teacherFeatures, Adam optimizer)
        implements TrainingStep<T> {

    @Override
    public Result<T> of(Ops tf, Model<T> model, Batch<T> batch) {
        Network network = model.network();
        List<Operand<T>> outputs = model.layerOutputs(tf, batch.images(), batch.training());
        List<Operand<T>> features = loss.studentLayers(network).stream()
                .map(name -> outputs.get(network.indexOf(name)))
                .toList();
        Loss<T> value = loss.of(
                tf,
                new DistillationLoss.Batch<>(
                        batch.labels(),
                        outputs.get(outputs.size() - 1),
                        batch.teacherOutputs(),
                        features,
                        batch.teacherFeatures()),
                parameters);
        List<Operand<T>> gradients = GradientTape.gradient(tf, value, model.trainableVariables());
        return new Result<>(value, optimizer.applyGradients(tf, gradients, model.trainableVariables()));
    }
}
