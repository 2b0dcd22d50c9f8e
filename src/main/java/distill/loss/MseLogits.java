package distill.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The squared distance between the outputs of student and teacher, in place of a cross-entropy with softened targets:
 * alpha * mean over the batch of |z_s - z_t|^2 + (1 - alpha) * CE(labels, student) (Kim, Oh, Kim, Cho and Yun,
 * Comparing Kullback-Leibler divergence and mean squared error loss in knowledge distillation, IJCAI 2021, L_MSE;
 * already Ba and Caruana, Do deep nets really need to be deep?, 2014, regress on logits). It has no temperature. The
 * paper's z are logits, as in a reading whose networks end without a softmax; with one, probabilities are compared.
 *
 * <p>As in {@link Losses#computeStudentLoss} the distillation is a scalar that is added to every image's cross-entropy,
 * so the sum over the batch, whose gradient is taken, has it batch times: the gradient with respect to the student's
 * outputs is alpha * 2 * (z_s - z_t) + (1 - alpha) * (softmax(z_s) - labels).
 */
public final class MseLogits implements DistillationLoss {

    @Override
    public String name() {
        return "mse-logits";
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
