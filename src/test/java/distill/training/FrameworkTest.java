package distill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Device;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.initializers.Glorot;
import org.tensorflow.framework.initializers.VarianceScaling;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Why the project has an Adam, an initialiser and losses of its own: what those of tensorflow-framework 1.0.0 give. */
class FrameworkTest {

    private static final Device DEVICE = Device.cpu(2);

    @Test
    void itsGlorotUniformDrawsOnlyPositiveNumbers() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> drawn = new Glorot<TFloat32>(VarianceScaling.Distribution.UNIFORM, 1L)
                    .call(tf, tf.constant(new long[] {100, 50}), TFloat32.class);
            try (Session session = DEVICE.open(graph);
                    Result result = session.runner().fetch(drawn).run()) {
                double[] values = distill.nn.Tensors.doubles(result.get(0));
                assertTrue(Arrays.stream(values).min().orElseThrow() >= 0);
                // Keras's mean is 0, this one's half the limit of .2.
                assertEquals(.1, Arrays.stream(values).average().orElseThrow(), .005);
            }
        }
    }

    @Test
    void itsAdamsFirstStepIsNotTheLearningRateInEveryGraph() {
        // A constant gradient of 1 must move the weight by the learning rate, whatever the graph.
        Set<Double> steps = new HashSet<>();
        for (int i = 0; i < 40 && steps.stream().allMatch(step -> Math.abs(step / .001 - 1) < .01); i++) {
            steps.add(firstStep());
        }
        assertTrue(steps.stream().anyMatch(step -> Math.abs(step / .001 - 1) > .1), "first steps " + steps);
    }

    private static double firstStep() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Variable<TFloat32> w = tf.variable(Shape.scalar(), TFloat32.class);
            Op initial = tf.assign(w, tf.constant(0f));
            Optimizer adam = new org.tensorflow.framework.optimizers.Adam(graph, .001f);
            Op step = adam.minimize(w);
            try (Session session = DEVICE.open(graph)) {
                session.initialize();
                session.runner().addTarget(initial).run().close();
                session.runner().addTarget(step).run().close();
                try (Result result = session.runner().fetch(w).run()) {
                    return -((TFloat32) result.get(0)).getFloat();
                }
            }
        }
    }

    @Test
    void theSparseCrossEntropyThatItsLossesUseHasNoGradient() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> logits = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2, 3)));
            Placeholder<TInt32> labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
            var loss = tf.nn.sparseSoftmaxCrossEntropyWithLogits(logits, labels).loss();
            Exception error = assertThrows(Exception.class, () -> tf.gradients(loss, List.of(logits)));
            assertTrue(
                    error.getMessage().contains("No gradient defined for op: SparseSoftmaxCrossEntropyWithLogits"),
                    error.getMessage());
        }
    }
}
