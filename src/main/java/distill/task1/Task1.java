package distill.task1;

import distill.command.Candidates;
import distill.command.ListedQuestion;
import distill.command.OwnStudent;
import distill.command.Program;
import distill.command.Question;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.command.StudentOptions;
import distill.command.TaskCommand;
import distill.command.TaskPage;
import distill.command.TeacherOutputsOption;
import distill.data.DataSet;
import distill.experiment.MnistPlan;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.Finding;
import distill.report.HeadlineTable;
import distill.report.MnistCharts;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Stopping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ./reproduce task1}: all questions in order, or one of them. */
@Command(
        name = "task1",
        description = "Task 1, MNIST: all questions in order, or the one that is named.",
        subcommands = {
            Question1.class,
            Question2.class,
            Question3.class,
            Question4.class,
            Question5.class,
            Question6.class,
            Question7.class,
            Question8.class,
            Question9.class,
            Question10.class,
            Question11.class,
            Question12.class,
            Question13.class
        })
public final class Task1 extends TaskCommand<Task1Experiment, MnistPlan> {

    @Option(
            names = "--quick",
            scope = ScopeType.INHERIT,
            description = "A small, honest cut, marked QUICK: " + Task1Experiment.QUICK_IMAGES
                    + " training images, 2 epochs, T = 1, 4, 64, alpha = .1, .9.")
    private boolean quick;

    @Option(
            names = "--alphas",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "A",
            description = "Weights of the distillation loss in question 5 (default .1,.3,.5,.7,.9).")
    private List<Double> alphas = List.of();

    @Option(
            names = "--epochs",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "Epochs of each training (default 12; other numbers are marked and not compared with the report).")
    private Integer epochs;

    @Option(
            names = "--width",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "Units of each of the student's two hidden layers (default 784; others are marked and not compared with the report).")
    private Integer width;

    @Option(
            names = "--data-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description =
                    "Where MNIST's IDX files are, or images of one's own: IDX files, mnist.npz, CIFAR's binary files, MHIST's annotations.csv, a folder for each class. Default: $MNIST_DIR, data/mnist, ../shared/mnist, Keras's cache, else a download.")
    private Path dataDir;

    @Option(
            names = "--teacher",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description =
                    "A teacher that was trained elsewhere: a model of saved-models/, a file that Keras saved, or the folder of a SavedModel, of any network whose input and classes fit. It sees grey levels from 0 to 1; a SavedModel that takes uint8, from 0 to 255. The students' results are marked. With --from also the beginning of its digest, as names of files have it.")
    private String teacher;

    @Mixin
    private TeacherOutputsOption teacherOutputs;

    @Mixin
    private StudentOptions studentOptions;

    /** The options that say when trainings stop, which questions 5 to 7 take. */
    static final Set<String> OF_EARLY_STOPPING =
            Set.of("--early-stopping", "--monitor", "--min-delta", "--restore-best-weights", "--validation-images");

    @Option(
            names = "--early-stopping",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Questions 5 to 7: stop each training after N epochs without a better one, as Keras's"
                    + " EarlyStopping(patience=N), judged on training images that are kept back and never on the test"
                    + " images; after --epochs at the latest. Marked and not compared with the report.")
    private Integer patience;

    @Option(
            names = "--monitor",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "With --early-stopping: what is to get better on these images, val_loss (default) or"
                    + " val_accuracy.")
    private Stopping.Monitor monitor;

    @Option(
            names = "--min-delta",
            scope = ScopeType.INHERIT,
            paramLabel = "D",
            description = "With --early-stopping: by how much, of the loss or of the accuracy from 0 to 1 (default 0).")
    private Double minDelta;

    @Option(
            names = "--restore-best-weights",
            scope = ScopeType.INHERIT,
            description = "With --early-stopping: take the weights of the best epoch, not of the last.")
    private boolean restoreBestWeights;

    @Option(
            names = "--validation-images",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "With --early-stopping: how many training images are kept back, the last ones (default 5000).")
    private Integer validationImages;

    /** For a question's own {@code main}: its command, then the arguments. */
    static void main(String question, String[] args) {
        Program.main(Task1.class, question, args);
    }

