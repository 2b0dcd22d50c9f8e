package distill.task2;

import distill.command.Answers;
import distill.command.ConsoleProgress;
import distill.command.Experiment;
import distill.command.Question;
import distill.command.RunOptions;
import distill.data.DataSet;
import distill.data.Images;
import distill.data.Mhist;
import distill.experiment.GivenTeacher;
import distill.experiment.ImageNetWeights;
import distill.experiment.MhistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.SavedModels;
import distill.experiment.StartingWeights;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.experiment.TrainingEstimates;
import distill.metrics.ClassificationReport;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.page.Cell;
import distill.page.Table;
import distill.report.Marks;
import distill.report.MhistCharts;
import distill.report.MhistRuns;
import distill.report.MhistTables;
import distill.report.PublishedMhist;
import distill.report.TextFile;
import distill.run.Evaluation;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Slip;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the questions of Task 2 work with: the choices of the command line, the runs they ask for (trained, or found in
 * a store) and where their answers go.
 */
final class Task2Experiment {

    private static final String TASK = Settings.TASK2;
    private static final int DATA_DIGITS = 8;
    private static final double MEGABYTES_PER_GIGABYTE = 1024;
    private static final int QUICK_SIZE = 64;
    private static final int QUICK_STOPPED = 2;
    private static final List<Double> QUICK_TEMPERATURES = List.of(1., 4.);

    /** The command line's choices; what was left out is null. */
    record Choices(
            RunOptions.Choices run,
            boolean quick,
            Integer epochsInitial,
            Integer epochsFine,
            Integer imageSize,
            boolean augmentation,
            Path dataDir,
            boolean skipBad,
            long cacheBytes,
            List<String> weights,
            List<String> teacherWeights,
            String teacher,
            BaseModel teacherModel) {}

    private final Choices choices;
    private final Answers answers;
    private final Experiment<MhistPlan> experiment;
    private Mhist data;

    /** What a question trains for seed 1 with all options as they are by default, for {@code ./reproduce list}. */
    static List<Training> listed(Question<Task2Experiment, MhistPlan> question, Reading reading) {
        Device device = Device.cpu(RunOptions.Choices.LISTED_THREADS);
        Task2Experiment experiment = new Task2Experiment(
                new Choices(
                        RunOptions.Choices.listed(reading),
                        false,
                        null,
                        null,
                        null,
                        true,
                        null,
                        false,
                        0,
                        List.of(),
                        List.of(),
                        null,
                        BaseModel.RESNET50V2),
                List.of(question),
                () -> device,
                new PrintWriter(Writer.nullWriter()));
        MhistPlan plan = new MhistPlan(
                reading,
                BaseModel.RESNET50V2,
                StartingWeights.notAtHand(),
                StartingWeights.notAtHand(),
                new MhistPlan.Epochs(
                        PublishedMhist.EPOCHS_INITIAL, PublishedMhist.EPOCHS_FINE, PublishedMhist.EPOCHS_STOPPED),
                new Settings.Images("MHIST", PublishedMhist.TRAIN_IMAGES, false, PublishedMhist.IMAGE_SIZE, true, null),
                null,
                device);
        return question.trainings(experiment, plan, 1);
    }

    /** @param questions which are to be answered */
    Task2Experiment(
            Choices choices,
            List<? extends Question<Task2Experiment, MhistPlan>> questions,
            Supplier<Device> deviceChoice,
            PrintWriter out) {
        this.choices = choices;
        this.answers = new Answers(
                out, choices.run().out().resolve(TASK), choices.run().quiet());
        this.experiment =
                new Experiment<>(choices.run(), deviceChoice, answers, this::find, (plan, seed) -> questions.stream()
                        .flatMap(question -> question.trainings(this, plan, seed).stream())
                        .toList());
    }

    Reading reading() {
        return choices.run().reading();
    }

    Answers answers() {
        return answers;
    }

    /** Where the answers of the theory questions go. */
    TheoryAnswers theoryAnswers() {
        return new TheoryAnswers(answers, choices.quick(), device());
    }

    /** The first seed. */
    long seed() {
        return choices.run().seeds().get(0);
    }

    List<Double> temperatures() {
        return choices.run().temperatures().isEmpty()
                ? usualTemperatures()
                : choices.run().temperatures();
    }

    private List<Double> usualTemperatures() {
        return choices.quick() ? QUICK_TEMPERATURES : PublishedMhist.TEMPERATURES;
    }

    int imageSize() {
        return Objects.requireNonNullElse(
                choices.imageSize(), choices.quick() ? QUICK_SIZE : PublishedMhist.IMAGE_SIZE);
    }

    BaseModel teacherModel() {
        return choices.teacherModel();
    }

