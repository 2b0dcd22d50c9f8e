package distill.task1;

import static distill.report.Published.EARLY_STOPPED_ALPHA;
import static distill.report.Published.EARLY_STOPPED_TEMPERATURE;

import distill.command.Answers;
import distill.command.ConsoleAnswers;
import distill.command.Experiment;
import distill.command.NameParts;
import distill.command.OwnStudent;
import distill.command.PageAnswers;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.data.DataSet;
import distill.data.Mnist;
import distill.experiment.GivenStudent;
import distill.experiment.GivenTeacher;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.OutputKind;
import distill.experiment.ReadingGraph;
import distill.experiment.SavedModels;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.loss.LossInputs;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.page.Table;
import distill.report.Hyperparameters;
import distill.report.Marks;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.RunQuery;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Stopping;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * What the questions of Task 1 work with: the choices of the command line, the runs they ask for (trained, or found in
 * a store) and where their answers go.
 */
final class Task1Experiment extends Experiment<MnistPlan> {

    /** Training images of {@code --quick}. */
    static final int QUICK_IMAGES = 24_000;

    private static final int QUICK_EPOCHS = 2;
    private static final List<Double> QUICK_TEMPERATURES = List.of(1., 4., 64.);
    private static final List<Double> QUICK_ALPHAS = List.of(.1, .9);
    private static final double QUICK_TEACHER_FLOOR = 90;
    private static final double QUICK_STUDENT_FLOOR = 85;

    /** After two epochs a student may still miss one class of ten. */
    private static final double QUICK_EARLY_STOPPED_FLOOR = 75;

    private static final double QUICK_VARIED_FLOOR = 30;
    private static final int QUICK_TEST_IMAGES = 1000;
    private static final String TASK = Settings.TASK1;

    /** Weights and Adam's two moments, and one more while they are read or written. */
    private static final long COPIES = 4;

    private static final double GIGABYTE = 1L << 30;

    /**
     * The options that Task 1 alone has; what was left out is null, or empty.
     *
     * @param student a network of one's own in place of the report's student; null without one
     * @param validationImages how many of the last training images stand in the test images' place; 0 for none
     */
    record Options(
            Integer epochs,
            List<Double> alphas,
            Integer width,
            OwnStudent student,
            Stopping stopping,
            Path dataDir,
            String teacher,
            OutputKind teacherOutputs,
            int validationImages) {

        static final Options NONE = new Options(null, List.of(), null, null, Stopping.NONE, null, null, null, 0);

        /** The report's width is that of students whose settings name none. */
        Options {
            width = Objects.equals(width, MnistStudent.WIDTH) ? null : width;
        }
    }

    private final Options options;
    private MnistPlan.Student student;
    private GivenStudent givenStudent;
    private GivenTeacher givenTeacher;
    private String givenIdentity;
    private DataSet data;
    private boolean announced;

    Task1Experiment(RunOptions.Choices choices, Options options, Answers answers) {
        this(choices, options, answers, null);
    }

    private Task1Experiment(RunOptions.Choices choices, Options options, Answers answers, List<Run> stored) {
        super(choices, answers, stored);
        this.options = options;
        this.student = new MnistPlan.Student(options.width(), null, null);
    }

    /**
     * Plans trainings with all options as they are by default, for {@code ./reproduce list}.
     *
     * @param images that they are trained on; null for MNIST
     */
    static Task1Experiment listed(Reading reading, DataSet images) {
        Task1Experiment experiment = new Task1Experiment(
                RunOptions.Choices.stored(reading, false, null), Options.NONE, ConsoleAnswers.SILENT);
        experiment.data = images;
        return experiment;
    }

    /**
     * The images of a place as trainings of this task have them.
     *
     * @throws IOException where they cannot be read, or its networks cannot be built for them
     */
    static DataSet images(Path dataDir) throws IOException {
        Options options = new Options(null, List.of(), null, null, Stopping.NONE, dataDir, null, null, 0);
        Reading any = Reading.of(TASK, Variant.AS_WRITTEN);
        return new Task1Experiment(RunOptions.Choices.stored(any, false, null), options, ConsoleAnswers.SILENT).data();
    }

