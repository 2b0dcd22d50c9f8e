package distill.loss;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Label smoothing: the cross-entropy with targets that leave a part of each label to all classes alike, and no teacher
 * (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, Rethinking the inception architecture for computer vision, CVPR 2016,
 * section 7):
 *
 * <pre>
 * CE(q, student),   q = (1 - EPSILON) label + EPSILON / classes
 * </pre>
 *
 * It is the control of a distillation: soft targets that know nothing (Yuan, Tay, Li, Wang and Feng, Revisiting
 * knowledge distillation via label smoothing regularization, CVPR 2020). Its gradient with respect to the outputs is
 * softmax(outputs) - q. Where the reading's networks end in a softmax it takes the probabilities as logits, as the
 * cross-entropy does.
 */
public final class LabelSmoothing implements DistillationLoss {

    /** The paper's epsilon. */
    static final double EPSILON = .1;

    @Override
    public String name() {
        return "label-smoothing";
    }

    @Override
    public boolean hasTeacher() {
        return false;
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        Class<T> type = batch.outputs().type();
        Operand<T> classes = tf.sum(tf.onesLike(batch.labels()), tf.constant(1));
        Operand<T> share = tf.expandDims(tf.math.div(tf.constant(type, EPSILON), classes), tf.constant(1));
        Operand<T> targets = tf.math.add(tf.math.mul(tf.constant(type, 1 - EPSILON), batch.labels()), share);
        var crossEntropy = Losses.onCpu(tf).nn.softmaxCrossEntropyWithLogits(batch.outputs(), targets);
        Operand<T> noSoftPart = tf.constant(type, 0);
        return new Loss<>(
                crossEntropy.loss(), crossEntropy.loss(), noSoftPart, batch.outputs(), crossEntropy.backprop());
    }
}
