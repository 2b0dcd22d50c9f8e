package distill.task2;

import distill.command.Answers;
import distill.command.ConsoleAnswers;
import distill.command.ConsoleProgress;
import distill.command.Experiment;
import distill.command.NameParts;
import distill.command.OwnStudent;
import distill.command.RunOptions;
import distill.data.DataSet;
import distill.data.Images;
import distill.data.Mhist;
import distill.experiment.GivenStudent;
import distill.experiment.GivenTeacher;
import distill.experiment.ImageNetWeights;
import distill.experiment.MhistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.OutputKind;
import distill.experiment.SavedModels;
import distill.experiment.StartingWeights;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.experiment.TrainingEstimates;
import distill.metrics.ClassificationReport;
import distill.metrics.ConfusionMatrix;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.zoo.BaseModel;
import distill.page.Cell;
import distill.page.Table;
import distill.report.Cells;
import distill.report.Marks;
import distill.report.MhistCharts;
import distill.report.MhistTables;
import distill.report.PublishedMhist;
import distill.report.RunQuery;
import distill.run.Evaluation;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Slip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the questions of Task 2 work with: the choices of the command line, the runs they ask for (trained, or found in
 * a store) and where their answers go.
 */
final class Task2Experiment extends Experiment<MhistPlan> {

    private static final String TASK = Settings.TASK2;
    private static final double MEGABYTES_PER_GIGABYTE = 1024;
    private static final int QUICK_SIZE = 64;
    private static final long CACHE_BYTES = 512L << 20;
    private static final int QUICK_STOPPED = 2;
    private static final List<Double> QUICK_TEMPERATURES = List.of(1., 4.);

    /**
     * The options that Task 2 alone has; numbers that were left out, and a student and a teacher that were not named,
     * are null.
     */
    record Options(
            Integer epochsInitial,
            Integer epochsFine,
            Integer imageSize,
            boolean augmentation,
            OwnStudent student,
            String teacher,
            OutputKind teacherOutputs,
            BaseModel teacherModel,
            Files files) {}

    /** Where images and weights are looked for; a folder that was left out is null. */
    record Files(Path dataDir, boolean skipBad, long cacheBytes, List<String> weights, List<String> teacherWeights) {

        /** None is looked at. */
        static final Files NONE = new Files(null, false, 0, List.of(), List.of());
    }

    private final Options options;
    private Mhist data;
    private MhistPlan.Student student;
    private GivenStudent givenStudent;

    Task2Experiment(RunOptions.Choices choices, Options options, Answers answers) {
        this(choices, options, answers, null);
    }

    /** @param stored as {@link Experiment} has it */
    Task2Experiment(RunOptions.Choices choices, Options options, Answers answers, List<Run> stored) {
        super(choices, answers, stored);
        this.options = options;
    }

    /**
     * Plans trainings with all options as they are by default, for {@code ./reproduce list}.
     *
     * @param images that they are trained on; null for as many as MHIST's, whichever they are
     */
    static Task2Experiment listed(Reading reading, Mhist images) {
        Task2Experiment experiment = new Task2Experiment(
                RunOptions.Choices.stored(reading, false, null),
                new Options(null, null, null, true, null, null, null, BaseModel.RESNET50V2, Files.NONE),
                ConsoleAnswers.SILENT);
        experiment.data = images;
        return experiment;
    }

    /** The images of a place as trainings of this task have them, in the report's size. */
    static Mhist images(Path dataDir) throws IOException {
        return Mhist.load(dataDir, new Mhist.Reading(PublishedMhist.IMAGE_SIZE, CACHE_BYTES, false));
    }

    @Override
    public MhistPlan planned() {
        return new MhistPlan(
                reading(),
                options.teacherModel(),
                StartingWeights.notAtHand(),
                StartingWeights.notAtHand(),
                epochs(),
                data == null
                        ? images("MHIST", PublishedMhist.TRAIN_IMAGES, BaseModel.MHIST_CLASSES)
                        : images(data.origin().digest(), data.train().size(), classes()),
                options.teacher(),
                choices().loss(),
                choices().computing().adam(),
                steps(),
                Objects.requireNonNullElse(student, MhistPlan.Student.REPORTS),
                Device.cpu(RunOptions.Choices.LISTED_THREADS).asUsual());
    }

    @Override
    protected RunQuery query() throws IOException {
        findStudent();
        return new RunQuery(
                reading(),
                quick(),
                choices().seedsGiven() ? choices().seeds() : List.of(),
                choices().temperatures(),
                this::isAsked,
                options.teacherModel().toString(),
                storedTeacher().orElse(null),
                choices().loss(),
                0);
    }

