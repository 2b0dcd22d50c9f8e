package distill.task1;

import distill.command.LossTable;
import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.loss.WorkedExample;
import java.util.List;
import picocli.CommandLine.Command;

/** Question 3: each loss and its gradient on a small batch, beside the values worked out by hand. */
@Command(name = "q3", description = "The loss functions on a small batch, beside the values worked out by hand.")
public final class Question3 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q3", args);
    }

    @Override
    public void answer(Task1Experiment experiment) {
        experiment.heading("Question 3: the losses");
        WorkedExample example = WorkedExample.of(experiment.lossInputs());
        experiment.print(LossTable.of(
                        experiment.reading().toString(),
                        example.compute(experiment.device()),
                        example.byHand(),
                        List.of(
                                "Two images of three classes, labels %d and %d, T = 2, alpha = 0.5."
                                        .formatted(example.labels()[0], example.labels()[1]),
                                "Teacher's outputs " + LossTable.text(example.teacher()) + ", student's "
                                        + LossTable.text(example.student()) + ".",
                                "Each gradient is that of the sum over the batch, with respect to the outputs of the network that is trained."))
                .console());
    }
}
