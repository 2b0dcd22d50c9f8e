package distill.task1;

import distill.command.Answers;
import distill.command.Experiment;
import distill.command.Question;
import distill.command.RunOptions;
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
import distill.page.Chart;
import distill.page.Table;
import distill.report.MnistRuns;
import distill.report.Published;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
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

/**
 * What the questions of Task 1 work with: the choices of the command line, the runs they ask for (trained, or found in
 * a store) and where their answers go.
 */
final class Task1Experiment {

    /** Training images of {@code --quick}. */
    static final int QUICK_IMAGES = 24_000;

    private static final int DATA_DIGITS = 8;
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

    /** The command line's choices; what was left out is null. */
    record Choices(
            RunOptions.Choices run, boolean quick, Integer epochs, List<Double> alphas, Path dataDir, String teacher) {}

    private final Choices choices;
    private final List<? extends Question<Task1Experiment, MnistPlan>> questions;
    private final Supplier<Device> deviceChoice;
    private final Answers answers;
    private final int validationImages;
    private final Experiment<MnistPlan> experiment;
    private Optional<GivenTeacher> givenTeacher = Optional.empty();
    private Optional<String> givenIdentity = Optional.empty();
    private boolean announced;

    /** What a question trains for seed 1 with all options as they are by default, for {@code ./reproduce list}. */
    static List<Training> listed(Question<Task1Experiment, MnistPlan> question, Reading reading) {
        Device device = Device.cpu(RunOptions.Choices.LISTED_THREADS);
        Task1Experiment experiment = new Task1Experiment(
                new Choices(RunOptions.Choices.listed(reading), false, null, null, null, null),
                List.of(question),
                () -> device,
                new PrintWriter(Writer.nullWriter()));
        MnistPlan plan =
                new MnistPlan(reading, Published.EPOCHS, Published.TRAIN_IMAGES, false, null, Mnist.DIGEST, device);
        return question.trainings(experiment, plan, 1);
    }

    /** @param questions which are to be answered */
    Task1Experiment(
            Choices choices,
            List<? extends Question<Task1Experiment, MnistPlan>> questions,
            Supplier<Device> deviceChoice,
            PrintWriter out) {
        this(
                choices,
                questions,
                deviceChoice,
                new Answers(
                        out, choices.run().out().resolve(TASK), choices.run().quiet()),
                0);
    }

    /** @param validationImages how many of the last training images stand in the test images' place; 0 for none */
    private Task1Experiment(
            Choices choices,
            List<? extends Question<Task1Experiment, MnistPlan>> questions,
            Supplier<Device> deviceChoice,
            Answers answers,
            int validationImages) {
        this.choices = choices;
        this.questions = questions;
        this.deviceChoice = deviceChoice;
        this.answers = answers;
        this.validationImages = validationImages;
        this.experiment =
                new Experiment<>(choices.run(), deviceChoice, answers, this::find, (plan, seed) -> questions.stream()
                        .flatMap(question -> question.trainings(this, plan, seed).stream())
                        .toList());
    }

    /** An experiment with these choices that tests on the last training images, and trains on the others. */
    Task1Experiment withValidation(int images) {
        return new Task1Experiment(choices, questions, deviceChoice, answers, images);
    }

    /** Whether the last training images stand in the test images' place. */
    boolean validates() {
        return validationImages > 0;
    }

    Reading reading() {
        return choices.run().reading();
    }

    /** What the losses of the reading are given. */
    LossInputs lossInputs() {
        return new ReadingGraph(reading()).lossInputs();
    }

    List<Double> temperatures() {
        return choices.run().temperatures().isEmpty()
                ? defaultTemperatures()
                : choices.run().temperatures();
    }

    List<Double> alphas() {
        return choices.alphas() == null ? defaultAlphas() : choices.alphas();
    }

    boolean quick() {
        return choices.quick();
    }

    /** Whether the runs come from another store. */
    boolean trainsNothing() {
        return experiment.trainsNothing();
    }

    /** Whether the store that the runs come from has students of a question with these options. */
    boolean hasStored(String question) throws IOException {
        return !stored(question, Role.STUDENT).isEmpty();
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
        return choices.quick() ? QUICK_TEST_IMAGES : Integer.MAX_VALUE;
    }