    private boolean isAsked(Settings settings) {
        Settings.Schedule schedule = settings.schedule();
        boolean twoPhases = schedule.epochsInitial() != null;
        return (!twoPhases || schedule.epochsInitial() == epochsInitial() && schedule.epochsFine() == epochsFine())
                && settings.images().imageSize() == imageSize()
                && settings.augmented() == options.augmentation()
                && steps().areOf(settings)
                && student.isOf(settings);
    }

    @Override
    protected boolean compares(Settings settings) {
        return settings.question().equals(MhistPlan.SWEEP);
    }

    /** Where the answers of the theory questions go. */
    TheoryAnswers theoryAnswers() {
        return new TheoryAnswers(answers(), quick(), device());
    }

    /** The first seed. */
    long seed() {
        return choices().seeds().get(0);
    }

    @Override
    protected List<Double> usualTemperatures() {
        return quick() ? QUICK_TEMPERATURES : PublishedMhist.TEMPERATURES;
    }

    int imageSize() {
        return Objects.requireNonNullElse(options.imageSize(), usualImageSize());
    }

    private int usualImageSize() {
        return quick() ? QUICK_SIZE : PublishedMhist.IMAGE_SIZE;
    }

    BaseModel teacherModel() {
        return options.teacherModel();
    }

    /** A network with its two classes, as the reading has it. */
    Network network(BaseModel base) {
        return base.withHead(imageSize(), reading().has(Slip.IMAGENET_HEAD)).whole();
    }

    private int epochsInitial() {
        return Objects.requireNonNullElse(options.epochsInitial(), usualEpochsInitial());
    }

    private int usualEpochsInitial() {
        return quick() ? 1 : PublishedMhist.EPOCHS_INITIAL;
    }

    private int epochsFine() {
        return Objects.requireNonNullElse(options.epochsFine(), usualEpochsFine());
    }

    private int usualEpochsFine() {
        return quick() ? 1 : PublishedMhist.EPOCHS_FINE;
    }

    private MhistPlan.Epochs epochs() {
        return new MhistPlan.Epochs(
                epochsInitial(), epochsFine(), quick() ? QUICK_STOPPED : PublishedMhist.EPOCHS_STOPPED);
    }

    /** Classes stand in the settings where they are not as many as MHIST's. */
    private Settings.Images images(String digest, int trainImages, int classes) {
        Integer others = classes == BaseModel.MHIST_CLASSES ? null : classes;
        return new Settings.Images(
                digest, trainImages, quick(), imageSize(), options.augmentation(), null, null, others);
    }

    /** How many classes the images have; MHIST's two where none were looked for yet. */
    int classes() {
        return data == null ? BaseModel.MHIST_CLASSES : data.classes().size();
    }

    /** The images; says which when first asked. */
    Mhist data() throws IOException {
        if (data == null) {
            Files files = options.files();
            Mhist.Reading reading = new Mhist.Reading(imageSize(), files.cacheBytes(), files.skipBad());
            answers().note("Reading the images");
            data = files.dataDir() == null ? Mhist.load(reading) : Mhist.load(files.dataDir(), reading);
            announce(data.origin(), "no MHIST was found, so drawn crypts stand in for it.");
            Mhist.Skipped skipped = data.skipped();
            if (skipped.rows() > 0) {
                answers().print("Skipped " + skipped.rows() + " that are bad: " + String.join("; ", skipped.reasons()));
            }
        }
        return data;
    }

