package distill.task1;

import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.training.Adam;
import distill.training.AdamExample;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/**
 * Question 4: Adam's first ten steps on a known problem, beside Keras's formula; its training loop runs in questions 5
 * to 7.
 */
@Command(name = "q4", description = "Adam's first ten steps on a known problem, beside Keras's formula.")
public final class Question4 extends Question<Task1Experiment, MnistPlan> {

    private static final int STEPS = 10;
    private static final double LEARNING_RATE = 1e-3;

    public static void main(String[] args) {
        Task1.main("q4", args);
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return Set.of("--adam", "--threads", "--device", "--quiet").contains(option);
    }

    @Override
    public String title() {
        return "Training";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Text("Adam with rate 0.001, batches of 256, 12 epochs; the accuracy on the 10,000 test"
                        + " images after the last epoch is the result. `./reproduce task1 q4` sets Adam's first steps beside"
                        + " Keras's formula."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) {
        return List.of();
    }

    @Override
    public void answer(Task1Experiment experiment) {
        experiment.answers().heading("Question 4: train and evaluate");
        Adam adam = Adam.of(LEARNING_RATE, experiment.adam());
        List<double[]> formula = AdamExample.formula(adam, STEPS);
        List<double[]> float64 = AdamExample.float64(adam, STEPS, experiment.device());
        List<double[]> float32 = AdamExample.float32(adam, STEPS, experiment.device());
        List<List<Cell>> rows = IntStream.range(0, STEPS)
                .mapToObj(step -> Cell.texts(
                        Integer.toString(step + 1),
                        text(formula.get(step)),
                        text(float64.get(step)),
                        text(float32.get(step))))
                .toList();
        Table table = new Table(
                "Adam of " + adam.form() + ", learning rate 0.001",
                List.of("step", "Keras's formula", "float64", "float32"),
                rows,
                List.of(
                        "Three weights w from 0, each with the loss a (w - 1)^2 / 2, a = 100, 1, 0.0001.",
                        "train_and_evaluate (12 epochs of 234 steps, the test accuracy after each) runs in questions 5, 6 and 7."));
        experiment.answers().detail(table.console());
    }

    private static String text(double[] weights) {
        return String.format(Locale.ROOT, "%.9f %.9f %.9f", weights[0], weights[1], weights[2]);
    }
}
