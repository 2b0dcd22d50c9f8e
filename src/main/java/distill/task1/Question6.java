package distill.task1;

import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Chart;
import distill.page.Chart.Scale;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.Finding;
import distill.report.MnistCharts;
import distill.report.MnistTables;
import distill.report.Published;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
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
    public boolean uses(String option, boolean trains) {
        return !option.equals("--alphas") && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "Accuracy against temperature";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        Map<String, List<Run>> students = stored.runs(Question6::students);
        return students.isEmpty()
                ? List.of()
                : List.of(new Document.Text(Finding.overRange(students, Settings::temperature, "at T =")));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        String title =
                "Fig. 7: student accuracy against temperature, alpha = " + Settings.number(Published.CURVE_ALPHA);
        return Stored.joined(
                stored.readings(missing("The store has no students of Table II."), Question6::table),
                stored.figure(
                        Question6::students,
                        students -> MnistCharts.temperature(
                                title, MnistCharts.named(students), "report (one run)", Scale.LOG2)));
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 6: test accuracy against temperature");
        table(experiment);
        if (!experiment.studentsHaveTemperature()) {
            return;
        }
        List<Run> students = students(experiment);
        String name = experiment.fileName("q6-curve", students);
        experiment.answers().draw(name + "-categories", chart(students, Scale.CATEGORIES));
        experiment.answers().draw(name + "-log", chart(students, Scale.LOG2));
    }

    private static void table(Task1Experiment experiment) throws IOException {
        experiment.publish(
                "q6-table2",
                students(experiment),
                MnistTables::table2,
                students -> MnistTables.csv(students, s -> Published.table2(s.temperature())));
    }

    private static List<Run> students(Task1Experiment experiment) throws IOException {
        return experiment.students("q6", experiment.temperatures(), List.of(Published.CURVE_ALPHA));
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
