package distill.reproduce.task1;

import distill.loss.WorkedExample;
import distill.report.Table;
import distill.reproduce.Reproduce;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Question 3: each loss and its gradient on a small batch, beside the values worked out by hand. */
@Command(name = "q3", description = "The loss functions on a small batch, beside the values worked out by hand.")
public final class Question3 extends Question {

    public static void main(String[] args) {
        Reproduce.main("task1", "q3", args);
    }

    @Override
    void answer(Lab lab) {
        lab.heading("Question 3: the losses");
        WorkedExample example = WorkedExample.of(lab.reading());
        List<WorkedExample.Result> computed = example.compute(lab.device());
        List<WorkedExample.Result> hand = example.byHand();
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < computed.size(); i++) {
            rows.add(List.of(
                    computed.get(i).name(),
                    text(computed.get(i).values()),
                    text(hand.get(i).values())));
            rows.add(List.of(
                    "  its gradient",
                    text(computed.get(i).gradient()),
                    text(hand.get(i).gradient())));
        }
        lab.print(new Table(
                        "Losses, " + lab.reading(),
                        List.of("loss", "computed", "by hand"),
                        rows,
                        List.of(
                                "Two images of three classes, labels %d and %d, T = 2, alpha = 0.5."
                                        .formatted(example.labels()[0], example.labels()[1]),
                                "Teacher's outputs " + text(example.teacher()) + ", student's "
                                        + text(example.student()) + ".",
                                "Each gradient is that of the sum over the batch, with respect to the outputs of the network that is trained."))
                .console());
    }

    private static String text(double[] values) {
        StringBuilder text = new StringBuilder();
        for (double value : values) {
            text.append(text.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.4f", value));
        }
        return text.toString();
    }
}
