package distill.loss;

import distill.nn.Network;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Similarity-preserving distillation: images that are alike to the teacher are to be alike to the student (Tung and
 * Mori, Similarity-preserving knowledge distillation, ICCV 2019, section 3): alpha * |G_T - G_S|^2 / b^2 + (1 - alpha)
 * * CE(labels, student), where b is the number of images in the batch, and G the matrix Q Q' of one network with each
 * row divided by its Euclidean length. Q, (b, features), is what enters the network's last layer. It has no
 * temperature, and the two networks may have different numbers of features.
 *
 * <p>The paper compares the outputs of convolutional blocks, and weighs the cross-entropy by 1 and the other term by a
 * gamma of its own; here alpha weighs the two as in the report.
 */
public final class Similarity implements DistillationLoss {

    /** What a row's squared length is at least, as in {@code tf.math.l2_normalize}: a network may put out zeros. */
    private static final double EPSILON = 1e-12;

    @Override
    public String name() {
        return "similarity";
    }

    @Override
    public List<ComparedLayers> layers(Network student, Network teacher) {
        return List.of(ComparedLayers.beforeLast(student, teacher));
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        Operand<T> student = batch.features().get(0);
        Operand<T> difference =
                tf.math.sub(similarities(tf, batch.teacherFeatures().get(0)), similarities(tf, student));
        // The mean over the b * b entries.
        Operand<T> soft = tf.math.mean(tf.math.square(difference), tf.array(0, 1));
        return Losses.computeDerivedLoss(tf, batch, soft, parameters.alpha());
    }

    /** (b, b): G, from (b, anything). */
    private static <T extends TFloating> Operand<T> similarities(Ops tf, Operand<T> features) {
        Operand<TInt32> images = tf.slice(tf.shape(features), tf.array(0), tf.array(1));
        Operand<T> rows = tf.reshape(features, tf.concat(List.of(images, tf.array(-1)), tf.constant(0)));
        Operand<T> products = tf.linalg.matMul(rows, rows, MatMul.transposeB(true));
        Operand<T> squaredLengths = tf.sum(tf.math.square(products), tf.constant(1), Sum.keepDims(true));
        Operand<T> lengths = tf.math.sqrt(tf.math.maximum(squaredLengths, tf.constant(features.type(), EPSILON)));
        return tf.math.div(products, lengths);
    }
}
