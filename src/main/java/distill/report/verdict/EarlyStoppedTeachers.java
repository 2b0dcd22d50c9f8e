package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.report.Published;
import distill.report.verdict.Evidence.Cell;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Question 13: is a teacher best stopped after epoch 4, and does stopping it early improve the student a lot? */
final class EarlyStoppedTeachers {

    private static final String PLACE = "Task 1, Question 13, Table III";
    private static final Claim EPOCH_4 =
            new Claim("We think the teacher model should stop at epoch 4. In the table, it's the best choice.", PLACE);
    private static final Claim NOT_A_LOT = new Claim("Obviously, the test accuracy does not improve a lot", PLACE);
    private static final String OTHERS = "the mean of the others";
    private static final int BEST = Published.BEST_TEACHER_EPOCHS;
    private static final int WHOLE = Published.EPOCHS;

    private EarlyStoppedTeachers() {}

    /** As the report trains them, and where they are stored also with one teacher for each seed. */
    static List<Verdict> of(Task1Runs runs) {
        List<Verdict> verdicts = new ArrayList<>(of(runs.table3(false), "", "a new teacher for each number of epochs"));
        Evidence singleTrajectory = runs.table3(true);
        if (singleTrajectory.cells().get(BEST - 1).n() > 0) {
            verdicts.addAll(of(
                    singleTrajectory,
                    "the single trajectory",
                    "each seed's teacher as it was after each of its epochs"));
        }
        return verdicts;
    }

    private static List<Verdict> of(Evidence table, String subject, String form) {
        Optional<Factorial> analysis = table.analysis();
        if (analysis.isEmpty()) {
            String what = "%d of %d numbers of the teacher's epochs have a student; two seeds with all are needed"
                    .formatted(WHOLE - table.empty(), WHOLE);
            String test = "Differences of students by their teacher's epochs, in blocks of one seed; " + form + ".";
            return List.of(
                    EPOCH_4.on(subject).untold(table, test, what),
                    NOT_A_LOT.on(subject).untold(table, test, what));
        }
        return List.of(
                epoch4(EPOCH_4.on(subject), table, lessOthers(analysis.get(), BEST), form),
                notALot(NOT_A_LOT.on(subject), table, lessOthers(analysis.get(), WHOLE), form));
    }

    private static Verdict epoch4(Claim claim, Evidence table, SortedMap<Integer, Estimate> lessOthers, String form) {
        Map<String, Estimate> over = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        Cell best = table.cells().get(BEST - 1);
        lessOthers.forEach((epochs, difference) -> {
            Cell other = table.cells().get(epochs - 1);
            over.put("epoch " + epochs, difference);
            quantities.add(Quantity.percent(
                    "epoch " + BEST + " less epoch " + epochs,
                    other.n(),
                    difference,
                    WHOLE - 1,
                    other.report() == null ? null : best.report() - other.report()));
        });
        List<String> epochs = List.copyOf(over.keySet());
        double[] fromOthers = fromTheMeanOfOthers(table);
        if (fromOthers.length > 1) {
            over.put(OTHERS, Estimate.ofMean(fromOthers));
            quantities.add(Quantity.mean("epoch " + BEST + " less " + OTHERS, fromOthers, null));
        }
        TestFamily family = TestFamily.ofDifferences("epoch 4 against the others", over);
        List<String> better = family.below();
        int worse = family.above(epochs).size();
        return new Verdict(
                claim,
                table.reading().toString(),
                "t tests of epoch " + BEST + " against each other epoch, in blocks of one seed, and against " + OTHERS
                        + ", paired by seed; " + form + ". Holm over the " + over.size() + " tests.",
                family.p(over.keySet()),
                Outcome.of(!better.isEmpty(), worse == WHOLE - 1),
                text(
                        "After the correction epoch %d is better than %d of the %d others, and %s. A difference of %.2f would have been found in 80 %% of cases%s.",
                        BEST,
                        worse,
                        WHOLE - 1,
                        better.isEmpty() ? "none is better than it" : "worse than " + String.join(", ", better),
                        over.get("epoch 1").detectable(over.size()),
                        over.containsKey(OTHERS)
                                ? text(
                                        "; from %s it is %+.2f (%s)",
                                        OTHERS, over.get(OTHERS).value(), p(family.p(OTHERS)))
                                : ""),
                quantities);
    }

    private static Verdict notALot(Claim claim, Evidence table, SortedMap<Integer, Estimate> lessOthers, String form) {
        List<Quantity> gains = new ArrayList<>();
        lessOthers.forEach((epochs, loss) -> {
            gains.add(Quantity.percent(
                    "gain of stopping after " + count(epochs, "epoch"),
                    table.cells().get(epochs - 1).n(),
                    loss.times(-1),
                    lessOthers.size(),
                    null));
        });
        double atMost =
                gains.stream().mapToDouble(gain -> gain.interval().high()).max().orElseThrow();
        Outcome outcome = Outcome.of(
                gains.stream().anyMatch(gain -> gain.interval().low() > Quantity.LITTLE), atMost < Quantity.LITTLE);
        Quantity largest =
                gains.stream().max(Comparator.comparingDouble(Quantity::value)).orElseThrow();
        return new Verdict(
                claim,
                table.reading().toString(),
                "Students of early-stopped teachers less those of teachers of " + WHOLE
                        + " epochs, in blocks of one seed, with intervals that hold together at 95 % (Bonferroni over the "
                        + gains.size() + "); " + form + ". A lot is 1 %, which the report calls little in question 5.",
                null,
                outcome,
                text(
                        "The largest gain is %+.2f (%s); at 95 %% none is over %.2f: 1 %% is %s.",
                        largest.value(),
                        largest.name(),
                        atMost,
                        outcome.choose("excluded", "passed", "neither reached nor excluded")),
                gains);
    }

    /** One number of epochs less each other. */
    private static SortedMap<Integer, Estimate> lessOthers(Factorial analysis, int one) {
        SortedMap<Integer, Estimate> differences = new TreeMap<>();
        for (Factorial.Difference difference : analysis.rowDifferences()) {
            if (difference.one() == one) {
                differences.put((int) difference.other(), difference.estimate());
            } else if (difference.other() == one) {
                differences.put((int) difference.one(), difference.estimate().times(-1));
            }
        }
        return differences;
    }

    /** For each seed that has all epochs, how far the report's is over the mean of the others. */
    private static double[] fromTheMeanOfOthers(Evidence table) {
        List<double[]> runs = table.ofCommonSeeds().runs();
        double[] best = runs.get(BEST - 1);
        return IntStream.range(0, best.length)
                .mapToDouble(seed -> best[seed]
                        - runs.stream()
                                .filter(cell -> cell != best)
                                .mapToDouble(cell -> cell[seed])
                                .average()
                                .orElseThrow())
                .toArray();
    }
}
