package distill.task1;

import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Table;
import distill.report.CapacityTables;
import distill.report.EarlyStoppedTables;
import distill.run.Run;
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
    public void answer(Task1Experiment experiment) throws Exception {
        experiment.announce();
        experiment.heading("Question 12: the limits of early-stopped teachers");
        Optional<CapacityGap> found = CapacityGap.of(experiment, CapacityGap.greatestWidth(experiment));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        List<Run> widest = gap.widest();
        publish(experiment, gap, "q12-stop", CapacityTables.stops(gap.teachers(), EarlyStoppedTables.LIMITS));
        publish(experiment, gap, "q12-search", CapacityTables.search(gap.teachers(), widest));
        publish(experiment, gap, "q12-worth", CapacityTables.worth(widest));
    }

    private static void publish(Task1Experiment experiment, CapacityGap gap, String name, Table table)
            throws Exception {
        experiment.publish(gap.fileName(experiment, name), table);
    }
}
