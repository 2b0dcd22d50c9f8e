package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.CapacityTables;
import distill.report.Marks;
import distill.report.TheoryCharts;
import distill.run.Run;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/**
 * Question 10: the capacity gap, "a more complex teacher, a worse student". The answer is in {@code docs/theory.md}.
 */
@Command(
        name = "q10",
        description = "The capacity gap: students of several widths under a teacher after each of its epochs.")
public final class Question10 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q10", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        return CapacityGap.trainings(experiment, plan, seed, CapacityGap.widths(experiment));
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !CapacityGap.FIXED_WITH_WIDTH.contains(option) && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "The capacity gap";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Text(
                        "Cho and Hariharan (2019) find that a more accurate, larger teacher often does not make a better student, for a small student cannot follow it. Here a longer training stands for a larger teacher: the claim is that the slope per epoch of the teacher is under 0, and the more so the narrower the student. The report says more than the paper (\"will become worse\"), and its own student has more parameters than its teacher, so that it could hardly show a gap. Derivation and findings: `docs/theory.md#task-1-question-10`."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return stored.readings(missing("The store has no students of several widths."), this::answer);
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 10: the capacity gap");
        Optional<CapacityGap> found = CapacityGap.of(experiment, CapacityGap.widths(experiment));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        List<Run> students = gap.students();
        Answers answers = experiment.answers();
        String name = experiment.fileName("q10-capacity", students);
        answers.publish(name, CapacityTables.capacity(gap.teachers(), students, gap.plain()), gap.runs());
        experiment.writeEpochs("q10-capacity", gap.runs());
        answers.draw(
                name,
                TheoryCharts.byTeacherEpochs(
                        "Students by width and teacher's epochs, " + experiment.reading(),
                        "test accuracy (%)",
                        CapacityTables.accuracies(students),
                        Marks.of(students)));
    }
}
