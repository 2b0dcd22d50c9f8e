package distill.report.verdict;

import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.report.Hyperparameters;
import distill.report.Published;
import distill.statistics.BestOf;
import distill.statistics.Estimate;
import distill.statistics.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Question 7: does the best student with distillation beat the one without, in as many runs of both? */
final class FairTest {

    private static final Claim HIGHER = new Claim(
            "So the test accuracy of student models with knowledge distillation is higher than that of student model"
                    + " without knowledge distillation.",
            "Task 1, Question 7");
    private static final String DISTILLATION = "with KD less without";
    private static final double GAIN = Published.BEST_STUDENT - Published.PLAIN_STUDENT;
    private static final double SMALLEST = .001;
    private static final int CELLS = Hyperparameters.all().size();
    private static final BestOf BEST_OF = new BestOf(CELLS);

    private FairTest() {}

    /** The test of distillation, where both sides have runs enough. */
    static Map<String, Double> tests(Task1Runs runs) {
        Evidence both = sides(runs).ofCommonSeeds();
        return both.fewest() < Task1Runs.FAIR
                ? Map.of()
                : Map.of(DISTILLATION, both.difference().p());
    }

    private static Evidence sides(Task1Runs runs) {
        return runs.best().and(runs.plain());
    }

    static Verdict of(Task1Runs runs, TestFamily family) {
        Evidence sides = sides(runs);
        Evidence both = sides.ofCommonSeeds();
        int n = both.fewest();
        String test = "Welch's t test of " + Hyperparameters.BEST + " against the student without KD, the same seeds on"
                + " both sides, " + Task1Runs.FAIR
                + " or more. Runs of one seed share no chance, so they are not paired." + Effect.RULE;
        Optional<Spread> spread = runs.spread("q5");
        List<Quantity> chance = spread.map(FairTest::chance).orElse(List.of());
        String byChance = spread.map(FairTest::chanceInWords).orElse("");
        if (n < Task1Runs.FAIR) {
            String missing =
                    sides.missing("%d seeds with KD and %d without are stored, %d of them with both; %d are wanted"
                            .formatted(sides.cell().n(), sides.cells().get(1).n(), n, Task1Runs.FAIR));
            return HIGHER.notRun(
                    runs.reading(),
                    test,
                    missing + (n < Evidence.LEAST_SEEDS ? "" : soFar(both.difference())) + byChance,
                    chance);
        }
        Estimate difference = both.difference();
        double p = family.p(DISTILLATION);
        Effect effect = new Effect(difference, 1, p, family.size(), n);
        List<Quantity> quantities = new ArrayList<>(List.of(
                Quantity.mean(Hyperparameters.BEST.toString(), both.runs().get(0), Published.BEST_STUDENT),
                Quantity.mean("without KD", both.runs().get(1), Published.PLAIN_STUDENT),
                Quantity.percent(DISTILLATION, n, difference, GAIN),
                Quantity.percent(
                        "smallest difference that 80 % of such tests find",
                        n, difference.detectable(family.size()), null)));
        quantities.addAll(chance);
        return new Verdict(
                HIGHER,
                runs.reading().toString(),
                test + " " + family.text(),
                p,
                effect.outcome(),
                effect.sentence("distillation", "gain", sides)
                        + text(" The report's own two numbers differ by %s.", signed(GAIN))
                        + byChance,
                quantities);
    }

    private static String soFar(Estimate difference) {
        return text(
                " So far the difference is %s points (%s).",
                signed(difference.value()), interval(difference.interval()));
    }

    /** What the report's own comparison gives where distillation does nothing. */
    private static List<Quantity> chance(Spread spread) {
        return List.of(
                Quantity.percent(
                        "best of " + CELLS + " runs over one run, on average, by chance alone",
                        0,
                        BEST_OF.mean() * spread.sd(),
                        GAIN),
                Quantity.plain(
                        "probability that the best of " + CELLS + " is over one run, by chance alone",
                        0,
                        BEST_OF.overOne(0),
                        3),
                Quantity.plain(
                        text("probability that it is so by %.2f or more", GAIN),
                        0,
                        BEST_OF.overOne(GAIN / spread.sd()),
                        3));
    }

    private static String chanceInWords(Spread spread) {
        double gain = BEST_OF.overOne(GAIN / spread.sd());
        return text(
                " The report compares the best of %d runs with one: by chance alone that is over it in %.0f %% of cases, by %.2f on average, and by %.2f or more in %s.",
                CELLS,
                100 * BEST_OF.overOne(0),
                BEST_OF.mean() * spread.sd(),
                GAIN,
                gain < SMALLEST ? "less than 0.1 %" : text("%.1f %%", 100 * gain));
    }
}
