package distill.reproduce.task2;

import distill.data.ImageSet;
import distill.data.Mhist;
import distill.experiment.ImageNetWeights;
import distill.experiment.MhistExperiment;
import distill.experiment.MhistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.Quirk;
import distill.experiment.Run;
import distill.experiment.RunStore;
import distill.experiment.SavedModels;
import distill.experiment.Settings;
import distill.experiment.StartingWeights;
import distill.experiment.Training;
import distill.experiment.TransferReading;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.report.PublishedMhist;
import distill.reproduce.Answers;
import distill.reproduce.ConsoleProgress;
import distill.reproduce.DeviceOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the questions of Task 2 work with: the choices of the command line, the runs they ask for (trained, or found in
 * a store) and where their answers go.
 */
final class Lab {

    private static final String TASK = "task2";
    private static final int QUICK_IMAGES = 64;
    private static final int QUICK_SIZE = 64;
    private static final int QUICK_STOPPED = 2;
    private static final List<Double> QUICK_TEMPERATURES = List.of(1., 4.);

    /**
     * The command line's choices; those that may be left out are empty then.
     *
     * @param seedsGiven whether the seeds were named; else {@code --from} takes all that it finds
     */
    record Choices(
            TransferReading reading,
            boolean quick,
            List<Long> seeds,
            boolean seedsGiven,
            Optional<List<Double>> temperatures,
            Optional<Integer> epochsInitial,
            Optional<Integer> epochsFine,
            Optional<Integer> imageSize,
            boolean augmentation,
            Optional<Path> dataDir,
            boolean skipBad,
            long cacheBytes,
            List<String> weights,
            List<String> teacherWeights,
            Optional<String> teacher,
            BaseModel teacherModel,
            Path out,
            Optional<Path> from,
            boolean fresh) {}

    private final Choices choices;
    private final Supplier<Device> deviceChoice;
    private final Answers answers;
    private Device device;
    private Mhist data;
    private MhistPlan plan;
    private MhistExperiment experiment;

    Lab(Choices choices, Supplier<Device> deviceChoice, PrintWriter out) {
        this.choices = choices;
        this.deviceChoice = deviceChoice;
        this.answers = new Answers(out, choices.out().resolve(TASK));
    }

    TransferReading reading() {
        return choices.reading();
    }

    Answers answers() {
        return answers;
    }

    List<Double> temperatures() {
        return choices.temperatures().orElse(choices.quick() ? QUICK_TEMPERATURES : PublishedMhist.TEMPERATURES);
    }

    int imageSize() {
        return choices.imageSize().orElse(choices.quick() ? QUICK_SIZE : PublishedMhist.IMAGE_SIZE);
    }

    BaseModel teacherModel() {
        return choices.teacherModel();
    }

    private int epochsInitial() {
        return choices.epochsInitial().orElse(choices.quick() ? 1 : PublishedMhist.EPOCHS_INITIAL);
    }

    private int epochsFine() {
        return choices.epochsFine().orElse(choices.quick() ? 1 : PublishedMhist.EPOCHS_FINE);
    }

    /** Where to compute; says so when first asked. */
    Device device() {
        if (device == null) {
            device = deviceChoice.get();
            answers.print(DeviceOptions.line(device));
        }
        return device;
    }

    /** The images; says which when first asked. */
    Mhist data() throws IOException {
        if (data == null) {
            data = Mhist.load(choices.dataDir(), imageSize(), choices.cacheBytes(), choices.skipBad());
            answers.print("Data: " + data.origin().description() + ", SHA-256 "
                    + data.origin().digest());
            if (data.skipped().rows() > 0) {
                answers.print("Skipped " + data.skipped().rows() + " bad rows: "
                        + String.join("; ", data.skipped().reasons()));
            }
            if (data.origin().synthetic()) {
                answers.print(
                        """
                        ************************************************************************
                        * SYNTHETIC: no MHIST was found, so drawn crypts stand in for it.      *
                        * Nothing that follows can be compared with the report.                *
                        ************************************************************************""");
            }
        }
        return data;
    }

    private ImageSet cut(ImageSet images) {
        return choices.quick() && images.size() > QUICK_IMAGES ? images.first(QUICK_IMAGES) : images;
    }

    /** What is to be trained; finds data, weights and teacher when first asked, and says which. */
    MhistPlan plan() throws IOException {
        if (plan == null) {
            Files.createDirectories(answers.folder());
            Files.createDirectories(SavedModels.FOLDER);
            Device where = device();
            Mhist images = data();
            ImageSet train = cut(images.train());
            ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, where);
            Optional<MhistExperiment.GivenTeacher> teacher = Optional.empty();
            if (choices.teacher().isPresent()) {
                teacher = Optional.of(MhistExperiment.GivenTeacher.of(
                        library, choices.teacher().get(), choices.teacherModel(), choices.reading(), imageSize()));
                answers.print("Teacher: " + teacher.get().name() + ", "
                        + teacher.get().identity());
            }
            StartingWeights student = weights(library, choices.weights(), BaseModel.MOBILENETV2);
            StartingWeights teachers = teacher.isPresent()
                    ? StartingWeights.random()
                    : weights(library, choices.teacherWeights(), choices.teacherModel());
            answers.print("Weights: student " + student.source()
                    + (teacher.isPresent() ? "" : ", teacher " + teachers.source()));
            plan = new MhistPlan(
                    choices.reading(),
                    choices.teacherModel(),
                    teachers,
                    student,
                    epochsInitial(),
                    epochsFine(),
                    choices.quick() ? QUICK_STOPPED : PublishedMhist.EPOCHS_STOPPED,
                    imageSize(),
                    choices.augmentation(),
                    teacher.map(MhistExperiment.GivenTeacher::identity),
                    images.origin().digest(),
                    train.size(),
                    choices.quick(),
                    where);
            experiment = new MhistExperiment(
                    new MhistExperiment.Setup(
                            images,
                            train,
                            cut(images.test()),
                            List.of(student, teachers),
                            teacher,
                            where,
                            choices.fresh()),
                    new RunStore(choices.out()),
                    new SavedModels(SavedModels.FOLDER, where),
                    new ConsoleProgress(answers.out(), System.console() != null));
        }
        return plan;
    }

    private StartingWeights weights(ModelLibrary library, List<String> named, BaseModel network) throws IOException {
        if (named.equals(List.of(Settings.Transfer.RANDOM))) {
            return StartingWeights.random();
        }
        // Those with the 1000 classes serve both readings.
        boolean head = choices.reading().has(Quirk.IMAGENET_HEAD);
        return StartingWeights.of(
                ImageNetWeights.find(library, named, ImageNetWeights.KERAS_MODELS, network.architecture(head)));
    }

    /** Carries out trainings, or finds them in the store that {@code --from} names. */
    List<Run> runs(Function<MhistPlan, List<Training>> trainings) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Training training : trainings.apply(plan())) {
            runs.add(experiment.run(training));
        }
        return runs;
    }

    List<Long> seeds() {
        return choices.seeds();
    }
}
