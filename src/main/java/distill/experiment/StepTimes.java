package distill.experiment;

import distill.nn.Network;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

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

    /** The generator of all that is drawn where numbers do not matter. */
    static UniformRandomProvider random() {
        return RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
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

    /** Labels of a generated batch, of all classes in turn. */
    static int[] labels(Network network, int batch) {
        int[] labels = new int[batch];
        Arrays.setAll(labels, i -> i % Math.toIntExact(network.output().size()));
        return labels;
    }
}
