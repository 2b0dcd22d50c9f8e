package distill.experiment;

import distill.data.Augmentation;
import distill.loss.ComparedLayers;
import distill.loss.DistillationLoss;
import distill.loss.LossInputs;
import distill.loss.SoftTargets;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Weights;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.Optimizer;
import distill.training.Sgd;
import distill.training.TrainingStep;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * How a reading of the report becomes a graph: what its slips do to the networks, their inputs and their losses.
 *
 * @param reading of either task
 * @param trainedStatistics whether training normalises by the batch and moves the statistics whatever the reading says:
 *     {@link Settings.Model#trainedStatistics}
 */
public record ReadingGraph(Reading reading, boolean trainedStatistics) {

    /** The graph of a reading, as it is of most trainings. */
    public ReadingGraph(Reading reading) {
        this(reading, false);
    }

    /** The graph of a training. */
    public static ReadingGraph of(Settings settings) {
        return new ReadingGraph(
                settings.reading(), Boolean.TRUE.equals(settings.model().trainedStatistics()));
    }

    /** The activation at the end of the networks: a softmax with the slip {@code double-softmax}, else none. */
    public Activation outputActivation() {
        return reading.has(Slip.DOUBLE_SOFTMAX) ? Activation.SOFTMAX : Activation.LINEAR;
    }

    /** What the distillation loss compares the student with. */
    public SoftTargets softTargets() {
        return reading.has(Slip.UNNORMALISED_TARGETS)
                ? SoftTargets.UNNORMALISED
                : reading.has(Slip.LOGIT_TARGETS) ? SoftTargets.LOGITS : SoftTargets.SOFTMAX;
    }

    /** What the losses are given. */
    public LossInputs lossInputs() {
        return new LossInputs(outputActivation(), softTargets());
    }

    /**
     * The step of a training in one of its phases.
     *
     * @param compared the layers that the loss compares: {@link #compared}
     */
    static <T extends TFloating> TrainingStep<T> step(
            Settings settings, PhasePlan phase, List<ComparedLayers> compared) {
        Double momentum = settings.schedule().momentum();
        Optimizer optimizer = momentum == null
                ? Adam.of(phase.learningRate(), settings.adam())
                : new Sgd(phase.learningRate(), momentum);
        if (!phase.distils()) {
            return TrainingStep.of(LossFunction.plainStudent(), optimizer);
        }
        // Early-stopped, alpha is on the distillation in either reading.
        ReadingGraph graph = settings.question().equals(MhistPlan.ESKD)
                ? new ReadingGraph(settings.reading().without(Slip.ALPHA_ON_HARD))
                : of(settings);
        Double temperature = settings.temperature();
        Double alpha = settings.alpha();
        return settings.role() == Role.STUDENT || !settings.isOfReportsLoss()
                ? TrainingStep.of(ChosenLoss.of(settings), graph.parameters(temperature, alpha), compared, optimizer)
                : TrainingStep.of(graph.loss(settings.role(), temperature, alpha), optimizer);
    }

    /**
     * The layers that a training's loss compares; none where it looks at the outputs alone.
     *
     * @throws IllegalArgumentException where these networks have none that can be compared
     */
    static List<ComparedLayers> compared(Settings settings, Network student, Network teacher) {
        return settings.role() != Role.STUDENT
                ? List.of()
                : ChosenLoss.of(settings).layers(student, teacher);
    }

    /**
     * What a distillation loss is set to.
     *
     * @param temperature null for a loss that has none
     * @param alpha the weight of the distillation, or with the slip {@code alpha-on-hard} of the cross-entropy; null
     *     for a loss without a teacher
     */
    DistillationLoss.Parameters parameters(Double temperature, Double alpha) {
        boolean turned = alpha != null && reading.has(Slip.ALPHA_ON_HARD);
        return new DistillationLoss.Parameters(softTargets(), temperature, turned ? Double.valueOf(1 - alpha) : alpha);
    }

    /** The loss of a role, by the report's distillation; what a role's loss does not have is null. */
    <T extends TFloating> LossFunction<T> loss(Role role, Double temperature, Double alpha) {
        return switch (role) {
            case TEACHER -> LossFunction.teacher();
            case STUDENT -> studentLoss(temperature, alpha);
            case STUDENT_PLAIN -> plainStudentLoss(temperature);
        };
    }

    /**
     * The report's loss of a student with distillation.
     *
     * @param alpha the weight of the distillation, or with the slip {@code alpha-on-hard} of the cross-entropy
     */
    public <T extends TFloating> LossFunction<T> studentLoss(double temperature, double alpha) {
        return LossFunction.student(
                softTargets(), temperature, parameters(temperature, alpha).alpha());
    }

    /**
     * The loss of a student without distillation.
     *
     * @param temperature has a part in it with the slip {@code scratch-temperature} only; else it may be null
     */
    public <T extends TFloating> LossFunction<T> plainStudentLoss(Double temperature) {
        return reading.has(Slip.SCRATCH_TEMPERATURE)
                ? LossFunction.scratchStudent(temperature)
                : LossFunction.plainStudent();
    }

    /** A network to train in float32 as {@code step} says: its pixels are scaled and its normalisations called so. */
    public CompiledModel<TFloat32> compile(Network network, TrainingStep<TFloat32> step, Device device) {
        return CompiledModel.compile(network, inputs(), phase(), step, TFloat32.class, device);
    }

    /**
     * A network with weights, to predict with in float32.
     *
     * @throws IllegalArgumentException where the weights are not of that network
     */
    public CompiledModel<TFloat32> model(Network network, Weights weights, Device device) {
        CompiledModel<TFloat32> model = CompiledModel.of(network, inputs(), TFloat32.class, device);
        try {
            model.setWeights(weights);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** How pixels are fed and scaled. */
    public Inputs inputs() {
        return reading.task().equals(Settings.TASK1)
                ? Inputs.BYTES
                : reading.has(Slip.RAW_INPUTS) ? Inputs.GREY_LEVELS : Inputs.GREY_LEVELS_SYMMETRIC;
    }

    /** Whether a training step calls the network as a prediction does, with the statistics that its weights have. */
    boolean trainsInInference() {
        return !reading.task().equals(Settings.TASK1) && !reading.has(Slip.BATCH_STATISTICS) && !trainedStatistics;
    }

    /** How a network is called in a training step, given the key of its dropout masks. */
    public Function<Operand<TInt64>, Phase> phase() {
        if (trainsInInference()) {
            return key -> Phase.inference();
        }
        return reading.has(Slip.BESSEL) ? Phase::trainingAsKeras2 : Phase::training;
    }

    /** Whose augmentation it is. */
    public Augmentation.Convention augmentation() {
        return reading.variant() == Variant.AS_WRITTEN
                ? Augmentation.Convention.KERAS_PREPROCESSING
                : Augmentation.Convention.KERAS_3;
    }
}
