package distill.report.verdict;

import distill.statistics.Estimate;
import distill.statistics.Factorial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tests of one reading that decide a statement with a single p each, corrected for their number together.
 *
 * @param sweep Table I's analysis of variance
 * @param slope of accuracy against log2 T
 * @param withLessWithout the cell that the report calls best less the student without distillation
 */
record Conclusions(
        Optional<Factorial> sweep, Optional<Estimate> slope, Optional<Estimate> withLessWithout, TestFamily family) {

    static final String TEMPERATURE = "T";
    static final String ALPHA = "alpha";
    static final String INTERACTION = "T x alpha";
    static final String SLOPE = "slope against log2 T";
    static final String DISTILLATION = "with KD less without";

    static Conclusions of(Evidence evidence) {
        Optional<Factorial> sweep = evidence.sweep();
        Optional<Estimate> slope = TemperatureTrend.slope(evidence);
        Optional<Estimate> withLessWithout = FairTest.difference(evidence);
        Map<String, Double> tests = new LinkedHashMap<>();
        sweep.ifPresent(factorial -> {
            tests.put(TEMPERATURE, factorial.rowEffect().p());
            tests.put(ALPHA, factorial.columnEffect().p());
            factorial.interactionEffect().ifPresent(effect -> tests.put(INTERACTION, effect.p()));
        });
        slope.ifPresent(estimate -> tests.put(SLOPE, estimate.p()));
        withLessWithout.ifPresent(estimate -> tests.put(DISTILLATION, estimate.p()));
        return new Conclusions(
                sweep,
                slope,
                withLessWithout,
                TestFamily.of("the " + evidence.reading().toString() + " conclusions", tests));
    }
}
