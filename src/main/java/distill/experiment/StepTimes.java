package distill.experiment;

import distill.nn.Network;
import distill.training.CompiledModel;
import distill.training.TeacherOutputs;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.tensorflow.types.TFloat32;

/**
 * How long one thing took that was done again and again.
 *
 * @param milliseconds each time, the shortest first
 */
record StepTimes(double[] milliseconds) {

    private static final int WARM_UP = 2;

    /**
     * Does it twice untimed, and then so often timed.
     *
     * @param step is given the number of the time, which is negative while it is not timed
     */
    static StepTimes of(int times, IntConsumer step) {
        double[] milliseconds = new double[times];
        for (int i = -WARM_UP; i < times; i++) {
            long start = System.nanoTime();
            step.accept(i);
            if (i >= 0) {
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(milliseconds);
        return new StepTimes(milliseconds);
    }

    /** The shortest, which other programs disturbed least. */
    double fastest() {
        return milliseconds[0];
    }

    /** The median; of an even number of times, the longer of the two in the middle. */
    double median() {
        return milliseconds[milliseconds.length / 2];
    }

    /** Training steps of a model that was compiled and has weights, on one generated batch. */
    static StepTimes ofTraining(CompiledModel<TFloat32> model, int batch, TeacherOutputs teacher, int steps) {
        float[] levels = levels(model.network(), batch);
        int[] labels = new int[batch];
        Arrays.setAll(labels, i -> i % Math.toIntExact(model.network().output().size()));
        return of(steps, step -> model.trainOnBatch(levels, labels, teacher, 1, step));
    }

    /** Grey levels of a generated batch. */
    static float[] levels(Network network, int batch) {
        UniformRandomProvider random = random();
        float[] levels = new float[Math.toIntExact(batch * network.input().size())];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = 255 * random.nextFloat();
        }
        return levels;
    }

    /** The generator of all that is drawn where numbers do not matter. */
    static UniformRandomProvider random() {
        return RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
    }
}
