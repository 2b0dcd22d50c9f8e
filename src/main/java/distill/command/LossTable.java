package distill.command;

import distill.loss.WorkedExample;
import distill.nn.Device;
import distill.page.Cell;
import distill.page.Table;
import distill.run.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The losses of a small batch beside what comes out on paper: Question 3 of Task 1, and its twin in Task 2. */
public final class LossTable {

    private LossTable() {}

    /**
     * A row for each loss and one for its gradient.
     *
     * @param notes what the batch is and what the gradients are of, one sentence each
     */
    public static Table of(Reading reading, WorkedExample example, Device device, List<String> notes) {
        List<WorkedExample.Result> computed = example.compute(device);
        List<WorkedExample.Result> hand = example.byHand();
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < computed.size(); i++) {
            WorkedExample.Result ours = computed.get(i);
            WorkedExample.Result paper = hand.get(i);
            rows.add(Cell.texts(ours.name(), text(ours.values()), text(paper.values())));
            rows.add(Cell.texts("  its gradient", text(ours.gradient()), text(paper.gradient())));
        }
        return new Table("Losses, " + reading, List.of("loss", "computed", "by hand"), rows, notes);
    }

    /** Four decimals of each. */
    public static String text(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
                .collect(Collectors.joining(" "));
    }
}
