package distill.task1;

import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Table;
import distill.report.CapacityTables;
import distill.report.Marks;
import distill.report.TheoryCharts;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/**
 * Question 10: the capacity gap, "a more complex teacher, a worse student". The answer is in {@code docs/theory.md}.
 */
@Command(
        name = "q10",
        description = "The capacity gap: students of several widths under a teacher after each of its epochs.")
public final class Question10 extends Question {

    public static void main(String[] args) {
        Task1.main("q10", args);
    }

    @Override
    List<Training> trainings(Lab lab, MnistPlan plan, long seed) {
        return CapacityGap.trainings(lab, plan, seed, CapacityGap.widths(lab));
    }

    @Override
    void answer(Lab lab) throws Exception {
        lab.announce();
        lab.heading("Question 10: the capacity gap");
        Optional<CapacityGap> found = CapacityGap.of(lab, CapacityGap.widths(lab));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        Table table = CapacityTables.capacity(gap.teachers(), gap.students(), gap.plain());
        String name = gap.fileName(lab, "q10-capacity");
        lab.publish(name, table);
        lab.publish(
                name,
                TheoryCharts.byTeacherEpochs(
                        "Students by width and teacher's epochs, " + lab.reading(),
                        "test accuracy (%)",
                        CapacityTables.accuracies(gap.students()),
                        Marks.of(gap.students())));
    }
}
