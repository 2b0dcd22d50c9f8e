package distill.task1;

import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.report.Costs;
import picocli.CommandLine.Command;

/** Question 8: parameters and floating-point operations, by walking the graphs (Fig. 9). */
@Command(name = "q8", description = "Parameters and FLOPs, read off the graphs: Fig. 9.")
public final class Question8 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q8", args);
    }

    @Override
    public void answer(Task1Experiment experiment) throws Exception {
        experiment.heading("Question 8: parameters and FLOPs");
        experiment.publish("q8-" + experiment.readingInName(), Costs.ofTask1(experiment.reading()));
    }
}