    /**
     * What the page shows of a store: both readings with all their slips, each with the report's number of epochs where
     * the store has that, else with the latest run's.
     *
     * @param runs the store's runs of the task
     */
    static Stored<Task1Experiment> stored(Path store, List<Run> runs) {
        List<Settings> all = runs.stream().map(Run::settings).toList();
        boolean quick = !all.isEmpty() && all.stream().allMatch(Settings::quick);
        List<Stored.Setup<Task1Experiment>> setups = new ArrayList<>();
        for (Variant variant : Variant.values()) {
            List<Integer> epochs = all.stream()
                    .filter(s -> s.variant() == variant && s.without() == null && s.quick() == quick)
                    .filter(s -> !s.trainsEarlyStoppedTeacher() && isTrainedAsInTheReport(s))
                    .map(Settings::epochs)
                    .toList();
            boolean latest = !epochs.isEmpty() && !epochs.contains(Published.EPOCHS);
            Options options = new Options(
                    latest ? epochs.get(epochs.size() - 1) : Published.EPOCHS,
                    List.of(),
                    null,
                    null,
                    Stopping.NONE,
                    null,
                    null,
                    null,
                    0);
            RunOptions.Choices choices = RunOptions.Choices.stored(Reading.of(TASK, variant), quick, store);
            PageAnswers answers = new PageAnswers(store.resolve(TASK), quick);
            Task1Experiment experiment = new Task1Experiment(choices, options, answers, runs);
            setups.add(new Stored.Setup<>(variant.toString(), variant.toString(), experiment, answers));
        }
        return new Stored<>(setups, new PageAnswers(store.resolve(TASK), quick));
    }

    @Override
    public MnistPlan planned() {
        Device cpu = Device.cpu(RunOptions.Choices.LISTED_THREADS).asUsual();
        int images = data == null ? Published.TRAIN_IMAGES : data.train().size();
        return new MnistPlan(
                reading(),
                epochs(),
                images - options.stopping().keptBack(),
                quick(),
                givenIdentity,
                data == null ? Mnist.DIGEST : data.origin().digest(),
                data == null ? DataSpec.MNIST : MnistPlan.spec(data.train()),
                choices().loss(),
                choices().computing().adam(),
                steps(),
                student,
                options.stopping(),
                cpu);
    }

    @Override
    protected RunQuery query() {
        return new RunQuery(
                reading(),
                quick(),
                choices().seedsGiven() ? choices().seeds() : List.of(),
                choices().temperatures(),
                this::isAsked,
                null,
                givenIdentity,
                choices().loss(),
                options.validationImages());
    }

    private boolean isAsked(Settings settings) {
        return (settings.epochs() == epochs() || settings.trainsEarlyStoppedTeacher())
                && steps().areOf(settings)
                && settings.stopping().equals(options.stopping())
                && student.isOf(settings);
    }

    @Override
    protected boolean compares(Settings settings) {
        return settings.role() == Role.STUDENT && settings.question().equals("q5")
                || settings.role() == Role.STUDENT_PLAIN && settings.question().equals("q7");
    }

    /** An experiment with these choices that tests on the last training images, and trains on the others. */
    Task1Experiment withValidation(int images) throws IOException {
        Options validation = new Options(
                options.epochs(),
                options.alphas(),
                options.width(),
                options.student(),
                options.stopping(),
                options.dataDir(),
                options.teacher(),
                options.teacherOutputs(),
                images);
        Task1Experiment experiment =
                new Task1Experiment(choices(), validation, answers(), trainsNothing() ? stored() : null);
        experiment.worksFor(this);
        return experiment;
    }

    /** Whether trainings may stop before their last epoch. */
    boolean stopsEarly() {
        return options.stopping().applies();
    }

    /** Whether the last training images stand in the test images' place. */
    boolean validates() {
        return options.validationImages() > 0;
    }

    /** What the losses of the reading are given. */
    LossInputs lossInputs() {
        return new ReadingGraph(reading()).lossInputs();
    }

