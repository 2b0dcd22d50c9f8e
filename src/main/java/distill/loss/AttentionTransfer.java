package distill.loss;

import distill.nn.Network;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Attention transfer: where in the image the teacher's layers are active, the student's are to be (Zagoruyko and
 * Komodakis, Paying more attention to attention, ICLR 2017, equation 2, with the maps of section 3.1, F_sum^2):
 *
 * <pre>
 * BETA / 2 * sum over layers of mean (Q_s - Q_t)^2
 * </pre>
 *
 * Q, (batch, height * width), is the sum over the channels of the layer's squared outputs, each image's divided by its
 * Euclidean length; the mean is over images and places, for the paper takes its beta as 10^3 divided by the number of
 * places and the batch. The equation has the norm of the difference, the authors' program its square as here, and
 * without the 1/2. alpha weighs it against the cross-entropy as in {@code kd}; the paper adds the two, which is alpha =
 * .5. It has no temperature.
 *
 * <p>Compared are {@link ComparedLayers#ofSameSize}: maps of the same height and width, which need no resizing, as at
 * the ends of the groups of blocks that the paper compares. Maps of other sizes are left out, and networks that share
 * no size are refused: a network of dense layers has no places.
 *
 * @param named layers that are compared in place of these; empty where it finds them
 */
public record AttentionTransfer(List<LayerPair> named) implements DistillationLoss {

    /** The paper's beta, of all its experiments on CIFAR-10. */
    static final double BETA = 1e3;

    /** On the layers that it finds. */
    public AttentionTransfer() {
        this(List.of());
    }

    /** What an image's squared length is at least, as in {@code tf.math.l2_normalize}. */
    private static final double EPSILON = 1e-12;

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public DistillationLoss on(List<LayerPair> pairs) {
        return new AttentionTransfer(List.copyOf(pairs));
    }

    @Override
    public List<ComparedLayers> layers(Network student, Network teacher) {
        if (!named.isEmpty()) {
            List<ComparedLayers> compared = ComparedLayers.named(named, student, teacher);
            compared.stream().filter(pair -> !pair.haveSamePlaces()).findFirst().ifPresent(pair -> {
                throw new IllegalArgumentException(
                        "the loss attention compares maps of the same height and width, found " + pair.described());
            });
            return compared;
        }
        List<ComparedLayers> pairs = ComparedLayers.ofSameSize(student, teacher);
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException(
                    ("the loss attention compares maps of the same height and width, and these networks share none;"
                                    + " the student's layers are %s, the teacher's %s")
                            .formatted(ComparedLayers.described(student), ComparedLayers.described(teacher)));
        }
        return pairs;
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        Class<T> type = batch.outputs().type();
        Operand<T> sum = tf.constant(type, 0);
        for (int i = 0; i < batch.features().size(); i++) {
            Operand<T> difference = tf.math.sub(
                    attention(tf, batch.features().get(i)),
                    attention(tf, batch.teacherFeatures().get(i)));
            sum = tf.math.add(sum, tf.math.mean(tf.math.square(difference), tf.array(0, 1)));
        }
        Operand<T> soft = tf.math.mul(tf.constant(type, BETA / 2), sum);
        return Losses.computeDerivedLoss(tf, batch, soft, parameters.alpha());
    }

    /** (batch, places), each row of length 1, from (batch, height, width, channels). */
    private static <T extends TFloating> Operand<T> attention(Ops tf, Operand<T> maps) {
        Operand<T> energy = tf.sum(tf.math.square(maps), tf.constant(-1));
        Operand<TInt32> images = tf.slice(tf.shape(maps), tf.array(0), tf.array(1));
        Operand<T> rows = tf.reshape(energy, tf.concat(List.of(images, tf.array(-1)), tf.constant(0)));
        Operand<T> squaredLengths = tf.sum(tf.math.square(rows), tf.constant(1), Sum.keepDims(true));
        return tf.math.div(rows, tf.math.sqrt(tf.math.maximum(squaredLengths, tf.constant(maps.type(), EPSILON))));
    }
}