    @Override
    protected Found<MhistPlan> find() throws IOException {
        Device where = device();
        Mhist images = data();
        Images train = MhistPlan.cut(images.train(), quick());
        checkBatchSize(train.size());
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, where);
        Optional<GivenTeacher> teacher = givenTeacher();
        teacher.ifPresent(who -> {
            who.about().ifPresent(answers()::note);
            answers().note("Teacher: " + who.name() + ", " + who.identity());
        });
        findStudent();
        checkLayers(teacher.orElse(null));
        if (givenStudent != null) {
            new SavedModels(SavedModels.FOLDER, where).keep(givenStudent);
        }
        answers().note("Reading the weights that the networks start from");
        StartingWeights students = givenStudent != null
                ? StartingWeights.random()
                : weights(library, options.files().weights(), BaseModel.MOBILENETV2);
        StartingWeights teachers = teacher.isPresent()
                ? StartingWeights.random()
                : weights(library, options.files().teacherWeights(), options.teacherModel());
        List<String> sources = Stream.of(
                        givenStudent != null ? null : "student " + students.source(),
                        teacher.isPresent() ? null : "teacher " + teachers.source())
                .filter(Objects::nonNull)
                .toList();
        if (!sources.isEmpty()) {
            answers().note("Weights: " + String.join(", ", sources));
        }
        MhistPlan plan = new MhistPlan(
                reading(),
                options.teacherModel(),
                teachers,
                students,
                epochs(),
                images(images.origin().digest(), train.size(), classes()),
                teacher.map(GivenTeacher::identity).orElse(null),
                choices().loss(),
                choices().computing().adam(),
                steps(),
                student,
                where);
        DataSet used = new DataSet(train, MhistPlan.cut(images.test(), quick()), images.origin());
        GivenTeacher given = teacher.orElse(null);
        Trainer.Setup setup = new Trainer.Setup(
                used, List.of(students, teachers), given, where, choices().fresh());
        return new Found<>(plan, setup, "test");
    }

    /** Looks for the student that was named, which need not be here where the store knows its digest. */
    private void findStudent() throws IOException {
        OwnStudent named = options.student();
        if (student != null || named == null) {
            student = Objects.requireNonNullElse(student, MhistPlan.Student.REPORTS);
            return;
        }
        Optional<OwnStudent.Digests> stored = trainsNothing() ? named.stored(store(), TASK) : Optional.empty();
        if (stored.isEmpty()) {
            givenStudent = GivenStudent.ofTask2(
                    new ModelLibrary(SavedModels.FOLDER, device()),
                    named.name(),
                    imageSize(),
                    classes(),
                    named.keepsWeights());
        }
        OwnStudent.Digests digests = stored.orElseGet(() -> OwnStudent.Digests.of(givenStudent));
        student = MhistPlan.Student.of(digests.architecture(), digests.weights());
        answers().note(named.found(digests));
        if (givenStudent != null) {
            answers().note(trainedFirst());
        }
    }

    /** Says which layers of the student that was found the initial phase trains. */
    private String trainedFirst() {
        return reading().has(Slip.NO_FREEZING) || givenStudent.weights() == null
                ? "The initial phase trains all its layers, as the fine phase does"
                : "The initial phase trains its head alone: " + givenStudent.headInWords();
    }

    /**
     * Refuses a loss that finds no layers to compare in networks that were given.
     *
     * @param teacher null where none was
     */
    private void checkLayers(GivenTeacher teacher) throws IOException {
        if (givenStudent == null && teacher == null) {
            return;
        }
        Network learning = givenStudent != null ? givenStudent.network() : network(BaseModel.MOBILENETV2);
        if (teacher != null) {
            teacher.checkLayers(choices().loss(), learning);
        } else {
            GivenTeacher.checkLayers(choices().loss(), learning, network(teacherModel()));
        }
    }

    /**
     * Checks that the student that was named can have drawn weights, too.
     *
     * @throws IOException where it has layers for which that cannot be
     */
    void checkDrawn() throws IOException {
        if (!trainsNothing() && hasOwnStudent()) {
            plan();
            givenStudent.checkDrawn();
        }
    }

    /** Whether a student was named that takes the place of the report's. */
    boolean hasOwnStudent() {
        return options.student() != null;
    }

    private StartingWeights weights(ModelLibrary library, List<String> named, BaseModel network) throws IOException {
        if (named.equals(List.of(Settings.RANDOM))) {
            return StartingWeights.random();
        }
        // Weights with the 1000 classes serve both readings.
        boolean head = reading().has(Slip.IMAGENET_HEAD);
        return StartingWeights.of(
                ImageNetWeights.find(library, named, ImageNetWeights.KERAS_MODELS, network.architecture(head)));
    }

    /**
     * Carries out trainings, or finds them in the store that {@code --from} names.
     *
     * @throws IOException where the store has none
     */
    @Override
    public List<Run> runs(Asked<MhistPlan> trainings) throws IOException {
        return found(super.runs(trainings));
    }

    /** As {@link #runs}; of a store's only those at the temperatures that were asked for. */
    List<Run> runsByTemperature(Asked<MhistPlan> trainings) throws IOException {
        return found(atTemperatures(super.runs(trainings)));
    }

    private List<Run> found(List<Run> runs) throws IOException {
        List<Double> temperatures = choices().temperatures();
        String missing =
                "%s has no such run (%s%s%s, %d + %d epochs, %d x %d%s%s%s, teacher %s%s): train without --from first"
                        .formatted(
                                store().folder(TASK),
                                reading(),
                                lossInWords(),
                                quick() ? ", QUICK" : "",
                                epochsInitial(),
                                epochsFine(),
                                imageSize(),
                                imageSize(),
                                options.augmentation() ? "" : ", no augmentation",
                                temperatures.isEmpty()
                                        ? ""
                                        : ", T = "
                                                + joined(temperatures.stream().map(Settings::number), ", "),
                                hasOwnStudent()
                                        ? ", student " + options.student().name()
                                        : "",
                                hasGivenTeacher() ? options.teacher() : teacherModel(),
                                choices().seedsGiven() ? ", seeds " + joined(choices().seeds().stream(), ", ") : "");
        return found(runs, missing);
    }

    /** What the store calls the teacher that was named, which need not be here. */
    private Optional<String> storedTeacher() throws IOException {
        Optional<String> stored = hasGivenTeacher() ? store().teacher(TASK, options.teacher()) : Optional.empty();
        return stored.isPresent() ? stored : givenTeacher().map(GivenTeacher::identity);
    }

    /** The teacher that was named. */
    private Optional<GivenTeacher> givenTeacher() throws IOException {
        if (!hasGivenTeacher()) {
            return Optional.empty();
        }
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, device());
        return Optional.of(GivenTeacher.ofTask2(
                library,
                options.teacher(),
                options.teacherOutputs(),
                teacherModel(),
                reading(),
                imageSize(),
                classes()));
    }

    /** Whether a teacher was named that takes the place of our own. */
    boolean hasGivenTeacher() {
        return options.teacher() != null;
    }

    /** The runs that taught some students, where the store has them. */
    List<Run> teachersOf(List<Run> students) throws IOException {
        return RunQuery.teachersOf(students, stored());
    }

    /**
     * Publishes a table of runs, with these and their epochs as CSV beside it; nothing where there are none.
     *
     * @param teachers what the table is made of besides
     */
    void publish(String name, List<Run> runs, List<Run> teachers, Function<List<Run>, Table> table) throws IOException {
        if (!runs.isEmpty()) {
            // Tables of collapsed students are named after these alone.
            boolean collapsed = RunQuery.isOfCollapse(runs.get(0).settings());
            String file = fileName(name, collapsed ? runs : Cells.all(runs, teachers));
            answers().publish(file, table.apply(runs), MhistTables.csv(runs), Cells.all(runs, teachers));
            answers().write(file + "-epochs.csv", MhistTables.epochsCsv(runs));
            sayWhatIsLeftOut(Cells.all(runs, teachers));
        }
    }

    /**
     * What scikit-learn's classification_report prints, of each run of the first seed; as-written also the notebook's.
     */
    void printReports(List<Run> runs) {
        for (Run run : Part.ofFirstSeed(runs)) {
            Evaluation evaluation = run.evaluation();
            answers().detail(run.settings().label() + ", all test images:");
            answers().detail(evaluation.report().text());
            if (evaluation.notebookReport() != null) {
                ConfusionMatrix confusion =
                        evaluation.matrix(evaluation.notebookReport().confusion());
                answers().detail("As the notebook makes it, on the first images of as many shuffled batches:");
                answers().detail(ClassificationReport.of(confusion).text());
            }
        }
    }

    /** Draws ROC curves and training curves. */
    void draw(String name, Map<String, Run> runs, List<Run> marked) throws IOException {
        Marks marks = Marks.of(marked);
        String training = fileName(name + "-training", marked);
        draw(name + "-roc", MhistCharts.roc(runs, marks), marked);
        answers().draw(training + "-f1", MhistCharts.macroF1("Test macro F1 by epoch", runs, marks));
        answers().draw(training + "-loss", MhistCharts.loss(runs, marks));
    }

    /** What is stored and what is to come, with an estimate of each. */
    void printPlan(List<Training> trainings) throws IOException {
        TrainingEstimates estimates = new TrainingEstimates(trainer(), device());
        List<List<Cell>> rows = new ArrayList<>();
        double seconds = 0;
        List<Training> all = trainings.stream()
                .flatMap(training -> training.withWhatItRestsOn().stream())
                .distinct()
                .toList();
        for (Training training : all) {
            Settings settings = training.settings();
            boolean stored = !choices().fresh() && trainer().stored(training).isPresent();
            TrainingEstimates.Estimate estimate =
                    stored ? new TrainingEstimates.Estimate(0, 0) : estimates.of(training);
            double megabytes = estimate.peakMegabytes();
            rows.add(List.of(
                    Cell.text(settings.label()),
                    Cell.number(settings.epochs()),
                    Cell.number(settings.epochs() * trainer().stepsPerEpoch(settings)),
                    Cell.text(stored ? "stored" : ConsoleProgress.duration(estimate.seconds())),
                    megabytes == 0 ? Cell.NONE : Cell.number(megabytes / MEGABYTES_PER_GIGABYTE, 1)));
            seconds += estimate.seconds();
        }
        Table table = new Table(
                "What is to be trained",
                List.of("training", "epochs", "steps", "time", "memory (GB)"),
                rows,
                List.of("In all " + ConsoleProgress.duration(seconds)
                        + ", estimated from a few steps of each network on this device; memory is the most that"
                        + " the process took while it was measured."));
        answers().print(table.console());
    }

    /** What sets networks that nothing was trained for apart from the report's. */
    Marks networkMarks() {
        List<String> words = new ArrayList<>();
        if (teacherModel() != BaseModel.RESNET50V2) {
            words.add(Marks.ANOTHER_TEACHER);
        }
        if (reading().without() != null) {
            words.add(Marks.SLIPS_TAKEN_AWAY);
        }
        if (imageSize() != PublishedMhist.IMAGE_SIZE) {
            words.add(imageSize() + " x " + imageSize());
        }
        if (classes() != BaseModel.MHIST_CLASSES) {
            words.add(classes() + " CLASSES");
        }
        return new Marks(words);
    }

    /** A file's name without its ending, for a table of networks that nothing was trained for. */
    String networksName(String name) {
        return name
                + "-"
                + reading().inName()
                + (imageSize() == PublishedMhist.IMAGE_SIZE ? "" : "-" + imageSize())
                + (classes() == BaseModel.MHIST_CLASSES ? "" : "-classes" + classes())
                + (teacherModel() == BaseModel.RESNET50V2 ? "" : "-teacher-" + teacherModel());
    }

    @Override
    public String fileName(String name, List<Run> runs) {
        List<Settings> settings = runs.stream().map(Run::settings).toList();
        Settings first = settings.get(0);
        int size = first.images().imageSize();
        String epochs = settings.stream()
                .map(Settings::schedule)
                .filter(phases -> phases.epochsInitial() != null
                        && (phases.epochsInitial() != usualEpochsInitial() || phases.epochsFine() != usualEpochsFine()))
                .findFirst()
                .map(phases -> "-epochs" + phases.epochsInitial() + "+" + phases.epochsFine())
                .orElse("");
        List<Run> swept = runs.stream()
                .filter(run -> run.settings().question().equals(MhistPlan.SWEEP))
                .toList();
        return name
                + (RunQuery.isOfCollapse(first) ? "" : "-" + reading().inName())
                + NameParts.origin(runs, Marks::isOnMhist)
                + (size == usualImageSize() ? "" : "-" + size)
                + epochs
                + NameParts.steps(runs)
                + (first.augmented() ? "" : "-no-augmentation")
                + studentInName(settings)
                + startInName(settings)
                + teacherInName(settings)
                + NameParts.loss(runs)
                + NameParts.values("-T", swept, Settings::temperature, usualTemperatures())
                + NameParts.seeds(runs);
    }

    /** The student of one's own; of question 3's the one that keeps its weights. */
    private static String studentInName(List<Settings> settings) {
        return settings.stream()
                .filter(Settings::isOfOwnStudent)
                .max(Comparator.comparing(one -> one.keptWeights() != null))
                .map(own -> "-" + own.ownStudent())
                .orElse("");
    }

    /** The report's networks are pre-trained, those of a quick cut are not: what is otherwise tells files apart. */
    private String startInName(List<Settings> settings) {
        boolean pretrained = settings.stream().anyMatch(Settings::pretrained);
        return pretrained != quick() ? "" : pretrained ? "-pretrained" : "-random";
    }

    private static String joined(Stream<?> values, String separator) {
        return values.map(String::valueOf).collect(Collectors.joining(separator));
    }

    /** What tells a given teacher, or one of another network than the report's, apart. */
    private String teacherInName(List<Settings> settings) {
        if (RunQuery.isOfCollapse(settings.get(0))) {
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
                .map(Settings::network)
                .filter(network -> !network.equals(BaseModel.RESNET50V2.toString()))
                .findFirst()
                .map(network -> "-teacher-" + network)
                .orElse("");
    }
}
