package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import distill.data.ImageBatch;
import distill.loss.ComparedLayers;
import distill.loss.DistillationLoss;
import distill.loss.Loss;
import distill.loss.Losses;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** A loss on features, in training steps of a network of three layers with weights. */
class DistillationStepTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final Network NETWORK = Network.sequential(
            new Network.Names(),
            Shape.of(2, 2, 1),
            new Flatten(),
            new Dense(3, Activation.SOFTMAX),
            new Dense(4, Activation.SOFTMAX),
            new Dense(2, Activation.LINEAR));
    private static final float[] VALUES = {.9f, -.5f, .1f, .7f, -.3f, .2f, .8f, -.6f};
    private static final int[] LABELS = {0, 1};
    private static final TeacherOutputs TEACHER =
            new TeacherOutputs(2, new double[4], List.of(new double[] {.1, .9, .3, .7, .2, .4}, new double[] {
                .5, .6, .1, .2, .8, .9, .3, .4
            }));

    /** The mean squared difference of the outputs of two layers, one of them before the other. */
    private static final class TwoLayers implements DistillationLoss {

        @Override
        public String name() {
            return "two-layers";
        }

        @Override
        public List<ComparedLayers> layers(Network student, Network teacher) {
            return List.of(pair(student, teacher, "dense"), pair(student, teacher, "dense_1"));
        }

        private static ComparedLayers pair(Network student, Network teacher, String name) {
            return new ComparedLayers(
                    student.layers().get(student.indexOf(name)),
                    teacher.layers().get(teacher.indexOf(name)));
        }

        @Override
        public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
            Operand<T> soft = tf.math.add(distance(tf, batch, 0), distance(tf, batch, 1));
            return Losses.computeDerivedLoss(tf, batch, soft, parameters.alpha());
        }

        private static <T extends TFloating> Operand<T> distance(Ops tf, Batch<T> batch, int layer) {
            return tf.math.mean(
                    tf.math.squaredDifference(
                            batch.features().get(layer), batch.teacherFeatures().get(layer)),
                    tf.array(0, 1));
        }
    }

    private static CompiledModel<TFloat64> compiled(DistillationLoss loss) {
        return CompiledModel.compile(
                NETWORK,
                Inputs.FEATURES,
                Phase::training,
                TrainingStep.of(
                        loss,
                        new DistillationLoss.Parameters(SoftTargets.SOFTMAX, null, .4),
                        loss.layers(NETWORK, NETWORK),
                        Adam.of(1e-3)),
                TFloat64.class,
                DEVICE);
    }

    private static CompiledModel<TFloat64> compiled() {
        return compiled(new TwoLayers());
    }

    private static Weights weights(int changed, int index, double change) {
        List<Weights.Weight> values = new ArrayList<>(NETWORK.initialWeights(5).values());
        Weights.Weight old = values.get(changed);
        double[] numbers = old.values().clone();
        numbers[index] += change;
        values.set(changed, new Weights.Weight(old.name(), old.shape(), numbers));
        return new Weights(values);
    }

    private static StepLoss step(CompiledModel<TFloat64> model, Weights start) {
        model.setWeights(start);
        return model.trainOnBatch(VALUES, LABELS, TEACHER, 0, 0);
    }

    /** Adam's first step hides a gradient's size, but its m is then (1 - .9f) g. */
    @Test
    void theGradientOfEveryWeightIsTheDerivativeOfTheSummedLoss() {
        try (CompiledModel<TFloat64> model = compiled()) {
            Weights start = NETWORK.initialWeights(5);
            step(model, start);
            Map<String, double[]> state = model.getState().values().stream()
                    .collect(Collectors.toMap(Weights.Weight::name, Weights.Weight::values));
            double h = 1e-5;
            for (int w = 0; w < start.values().size(); w++) {
                String name = start.values().get(w).name();
                double[] m = state.get("adam/m/" + name);
                for (int i = 0; i < m.length; i++) {
                    double up = step(model, weights(w, i, h)).loss();
                    double down = step(model, weights(w, i, -h)).loss();
                    assertEquals(
                            LABELS.length * (up - down) / (2 * h),
                            m[i] / (1 - (double) .9f),
                            1e-8,
                            name + "[" + i + "]");
                }
            }
        }
    }

    /** The teacher is the network with other weights; the features that it is asked for are the student's. */
    @Test
    void aStudentWithItsTeachersWeightsIsNoDistanceFromIt() {
        try (CompiledModel<TFloat64> teacher = CompiledModel.of(NETWORK, Inputs.FEATURES, TFloat64.class, DEVICE);
                CompiledModel<TFloat64> model = compiled()) {
            teacher.setWeights(NETWORK.initialWeights(7));
            model.setWeights(NETWORK.initialWeights(7));
            TeacherOutputs outputs = TeacherOutputs.of(
                    teacher, new ImageBatch(new int[] {0, 1}, LABELS, null, VALUES), List.of("dense", "dense_1"));
            StepLoss loss = model.trainOnBatch(VALUES, LABELS, outputs, 0, 0);
            assertEquals(0, loss.soft(), 1e-15);
            assertEquals(.6 * loss.hard(), loss.loss(), 1e-15);
            model.setWeights(NETWORK.initialWeights(7));
            float[] other = {VALUES[4], VALUES[5], VALUES[6], VALUES[7], VALUES[0], VALUES[1], VALUES[2], VALUES[3]};
            assertEquals(
                    0,
                    model.trainOnBatch(other, new int[] {1, 0}, outputs.of(new int[] {1, 0}), 0, 0)
                            .soft(),
                    1e-15,
                    "rows are taken by their indices");
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        String layer = assertThrows(IllegalArgumentException.class, () -> NETWORK.indexOf("dense_7"))
                .getMessage();
        assertEquals("sequential has no layer dense_7: flatten, dense, dense_1, dense_2", layer);
        try (CompiledModel<TFloat64> model = compiled()) {
            model.setWeights(NETWORK.initialWeights(5));
            TeacherOutputs alone = new TeacherOutputs(2, new double[4]);
            String message = assertThrows(
                            IllegalArgumentException.class, () -> model.trainOnBatch(VALUES, LABELS, alone, 0, 0))
                    .getMessage();
            assertEquals("the loss compares with 2 layers of the teacher, found outputs of 0", message);
        }
    }
}