    /** Alphas of the students of question 5; of a store's students all where none was named. */
    List<Double> alphas() {
        return trainsNothing() ? options.alphas() : plannedAlphas();
    }

    /** Alphas of the students of question 5 as it would train them. */
    List<Double> plannedAlphas() {
        return options.alphas().isEmpty() ? defaultAlphas() : options.alphas();
    }

    @Override
    protected List<Double> alphasNamed() {
        return options.alphas();
    }

    /**
     * Those of the student that Question 9 explains: the report's best, or the last of those that question 5 trains.
     */
    Hyperparameters explained() {
        Hyperparameters best = best(temperatures(), plannedAlphas());
        return studentsHaveTemperature() ? best : new Hyperparameters(null, best.alpha());
    }

    /** Whether a teacher has part in the chosen loss. */
    boolean lossHasTeacher() {
        return choices().loss().hasTeacher();
    }

    /** Whether students with distillation have a temperature. */
    boolean studentsHaveTemperature() {
        return choices().loss().hasTemperature() || !choices().loss().hasTeacher();
    }

    private static Hyperparameters best(List<Double> temperatures, List<Double> alphas) {
        return new Hyperparameters(best(Published.BEST_TEMPERATURE, temperatures), best(Published.BEST_ALPHA, alphas));
    }

    private static double best(double best, List<Double> values) {
        return values.contains(best) ? best : values.get(values.size() - 1);
    }

    /** How many test images the theory questions look at. */
    int testImages() {
        return quick() ? QUICK_TEST_IMAGES : Integer.MAX_VALUE;
    }

    /**
     * Announces a question, after the data and the device, which are looked for when the first is announced; or after
     * the store that the runs come from.
     *
     * @throws IOException where there is something wrong with the data, or the folder for the answers cannot be made
     */
    void announce(String heading) throws IOException {
        announce();
        answers().heading(heading);
    }

    /** Says where data or runs come from, once. */
    void announce() throws IOException {
        if (announced) {
            return;
        }
        announced = true;
        if (trainsNothing()) {
            findTeacher();
            findStudent();
            answers().note("Runs: " + store().folder(TASK) + ", nothing is trained");
        } else {
            plan();
        }
    }

    /** Looks for the teacher that was named, which need not be here where the store knows its identity. */
    private void findTeacher() throws IOException {
        String name = options.teacher();
        if (name == null) {
            return;
        }
        givenIdentity = trainsNothing() ? store().teacher(TASK, name).orElse(null) : null;
        if (givenIdentity == null) {
            givenTeacher = GivenTeacher.ofTask1(
                    new ModelLibrary(SavedModels.FOLDER, device()),
                    name,
                    options.teacherOutputs(),
                    reading(),
                    dataSpec());
            givenTeacher.about().ifPresent(answers()::note);
            givenIdentity = givenTeacher.identity();
        }
        answers().note("Teacher: " + name + ", SHA-256 " + givenIdentity);
    }

    /** Looks for the student that was named, which need not be here where the store knows its digest. */
    private void findStudent() throws IOException {
        OwnStudent named = options.student();
        if (named == null) {
            return;
        }
        Optional<OwnStudent.Digests> stored = trainsNothing() ? named.stored(store(), TASK) : Optional.empty();
        if (stored.isEmpty()) {
            givenStudent = GivenStudent.ofTask1(
                    new ModelLibrary(SavedModels.FOLDER, device()), named.name(), dataSpec(), named.keepsWeights());
        }
        OwnStudent.Digests digests = stored.orElseGet(() -> OwnStudent.Digests.of(givenStudent));
        student = new MnistPlan.Student(null, digests.architecture(), digests.weights());
        answers().note(named.found(digests));
    }