    /** All questions in their order, without options. */
    private static List<Question<Task1Experiment, MnistPlan>> questions() {
        return Question.of(new CommandLine(new Task1()));
    }

    /** What the page has of a store: the first table's rows, and a section for each question. */
    public static TaskPage page(Path store, List<Run> runs) throws IOException {
        Stored<Task1Experiment> stored = Task1Experiment.stored(store, runs);
        Map<String, List<Run>> plain = stored.runs(Task1Experiment::plainStudents);
        Map<String, List<Run>> students = stored.runs(Task1Experiment::students);
        List<Block> finding = new ArrayList<>();
        Finding.ofReadings(plain, students).forEach(sentence -> finding.add(new Document.Text(sentence)));
        if (!plain.isEmpty()) {
            finding.add(new Document.Figure(MnistCharts.plainStudent(plain, students)));
        }
        return new TaskPage(
                finding,
                HeadlineTable.of(stored.runs(Task1Experiment::teachers), plain, students),
                Question.sections(Settings.TASK1, questions(), stored));
    }

    /** The images of a place, of any layout, as this task trains on them. */
    public static DataSet images(Path dataDir) throws IOException {
        return Task1Experiment.images(dataDir);
    }

    /**
     * Every question for {@code ./reproduce list}.
     *
     * @param images that trainings are planned for; null for MNIST
     */
    public static List<ListedQuestion> listed(DataSet images) {
        return Stream.concat(questions().stream(), Stream.of(Question13.singleTrajectory()))
                .map(question -> question.listed(Settings.TASK1, reading -> Task1Experiment.listed(reading, images)))
                .toList();
    }

    private Stopping stopping() {
        check(patience == null || patience >= 1, "--early-stopping takes a number of epochs from 1, found " + patience);
        check(
                minDelta == null || minDelta >= 0 && Double.isFinite(minDelta),
                "--min-delta takes a number from 0, found " + minDelta);
        check(
                validationImages == null || validationImages >= 1,
                "--validation-images takes a number from 1, found " + validationImages);
        if (patience == null) {
            boolean alone = monitor == null && minDelta == null && validationImages == null && !restoreBestWeights;
            check(
                    alone,
                    "--monitor, --min-delta, --restore-best-weights and --validation-images go with --early-stopping");
            return Stopping.NONE;
        }
        check(!asksAll(), "--early-stopping is of questions 5, 6 and 7: name one of them, such as task1 q5");
        return new Stopping(
                Objects.requireNonNullElse(monitor, Stopping.Monitor.val_loss),
                patience,
                Objects.requireNonNullElse(minDelta, 0.),
                restoreBestWeights,
                Objects.requireNonNullElse(validationImages, Stopping.USUAL_VALIDATION_IMAGES));
    }

    private OwnStudent student() {
        OwnStudent student = named(studentOptions, "5, 6, 7 and 9", "task1 q5");
        check(
                student == null || width == null,
                "--width is of the report's student, in whose place --student puts another: leave out one of them");
        return student;
    }

    @Override
    protected Task1Experiment experiment() {
        check(epochs == null || epochs >= 1, "--epochs takes a number from 1, found " + epochs);
        check(alphas.stream().allMatch(a -> a >= 0 && a <= 1), "--alphas takes numbers from 0 to 1, found " + alphas);
        check(width == null || width >= 1, "--width takes a number from 1, found " + width);
        teacherOutputs.check(this, teacher);
        OwnStudent student = student();
        RunOptions.Choices choices = choices(Settings.TASK1, quick);
        if (student == null && teacher == null) {
            checkLayers(
                    choices.loss(),
                    MnistStudent.buildFc(new Network.Names(), Activation.LINEAR),
                    MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR));
        }
        Task1Experiment.Options options = new Task1Experiment.Options(
                epochs,
                RunOptions.sorted(alphas),
                width,
                student,
                stopping(),
                dataDir,
                teacher,
                teacherOutputs.outputs(),
                0);
        return new Task1Experiment(choices, options, answers(choices));
    }
}
