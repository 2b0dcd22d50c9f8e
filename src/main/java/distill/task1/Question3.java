package distill.task1;

import distill.command.LossTable;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.loss.WorkedExample;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Question 3: each loss and its gradient on a small batch, beside the values worked out by hand. */
@Command(name = "q3", description = "The loss functions on a small batch, beside the values worked out by hand.")
public final class Question3 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q3", args);
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return Set.of("--variant", "--without", "--threads", "--device", "--quiet")
                .contains(option);
    }

    @Override
    public String title() {
        return "Loss functions";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Text("The report's formulas and its programs differ: the two readings, which are explained"
                        + " at the beginning of this page."),
                new Document.Text(
                        "`./reproduce task1 q3` sets the losses and gradients of both readings on a small batch"
                                + " beside values worked out by hand; `docs/parity.md` holds whole trainings against Keras."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) {
        return List.of();
    }

    @Override
    public void answer(Task1Experiment experiment) {
        experiment.answers().heading("Question 3: the losses");
        WorkedExample example = WorkedExample.of(experiment.lossInputs());
        List<String> notes = List.of(
                "Two images of three classes, labels %d and %d, T = 2, alpha = 0.5."
                        .formatted(example.labels()[0], example.labels()[1]),
                "Teacher's outputs " + LossTable.text(example.teacher()) + ", student's "
                        + LossTable.text(example.student()) + ".",
                "Each gradient is that of the sum over the batch, with respect to the outputs of the network that is trained.");
        Table table = LossTable.of(experiment.reading(), example, experiment.device(), notes);
        experiment.answers().detail(table.console());
    }
}
