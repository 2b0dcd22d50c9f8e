package distill.task1;

import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Chart;
import distill.page.Chart.Scale;
import distill.report.MnistCharts;
import distill.report.MnistTables;
import distill.report.Published;
import distill.run.Run;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Question 6: students against the temperature at alpha .5 (Table II, Fig. 7), trained anew as in the report. */
@Command(name = "q6", description = "Test accuracy against temperature at alpha .5: Table II, Fig. 7.")
public final class Question6 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q6", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        return plan.students("q6", experiment.temperatures(), List.of(Published.CURVE_ALPHA), seed);
    }

    @Override
    public void answer(Task1Experiment experiment) throws Exception {
        experiment.announce();
        experiment.heading("Question 6: test accuracy against temperature");
        List<Run> students = experiment.students("q6", experiment.temperatures(), List.of(Published.CURVE_ALPHA));
        experiment.publish(
                experiment.fileName("q6-table2", students),
                MnistTables.table2(students),
                MnistTables.csv(students, s -> Published.table2(s.temperature())));
        String name = experiment.fileName("q6-curve", students);
        experiment.publish(name + "-categories", chart(students, Scale.CATEGORIES));
        experiment.publish(name + "-log", chart(students, Scale.LOG2));
    }

    private static Chart chart(List<Run> students, Scale scale) {
        return MnistCharts.temperature(
                "Student test accuracy vs. temperature, "
                        + students.get(0).settings().reading(),
                Map.of(MnistCharts.ours(students), students),
                "report",
                scale);
    }
}
