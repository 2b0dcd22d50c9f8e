package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.CapacityTables;
import distill.report.Cells;
import distill.report.EarlyStoppedTables;
import distill.run.Run;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/**
 * Question 12: the limits of early stopping: when to stop, what the search costs and what it gains. The answer is in
 * {@code docs/theory.md}.
 */
@Command(
        name = "q12",
        description = "The limits of early-stopped teachers: when to stop, what the search costs, what it gains.")
public final class Question12 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q12", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        return CapacityGap.trainings(experiment, plan, seed, CapacityGap.greatestWidth(experiment));
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !CapacityGap.FIXED_WITH_WIDTH.contains(option) && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "Limits of early stopping";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Text(
                        "When to stop cannot be known beforehand: a limit to the change of the loss is a number of epochs in disguise. The report's search trains a new teacher for each number of epochs, where one teacher, kept after each epoch, would do. And the best epoch is chosen on the test images, so that of several noisy numbers the largest is too good. Derivation and findings: `docs/theory.md#task-1-question-12`."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return stored.readings(
                missing("The store has no students from which gain and cost could be read."), this::answer);
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 12: the limits of early-stopped teachers");
        Optional<CapacityGap> found = CapacityGap.of(experiment, CapacityGap.greatestWidth(experiment));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        List<Run> teachers = gap.teachers();
        List<Run> students = gap.students();
        List<Run> widest = gap.widest();
        Answers answers = experiment.answers();
        answers.publish(
                experiment.fileName("q12-stop", students),
                CapacityTables.stops(teachers, EarlyStoppedTables.LIMITS),
                teachers);
        answers.publish(
                experiment.fileName("q12-search", students),
                CapacityTables.search(teachers, widest),
                Cells.all(teachers, widest));
        answers.publish(experiment.fileName("q12-worth", students), CapacityTables.worth(widest), widest);
    }
}
