package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.cost.Cost;
import distill.experiment.MnistPlan;
import distill.nn.zoo.DataSpec;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Costs;
import distill.run.Reading;
import distill.run.Settings;
import distill.run.Variant;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
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
    public List<Block> inShort(Stored<Task1Experiment> stored) {
        Reading reading = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
        Cost teacher = Costs.teacher(reading, DataSpec.MNIST, 1);
        Cost student = Costs.student(reading, DataSpec.MNIST, 1);
        String ratios =
                "The student has %.2f times the teacher's parameters, and the teacher does %.1f times the student's operations for an image."
                        + " A training with distillation runs the teacher in each step, too.";
        return List.of(new Document.Text(String.format(
                Locale.ROOT,
                ratios,
                (double) student.parameters() / teacher.parameters(),
                (double) teacher.flops() / student.flops())));
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
