package distill.experiment;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.data.Mnist;
import distill.loss.LossInputs;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.DataSpec;
import distill.run.Reading;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Variant;
import distill.training.Adam;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.LossFunction;
import distill.training.TeacherOutputs;
import distill.training.TrainingStep;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.types.TFloat32;

/**
 * A small sweep of students under one teacher, as-written, which several programs are timed on: the files that all of
 * them read.
 *
 * @param images training images
 */
public record SweepBenchmark(int images) {

    /** The students' temperatures, each with every alpha. */
    public static final List<Double> TEMPERATURES = List.of(1., 2., 4., 16.);

    /** The students' alphas. */
    public static final List<Double> ALPHAS = List.of(.5, .9);

    /** Epochs of each student. */
    public static final int EPOCHS = 3;

    /** The four IDX files. */
    public static final String MNIST = "mnist";

    /** The teacher as a file of Keras. */
    public static final String TEACHER = "teacher.h5";

    /** The teacher's outputs on the training images, float32 in little-endian order, row by row. */
    static final String TEACHER_OUTPUTS = "teacher-outputs";

    private static final int BATCH_SIZE = 256;
    private static final int TEACHER_STEPS = 100;
    private static final double LEARNING_RATE = 1e-3;

    /** Training steps of all students together; the last batch of an epoch is dropped where it would not be full. */
    public int steps() {
        return TEMPERATURES.size() * ALPHAS.size() * EPOCHS * (images / BATCH_SIZE);
    }

    /**
     * Writes MNIST as this program finds it, a teacher that was trained for a hundred steps, and its outputs: for the
     * peers, and where this program keeps them of a teacher that it has trained.
     *
     * @param folder exists
     */
    public static SweepBenchmark write(Path folder, Device device) throws IOException {
        DataSet data = Mnist.load();
        Images train = data.train();
        Mnist.write(data, Files.createDirectory(folder.resolve(MNIST)));
        Network network = Architecture.MNIST_TEACHER.build(LossInputs.PROBABILITIES.outputActivation());
        try (CompiledModel<TFloat32> teacher = CompiledModel.compile(
                network,
                Inputs.BYTES,
                Phase::trainingAsKeras2,
                TrainingStep.of(LossFunction.teacher(), Adam.of(LEARNING_RATE)),
                TFloat32.class,
                device)) {
            teacher.setWeights(network.initialWeights(StepTimes.random()));
            int step = 0;
            Images first = train.first(Math.min(TEACHER_STEPS * BATCH_SIZE, train.size()));
            for (ImageBatch batch : first.batches(new EpochOrder(1), 1, BATCH_SIZE)) {
                teacher.trainOnBatch(batch, TeacherOutputs.NONE, 1, step++);
            }
            KerasFormat.H5.write(folder.resolve(TEACHER), network, teacher.getWeights(), TFloat32.class, device);
        }
        double[] outputs = askTeacher(folder, device);
        ByteBuffer floats = ByteBuffer.allocate(outputs.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double output : outputs) {
            floats.putFloat((float) output);
        }
        Files.write(folder.resolve(TEACHER_OUTPUTS), floats.array());
        return new SweepBenchmark(train.size());
    }

    private static double[] askTeacher(Path folder, Device device) throws IOException {
        SavedModels models = new SavedModels(folder.resolve(SavedModels.FOLDER), device);
        String file = folder.resolve(TEACHER).toString();
        GivenTeacher teacher = GivenTeacher.ofTask1(
                new ModelLibrary(models.folder(), device),
                file,
                Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
                DataSpec.MNIST);
        Trainer.Setup setup = new Trainer.Setup(Mnist.load(folder.resolve(MNIST)), List.of(), teacher, device, false);
        try (Trainer trainer =
                new Trainer(setup, new RunStore(folder.resolve("runs")), models, TrainingListener.SILENT)) {
            return trainer.givenTeachersOutputs();
        }
    }
}
