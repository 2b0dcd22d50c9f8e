package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.experiment.MnistPlan;
import distill.report.Published;
import distill.statistics.Estimate;
import distill.statistics.Factorial;
import java.util.ArrayList;
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
    private static final String EPOCH_4 =
            "We think the teacher model should stop at epoch 4. In the table, it's the best choice.";
    private static final String NOT_A_LOT = "Obviously, the test accuracy does not improve a lot";
    private static final String OTHERS = "the mean of the others";
    private static final int BEST = Published.BEST_TEACHER_EPOCHS;
    private static final int WHOLE = Published.EPOCHS;
    /** In percent; the report's own measure of little, in question 5. */
    private static final double A_LOT = 1;

    private EarlyStoppedTeachers() {}

    /** As the report trains them, and where they are stored also with one teacher for each seed. */
    static List<Verdict> of(Evidence evidence) {
        List<Verdict> verdicts = new ArrayList<>(of(evidence, MnistPlan.EARLY_STOPPED, "q13 --seeds 5"));
        if (!evidence.table3(MnistPlan.SINGLE_TRAJECTORY, BEST).isEmpty()) {
            verdicts.addAll(of(evidence, MnistPlan.SINGLE_TRAJECTORY, "q13 --single-trajectory --seeds 5"));
        }
        return verdicts;
    }

    private static List<Verdict> of(Evidence evidence, String question, String command) {
        List<Factorial.Observation> runs = IntStream.rangeClosed(1, WHOLE)
                .boxed()
                .flatMap(epochs -> Evidence.observations(evidence.table3(question, epochs), epochs, 0).stream())
                .toList();
        boolean asTheReport = question.equals(MnistPlan.EARLY_STOPPED);
        String form = asTheReport
                ? "a new teacher for each number of epochs"
                : "each seed's teacher as it was after each of its epochs";
        String subject = asTheReport ? "" : "the single trajectory";
        long epochs = runs.stream().map(Factorial.Observation::row).distinct().count();
        Optional<Factorial> analysis = epochs < WHOLE ? Optional.empty() : Factorial.of(runs);
        if (analysis.isEmpty()) {
            String missing =
                    "%d of %d numbers of the teacher's epochs have a student; two seeds with all are needed: %s makes them."
                            .formatted(epochs, WHOLE, evidence.command(command));
            return List.of(EPOCH_4, NOT_A_LOT).stream()
                    .map(statement -> Verdict.untold(
                            subject,
                            statement,
                            PLACE,
                            evidence.reading().toString(),
                            "Differences of students by their teacher's epochs, in blocks of one seed; " + form + ".",
                            missing,
                            List.of()))
                    .toList();
        }
        return List.of(
                epoch4(evidence, question, analysis.get(), form, subject),
                notALot(evidence, question, analysis.get(), form, subject));
    }

    private static Verdict epoch4(Evidence evidence, String question, Factorial analysis, String form, String subject) {
        Map<String, Estimate> over = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        lessOthers(analysis, BEST).forEach((epochs, difference) -> {
            String name = "epoch " + epochs;
            over.put(name, difference);
            quantities.add(Quantity.percent(
                    "epoch " + BEST + " less " + name,
                    evidence.table3(question, epochs).size(),
                    difference.value(),
                    difference.intervalAmong(WHOLE - 1),
                    Published.table3(epochs).isPresent()
                            ? Published.table3(BEST).orElseThrow()
                                    - Published.table3(epochs).orElseThrow()
                            : null));
        });
        double[] fromOthers = fromTheMeanOfOthers(evidence, question);
        if (fromOthers.length > 1) {
            over.put(OTHERS, Estimate.ofMean(fromOthers));
            quantities.add(Quantity.percent(
                    "epoch " + BEST + " less " + OTHERS,
                    fromOthers.length,
                    over.get(OTHERS).value(),
                    over.get(OTHERS).interval(),
                    null));
        }
        Map<String, Double> tests = new LinkedHashMap<>();
        over.forEach((name, difference) -> tests.put(name, difference.p()));
        TestFamily family = TestFamily.of("epoch 4 against the others", tests);
        List<String> better = over.keySet().stream()
                .filter(name -> family.rejects(name) && over.get(name).value() < 0)
                .toList();
        long worse = over.keySet().stream()
                .filter(name -> !name.equals(OTHERS)
                        && family.rejects(name)
                        && over.get(name).value() > 0)
                .count();
        Outcome outcome =
                !better.isEmpty() ? Outcome.DOES_NOT_HOLD : worse == WHOLE - 1 ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        return new Verdict(
                subject,
                EPOCH_4,
                PLACE,
                evidence.reading().toString(),
                "t tests of epoch " + BEST + " against each other epoch, in blocks of one seed, and against " + OTHERS
                        + ", paired by seed; " + form + ". Holm over the " + tests.size() + " tests.",
                family.decisive(better),
                outcome,
                text(
                        "After the correction epoch %d is better than %d of the %d others, and %s. A difference of %.2f would have been found in 80 %% of cases%s.",
                        BEST,
                        worse,
                        WHOLE - 1,
                        better.isEmpty() ? "none is better than it" : "worse than " + String.join(", ", better),
                        over.get("epoch 1").detectable(family.size()),
                        over.containsKey(OTHERS)
                                ? text(
                                        "; from %s it is %+.2f (%s)",
                                        OTHERS, over.get(OTHERS).value(), p(family.p(OTHERS)))
                                : ""),
                quantities);
    }

    private static Verdict notALot(
            Evidence evidence, String question, Factorial analysis, String form, String subject) {
        Map<Integer, Estimate> gains = new TreeMap<>();
        lessOthers(analysis, WHOLE)
                .forEach((epochs, loss) ->
                        gains.put(epochs, new Estimate(-loss.value(), loss.standardError(), loss.freedom())));
        List<Quantity> quantities = new ArrayList<>();
        gains.forEach((epochs, gain) -> quantities.add(Quantity.percent(
                "gain of stopping after " + count(epochs, "epoch"),
                evidence.table3(question, epochs).size(),
                gain.value(),
                gain.intervalAmong(gains.size()),
                null)));
        double atMost = quantities.stream()
                .mapToDouble(gain -> gain.interval().high())
                .max()
                .orElseThrow();
        boolean aLot = quantities.stream().anyMatch(gain -> gain.interval().low() > A_LOT);
        Outcome outcome = aLot ? Outcome.DOES_NOT_HOLD : atMost < A_LOT ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        Quantity largest = quantities.stream()
                .max((a, b) -> Double.compare(a.value(), b.value()))
                .orElseThrow();
        return new Verdict(
                subject,
                NOT_A_LOT,
                PLACE,
                evidence.reading().toString(),
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
                        outcome == Outcome.HOLDS
                                ? "excluded"
                                : outcome == Outcome.DOES_NOT_HOLD ? "passed" : "neither reached nor excluded"),
                quantities);
    }

    /** One number of epochs less each other. */
    private static Map<Integer, Estimate> lessOthers(Factorial analysis, int one) {
        Map<Integer, Estimate> differences = new TreeMap<>();
        for (Factorial.Difference difference : analysis.rowDifferences()) {
            Estimate estimate = difference.estimate();
            if (difference.one() == one) {
                differences.put((int) difference.other(), estimate);
            } else if (difference.other() == one) {
                differences.put(
                        (int) difference.one(),
                        new Estimate(-estimate.value(), estimate.standardError(), estimate.freedom()));
            }
        }
        return differences;
    }

    /** For each seed that has all epochs, how far the report's is over the mean of the others. */
    private static double[] fromTheMeanOfOthers(Evidence evidence, String question) {
        SortedMap<Long, Double> seeds = new TreeMap<>(evidence.table3(question, BEST));
        IntStream.rangeClosed(1, WHOLE).forEach(epochs -> seeds.keySet()
                .retainAll(evidence.table3(question, epochs).keySet()));
        return seeds.entrySet().stream()
                .mapToDouble(seed -> seed.getValue()
                        - IntStream.rangeClosed(1, WHOLE)
                                .filter(epochs -> epochs != BEST)
                                .mapToDouble(epochs ->
                                        evidence.table3(question, epochs).get(seed.getKey()))
                                .average()
                                .orElseThrow())
                .toArray();
    }
}