    /** Refuses a loss that finds no layers to compare in networks that were given. */
    private void checkLayers() throws IOException {
        if (givenStudent == null && givenTeacher == null) {
            return;
        }
        Network learning = givenStudent != null
                ? givenStudent.network()
                : MnistStudent.buildFc(new Network.Names(), dataSpec(), MnistStudent.WIDTH, Activation.LINEAR);
        if (givenTeacher != null) {
            givenTeacher.checkLayers(choices().loss(), learning);
        } else {
            Network teaching = MnistTeacher.buildCnn(new Network.Names(), dataSpec(), Activation.LINEAR);
            GivenTeacher.checkLayers(choices().loss(), learning, teaching);
        }
    }

    @Override
    protected Found<MnistPlan> find() throws IOException {
        DataSet data = data();
        findTeacher();
        findStudent();
        checkLayers();
        if (givenStudent != null) {
            new SavedModels(SavedModels.FOLDER, device()).keep(givenStudent);
        }
        int whole = data.train().size();
        int images = quick() ? Math.min(QUICK_IMAGES, whole) : whole;
        int keptBack = options.stopping().keptBack();
        if (keptBack >= images) {
            throw new IOException(
                    "--validation-images takes a number from 1 to %d, for there are %d training images; found %d"
                            .formatted(images - 1, images, keptBack));
        }
        checkBatchSize(images - keptBack);
        String digest = data.origin().digest();
        MnistPlan plan = new MnistPlan(
                reading(),
                epochs(),
                images - keptBack,
                quick(),
                givenIdentity,
                digest,
                dataSpec(),
                choices().loss(),
                choices().computing().adam(),
                steps(),
                student,
                options.stopping(),
                device());
        DataSet used = new DataSet(data.train().first(images), data.test(), data.origin());
        Trainer.Setup setup = new Trainer.Setup(
                used, List.of(), givenTeacher, device(), choices().fresh());
        return new Found<>(plan, setup, validates() ? "validation" : "test");
    }

    /** The images; says which when first asked. */
    private DataSet data() throws IOException {
        if (data == null) {
            DataSet found = options.dataDir() == null ? Mnist.load() : Mnist.load(options.dataDir());
            data = validates() ? Mnist.withValidation(found, options.validationImages()) : found;
            announce(data.origin(), "no MNIST was found, so drawn digits stand in for it.");
            int side = Math.min(data.train().height(), data.train().width());
            if (side < MnistTeacher.SMALLEST_IMAGE) {
                throw new IOException(
                        "the images have %d x %d pixels, and the teacher of Task 1 takes %d x %d or more: scale them up"
                                .formatted(
                                        data.train().height(),
                                        data.train().width(),
                                        MnistTeacher.SMALLEST_IMAGE,
                                        MnistTeacher.SMALLEST_IMAGE));
            }
            checkMemory(MnistPlan.spec(data.train()));
        }
        return data;
    }