    /** Where to compute; says so when first asked. */
    Device device() {
        return experiment.device();
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
            experiment.plan();
            return;
        }
        folder();
        if (choices.teacher() != null) {
            String name = choices.teacher();
            givenIdentity = experiment.store().teacher(TASK, name);
            if (givenIdentity.isEmpty()) {
                findTeacher(name);
            }
            noteTeacher();
        }
        note("Runs: " + experiment.store().file(TASK) + ", nothing is trained");
    }

    private void findTeacher(String name) throws IOException {
        givenTeacher =
                Optional.of(GivenTeacher.ofTask1(new ModelLibrary(SavedModels.FOLDER, device()), name, reading()));
        givenIdentity = givenTeacher.map(GivenTeacher::identity);
    }

    private void noteTeacher() {
        note("Teacher: " + choices.teacher() + ", SHA-256 " + givenIdentity.orElseThrow());
    }

    private Experiment.Found<MnistPlan> find() throws IOException {
        if (choices.teacher() != null) {
            findTeacher(choices.teacher());
            noteTeacher();
        }
        DataSet whole = choices.dataDir() == null ? Mnist.load() : Mnist.load(choices.dataDir());
        DataSet data = validates() ? Mnist.withValidation(whole, validationImages) : whole;
        experiment.announce(data.origin(), "no MNIST was found, so drawn digits stand in for it.");
        int images = choices.quick()
                ? Math.min(QUICK_IMAGES, data.train().size())
                : data.train().size();
        return new Experiment.Found<>(
                new MnistPlan(
                        reading(),
                        epochs(),
                        images,
                        choices.quick(),
                        givenIdentity.orElse(null),
                        data.origin().digest(),
                        device()),
                new Trainer.Setup(
                        new DataSet(data.train().first(images), data.test(), data.origin()),
                        List.of(),
                        givenTeacher.orElse(null),
                        device(),
                        choices.run().fresh()),
                validates() ? "validation" : "test");
    }

    /** Announces a question. */
    void heading(String title) {
        answers.heading(title);
    }

    void print(String text) {
        answers.print(text);
    }

    /** Prints what is no result. */
    void note(String text) {
        answers.note(text);
    }

    /** Whether a teacher was given that takes the place of each seed's own. */
    boolean hasGivenTeacher() {
        return givenIdentity.isPresent();
    }

    /** Says how good the given teacher is; with {@code --from} there are no images to try it on. */
    void printGivenTeacher() throws IOException {
        if (!trainsNothing()) {
            print(String.format(
                    Locale.ROOT,
                    "%s in place of our own teacher: test accuracy %.2f %%. The students' results are marked.",
                    givenTeacher.orElseThrow().name(),
                    experiment.trainer().evaluate(givenTeacher.get())));
        }
    }

    /** The teacher of each seed. */
    List<Run> teachers() throws IOException {
        return checked(
                runs(Settings.SHARED_TEACHER, Role.TEACHER, (plan, seed) -> List.of(plan.teacher(seed))),
                "the teacher",
                QUICK_TEACHER_FLOOR);
    }

    /** The students of a question, for each seed, temperature and alpha. */
    List<Run> students(String question, List<Double> temperatures, List<Double> alphas) throws IOException {
        List<Run> runs = trainsNothing()
                ? storedStudents(question, alphas)
                : experiment.run((plan, seed) -> plan.students(question, temperatures, alphas, seed));
        return checked(runs, name(question), QUICK_STUDENT_FLOOR);
    }

    /** The students without distillation of a question, for each seed. */
    List<Run> plainStudents(String question) throws IOException {
        return checked(
                runs(question, Role.STUDENT_PLAIN, (plan, seed) -> List.of(plan.plainStudent(question, seed))),
                name(question),
                QUICK_STUDENT_FLOOR);
    }

    /** The runs of a theory question, for each seed; empty where another store has none. */
    List<Run> varied(String question, Role role, Experiment.Asked<MnistPlan> trainings) throws IOException {
        List<Run> runs = runs(question, role, trainings);
        return trainsNothing() ? runs : checked(runs, name(question), QUICK_VARIED_FLOOR);
    }

    /** The runs of every seed, trained or found in the store, in the order of training. */
    private List<Run> runs(String question, Role role, Experiment.Asked<MnistPlan> trainings) throws IOException {
        return trainsNothing() ? stored(question, role) : experiment.run(trainings);
    }

    private static String name(String question) {
        return "question " + question.substring(1);
    }

    /** Question 13's new teachers of 1 epoch to all. */
    List<Run> earlyStoppedTeachers() throws IOException {
        return runs(MnistPlan.EARLY_STOPPED, Role.TEACHER, MnistPlan::earlyStoppedTeachers);
    }

    /** Question 13's students of teachers of 1 epoch to all, for each seed. */
    List<Run> earlyStoppedStudents(String question) throws IOException {
        List<Run> runs = new ArrayList<>(runs(
                question,
                Role.STUDENT,
                (plan, seed) -> plan.earlyStoppedStudents(
                        question, Published.EARLY_STOPPED_TEMPERATURE, Published.EARLY_STOPPED_ALPHA, seed)));
        runs.sort(Comparator.comparing((Run run) -> run.settings().seed())
                .thenComparing(run -> run.settings().teacherEpochs()));
        return checked(runs, name(question), QUICK_EARLY_STOPPED_FLOOR);
    }

    /** For each teacher the student that it has after so many of its epochs (question 13). */
    List<Run> studentsOfTrajectory(List<Run> teachers, ToIntFunction<Run> teacherEpochs) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Run teacher : teachers) {
            long seed = teacher.settings().seed();
            int epochs = teacherEpochs.applyAsInt(teacher);
            if (trainsNothing()) {
                stored(MnistPlan.SINGLE_TRAJECTORY, Role.STUDENT).stream()
                        .filter(run ->
                                run.settings().seed() == seed && run.settings().teacherEpochs() == epochs)
                        .forEach(runs::add);
            } else {
                announce();
                runs.add(experiment
                        .trainer()
                        .run(experiment
                                .plan()
                                .earlyStoppedStudent(
                                        MnistPlan.SINGLE_TRAJECTORY,
                                        epochs,
                                        Published.EARLY_STOPPED_TEMPERATURE,
                                        Published.EARLY_STOPPED_ALPHA,
                                        seed)));
            }
        }
        return checked(runs, "question 13 (single trajectory)", QUICK_EARLY_STOPPED_FLOOR);
    }

    /** Question 13's students that distil until an epoch, for each seed. */
    List<Run> studentsDistilledUntil(int epoch) throws IOException {
        List<Run> runs = runs(
                        MnistPlan.DISTIL_UNTIL,
                        Role.STUDENT,
                        (plan, seed) -> List.of(plan.studentDistilledUntil(
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
        return MnistRuns.latest(experiment.stored().stream()
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

    /** The students of a question as far as they are stored; nothing is trained. */
    List<Run> storedStudents(String question) throws IOException {
        if (trainsNothing()) {
            return storedStudents(question, choices.alphas() == null ? List.of() : choices.alphas());
        }
        List<Run> runs = new ArrayList<>();
        for (Training training :
                experiment.trainings((plan, seed) -> plan.students(question, temperatures(), alphas(), seed))) {
            experiment.trainer().stored(training).ifPresent(runs::add);
        }
        return runs;
    }

    /** The students of {@code --from} at the temperatures that were named and at {@code alphas}; none named is all. */
    private List<Run> storedStudents(String question, List<Double> alphas) throws IOException {
        return stored(question, Role.STUDENT).stream()
                .filter(run -> (choices.run().temperatures().isEmpty()
                                || choices.run()
                                        .temperatures()
                                        .contains(run.settings().temperature()))
                        && (alphas.isEmpty() || alphas.contains(run.settings().alpha())))
                .toList();
    }

    /** Prints a table and writes it as {@code OUT/task1/FILE.md} and {@code .csv}. */
    void publish(String file, Table table) throws IOException {
        answers.publish(file, table);
    }

    /** Prints a table and writes it as {@code OUT/task1/FILE.md}, with {@code csv} beside it. */
    void publish(String file, Table table, String csv) throws IOException {
        answers.publish(file, table, csv);
    }

    /** Draws a chart. */
    void publish(String file, Chart chart) throws IOException {
        answers.publish(file, chart);
    }

    /**
     * Publishes a table that stored runs alone do not give, and keeps it for the page as {@code OUT/task1/FILE.json}.
     */
    void keep(String file, Table table, String csv) throws IOException {
        answers.keep(file, table, csv);
    }

    /** Where this task's tables and plots go; made where it is missing. */
    Path folder() throws IOException {
        return Files.createDirectories(answers.folder());
    }

    /**
     * A file's name without its ending: the reading, and whatever tells these runs from all that the report did with
     * seed 1.
     */
    String fileName(String name, List<Run> runs) {
        return fileName(name, runs, usualTemperatures(name), usualAlphas(name));
    }

    /**
     * A file's name without its ending, where other temperatures and alphas are usual, so that they do not stand in it.
     *
     * @param usualTemperatures in order
     * @param usualAlphas in order
     */
    String fileName(String name, List<Run> runs, List<Double> usualTemperatures, List<Double> usualAlphas) {
        StringBuilder file = new StringBuilder(name).append('-').append(readingInName());
        if (runs.stream().anyMatch(run -> !run.provenance().isOurs())) {
            file.append("-keras");
        }
        if (choices.quick()) {
            file.append("-quick");
        }
        if (runs.stream().anyMatch(run -> run.provenance().synthetic())) {
            file.append("-synthetic");
        } else {
            runs.stream()
                    .map(run -> run.settings().data())
                    .filter(data -> !data.equals(usualData()))
                    .findFirst()
                    .ifPresent(data -> file.append("-data").append(data, 0, DATA_DIGITS));
        }
        runs.stream()
                .map(Run::settings)
                .filter(Settings::hasGivenTeacher)
                .findFirst()
                .ifPresent(settings -> file.append("-teacher").append(settings.teacher(), 0, Settings.TEACHER_DIGITS));
        if (epochs() != usualEpochs()) {
            file.append("-epochs").append(epochs());
        }
        file.append(RunOptions.inName("-T", values(runs, Settings::temperature), usualTemperatures));
        file.append(RunOptions.inName("-alpha", values(runs, Settings::alpha), usualAlphas));
        List<Long> seeds = values(runs, Settings::seed);
        if (!seeds.equals(List.of(1L))) {
            file.append("-seeds").append(RunOptions.range(seeds));
        }
        return file.toString();
    }

    /** The reading as a part of a file's name. */
    String readingInName() {
        return reading().inName();
    }

    private static <V extends Comparable<V>> List<V> values(List<Run> runs, Function<Settings, V> field) {
        return runs.stream()
                .map(run -> field.apply(run.settings()))
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }

    private List<Double> usualTemperatures(String name) {
        return name.startsWith("q9")
                ? List.of(best(Published.BEST_TEMPERATURE, defaultTemperatures()))
                : name.startsWith("q13") ? List.of(Published.EARLY_STOPPED_TEMPERATURE) : defaultTemperatures();
    }

    private List<Double> usualAlphas(String name) {
        return name.startsWith("q9")
                ? List.of(best(Published.BEST_ALPHA, defaultAlphas()))
                : name.startsWith("q6")
                        ? List.of(Published.CURVE_ALPHA)
                        : name.startsWith("q13") ? List.of(Published.EARLY_STOPPED_ALPHA) : defaultAlphas();
    }

    private List<Double> defaultTemperatures() {
        return choices.quick() ? QUICK_TEMPERATURES : Published.TEMPERATURES;
    }

    private List<Double> defaultAlphas() {
        return choices.quick() ? QUICK_ALPHAS : Published.ALPHAS;
    }

    /** Epochs of each training. */
    int epochs() {
        return choices.epochs() == null ? usualEpochs() : choices.epochs();
    }

    private int usualEpochs() {
        return choices.quick() ? QUICK_EPOCHS : Published.EPOCHS;
    }

    /** What the questions that look at trained networks ask. */
    MnistModels models() throws IOException {
        announce();
        return new MnistModels(experiment.trainer(), experiment.plan());
    }

    /** The digest of the images that are no other than the report's. */
    private String usualData() {
        return validates() ? Mnist.validationDigest(Mnist.DIGEST, validationImages) : Mnist.DIGEST;
    }

    private List<Run> stored(String question, Role role) throws IOException {
        MnistRuns runs = new MnistRuns(
                experiment.stored(),
                new MnistRuns.Query(
                        choices.run().reading().variant(),
                        choices.run().reading().without(),
                        choices.quick(),
                        epochs(),
                        choices.run().seedsGiven() ? choices.run().seeds() : List.of(),
                        givenIdentity.orElse(null)));
        return validates() ? runs.ofValidation(validationImages, question, role) : runs.of(question, role);
    }

    /**
     * The runs, if there are any, and if none of them is a quick run on real MNIST that ended under its floor: that is
     * no cut of the experiment but a broken one. What another teacher makes of a student is its own business.
     */
    private List<Run> checked(List<Run> runs, String what, double floor) throws IOException {
        if (runs.isEmpty()) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s has no run of %s (%s%s, %d epochs) with these options: train without --from" + " first",
                    experiment.store().file(TASK),
                    what,
                    choices.run().reading(),
                    choices.quick() ? ", QUICK" : "",
                    epochs()));
        }
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
