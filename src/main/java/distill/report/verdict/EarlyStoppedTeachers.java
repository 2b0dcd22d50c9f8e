package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.margin;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import distill.statistics.SeedsNeeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntPredicate;

/** Question 13: is a teacher best stopped after epoch 4, and does stopping it early improve the student a lot? */
final class EarlyStoppedTeachers {

    private static final String PLACE = "Task 1, Question 13, Table III";
    private static final Claim EPOCH_4 =
            new Claim("We think the teacher model should stop at epoch 4. In the table, it's the best choice.", PLACE);
    private static final Claim NOT_A_LOT = new Claim("Obviously, the test accuracy does not improve a lot", PLACE);
    private static final int BEST = Published.BEST_TEACHER_EPOCHS;
    private static final int WHOLE = Published.EPOCHS;
    private static final String EARLIER = "the mean of the earlier epochs";
    private static final String LATER = "the mean of the later epochs";

    private EarlyStoppedTeachers() {}

    /** As the report trains them, and where they are stored also with one teacher for each seed. */
    static List<Verdict> of(Task1Runs runs) {
        List<Verdict> verdicts = new ArrayList<>(of(runs.table3(false), "", "a new teacher for each number of epochs"));
        Evidence singleTrajectory = runs.table3(true);
        if (singleTrajectory.cells().get(BEST - 1).n() > 0) {
            verdicts.addAll(of(
                    singleTrajectory,
                    "the single trajectory",
                    "each seed's teacher as it was after each of its epochs, with the same students of question 10, of a"
                            + " seed their mean"));
        }
        return verdicts;
    }

    private static List<Verdict> of(Evidence table, String subject, String form) {
        Optional<Factorial> analysis = table.analysisOfSeeds();
        if (analysis.isEmpty()) {
            String test = "Differences of students by their teacher's epochs, in blocks of one seed; " + form + ".";
            String what = table.lacking("numbers of the teacher's epochs");
            return List.of(
                    EPOCH_4.on(subject).notRun(table, test, what),
                    NOT_A_LOT.on(subject).notRun(table, test, what));
        }
        return List.of(
                epoch4(EPOCH_4.on(subject), table, analysis.get(), form),
                notALot(NOT_A_LOT.on(subject), table, analysis.get(), form));
    }

    private static Verdict epoch4(Claim claim, Evidence table, Factorial analysis, String form) {
        int seeds = table.commonSeeds();
        Map<String, Estimate> over = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        Cell best = table.cells().get(BEST - 1);
        analysis.rowLess(BEST).forEach((epochs, difference) -> {
            Cell other = table.cells().get((int) (epochs - 1));
            over.put("epoch " + (int) (double) epochs, difference);
            quantities.add(Quantity.percent(
                    "epoch " + BEST + " less epoch " + (int) (double) epochs,
                    seeds,
                    difference,
                    WHOLE - 1,
                    other.report() == null ? null : best.report() - other.report()));
        });
        List<String> epochs = List.copyOf(over.keySet());
        over.put(EARLIER, analysis.rowContrast(row -> row == BEST ? 1 : row < BEST ? -1. / (BEST - 1) : 0));
        over.put(LATER, analysis.rowContrast(row -> row == BEST ? 1 : row > BEST ? -1. / (WHOLE - BEST) : 0));
        for (String mean : List.of(EARLIER, LATER)) {
            quantities.add(Quantity.percent("epoch " + BEST + " less " + mean, seeds, over.get(mean), null));
        }
        TestFamily family = TestFamily.ofDifferences("epoch 4 against the others", over);
        List<String> better = family.below();
        int worse = family.above(epochs).size();
        Outcome outcome = Outcome.of(!better.isEmpty(), worse == WHOLE - 1);
        Estimate later = over.get(LATER);
        String highest = epochs.stream()
                .min(Comparator.comparingDouble(epoch -> over.get(epoch).value()))
                .orElseThrow();
        Estimate toHighest = over.get(highest);
        IntPredicate settles = SeedsNeeded.reaching(toHighest, seeds, over.size(), Math.abs(toHighest.value()));
        return new Verdict(
                claim,
                table.reading().toString(),
                "t tests of epoch " + BEST + " against each other epoch, " + EARLIER + " and " + LATER
                        + ", contrasts in blocks of one seed; " + form + ". Holm over the " + over.size() + " tests.",
                family.p(over.keySet()),
                outcome,
                text(
                                "After the correction epoch %d is better than %d of the %d others, and %s. It is %s points from %s (%s); the highest other is %s, %s from it (%s).",
                                BEST,
                                worse,
                                WHOLE - 1,
                                better.isEmpty() ? "none is better than it" : "worse than " + String.join(", ", better),
                                signed(later.value()),
                                LATER,
                                p(family.p(LATER)),
                                highest,
                                signed(-toHighest.value()),
                                p(family.p(highest)))
                        + (outcome == Outcome.INCONCLUSIVE ? Words.toSettle(settles, seeds, table) : ""),
                quantities);
    }

    private static Verdict notALot(Claim claim, Evidence table, Factorial analysis, String form) {
        int seeds = table.commonSeeds();
        SortedMap<Double, Estimate> losses = analysis.rowLess(WHOLE);
        List<Quantity> gains = new ArrayList<>();
        losses.forEach((epochs, loss) -> gains.add(Quantity.percent(
                "gain of stopping after " + count((int) (double) epochs, "epoch"),
                seeds,
                loss.times(-1),
                losses.size(),
                null)));
        double atMost =
                gains.stream().mapToDouble(gain -> gain.interval().high()).max().orElseThrow();
        double atLeast =
                gains.stream().mapToDouble(gain -> gain.interval().low()).max().orElseThrow();
        Outcome outcome = Outcome.of(atLeast > Quantity.LITTLE, atMost < Quantity.LITTLE);
        Quantity largest =
                gains.stream().max(Comparator.comparingDouble(Quantity::value)).orElseThrow();
        Estimate any = losses.get(losses.firstKey());
        return new Verdict(
                claim,
                table.reading().toString(),
                "Students of early-stopped teachers less those of teachers of " + WHOLE
                        + " epochs, in blocks of one seed, with intervals that hold together at 95 % (Bonferroni over the "
                        + gains.size() + "); " + form + ". A lot is " + margin(Quantity.LITTLE)
                        + " point, which the report calls little in question 5; that it is meant here is our reading.",
                null,
                outcome,
                text("The largest gain is %s points (%s). ", signed(largest.value()), largest.name())
                        + switch (outcome) {
                            case SUPPORTED ->
                                text(
                                        "A gain above %.2f is ruled out at 95 %%, so any margin above that gives the same verdict.",
                                        atMost);
                            case NOT_SUPPORTED ->
                                text("It is over 1 point; only a margin above %.2f would make it little.", atMost);
                            default ->
                                text("A gain of up to %.2f is not ruled out at 95 %%.", atMost)
                                        + Words.toSettle(
                                                SeedsNeeded.reaching(
                                                        any,
                                                        seeds,
                                                        gains.size(),
                                                        Math.abs(Quantity.LITTLE - largest.value())),
                                                seeds,
                                                table);
                        },
                gains);
    }
}
