package distill.report.verdict;

import static distill.report.verdict.Words.text;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.statistics.Estimate;
import distill.statistics.Interval;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Question 6: the teacher over the student, and the students with distillation over the one without. */
final class WithoutDistillation {

    private static final String PLACE = "Task 1, Question 6";
    private static final double TEACHER = Published.TEACHER_EPOCHS.get(Published.EPOCHS - 1);
    /** What is about 2, in percent: what rounds to it. */
    private static final Interval ABOUT_TWO = new Interval(1.5, 2.5);

    private WithoutDistillation() {}

    /** The teacher over the student without distillation, of which the report's own numbers come nearest to 2 %. */
    static Verdict gap(Evidence evidence) {
        String statement = "the difference between student and teacher model is about 2%";
        String test =
                "Welch's 95 % interval of teacher less student without KD, about 2 % being " + ABOUT_TWO.text() + ".";
        double[] teachers = Evidence.values(evidence.teachers());
        double[] plain = Evidence.values(evidence.plain());
        if (teachers.length < 2 || plain.length < 2) {
            return Verdict.untold(
                    statement,
                    PLACE,
                    evidence.reading().toString(),
                    test,
                    "%s of the teacher and %s of the student without KD are stored, two of each are needed: %s and %s make them."
                            .formatted(
                                    Words.count(teachers.length, "run"),
                                    Words.count(plain.length, "run"),
                                    evidence.command("q5 --temperatures 16 --alphas .9 --seeds 10"),
                                    evidence.command("q7 --seeds 10")),
                    List.of());
        }
        Estimate gap = Estimate.ofMean(teachers).minus(Estimate.ofMean(plain));
        Interval interval = gap.interval();
        Outcome outcome = ABOUT_TWO.contains(interval.low()) && ABOUT_TWO.contains(interval.high())
                ? Outcome.HOLDS
                : interval.high() < ABOUT_TWO.low() || interval.low() > ABOUT_TWO.high()
                        ? Outcome.DOES_NOT_HOLD
                        : Outcome.CANNOT_BE_TOLD;
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.percent(
                "teacher less student without KD",
                Math.min(teachers.length, plain.length),
                gap.value(),
                interval,
                TEACHER - Published.PLAIN_STUDENT));
        evidence.spread("q5").ifPresent(spread -> withDistillation(evidence, teachers, spread)
                .ifPresent(quantities::add));
        return new Verdict(
                statement,
                PLACE,
                evidence.reading().toString(),
                test,
                null,
                outcome,
                text(
                        "The teacher is %.2f over the student without KD, 95 %% interval %s%s; the report's own numbers give %.2f, and %.2f to its best student with KD.",
                        gap.value(),
                        interval.text(),
                        outcome == Outcome.CANNOT_BE_TOLD ? ", which is both inside and outside" : "",
                        TEACHER - Published.PLAIN_STUDENT,
                        TEACHER - Published.BEST_STUDENT),
                quantities);
    }

    private static Optional<Quantity> withDistillation(Evidence evidence, double[] teachers, Spread spread) {
        double[] students = Evidence.values(evidence.table1(Hyperparameters.BEST));
        if (students.length == 0) {
            return Optional.empty();
        }
        Estimate gap = Estimate.ofMean(teachers).minus(spread.mean(students));
        return Optional.of(Quantity.percent(
                "teacher less student with KD, " + Hyperparameters.BEST,
                students.length,
                gap.value(),
                gap.interval(),
                TEACHER - Published.BEST_STUDENT));
    }

    /** With distillation at every temperature of Table II, no worse than without. */
    static Verdict neverBelow(Evidence evidence) {
        String statement = "so the accuracy will not decrease below the student model without knowledge distillation";
        String test = "t tests of each temperature of Table II against the student without KD, with the spread of"
                + " students with KD pooled over the temperatures, that without its own (Satterthwaite's degrees of freedom).";
        double[] plain = Evidence.values(evidence.plain());
        List<Double> missing = Published.TEMPERATURES.stream()
                .filter(t -> evidence.table2(t).isEmpty())
                .toList();
        Optional<Spread> spread = evidence.spread("q6");
        if (plain.length < 2 || !missing.isEmpty() || spread.isEmpty()) {
            return Verdict.untold(
                    statement,
                    PLACE,
                    evidence.reading().toString(),
                    test,
                    "%d of %d temperatures have no run, and %s without KD stored: %s and %s make them."
                            .formatted(
                                    missing.size(),
                                    Published.TEMPERATURES.size(),
                                    plain.length == 1 ? "1 run is" : plain.length + " runs are",
                                    evidence.command("q6 --seeds 5"),
                                    evidence.command("q7 --seeds 10")),
                    List.of());
        }
        Estimate without = Estimate.ofMean(plain);
        Map<String, Estimate> over = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        for (double t : Published.TEMPERATURES) {
            double[] with = Evidence.values(evidence.table2(t));
            String name = new Hyperparameters(t, Published.CURVE_ALPHA).toString();
            Estimate difference = spread.get().mean(with).minus(without);
            over.put(name, difference);
            quantities.add(Quantity.percent(
                    name + " less without KD",
                    with.length,
                    difference.value(),
                    difference.interval(),
                    Published.table2(t).orElseThrow() - Published.PLAIN_STUDENT));
        }
        Map<String, Double> tests = new LinkedHashMap<>();
        over.forEach((name, difference) -> tests.put(name, difference.p()));
        TestFamily family = TestFamily.of("temperatures against no KD", tests);
        List<String> below = over.keySet().stream()
                .filter(name -> family.rejects(name) && over.get(name).value() < 0)
                .toList();
        List<String> above = over.keySet().stream()
                .filter(name -> family.rejects(name) && over.get(name).value() > 0)
                .toList();
        Outcome outcome = !below.isEmpty()
                ? Outcome.DOES_NOT_HOLD
                : above.size() == over.size() ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        double lowest =
                over.values().stream().mapToDouble(Estimate::value).min().orElseThrow();
        double surely = over.values().stream()
                .mapToDouble(one -> one.intervalAmong(over.size()).low())
                .min()
                .orElseThrow();
        return new Verdict(
                statement,
                PLACE,
                evidence.reading().toString(),
                test + " Holm over the " + over.size() + " tests.",
                family.decisive(below),
                outcome,
                text(
                        "After the correction %d of %d temperatures are above the student without KD and %s below; the lowest is %+.2f from it, and %+.2f is the least that the intervals together allow.",
                        above.size(),
                        over.size(),
                        below.isEmpty() ? "none is" : below.size() == 1 ? "1 is" : below.size() + " are",
                        lowest,
                        surely),
                quantities);
    }
}
