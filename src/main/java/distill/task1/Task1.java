package distill.task1;

import distill.command.Candidates;
import distill.command.ListedQuestion;
import distill.command.Program;
import distill.command.Question;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.command.TaskCommand;
import distill.command.TaskPage;
import distill.experiment.MnistPlan;
import distill.report.HeadlineTable;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
                    "A teacher that was trained elsewhere: a model of saved-models/, or a file that Keras saved, of any network whose input and classes fit. The students' results are marked. With --from also the beginning of its digest, as names of files have it.")
    private String teacher;

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
        return new TaskPage(
                HeadlineTable.of(
                        stored.runs(Task1Experiment::teachers),
                        stored.runs(Task1Experiment::plainStudents),
                        stored.runs(Task1Experiment::students)),
                Question.sections(Settings.TASK1, questions(), stored));
    }

    /** Every question for {@code ./reproduce list}. */
    public static List<ListedQuestion> listed() {
        return Stream.concat(questions().stream(), Stream.of(Question13.singleTrajectory()))
                .map(question -> question.listed(Settings.TASK1, Task1Experiment::listed))
                .toList();
    }

    @Override
    protected Task1Experiment experiment() {
        check(epochs == null || epochs >= 1, "--epochs takes a number from 1, found " + epochs);
        check(alphas.stream().allMatch(a -> a >= 0 && a <= 1), "--alphas takes numbers from 0 to 1, found " + alphas);
        RunOptions.Choices choices = choices(Settings.TASK1, quick);
        Task1Experiment.Options options =
                new Task1Experiment.Options(epochs, RunOptions.sorted(alphas), dataDir, teacher, 0);
        return new Task1Experiment(choices, options, answers(choices));
    }
}