    private int epochsInitial() {
        return Objects.requireNonNullElse(choices.epochsInitial(), choices.quick() ? 1 : PublishedMhist.EPOCHS_INITIAL);
    }

    private int epochsFine() {
        return Objects.requireNonNullElse(choices.epochsFine(), choices.quick() ? 1 : PublishedMhist.EPOCHS_FINE);
    }

    /** Where to compute; says so when first asked. */
    Device device() {
        return experiment.device();
    }

    /** The images; says which when first asked. */
    Mhist data() throws IOException {
        if (data == null) {
            Mhist.Reading reading = new Mhist.Reading(imageSize(), choices.cacheBytes(), choices.skipBad());
            data = choices.dataDir() == null ? Mhist.load(reading) : Mhist.load(choices.dataDir(), reading);
            experiment.announce(data.origin(), "no MHIST was found, so drawn crypts stand in for it.");
            if (data.skipped().rows() > 0) {
                answers.print("Skipped " + data.skipped().rows() + " bad rows: "
                        + String.join("; ", data.skipped().reasons()));
            }
        }
        return data;
    }

    private Experiment.Found<MhistPlan> find() throws IOException {
        Device where = device();
        Mhist images = data();
        Images train = MhistPlan.cut(images.train(), choices.quick());
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, where);
        Optional<GivenTeacher> teacher = givenTeacher();
        teacher.ifPresent(who -> answers.note("Teacher: " + who.name() + ", " + who.identity()));
        StartingWeights student = weights(library, choices.weights(), BaseModel.MOBILENETV2);
        StartingWeights teachers = teacher.isPresent()
                ? StartingWeights.random()
                : weights(library, choices.teacherWeights(), choices.teacherModel());
        answers.note(
                "Weights: student " + student.source() + (teacher.isPresent() ? "" : ", teacher " + teachers.source()));
        MhistPlan plan = new MhistPlan(
                reading(),
                choices.teacherModel(),
                teachers,
                student,
                new MhistPlan.Epochs(
                        epochsInitial(), epochsFine(), choices.quick() ? QUICK_STOPPED : PublishedMhist.EPOCHS_STOPPED),
                new Settings.Images(
                        images.origin().digest(),
                        train.size(),
                        choices.quick(),
                        imageSize(),
                        choices.augmentation(),
                        null),
                teacher.map(GivenTeacher::identity).orElse(null),
                where);
        Images test = MhistPlan.cut(images.test(), choices.quick());
        return new Experiment.Found<>(
                plan,
                new Trainer.Setup(
                        new DataSet(train, test, images.origin()),
                        List.of(student, teachers),
                        teacher.orElse(null),
                        where,
                        choices.run().fresh()),
                "test");
    }

    private StartingWeights weights(ModelLibrary library, List<String> named, BaseModel network) throws IOException {
        if (named.equals(List.of(Settings.RANDOM))) {
            return StartingWeights.random();
        }
        // Those with the 1000 classes serve both readings.
        boolean head = choices.run().reading().has(Slip.IMAGENET_HEAD);
        return StartingWeights.of(
                ImageNetWeights.find(library, named, ImageNetWeights.KERAS_MODELS, network.architecture(head)));
    }

    /** The trainings of every seed. */
    List<Training> trainings(Experiment.Asked<MhistPlan> trainings) throws IOException {
        return experiment.trainings(trainings);
    }

    /**
     * Carries out trainings, or finds them in the store that {@code --from} names.
     *
     * @param stored which of that store's settings are meant
     * @throws IOException where the store has none
     */
    List<Run> runs(Experiment.Asked<MhistPlan> trainings, Predicate<Settings> stored) throws IOException {
        return experiment.trainsNothing() ? stored(stored) : experiment.run(trainings);
    }

    private List<Run> stored(Predicate<Settings> part) throws IOException {
        RunStore store = experiment.store();
        Optional<String> teacher = teacherOf(store);
        MhistRuns.Query query = new MhistRuns.Query(
                choices.run().reading().variant(),
                choices.run().reading().without(),
                choices.quick(),
                choices.run().seedsGiven() ? choices.run().seeds() : List.of(),
                choices.run().temperatures(),
                epochsInitial(),
                epochsFine(),
                imageSize(),
                choices.augmentation(),
                choices.teacherModel().toString(),
                teacher.orElse(null));
        List<Run> runs = new MhistRuns(store.runs(TASK), query).of(part);
        if (runs.isEmpty()) {
            throw new IOException(
                    "%s has no such run (%s%s, %d + %d epochs, %d x %d%s%s, teacher %s%s%s): train without --from first"
                            .formatted(
                                    store.file(TASK),
                                    choices.run().reading(),
                                    choices.quick() ? ", QUICK" : "",
                                    epochsInitial(),
                                    epochsFine(),
                                    imageSize(),
                                    imageSize(),
                                    choices.augmentation() ? "" : ", no augmentation",
                                    choices.run().temperatures().isEmpty()
                                            ? ""
                                            : ", T = "
                                                    + choices.run().temperatures().stream()
                                                            .map(Settings::number)
                                                            .collect(Collectors.joining(", ")),
                                    Objects.requireNonNullElse(
                                            choices.teacher(),
                                            choices.teacherModel().toString()),
                                    choices.run().seedsGiven() ? ", seeds " : "",
                                    choices.run().seedsGiven()
                                            ? choices.run().seeds().stream()
                                                    .map(String::valueOf)
                                                    .collect(Collectors.joining(", "))
                                            : ""));
        }
        return runs;
    }

    /** What a store calls the teacher that was named, which need not be here. */
    private Optional<String> teacherOf(RunStore store) throws IOException {
        if (choices.teacher() == null) {
            return Optional.empty();
        }
        Optional<String> stored = store.teacher(TASK, choices.teacher());
        return stored.isPresent() ? stored : givenTeacher().map(GivenTeacher::identity);
    }

    /** The teacher that was named. */
    private Optional<GivenTeacher> givenTeacher() throws IOException {
        return choices.teacher() == null
                ? Optional.empty()
                : Optional.of(GivenTeacher.ofTask2(
                        new ModelLibrary(SavedModels.FOLDER, device()),
                        choices.teacher(),
                        choices.teacherModel(),
                        choices.run().reading(),
                        imageSize()));
    }

    /** Whether a teacher was named that takes the place of our own. */
    boolean hasGivenTeacher() {
        return choices.teacher() != null;
    }

    /** Whether a temperature was asked for; a loss without one is always. */
    boolean isAsked(Double temperature) {
        return temperature == null
                || choices.run().temperatures().isEmpty()
                || choices.run().temperatures().contains(temperature);
    }

    /** The runs that taught some students, where the store has them. */
    List<Run> teachersOf(List<Run> students) throws IOException {
        return MhistRuns.teachersOf(students, experiment.stored());
    }

    /**
     * Prints a table and writes it as Markdown, with the runs and their epochs as CSV beside it.
     *
     * @param marked the runs and their teachers
     */
    void publish(String name, Table table, List<Run> runs, List<Run> marked) throws IOException {
        String file = fileName(name, marked);
        answers.publish(file, table, MhistTables.csv(runs));
        TextFile.replace(answers.file(file + "-epochs.csv"), MhistTables.epochsCsv(runs));
    }

    /**
     * What scikit-learn's classification_report prints, of each run of the first seed; as-written also the notebook's.
     */
    void printReports(List<Run> runs) {
        long first = runs.get(0).settings().seed();
        for (Run run : runs) {
            if (run.settings().seed() == first) {
                Evaluation evaluation = run.evaluation();
                answers.print(run.settings().label() + ", all test images:");
                answers.print(evaluation.report().text());
                if (evaluation.notebookReport() != null) {
                    answers.print("As the notebook makes it, on the first images of as many shuffled batches:");
                    answers.print(ClassificationReport.of(evaluation.matrix(
                                    evaluation.notebookReport().confusion()))
                            .text());
                }
            }
        }
    }

    /** Draws ROC curves and training curves. */
    void draw(String name, Map<String, Run> runs, List<Run> marked) throws IOException {
        Marks marks = Marks.of(marked);
        String training = fileName(name + "-training", marked);
        answers.publish(fileName(name + "-roc", marked), MhistCharts.roc(runs, marks));
        answers.publish(training + "-f1", MhistCharts.macroF1("Test macro F1 by epoch", runs, marks));
        answers.publish(training + "-loss", MhistCharts.loss(runs, marks));
    }

    /** What is stored and what is to come, with an estimate of each. */
    void printPlan(List<Training> trainings) throws IOException {
        TrainingEstimates estimates = new TrainingEstimates(experiment.trainer().data(), device());
        List<List<Cell>> rows = new ArrayList<>();
        double seconds = 0;
        List<Training> withAncestors = trainings.stream()
                .flatMap(training -> training.withWhatItRestsOn().stream())
                .distinct()
                .toList();
        for (Training training : withAncestors) {
            Settings settings = training.settings();
            boolean stored = !choices.run().fresh()
                    && experiment.trainer().stored(training).isPresent();
            TrainingEstimates.Estimate estimate =
                    stored ? new TrainingEstimates.Estimate(0, 0) : estimates.of(training);
            rows.add(List.of(
                    Cell.text(settings.label()),
                    Cell.number(settings.epochs()),
                    Cell.number(settings.epochs() * experiment.trainer().stepsPerEpoch(settings)),
                    Cell.text(stored ? "stored" : ConsoleProgress.duration(estimate.seconds())),
                    estimate.peakMegabytes() == 0
                            ? Cell.NONE
                            : Cell.number(estimate.peakMegabytes() / MEGABYTES_PER_GIGABYTE, 1)));
            seconds += estimate.seconds();
        }
        answers.print(new Table(
                        "What is to be trained",
                        List.of("training", "epochs", "steps", "time", "memory (GB)"),
                        rows,
                        List.of("In all " + ConsoleProgress.duration(seconds)
                                + ", estimated from a few steps of each network on this device; memory is the most that"
                                + " the process took while it was measured."))
                .console());
    }

    /** What sets networks that nothing was trained for apart from the report's. */
    Marks networkMarks() {
        List<String> words = new ArrayList<>();
        if (teacherModel() != BaseModel.RESNET50V2) {
            words.add(Marks.ANOTHER_TEACHER);
        }
        if (reading().without() != null) {
            words.add("SLIPS TAKEN AWAY");
        }
        if (imageSize() != PublishedMhist.IMAGE_SIZE) {
            words.add(imageSize() + " x " + imageSize());
        }
        return new Marks(List.copyOf(words));
    }

    /** A file's name without its ending, for a table of networks that nothing was trained for. */
    String networksName(String name) {
        return name
                + "-"
                + reading().inName()
                + (imageSize() == PublishedMhist.IMAGE_SIZE ? "" : "-" + imageSize())
                + (teacherModel() == BaseModel.RESNET50V2 ? "" : "-teacher-" + teacherModel());
    }

    /**
     * A file's name without its ending: the reading, and whatever tells these runs from what the report did with seed
     * 1.
     */
    String fileName(String name, List<Run> runs) {
        StringBuilder file = new StringBuilder(name);
        List<Settings> settings = runs.stream().map(Run::settings).toList();
        if (!settings.get(0).question().startsWith(MhistPlan.COLLAPSE)) {
            file.append('-').append(reading().inName());
        }
        if (runs.stream().anyMatch(run -> !run.provenance().isOurs())) {
            file.append("-keras");
        }
        if (settings.get(0).quick()) {
            file.append("-quick");
        }
        if (runs.get(0).provenance().synthetic()) {
            file.append("-synthetic");
        } else if (Marks.of(runs).words().contains(Marks.NOT_MHIST)) {
            file.append("-data").append(settings.get(0).data(), 0, DATA_DIGITS);
        }
        Integer size = settings.get(0).images().imageSize();
        if (size != PublishedMhist.IMAGE_SIZE) {
            file.append('-').append(size);
        }
        settings.stream()
                .map(Settings::schedule)
                .filter(phases -> phases.epochsInitial() != null
                        && (phases.epochsInitial() != PublishedMhist.EPOCHS_INITIAL
                                || phases.epochsFine() != PublishedMhist.EPOCHS_FINE))
                .findFirst()
                .ifPresent(phases -> file.append("-epochs")
                        .append(phases.epochsInitial())
                        .append('+')
                        .append(phases.epochsFine()));
        if (!settings.get(0).augmented()) {
            file.append("-no-augmentation");
        }
        if (settings.stream().noneMatch(run -> run.pretrained())) {
            file.append("-random");
        }
        file.append(teacherInName(settings));
        List<Double> temperatures = settings.stream()
                .filter(run -> run.question().equals(MhistPlan.SWEEP))
                .map(Settings::temperature)
                .filter(Objects::nonNull)
                .toList();
        file.append(RunOptions.inName("-T", RunOptions.sorted(temperatures), usualTemperatures()));
        List<Long> seeds =
                settings.stream().map(Settings::seed).distinct().sorted().toList();
        if (!seeds.equals(List.of(1L))) {
            file.append("-seeds").append(seeds.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return file.toString();
    }

    /** What tells a given teacher, or one of another network than the report's, apart. */
    private String teacherInName(List<Settings> settings) {
        if (settings.get(0).question().startsWith(MhistPlan.COLLAPSE)) {
            return "";
        }
        Optional<String> given = settings.stream()
                .map(Settings::teacher)
                .filter(Objects::nonNull)
                .findFirst();
        if (hasGivenTeacher() && given.isPresent()) {
            return "-teacher" + given.get().substring(0, Settings.TEACHER_DIGITS);
        }
        return settings.stream()
                .filter(run -> run.role() == Role.TEACHER)
                .map(run -> run.network())
                .filter(network -> !network.equals(BaseModel.RESNET50V2.toString()))
                .findFirst()
                .map(network -> "-teacher-" + network)
                .orElse("");
    }
}