    /** Large images make a first dense layer of so many weights that a training would end without memory. */
    private void checkMemory(DataSpec spec) throws IOException {
        Network.Names names = new Network.Names();
        long parameters = Math.max(
                MnistTeacher.buildCnn(names, spec, Activation.LINEAR).parameters(),
                MnistStudent.buildFc(names, spec, MnistStudent.WIDTH, Activation.LINEAR)
                        .parameters());
        long needed = COPIES * Double.BYTES * parameters;
        long most = Runtime.getRuntime().maxMemory();
        if (needed > most) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "a network of Task 1 for %s has %,d parameters, which need %.1f GB of Java's memory, and it has %.1f: scale the images down",
                    spec,
                    parameters,
                    needed / GIGABYTE,
                    most / GIGABYTE));
        }
    }

    /**
     * What the networks are built for: the images where these were looked for or named, else MNIST. Of a store's runs
     * it is not known beforehand, so that MNIST it is.
     */
    DataSpec dataSpec() throws IOException {
        return !trainsNothing() && (data != null || options.dataDir() != null)
                ? MnistPlan.spec(data().train())
                : DataSpec.MNIST;
    }

    /**
     * A file's name without its ending, for what shows networks and no runs.
     *
     * @param data what they are built for
     */
    String networksName(String name, DataSpec data) {
        return name + "-" + reading().inName()
                + (data.equals(DataSpec.MNIST)
                        ? ""
                        : "-%dx%dx%d-classes%d"
                                .formatted(
                                        data.input().get(0),
                                        data.input().get(1),
                                        data.input().get(2),
                                        data.classes()));
    }

    /** What sets networks that nothing was trained for apart from the report's. */
    Marks networkMarks() throws IOException {
        DataSpec spec = dataSpec();
        return new Marks(spec.equals(DataSpec.MNIST) ? List.of() : List.of("FOR " + spec));
    }

    /** The form of Adam that trains. */
    AdamForm adam() {
        return choices().computing().adam();
    }

    /** Whether a teacher was given that takes the place of each seed's own. */
    boolean hasGivenTeacher() {
        return givenIdentity != null;
    }

    /** Says how good the given teacher is; with {@code --from} there are no images to try it on. */
    void printGivenTeacher() throws IOException {
        if (!trainsNothing()) {
            double accuracy = trainer().evaluate(givenTeacher);
            String format = "%s in place of our own teacher: test accuracy %.2f %%. The students' results are marked.";
            answers().print(String.format(Locale.ROOT, format, givenTeacher.name(), accuracy));
        }
    }

    /** The teacher of each seed. */
    List<Run> teachers() throws IOException {
        return checked(runs((plan, seed) -> List.of(plan.teacher(seed))), "the teacher", QUICK_TEACHER_FLOOR);
    }

    /** The numbers of training images that stored runs were trained without, to be tested on these, in order. */
    List<Integer> validations() throws IOException {
        return stored().stream()
                .filter(run -> !run.settings().stopping().applies())
                .map(run -> Published.TRAIN_IMAGES - run.settings().trainImages())
                .filter(images -> images > 0)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The students of a question, for each seed, temperature and alpha; of a store's all alphas where none is given.
     */
    List<Run> students(String question, List<Double> temperatures, List<Double> alphas) throws IOException {
        return checked(found(question, temperatures, alphas), name(question), QUICK_STUDENT_FLOOR);
    }

    private List<Run> found(String question, List<Double> temperatures, List<Double> alphas) throws IOException {
        List<Double> trained = alphas.isEmpty() ? defaultAlphas() : alphas;
        return atTemperatures(runs((plan, seed) -> plan.students(question, temperatures, trained, seed))).stream()
                .filter(run ->
                        alphas.isEmpty() || alphas.contains(run.settings().alpha()))
                .toList();
    }

    /** The students of Table I, for each seed. */
    List<Run> students() throws IOException {
        return students("q5", temperatures(), alphas());
    }

    /** The students of question 5 with one T and alpha, for each seed. */
    List<Run> students(Hyperparameters cell) throws IOException {
        return students("q5", Collections.singletonList(cell.temperature()), List.of(cell.alpha()));
    }

    /** The students without distillation, for each seed. */
    List<Run> plainStudents() throws IOException {
        return checked(runs((plan, seed) -> List.of(plan.plainStudent("q7", seed))), name("q7"), QUICK_STUDENT_FLOOR);
    }

    /** The runs of a theory question, for each seed; empty where another store has none. */
    List<Run> varied(String question, Asked<MnistPlan> trainings) throws IOException {
        List<Run> runs = runs(trainings);
        return trainsNothing() ? runs : checked(runs, name(question), QUICK_VARIED_FLOOR);
    }

    private static String name(String question) {
        return "question " + question.substring(1);
    }

    /** Question 13's students of teachers of 1 epoch to all, for each seed. */
    List<Run> earlyStoppedStudents(String question) throws IOException {
        List<Run> runs = new ArrayList<>(runs((plan, seed) ->
                plan.earlyStoppedStudents(question, EARLY_STOPPED_TEMPERATURE, EARLY_STOPPED_ALPHA, seed)));
        runs.sort(Comparator.comparing((Run run) -> run.settings().seed())
                .thenComparing(run -> run.settings().teacherEpochs()));
        return checked(runs, name(question), QUICK_EARLY_STOPPED_FLOOR);
    }

    /** For each teacher the student that it has after so many of its epochs (question 13). */
    List<Run> studentsOfTrajectory(List<Run> teachers, ToIntFunction<Run> teacherEpochs) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Run teacher : teachers) {
            long own = teacher.settings().seed();
            int epochs = teacherEpochs.applyAsInt(teacher);
            runs((plan, seed) -> trainsNothing() || seed == own
                            ? List.of(plan.earlyStoppedStudent(
                                    MnistPlan.SINGLE_TRAJECTORY,
                                    epochs,
                                    EARLY_STOPPED_TEMPERATURE,
                                    EARLY_STOPPED_ALPHA,
                                    seed))
                            : List.of())
                    .stream()
                    .filter(run ->
                            run.settings().seed() == own && run.settings().teacherEpochs() == epochs)
                    .forEach(runs::add);
        }
        return checked(runs, "question 13 (single trajectory)", QUICK_EARLY_STOPPED_FLOOR);
    }

    /** Question 13's students that distil until an epoch, for each seed. */
    List<Run> studentsDistilledUntil(int epoch) throws IOException {
        List<Run> runs = runs((plan, seed) -> List.of(
                        plan.studentDistilledUntil(epoch, EARLY_STOPPED_TEMPERATURE, EARLY_STOPPED_ALPHA, seed)))
                .stream()
                .filter(run -> run.settings().distilEpochs() == epoch)
                .toList();
        return checked(runs, "question 13 (KD until epoch " + epoch + ")", QUICK_EARLY_STOPPED_FLOOR);
    }

    /**
     * All runs of a question and model that are stored, of every seed, of the same reading and of the other one with
     * all its slips; nothing is trained.
     */
    List<Run> allStored(String question, Role role, Settings like) throws IOException {
        return RunQuery.latest(stored().stream()
                .filter(run -> {
                    Settings s = run.settings();
                    return s.question().equals(question)
                            && s.role() == role
                            && Objects.equals(s.without(), s.variant() == like.variant() ? like.without() : null)
                            && (s.role() != like.role() || s.lossInName().equals(like.lossInName()))
                            && s.epochs() == like.epochs()
                            && Steps.of(s).equals(Steps.of(like))
                            && s.quick() == like.quick()
                            && s.data().equals(like.data())
                            && s.trainImages() == like.trainImages();
                })
                .toList());
    }

    /** The students of question 5 as far as they are stored; nothing is trained. */
    List<Run> storedStudents() throws IOException {
        if (trainsNothing()) {
            return found("q5", temperatures(), alphas());
        }
        List<Run> runs = new ArrayList<>();
        for (Training training : trainings((plan, seed) -> plan.students("q5", temperatures(), alphas(), seed))) {
            trainer().stored(training).ifPresent(runs::add);
        }
        return runs;
    }

    /**
     * What takes the place of tables of the reading that no stored run gives.
     *
     * @param why said on the console
     * @param names what the files' names start with
     */
    void kept(String why, String... names) throws IOException {
        List<String> files =
                Stream.of(names).map(name -> name + "-" + reading().inName()).toList();
        answers().kept(why, files);
    }

    /**
     * Publishes what is made of some runs, with their epochs as CSV beside it, unless there are none.
     *
     * @param name what the file's name starts with
     */
    void publish(String name, List<Run> runs, Function<List<Run>, Table> table, Function<List<Run>, String> csv)
            throws IOException {
        if (!runs.isEmpty()) {
            publish(name, table.apply(runs), csv.apply(runs), runs);
            writeEpochs(name, runs);
        }
    }

    /** Writes the epochs of runs beside what is made of them. */
    void writeEpochs(String name, List<Run> runs) throws IOException {
        answers().write(fileName(name, runs) + "-epochs.csv", MnistTables.epochsCsv(runs));
    }

    @Override
    public String fileName(String name, List<Run> runs) {
        String teacher = runs.stream()
                .map(Run::settings)
                .filter(Settings::hasGivenTeacher)
                .findFirst()
                .map(settings -> "-teacher" + Settings.digits(settings.teacher()))
                .orElse("");
        Optional<Hyperparameters> cell = usualCell(name);
        List<Double> severalAlphas = name.startsWith("q6") ? List.of(Published.CURVE_ALPHA) : defaultAlphas();
        List<Double> temperatures =
                cell.map(Hyperparameters::temperature).map(List::of).orElse(usualTemperatures());
        List<Double> alphas = cell.map(Hyperparameters::alpha).map(List::of).orElse(severalAlphas);
        String data = validates() ? Mnist.validationDigest(Mnist.DIGEST, options.validationImages()) : Mnist.DIGEST;
        return name
                + "-"
                + reading().inName()
                + NameParts.origin(runs, run -> run.settings().data().equals(data))
                + teacher
                + (epochs() == usualEpochs() ? "" : "-epochs" + epochs())
                + NameParts.steps(runs)
                + studentInName(runs)
                + NameParts.loss(runs)
                + NameParts.values("-T", runs, Settings::temperature, temperatures)
                + NameParts.values("-alpha", runs, Settings::alpha, alphas)
                + NameParts.seeds(runs);
    }

    /**
     * The students' network where it is not the report's, or its width, but for question 10, whose tables have several.
     */
    private static String studentInName(List<Run> runs) {
        return runs.stream()
                .map(Run::settings)
                .filter(settings -> settings.isOfAskedWidth() && !MnistPlan.Student.REPORTS.isOf(settings))
                .findFirst()
                .map(settings -> "-" + (settings.isOfOwnStudent() ? settings.ownStudent() : "width" + settings.width()))
                .orElse("");
    }

    /** The one T and alpha that students of a file usually have, which do not stand in its name. */
    private Optional<Hyperparameters> usualCell(String name) {
        if (name.matches("(q1-b|q1-c|q9).*")) {
            return Optional.of(best(usualTemperatures(), defaultAlphas()));
        }
        return name.matches("(q1-e-rare-class|q10|q11|q12|q13).*")
                ? Optional.of(Hyperparameters.EARLY_STOPPED)
                : Optional.empty();
    }

    @Override
    protected List<Double> usualTemperatures() {
        return quick() ? QUICK_TEMPERATURES : Published.TEMPERATURES;
    }

    private List<Double> defaultAlphas() {
        return quick() ? QUICK_ALPHAS : Published.ALPHAS;
    }

    /** Epochs of each training. */
    int epochs() {
        return options.epochs() == null ? usualEpochs() : options.epochs();
    }

    private int usualEpochs() {
        return quick() ? QUICK_EPOCHS : Published.EPOCHS;
    }

    /** What the questions that look at trained networks ask. */
    MnistModels models() throws IOException {
        return new MnistModels(trainer(), plan());
    }

    /** Whether a training has the report's steps, width and end; of others it is not known where they should end. */
    private static boolean isTrainedAsInTheReport(Settings settings) {
        return Steps.of(settings).equals(Steps.REPORTS)
                && !settings.stopping().applies()
                && MnistPlan.Student.REPORTS.isOf(settings);
    }

    /**
     * The runs, if there are any, and if none of them is a quick run on real MNIST that ended under its floor: that is
     * no cut of the experiment but a broken one. What another teacher makes of a student is its own business. The page
     * shows what there is.
     */
    private List<Run> checked(List<Run> runs, String what, double floor) throws IOException {
        found(
                runs,
                "%s has no run of %s (%s%s%s, %d epochs) with these options: train without --from first"
                        .formatted(
                                store().folder(TASK),
                                what,
                                choices().reading(),
                                lossInWords(),
                                quick() ? ", QUICK" : "",
                                epochs()));
        for (Run run : runs) {
            if (run.settings().quick()
                    && isTrainedAsInTheReport(run.settings())
                    && !answers().goOnWithoutRuns()
                    && !run.settings().hasGivenTeacher()
                    && run.settings().data().equals(Mnist.DIGEST)
                    && run.testAccuracy() < floor) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT,
                        "QUICK: %s ended at %.2f %%, expected at least %.0f %%: something is wrong with the training",
                        run.settings().label(),
                        run.testAccuracy(),
                        floor));
            }
        }
        return runs;
    }
}
