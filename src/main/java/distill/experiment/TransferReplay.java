package distill.experiment;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.metrics.Classification;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.BaseModel;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Slip;
import distill.training.CompiledModel;
import distill.training.LossFunction;
import distill.training.StepLoss;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * {@link Replay} for Task 2: one phase of a training of {@link MhistExperiment} from given weights on given batches of
 * images as they are, without augmentation.
 *
 * @param reading decides head, inputs, loss, batch statistics and what is frozen
 * @param trained what is trained
 * @param network which network that is
 * @param teacherNetwork which network teaches it
 * @param phase which phase: it decides the rate, and what is frozen
 * @param temperature T of a student's loss; NaN where that has none
 * @param alpha weight of a student with distillation, else NaN
 * @param device where to compute
 */
public record TransferReplay(
        Reading reading,
        Replay.Trained trained,
        BaseModel network,
        BaseModel teacherNetwork,
        Phase phase,
        double temperature,
        double alpha,
        Device device) {

    /** A phase of transfer learning. */
    public enum Phase {
        /** At the report's rate. */
        INITIAL,
        /** At a tenth of it, with everything trained. */
        FINE
    }

    /** The trained network for images of a size. */
    public BaseModel.WithHead network(int imageSize) {
        return network.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD));
    }

    /** Its teacher's. */
    public BaseModel.WithHead teacherNetwork(int imageSize) {
        return teacherNetwork.withHead(imageSize, reading.has(Slip.IMAGENET_HEAD));
    }

    /**
     * Trains in float32.
     *
     * @param start the trained network's starting weights
     * @param teacher weights of a student's teacher; empty where nothing is distilled
     * @param batches for each step the indices of its training images
     * @param listener is given each step's loss before its update
     * @throws IOException where an image cannot be read any more
     */
    public Replay.Outcome float32(
            Weights start, Optional<Weights> teacher, DataSet data, List<int[]> batches, Consumer<StepLoss> listener)
            throws IOException {
        return run(TFloat32.class, start, teacher, data, batches, listener);
    }

    /** As {@link #float32}, in float64; the pixels are rounded to float32 all the same. */
    public Replay.Outcome float64(
            Weights start, Optional<Weights> teacher, DataSet data, List<int[]> batches, Consumer<StepLoss> listener)
            throws IOException {
        return run(TFloat64.class, start, teacher, data, batches, listener);
    }

    private <T extends TFloating> Replay.Outcome run(
            Class<T> dtype,
            Weights start,
            Optional<Weights> teacher,
            DataSet data,
            List<int[]> batches,
            Consumer<StepLoss> listener)
            throws IOException {
        Images train = data.train();
        Optional<TeacherOutputs> outputs = teacher.isPresent()
                ? Optional.of(teacherOutputs(dtype, teacher.get(), train, batches))
                : Optional.empty();
        BaseModel.WithHead network = network(train.height());
        LossFunction<T> loss = graph().loss(role(), temperature, alpha);
        try (CompiledModel<T> model = PhaseTraining.compile(network, plan(), graph(), loss, dtype, device)) {
            model.setWeights(start);
            for (int step = 0; step < batches.size(); step++) {
                int[] indices = batches.get(step);
                ImageBatch batch = train.batch(indices);
                listener.accept(model.trainOnBatch(
                        batch.levels(), batch.labels(), outputs.map(table -> table.of(indices)), 0, step));
            }
            return new Replay.Outcome(
                    new ModelLibrary.StoredModel(
                            "replay",
                            this.network + " with two classes",
                            network.whole(),
                            Activation.LINEAR,
                            dtype == TFloat64.class ? "float64" : "float32",
                            model.getWeights()),
                    Classification.largest(
                            model.predict(data.test()), data.test().classes().size()));
        }
    }

    private ReadingGraph graph() {
        return new ReadingGraph(reading);
    }

    private Role role() {
        return switch (trained) {
            case TEACHER -> Role.TEACHER;
            case STUDENT -> Role.STUDENT;
            case PLAIN_STUDENT -> Role.STUDENT_PLAIN;
        };
    }

    private PhaseTraining.PhasePlan plan() {
        double rate = MhistPlan.learningRate(role());
        return switch (phase) {
            case INITIAL -> PhaseTraining.PhasePlan.initial(1, rate, reading);
            case FINE -> PhaseTraining.PhasePlan.fine(1, rate);
        };
    }

    private <T extends TFloating> TeacherOutputs teacherOutputs(
            Class<T> dtype, Weights weights, Images train, List<int[]> batches) throws IOException {
        int[] used = Replay.used(batches);
        List<int[]> inOrder = EpochOrder.fileOrder(used.length, PhaseTraining.BATCH_SIZE).stream()
                .map(batch -> Arrays.stream(batch).map(i -> used[i]).toArray())
                .toList();
        try (CompiledModel<T> model =
                CompiledModel.of(teacherNetwork(train.height()).whole(), graph().inputs(), dtype, device)) {
            model.setWeights(weights);
            return Replay.table(train.size(), train.classes().size(), used, model.predict(train, inOrder));
        }
    }
}
