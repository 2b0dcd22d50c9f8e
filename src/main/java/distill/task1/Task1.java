package distill.task1;

import distill.command.Candidates;
import distill.command.ListedQuestion;
import distill.command.Program;
import distill.command.Question;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.command.TaskPage;
import distill.experiment.MnistPlan;
import distill.report.HeadlineTable;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

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
public final class Task1 implements Callable<Integer>, Question.Task<Task1Experiment, MnistPlan> {

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
    private List<Double> alphas;

    @Option(
            names = "--epochs",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "Epochs of each training (default 12; other numbers are marked and not compared with the report).")
    private Integer epochs;

    @Mixin
    private RunOptions runOptions;

    @Option(
            names = "--data-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description =
                    "Where MNIST's IDX files are. Default: $MNIST_DIR, data/mnist, ../shared/mnist, Keras's cache, else a download.")
    private Path dataDir;

    @Option(
            names = "--teacher",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description =
                    "A teacher that was trained elsewhere: a model of saved-models/, or a file that Keras saved. The students' results are marked. With --from also the beginning of its digest, as names of files have it.")
    private String teacher;

    @Spec
    private CommandSpec spec;

    /** For a question's own {@code main}: its command, then the arguments. */
    static void main(String question, String[] args) {
        Program.main(Task1.class, question, args);
    }

    @Override
    public Integer call() throws IOException {
        List<Question<Task1Experiment, MnistPlan>> questions = Question.of(spec.commandLine());
        Task1Experiment experiment = experiment(questions);
        experiment.announce();
        for (Question<Task1Experiment, MnistPlan> question : questions) {
            question.answer(experiment);
        }
        return 0;
    }

    /** All questions in their order, without options. */
    static List<Question<Task1Experiment, MnistPlan>> questions() {
        return Question.of(new CommandLine(new Task1()));
    }

    /** What the page has of a store: the first table's rows, and a section for each question. */
    public static TaskPage page(Path store) throws IOException {
        Stored<Task1Experiment> stored = Task1Experiment.stored(store);
        return new TaskPage(
                HeadlineTable.of(
                        stored.runs(Task1Experiment::teachers),
                        stored.runs(experiment -> experiment.plainStudents("q7")),
                        stored.runs(Question5::studentsOf)),
                Question.sections(Settings.TASK1, questions(), stored));
    }

    /** Every question for {@code ./reproduce list}. */
    public static List<ListedQuestion> listed() {
        List<Question<Task1Experiment, MnistPlan>> questions = new ArrayList<>(questions());
        questions.add(Question13.singleTrajectory());
        return questions.stream()
                .map(question -> question.listed(Settings.TASK1, reading -> Task1Experiment.listed(question, reading)))
                .toList();
    }

    /** What some questions work with, after a check of the options. */
    @Override
    public Task1Experiment experiment(List<? extends Question<Task1Experiment, MnistPlan>> questions) {
        check(epochs == null || epochs >= 1, "--epochs takes a number from 1, found " + epochs);
        check(
                alphas == null || alphas.stream().allMatch(a -> a >= 0 && a <= 1),
                "--alphas takes numbers from 0 to 1, found " + alphas);
        RunOptions.Choices run = runOptions.choices(spec.commandLine(), Settings.TASK1, quick);
        return new Task1Experiment(
                run,
                new Task1Experiment.Options(
                        epochs, alphas == null ? null : RunOptions.sorted(alphas), dataDir, teacher),
                questions,
                runOptions.device(spec.commandLine()),
                run.answers(spec.commandLine().getOut()));
    }

    private void check(boolean right, String message) {
        RunOptions.check(right, spec.commandLine(), message);
    }
}
