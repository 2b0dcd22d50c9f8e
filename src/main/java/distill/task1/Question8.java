package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.nn.zoo.DataSpec;
import distill.page.Table;
import distill.report.Costs;
import distill.run.Reading;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Question 8: parameters and floating-point operations, by walking the graphs (Fig. 9). */
@Command(name = "q8", description = "Parameters and FLOPs, read off the graphs: Fig. 9.")
public final class Question8 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q8", args);
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return Set.of("--variant", "--without", "--data-dir", "--out", "--quiet")
                .contains(option);
    }

    @Override
    public String title() {
        return "Parameters and operations";
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        Answers answers = experiment.answers();
        Reading reading = experiment.reading();
        answers.heading("Question 8: parameters and FLOPs");
        DataSpec data = experiment.dataSpec();
        Table table = Costs.ofTask1(reading, data, experiment.networkMarks());
        answers.publish(experiment.networksName("q8", data), table, List.of());
    }
}
