package distill.task1;

import distill.command.Answers;
import distill.command.ConsoleAnswers;
import distill.command.Experiment;
import distill.command.PageAnswers;
import distill.command.Question;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.data.DataSet;
import distill.data.Mnist;
import distill.experiment.GivenTeacher;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.ReadingGraph;
import distill.experiment.SavedModels;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.loss.LossInputs;
import distill.nn.Device;
import distill.page.Table;
import distill.report.Published;
import distill.report.RunQuery;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
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

    /** The options that Task 1 alone has; what was left out is null. */
    record Options(Integer epochs, List<Double> alphas, Path dataDir, String teacher) {

        static final Options NONE = new Options(null, null, null, null);
    }

    private final Options options;
    private final List<? extends Question<Task1Experiment, MnistPlan>> questions;
    private final Supplier<Device> deviceChoice;
    private final int validationImages;
    private Optional<GivenTeacher> givenTeacher = Optional.empty();
    private Optional<String> givenIdentity = Optional.empty();
    private boolean announced;

    /** What a question trains for seed 1 with all options as they are by default, for {@code ./reproduce list}. */
    static List<Training> listed(Question<Task1Experiment, MnistPlan> question, Reading reading) {
        Task1Experiment experiment = new Task1Experiment(
                RunOptions.Choices.listed(reading),
                Options.NONE,
                List.of(question),
                RunOptions.NO_DEVICE,
                ConsoleAnswers.SILENT);
        return question.trainings(experiment, experiment.planned(), 1);
    }

    /**
     * What the page shows of a store: both readings with all their slips, each with the report's number of epochs where
     * the store has that, else with the latest run's.
     *
     * @throws IOException where the store cannot be read
     */
    static Stored<Task1Experiment> stored(Path store) throws IOException {
        List<Settings> all =
                new RunStore(store).runs(TASK).stream().map(Run::settings).toList();
        boolean quick = !all.isEmpty() && all.stream().allMatch(Settings::quick);
        List<Stored.Setup<Task1Experiment>> setups = new ArrayList<>();
        for (Variant variant : Variant.values()) {
            List<Integer> epochs = all.stream()
                    .filter(s -> s.variant() == variant
                            && s.without() == null
                            && s.quick() == quick
                            && !s.trainsEarlyStoppedTeacher())
                    .map(Settings::epochs)
                    .toList();
            int taken = epochs.isEmpty() || epochs.contains(Published.EPOCHS)
                    ? Published.EPOCHS
                    : epochs.get(epochs.size() - 1);
            PageAnswers answers = new PageAnswers(store.resolve(TASK), quick);
            Task1Experiment experiment = new Task1Experiment(
                    RunOptions.Choices.stored(Reading.of(TASK, variant), quick, store),
                    new Options(taken, null, null, null),
                    List.of(),
                    RunOptions.NO_DEVICE,
                    answers);
            setups.add(new Stored.Setup<>(variant.toString(), variant.toString(), experiment, answers));
        }
        return new Stored<>(setups, new PageAnswers(store.resolve(TASK), quick));
    }

    /** @param questions which are to be answered */
    Task1Experiment(
            RunOptions.Choices choices,
            Options options,
            List<? extends Question<Task1Experiment, MnistPlan>> questions,
            Supplier<Device> deviceChoice,
            Answers answers) {
        this(choices, options, questions, deviceChoice, answers, 0);
    }

    /** @param validationImages how many of the last training images stand in the test images' place; 0 for none */
    private Task1Experiment(
            RunOptions.Choices choices,
            Options options,
            List<? extends Question<Task1Experiment, MnistPlan>> questions,
            Supplier<Device> deviceChoice,
            Answers answers,
            int validationImages) {
        super(choices, deviceChoice, answers);
        this.options = options;
        this.questions = questions;
        this.deviceChoice = deviceChoice;
        this.validationImages = validationImages;
    }

    @Override
    protected List<Training> questions(MnistPlan plan, long seed) {
        return questions.stream()
                .flatMap(question -> question.trainings(this, plan, seed).stream())
                .toList();
    }

    @Override
    public MnistPlan planned() {
        return new MnistPlan(
                reading(),
                epochs(),
                Published.TRAIN_IMAGES,
                quick(),
                givenIdentity.orElse(null),
                Mnist.DIGEST,
                Device.cpu(RunOptions.Choices.LISTED_THREADS));
    }

    @Override
    protected RunQuery query() {
        return new RunQuery(
                reading(),
                quick(),
                choices().seedsGiven() ? choices().seeds() : List.of(),
                choices().temperatures(),
                settings -> settings.epochs() == epochs() || settings.trainsEarlyStoppedTeacher(),
                null,
                givenIdentity.orElse(null),
                validationImages);
    }

    /** An experiment with these choices that tests on the last training images, and trains on the others. */
    Task1Experiment withValidation(int images) {
        return new Task1Experiment(choices(), options, questions, deviceChoice, answers(), images);
    }

    /** Whether the last training images stand in the test images' place. */
    boolean validates() {
        return validationImages > 0;
    }

    /** What the losses of the reading are given. */
    LossInputs lossInputs() {
        return new ReadingGraph(reading()).lossInputs();
    }

    /** Alphas of the students of question 5; of a store's students all where none was named. */
    List<Double> alphas() {
        return options.alphas() != null ? options.alphas() : trainsNothing() ? List.of() : defaultAlphas();
    }

    /** Whether the store that the runs come from has students of a question with these options. */
    boolean hasStored(String question) throws IOException {
        return !stored(s -> s.question().equals(question) && s.role() == Role.STUDENT)
                .isEmpty();
    }

    /** T of the student that Question 9 explains: the report's best, or the last of those that question 5 trains. */
    double explainedTemperature() {
        return best(Published.BEST_TEMPERATURE, temperatures());
    }

    /** Alpha of the student that Question 9 explains, chosen as its temperature is. */
    double explainedAlpha() {
        return best(Published.BEST_ALPHA, alphas());
    }

    private static double best(double best, List<Double> values) {
        return values.contains(best) ? best : values.get(values.size() - 1);
    }

    /** How many test images the theory questions look at. */
    int testImages() {
        return quick() ? QUICK_TEST_IMAGES : Integer.MAX_VALUE;
    }

    /**
     * Finds the data and the device, and says which, once. Where the runs come from another store, says from which.
     *
     * @throws IOException where there is something wrong with the data, or the folder for the answers cannot be made
     */
    void announce() throws IOException {
        if (announced) {
            return;
        }
        announced = true;
        if (!trainsNothing()) {
            plan();
            return;
        }
        if (options.teacher() != null) {
            String name = options.teacher();
            givenIdentity = store().teacher(TASK, name);
            if (givenIdentity.isEmpty()) {
                findTeacher(name);
            }
            noteTeacher();
        }
        answers().note("Runs: " + store().file(TASK) + ", nothing is trained");
    }

    private void findTeacher(String name) throws IOException {
        givenTeacher =
                Optional.of(GivenTeacher.ofTask1(new ModelLibrary(SavedModels.FOLDER, device()), name, reading()));
        givenIdentity = givenTeacher.map(GivenTeacher::identity);
    }

    private void noteTeacher() {
        answers().note("Teacher: " + options.teacher() + ", SHA-256 " + givenIdentity.orElseThrow());
    }

    @Override
    protected Found<MnistPlan> find() throws IOException {
        if (options.teacher() != null) {
            findTeacher(options.teacher());
            noteTeacher();
        }
        DataSet whole = options.dataDir() == null ? Mnist.load() : Mnist.load(options.dataDir());
        DataSet data = validates() ? Mnist.withValidation(whole, validationImages) : whole;
        announce(data.origin(), "no MNIST was found, so drawn digits stand in for it.");
        int images = quick()
                ? Math.min(QUICK_IMAGES, data.train().size())
                : data.train().size();
        return new Found<>(
                new MnistPlan(
                        reading(),
                        epochs(),
                        images,
                        quick(),
                        givenIdentity.orElse(null),
                        data.origin().digest(),
                        device()),
                new Trainer.Setup(
                        new DataSet(data.train().first(images), data.test(), data.origin()),
                        List.of(),
                        givenTeacher.orElse(null),
                        device(),
                        choices().fresh()),
                validates() ? "validation" : "test");
    }

    /** Whether a teacher was given that takes the place of each seed's own. */
    boolean hasGivenTeacher() {
        return givenIdentity.isPresent();
    }

    /** Says how good the given teacher is; with {@code --from} there are no images to try it on. */
    void printGivenTeacher() throws IOException {
        if (!trainsNothing()) {
            answers()
                    .print(String.format(
                            Locale.ROOT,
                            "%s in place of our own teacher: test accuracy %.2f %%. The students' results are marked.",
                            givenTeacher.orElseThrow().name(),
                            trainer().evaluate(givenTeacher.get())));
        }
    }

    /** The teacher of each seed. */
    List<Run> teachers() throws IOException {
        return checked(runs((plan, seed) -> List.of(plan.teacher(seed))), "the teacher", QUICK_TEACHER_FLOOR);
    }

    /** The numbers of training images that stored runs were trained without, to be tested on these, in order. */
    List<Integer> validations() throws IOException {
        return stored().stream()
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
        List<Double> named = choices().temperatures();
        return runs((plan, seed) ->
                        plan.students(question, temperatures, alphas.isEmpty() ? defaultAlphas() : alphas, seed))
                .stream()
                .filter(run -> !trainsNothing()
                        || (named.isEmpty() || named.contains(run.settings().temperature()))
                                && (alphas.isEmpty()
                                        || alphas.contains(run.settings().alpha())))
                .toList();
    }

    /** The students without distillation of a question, for each seed. */
    List<Run> plainStudents(String question) throws IOException {
        return checked(
                runs((plan, seed) -> List.of(plan.plainStudent(question, seed))), name(question), QUICK_STUDENT_FLOOR);
    }

    /** The runs of a theory question, for each seed; empty where another store has none. */
    List<Run> varied(String question, Asked<MnistPlan> trainings) throws IOException {
        List<Run> runs = runs(trainings);
        return trainsNothing() ? runs : checked(runs, name(question), QUICK_VARIED_FLOOR);
    }

    private static String name(String question) {
        return "question " + question.substring(1);
    }

    /** Question 13's new teachers of 1 epoch to all. */
    List<Run> earlyStoppedTeachers() throws IOException {
        return runs(MnistPlan::earlyStoppedTeachers);
    }

    /** Question 13's students of teachers of 1 epoch to all, for each seed. */
    List<Run> earlyStoppedStudents(String question) throws IOException {
        List<Run> runs = new ArrayList<>(runs((plan, seed) -> plan.earlyStoppedStudents(
                question, Published.EARLY_STOPPED_TEMPERATURE, Published.EARLY_STOPPED_ALPHA, seed)));
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
                                    Published.EARLY_STOPPED_TEMPERATURE,
                                    Published.EARLY_STOPPED_ALPHA,
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
        List<Run> runs = runs((plan, seed) -> List.of(plan.studentDistilledUntil(
                        epoch, Published.EARLY_STOPPED_TEMPERATURE, Published.EARLY_STOPPED_ALPHA, seed)))
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
                            && s.epochs() == like.epochs()
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
        answers()
                .kept(
                        why,
                        Stream.of(names)
                                .map(name -> name + "-" + reading().inName())
                                .toList());
    }

    /**
     * Publishes what is made of some runs, unless there are none.
     *
     * @param name what the file's name starts with
     */
    void publish(String name, List<Run> runs, Function<List<Run>, Table> table, Function<List<Run>, String> csv)
            throws IOException {
        if (!runs.isEmpty()) {
            publish(name, table.apply(runs), csv.apply(runs), runs);
        }
    }

    @Override
    public String fileName(String name, List<Run> runs) {
        return fileName(name, runs, usualTemperatures(name), usualAlphas(name));
    }

    /**
     * A file's name without its ending, where other temperatures and alphas are usual, so that they do not stand in it.
     *
     * @param usualTemperatures in order
     * @param usualAlphas in order
     */
    String fileName(String name, List<Run> runs, List<Double> usualTemperatures, List<Double> usualAlphas) {
        String teacher = runs.stream()
                .map(Run::settings)
                .filter(Settings::hasGivenTeacher)
                .findFirst()
                .map(settings -> "-teacher" + settings.teacher().substring(0, Settings.TEACHER_DIGITS))
                .orElse("");
        List<Long> seeds = seeds(runs);
        return name
                + "-"
                + reading().inName()
                + origin(runs, run -> run.settings().data().equals(usualData()))
                + teacher
                + (epochs() == usualEpochs() ? "" : "-epochs" + epochs())
                + inName("-T", runs, Settings::temperature, usualTemperatures)
                + inName("-alpha", runs, Settings::alpha, usualAlphas)
                + (seeds.equals(List.of(1L)) ? "" : "-seeds" + RunOptions.range(seeds));
    }

    private List<Double> usualTemperatures(String name) {
        return name.startsWith("q9")
                ? List.of(best(Published.BEST_TEMPERATURE, usualTemperatures()))
                : name.startsWith("q13") ? List.of(Published.EARLY_STOPPED_TEMPERATURE) : usualTemperatures();
    }

    private List<Double> usualAlphas(String name) {
        return name.startsWith("q9")
                ? List.of(best(Published.BEST_ALPHA, defaultAlphas()))
                : name.startsWith("q6")
                        ? List.of(Published.CURVE_ALPHA)
                        : name.startsWith("q13") ? List.of(Published.EARLY_STOPPED_ALPHA) : defaultAlphas();
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
        announce();
        return new MnistModels(trainer(), plan());
    }

    /** The digest of the images that are no other than the report's. */
    private String usualData() {
        return validates() ? Mnist.validationDigest(Mnist.DIGEST, validationImages) : Mnist.DIGEST;
    }

    /**
     * The runs, if there are any, and if none of them is a quick run on real MNIST that ended under its floor: that is
     * no cut of the experiment but a broken one. What another teacher makes of a student is its own business.
     */
    private List<Run> checked(List<Run> runs, String what, double floor) throws IOException {
        found(
                runs,
                "%s has no run of %s (%s%s, %d epochs) with these options: train without --from first"
                        .formatted(store().file(TASK), what, choices().reading(), quick() ? ", QUICK" : "", epochs()));
        for (Run run : runs) {
            if (run.settings().quick()
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
