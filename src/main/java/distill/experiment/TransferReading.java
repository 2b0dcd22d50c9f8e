package distill.experiment;

import distill.data.Augmentation;
import distill.loss.Reading;
import distill.loss.SoftTargets;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.TrainingStep;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * How Task 2 of the report is read: as its program does, with or without some of the program's quirks, or as its text
 * describes.
 *
 * @param reading which reading
 * @param quirks those that it has
 */
public record TransferReading(Reading reading, Set<Quirk> quirks) {

    /**
     * A reading without some quirks.
     *
     * @throws IllegalArgumentException where quirks are to be taken from the as-described reading, which has none
     */
    public static TransferReading of(Reading reading, Collection<Quirk> without) {
        if (reading == Reading.AS_DESCRIBED) {
            if (!without.isEmpty()) {
                throw new IllegalArgumentException("as-described has no quirks that could be taken away");
            }
            return new TransferReading(reading, Set.of());
        }
        Set<Quirk> quirks = EnumSet.allOf(Quirk.class);
        quirks.removeAll(without);
        return new TransferReading(reading, quirks);
    }

    /** The reading of a training. */
    public static TransferReading of(Settings settings) {
        String without = settings.transfer().without();
        return of(
                Reading.of(settings.variant()),
                without == null
                        ? List.of()
                        : Arrays.stream(without.split(",")).map(Quirk::of).toList());
    }

    /** Whether it has a quirk. */
    public boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** The quirks that are taken away, in alphabetical order with commas between them; null without any. */
    public String without() {
        if (reading == Reading.AS_DESCRIBED || quirks.size() == Quirk.values().length) {
            return null;
        }
        return Arrays.stream(Quirk.values())
                .filter(quirk -> !quirks.contains(quirk))
                .map(Quirk::toString)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(","));
    }

    /** What the distillation loss compares the student with. */
    public SoftTargets softTargets() {
        return has(Quirk.LOGIT_TARGETS) ? SoftTargets.LOGITS : SoftTargets.SOFTMAX;
    }

    /**
     * The loss of a role.
     *
     * @param role one of {@link Settings#TEACHER}, {@link Settings#STUDENT} and {@link Settings#STUDENT_PLAIN}
     * @param temperature of a student's loss; a plain student's has one only with the quirk {@code scratch-temperature}
     * @param alpha the weight of a student's distillation, or with the quirk {@code alpha-on-hard} of its cross-entropy
     * @throws IllegalArgumentException where there is no such role
     */
    <T extends TFloating> LossFunction<T> loss(String role, Double temperature, Double alpha) {
        return switch (role) {
            case Settings.TEACHER -> LossFunction.teacher();
            case Settings.STUDENT -> studentLoss(temperature, alpha);
            case Settings.STUDENT_PLAIN -> scratchLoss(temperature);
            default -> throw new IllegalArgumentException("no network of Task 2 is called " + role);
        };
    }

    /**
     * The loss of a student with distillation.
     *
     * @param alpha the weight of the distillation, or with the quirk {@code alpha-on-hard} of the cross-entropy
     */
    public <T extends TFloating> LossFunction<T> studentLoss(double temperature, double alpha) {
        return LossFunction.student(softTargets(), temperature, has(Quirk.ALPHA_ON_HARD) ? 1 - alpha : alpha);
    }

    /**
     * The loss of a student without distillation.
     *
     * @param temperature has a part in it with the quirk {@code scratch-temperature} only; else it may be null
     */
    public <T extends TFloating> LossFunction<T> scratchLoss(Double temperature) {
        return has(Quirk.SCRATCH_TEMPERATURE) ? LossFunction.scratchStudent(temperature) : LossFunction.plainStudent();
    }

    /** A network to train in float32 as {@code step} says: its pixels are scaled and its normalisations called so. */
    public CompiledModel<TFloat32> compile(Network network, TrainingStep<TFloat32> step, Device device) {
        return CompiledModel.compile(network, inputs(), phase(), step, TFloat32.class, device);
    }

    /** A network with weights, to predict with in float32. */
    public CompiledModel<TFloat32> model(Network network, Weights weights, Device device) {
        CompiledModel<TFloat32> model = CompiledModel.of(network, inputs(), TFloat32.class, device);
        model.setWeights(weights);
        return model;
    }

    /** The same without a quirk, if it has it. */
    TransferReading without(Quirk quirk) {
        return new TransferReading(
                reading, quirks.stream().filter(other -> other != quirk).collect(Collectors.toUnmodifiableSet()));
    }

    /** How pixels are scaled. */
    public Inputs inputs() {
        return has(Quirk.RAW_INPUTS) ? Inputs.GREY_LEVELS : Inputs.GREY_LEVELS_SYMMETRIC;
    }

    /** How a network is called in a training step. */
    public Function<Operand<TInt64>, Phase> phase() {
        if (!has(Quirk.BATCH_STATISTICS)) {
            return key -> Phase.inference();
        }
        return has(Quirk.BESSEL) ? Phase::trainingAsKeras2 : Phase::training;
    }

    /** Whose augmentation it is. */
    public Augmentation.Convention augmentation() {
        return reading == Reading.AS_WRITTEN
                ? Augmentation.Convention.KERAS_PREPROCESSING
                : Augmentation.Convention.KERAS_3;
    }

    /** {@code as-written without raw-inputs} */
    @Override
    public String toString() {
        String without = without();
        return without == null ? reading.toString() : reading + " without " + without.replace(",", ", ");
    }
}
