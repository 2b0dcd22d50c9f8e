package distill.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.family.TNumber;

/** What a layer applies to its result, named as Keras's {@code activation} argument. */
public enum Activation {
    /** x */
    LINEAR,
    /** max(x, 0) */
    RELU,
    /** e^x / sum(e^x), over the last axis */
    SOFTMAX,
    /** min(max(x, 0), 6) */
    RELU6,
    /** 1 / (1 + e^-x) */
    SIGMOID,
    TANH,
    /** e^x - 1 below 0, else x */
    ELU,
    /** 1.0507 times what ELU gives, its part below 0 times 1.6733 (Klambauer et al. 2017) */
    SELU,
    /** x times the share of a standard normal distribution below x */
    GELU,
    /** x / (1 + e^-x), also called swish */
    SILU,
    /** min(max(x + 3, 0), 6) / 6, as in Keras 3; in Keras 2 the name meant min(max(.2 x + .5, 0), 1) */
    HARD_SIGMOID,
    /** x times HARD_SIGMOID, also called hard_swish */
    HARD_SILU,
    /** ln(1 + e^x) */
    SOFTPLUS,
    /** x / (1 + |x|) */
    SOFTSIGN,
    /** e^x */
    EXPONENTIAL,
    /** .2 x below 0, else x */
    LEAKY_RELU,
    /** x tanh(ln(1 + e^x)) */
    MISH;

    private static final Map<String, Activation> OTHER_NAMES = Map.of("swish", SILU, "hard_swish", HARD_SILU);

    /** Keras's name: {@code relu}. */
    public String kerasName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Keras's names of all. */
    public static List<String> kerasNames() {
        return Arrays.stream(values()).map(Activation::kerasName).toList();
    }

    /** The activation with Keras's name, or the other one that some have; empty where we have none of that name. */
    public static Optional<Activation> of(String kerasName) {
        return Arrays.stream(values())
                .filter(activation -> activation.kerasName().equals(kerasName))
                .findFirst()
                .or(() -> Optional.ofNullable(OTHER_NAMES.get(kerasName)));
    }

    /** Whether a network may end in it that tells classes apart: in probabilities or logits. */
    public boolean endsClassifier() {
        return this == SOFTMAX || this == LINEAR;
    }

    /**
     * Applies the activation.
     *
     * @param x any shape; SOFTMAX works on the last axis
     * @return the same shape
     */
    public <T extends TNumber> Operand<T> call(Ops tf, Operand<T> x) {
        return switch (this) {
            case LINEAR -> x;
            case RELU -> tf.nn.relu(x);
            case SOFTMAX -> tf.nn.softmax(x);
            case RELU6 -> tf.nn.relu6(x);
            case SIGMOID -> tf.math.sigmoid(x);
            case TANH -> tf.math.tanh(x);
            case ELU -> tf.nn.elu(x);
            case SELU -> tf.nn.selu(x);
            case GELU -> {
                Operand<T> erf = tf.math.erf(tf.math.mul(x, tf.constant(x.type(), Math.sqrt(.5))));
                Operand<T> half = tf.math.mul(x, tf.constant(x.type(), .5));
                yield tf.math.mul(half, tf.math.add(erf, tf.constant(x.type(), 1)));
            }
            case SILU -> tf.math.mul(x, tf.math.sigmoid(x));
            case HARD_SIGMOID -> {
                Operand<T> raised = tf.math.add(x, tf.constant(x.type(), 3));
                yield tf.math.div(tf.nn.relu6(raised), tf.constant(x.type(), 6));
            }
            case HARD_SILU -> tf.math.mul(x, HARD_SIGMOID.call(tf, x));
            case SOFTPLUS -> tf.math.softplus(x);
            case SOFTSIGN -> tf.nn.softsign(x);
            case EXPONENTIAL -> tf.math.exp(x);
            case LEAKY_RELU -> tf.nn.leakyRelu(x, LeakyRelu.alpha(.2f));
            case MISH -> tf.math.mul(x, tf.math.tanh(tf.math.softplus(x)));
        };
    }
}
