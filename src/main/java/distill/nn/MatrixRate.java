package distill.nn;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How fast a device multiplies large matrices: the ceiling for a training step. */
public final class MatrixRate {

    private static final int SIZE = 2048;
    private static final int RUNS = 10;

    private MatrixRate() {
    }

    /** GFLOP/s of the fastest of ten products of 2048 x 2048 matrices in float32. */
    public static double measure(Device device) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Variable<TFloat32> a = Variable.create(tf, "a", Shape.of(SIZE, SIZE), TFloat32.class);
            Operand<TFloat32> product = tf.linalg.matMul(a.value(), a.value());
            Op run = tf.withControlDependencies(product).noOp();
            double best = Double.MAX_VALUE;
            try (Session session = device.open(graph); TFloat32 ones = TFloat32.tensorOf(Shape.of(SIZE, SIZE))) {
                session.runner().feed(a.fed(), ones).addTarget(a.assign()).run().close();
                for (int i = 0; i < RUNS; i++) {
                    long start = System.nanoTime();
                    session.runner().addTarget(run).run().close();
                    best = Math.min(best, (System.nanoTime() - start) / 1e9);
                }
            }
            return 2.0 * SIZE * SIZE * SIZE / best / 1e9;
        }
    }
}
