package distill.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The squared distance between the outputs of student and teacher, in place of a cross-entropy with softened targets:
 * alpha * mean over the batch of |z_s - z_t|^2 + (1 - alpha) * CE(labels, student) (Ba and Caruana, Do deep nets really
 * need to be deep?, NIPS 2014, equation 1, regress on logits; weighed against a cross-entropy by Kim, Oh, Kim, Cho and
 * Yun, Comparing Kullback-Leibler divergence and mean squared error loss in knowledge distillation, IJCAI 2021, L_MSE).
 * {@code kd} comes to half of it over the number of classes where T grows, of logits whose mean is 0 (Hinton, Vinyals
 * and Dean 2015, section 2.1). It has no temperature. The papers' z are logits, as in a reading whose networks end
 * without a softmax; with one, probabilities are compared.
 *
 * <p>As in {@link Losses#computeStudentLoss} the distillation is a scalar that is added to every image's cross-entropy,
 * so the sum over the batch, whose gradient is taken, has it batch times: the gradient with respect to the student's
 * outputs is alpha * 2 * (z_s - z_t) + (1 - alpha) * (softmax(z_s) - labels).
 */
public final class LogitMse implements DistillationLoss {

    static final String NAME = "logit-mse";

    /** What settings called it before the command line could choose losses. */
    static final String FORMER_NAME = "mse-logits";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        Operand<T> difference = tf.math.sub(batch.outputs(), batch.teacherOutputs());
        Operand<T> distances = tf.sum(tf.math.square(difference), tf.constant(1));
        Operand<T> factor = tf.constant(difference.type(), 2 * parameters.alpha());
        return Losses.withCrossEntropy(
                tf,
                batch.labels(),
                batch.outputs(),
                parameters.alpha(),
                tf.math.mean(distances, tf.constant(0)),
                tf.math.mul(factor, difference));
    }
}
