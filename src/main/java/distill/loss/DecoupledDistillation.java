package distill.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Decoupled knowledge distillation (Zhao, Cui, Song, Qiu and Liang, Decoupled knowledge distillation, CVPR 2022,
 * equation 7): the divergence of softened probabilities in two parts that are weighed apart,
 *
 * <pre>
 * T^2 mean (TARGET KL(b_t, b_s) + OTHERS KL(q_t, q_s))
 * </pre>
 *
 * where b is how sure a network is of the labelled class, (p, 1 - p), and q are its probabilities of the other classes
 * among themselves; t is the teacher, s the student, and KL(t, s) = sum t ln(t / s). With OTHERS = 1 - p_t in place of
 * a constant it would be Hinton's divergence (equation 6). alpha weighs it against the cross-entropy as in {@code kd};
 * the paper adds the two, which is alpha = .5. The paper's experiments raise its weight over the first 20 of 240
 * epochs; that is left out here.
 *
 * <p>Softened probabilities are softmax(outputs / T) of both networks in either reading, of probabilities, too, where
 * networks end in a softmax: the divergence needs targets that sum to 1, which the as-written targets of {@code kd} do
 * not.
 */
public final class DecoupledDistillation implements DistillationLoss {

    /** The paper's alpha, of all its experiments. */
    static final double TARGET = 1;

    /** The paper's beta, of most of its experiments on CIFAR-100. */
    static final double OTHERS = 8;

    /** What is added to the labelled class's logit, so that its probability is 0. */
    private static final double NOT_THIS = -1000;

    @Override
    public String name() {
        return "dkd";
    }

    @Override
    public boolean hasTemperature() {
        return true;
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        Class<T> type = batch.outputs().type();
        double temperature = parameters.temperature();
        Operand<T> t = tf.constant(type, temperature);
        LogProbabilities<T> student = LogProbabilities.of(tf, tf.math.div(batch.outputs(), t), batch.labels());
        LogProbabilities<T> teacher = LogProbabilities.of(tf, tf.math.div(batch.teacherOutputs(), t), batch.labels());
        Operand<T> sure = tf.math.add(
                divergence(tf, teacher.target(), student.target()), divergence(tf, teacher.rest(), student.rest()));
        Operand<T> others = tf.sum(divergence(tf, teacher.others(), student.others()), tf.constant(1));
        Operand<T> weighed = tf.math.add(
                tf.math.mul(tf.constant(type, TARGET), sure), tf.math.mul(tf.constant(type, OTHERS), others));
        Operand<T> soft =
                tf.math.mul(tf.constant(type, temperature * temperature), tf.math.mean(weighed, tf.constant(0)));
        return Losses.computeDerivedLoss(tf, batch, soft, parameters.alpha());
    }

    /** t ln(t / s), entry by entry, of logarithms. */
    private static <T extends TFloating> Operand<T> divergence(Ops tf, Operand<T> logT, Operand<T> logS) {
        return tf.math.mul(tf.math.exp(logT), tf.math.sub(logT, logS));
    }

    /**
     * Logarithms of a network's softened probabilities.
     *
     * @param target (batch): of the labelled class
     * @param rest (batch): of all others together
     * @param others (batch, classes): of each among these; of the labelled class about {@link #NOT_THIS}
     */
    private record LogProbabilities<T extends TFloating>(Operand<T> target, Operand<T> rest, Operand<T> others) {

        static <T extends TFloating> LogProbabilities<T> of(Ops tf, Operand<T> logits, Operand<T> labels) {
            Class<T> type = logits.type();
            Operand<T> all = tf.nn.logSoftmax(logits);
            Operand<T> others = tf.nn.logSoftmax(tf.math.add(logits, tf.math.mul(tf.constant(type, NOT_THIS), labels)));
            // For each class but the labelled one p = rest * q, so that ln rest is ln p - ln q: the mean of all.
            Operand<T> isOther = tf.math.sub(tf.constant(type, 1), labels);
            Operand<T> rest = tf.math.div(
                    tf.sum(tf.math.mul(isOther, tf.math.sub(all, others)), tf.constant(1)),
                    tf.sum(isOther, tf.constant(1)));
            return new LogProbabilities<>(tf.sum(tf.math.mul(labels, all), tf.constant(1)), rest, others);
        }
    }
}
