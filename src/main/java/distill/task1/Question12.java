package distill.task1;

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
public final class Question12 extends Question {

    public static void main(String[] args) {
        Task1.main("q12", args);
    }

    @Override
    List<Training> trainings(Lab lab, MnistPlan plan, long seed) {
        return CapacityGap.trainings(lab, plan, seed, CapacityGap.greatestWidth(lab));
    }

    @Override
    void answer(Lab lab) throws Exception {
        lab.announce();
        lab.heading("Question 12: the limits of early-stopped teachers");
        Optional<CapacityGap> found = CapacityGap.of(lab, CapacityGap.greatestWidth(lab));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        List<Run> widest = gap.widest();
        publish(lab, gap, "q12-stop", CapacityTables.stops(gap.teachers(), EarlyStoppedTables.LIMITS));
        publish(lab, gap, "q12-search", CapacityTables.search(gap.teachers(), widest));
        publish(lab, gap, "q12-worth", CapacityTables.worth(widest));
    }

    private static void publish(Lab lab, CapacityGap gap, String name, Table table) throws Exception {
        lab.publish(gap.fileName(lab, name), table);
    }
}
