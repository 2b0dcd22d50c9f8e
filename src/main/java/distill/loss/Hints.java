package distill.loss;

import distill.nn.Network;
import distill.nn.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Hints: what a layer of the student puts out is to say what a layer of the teacher does (Romero, Ballas, Ebrahimi
 * Kahou, Chassang, Gatta and Bengio, FitNets: hints for thin deep nets, ICLR 2015, equation 3):
 *
 * <pre>
 * 1/2 * mean (u - r(v))^2
 * </pre>
 *
 * u is the teacher's hint, v what the student's guided layer puts out, and r a regressor, v W + b over the channels,
 * with weights of its own that are trained along with the student's. Where both have as many channels there is no
 * regressor, as in the paper. The mean is over all numbers of the batch; the paper has their sum, with which alpha
 * would mean another thing at every width. It has no temperature.
 *
 * <p>The paper trains in two stages, the lower half of the student by the hint and then all of it by {@code kd}; here
 * alpha weighs the hint against the cross-entropy in one, as comparisons of such losses do (Tian, Krishnan and Isola,
 * Contrastive representation distillation, ICLR 2020). The paper's regressor has the hint's non-linearity, this one
 * none. It starts from zeros, with each new optimiser: the least squares of a linear map have no symmetry that random
 * numbers would have to break.
 *
 * <p>The paper takes middle layers. Where the networks have maps of the same height and width, the middle one of
 * {@link ComparedLayers#ofSameSize} is taken, and r is a 1 x 1 convolution. Where they have none, it is what enters the
 * last layers.
 *
 * @param named the layers that are compared in place of these: one pair; empty where it finds them
 */
public record Hints(List<LayerPair> named) implements DistillationLoss {

    /** On the layers that it finds. */
    public Hints() {
        this(List.of());
    }

    @Override
    public String name() {
        return "hints";
    }

    @Override
    public DistillationLoss on(List<LayerPair> pairs) {
        if (pairs.size() != 1) {
            throw new IllegalArgumentException(
                    "the loss hints compares one layer of each network, so it takes one pair, found %d: %s"
                            .formatted(pairs.size(), LayerPair.text(pairs)));
        }
        return new Hints(List.copyOf(pairs));
    }

    @Override
    public List<ComparedLayers> layers(Network student, Network teacher) {
        if (!named.isEmpty()) {
            ComparedLayers pair = ComparedLayers.named(named, student, teacher).get(0);
            if (!pair.haveSamePlaces() && !pair.areVectors()) {
                throw new IllegalArgumentException(
                        "the loss hints compares maps of the same height and width, or vectors, found "
                                + pair.described());
            }
            return List.of(pair);
        }
        List<ComparedLayers> pairs = ComparedLayers.ofSameSize(student, teacher);
        ComparedLayers pair =
                pairs.isEmpty() ? ComparedLayers.beforeLast(student, teacher) : pairs.get(pairs.size() / 2);
        if (pairs.isEmpty() && !pair.areVectors()) {
            throw new IllegalArgumentException(
                    ("the loss hints compares maps of the same height and width, or vectors that enter the last layers,"
                                    + " and these networks have neither; the student's layers are %s, the teacher's %s")
                            .formatted(ComparedLayers.described(student), ComparedLayers.described(teacher)));
        }
        return List.of(pair);
    }

    @Override
    public <T extends TFloating> Loss<T> of(Ops tf, Batch<T> batch, Parameters parameters) {
        Operand<T> guided = batch.features().get(0);
        Operand<T> hint = batch.teacherFeatures().get(0);
        long from = channels(guided);
        long to = channels(hint);
        List<Variable<T>> regressor = from == to ? List.of() : regressor(tf, from, to, guided.type());
        Operand<T> said = rows(tf, guided, from);
        if (from != to) {
            said = tf.math.add(
                    tf.linalg.matMul(said, regressor.get(0).value()),
                    regressor.get(1).value());
        }
        Operand<T> difference = tf.math.sub(rows(tf, hint, to), said);
        Operand<T> soft =
                tf.math.mul(tf.constant(guided.type(), .5), tf.math.mean(tf.math.square(difference), tf.array(0, 1)));
        return Losses.computeDerivedLoss(tf, batch, soft, parameters.alpha()).with(regressor);
    }

    private static <T extends TFloating> List<Variable<T>> regressor(Ops tf, long from, long to, Class<T> type) {
        Ops scope = tf.withSubScope("hints");
        return List.of(
                Variable.create(scope, "hints/kernel", Shape.of(from, to), type),
                Variable.create(scope, "hints/bias", Shape.of(to), type));
    }

    private static long channels(Operand<?> features) {
        Shape shape = features.shape();
        return shape.get(shape.numDimensions() - 1);
    }

    /** (batch * places, channels). */
    private static <T extends TFloating> Operand<T> rows(Ops tf, Operand<T> features, long channels) {
        return tf.reshape(features, tf.constant(new long[] {-1, channels}));
    }
}
