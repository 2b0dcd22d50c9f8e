package distill.report.verdict;

import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.margin;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.statistics.Estimate;
import distill.statistics.SeedsNeeded;

/**
 * An effect that the report claims, as the runs have it: whether it is found, found the other way round, or too small
 * to matter. The last is equivalence by a 95 % interval within a margin. Source: Schuirmann 1987, Journal of
 * Pharmacokinetics and Biopharmaceutics 15.
 *
 * @param estimate in percentage points
 * @param direction its sign as claimed: 1 of a gain, -1 of a fall
 * @param p that it is not 0, after the correction
 * @param tests how many it was corrected with
 * @param seeds that it was estimated from
 */
record Effect(Estimate estimate, int direction, double p, int tests, int seeds) {

    /** Points from which on we call an effect one: as much as as-written runs of one setting spread (0.19). */
    static final double MARGIN = .2;

    /** How a test's description tells the rule. */
    static final String RULE = " Supported where the effect is found (p under .05 after the correction); not supported"
            + " where the contrary is, or where the 95 % interval rules out an effect of " + margin(MARGIN)
            + " points, a margin of ours.";

    private boolean found() {
        return p < TestFamily.LEVEL;
    }

    private boolean asClaimed() {
        return direction * estimate.value() > 0;
    }

    /** How large the effect may be as claimed, at 95 %. */
    private static double most(Estimate estimate, int direction) {
        return estimate.times(direction).interval().high();
    }

    Outcome outcome() {
        return found() ? Outcome.of(!asClaimed(), asClaimed()) : Outcome.of(most(estimate, direction) < MARGIN, false);
    }

    /**
     * What is seen: {@code We see no effect of distillation: 0.00 points (95 % interval -0.18 to +0.18); a gain above
     * 0.2 is ruled out. The margin is ours: any above 0.18 gives the same verdict, a smaller one leaves it
     * inconclusive.} Of what is inconclusive it ends with what would settle it.
     *
     * @param of what has the effect, such as {@code distillation}
     * @param size how a large one is called, such as {@code gain}
     * @param evidence that the seeds are of
     */
    String sentence(String of, String size, Evidence evidence) {
        String seen = text("%s points (%s", signed(estimate.value()), interval(estimate.interval()));
        if (found()) {
            return text(
                    "We see an effect of %s%s: %s, %s after the correction).",
                    of, asClaimed() ? "" : ", the other way round", seen, Words.p(p));
        }
        double most = Math.max(0, most(estimate, direction));
        boolean alone = estimate.p() < TestFamily.LEVEL;
        return outcome() == Outcome.NOT_SUPPORTED
                ? text(
                        "We see no effect of %s%s); a %s above %s is ruled out. %s",
                        of,
                        alone ? text(" that the correction leaves: %s, %s after it", seen, Words.p(p)) : ": " + seen,
                        size,
                        margin(MARGIN),
                        most == 0
                                ? "Any margin gives the same verdict."
                                : text(
                                        "The margin is ours: any above %.2f gives the same verdict, a smaller one leaves it inconclusive.",
                                        most))
                : text(
                                "We see no effect of %s: %s, %s after the correction); a %s of up to %.2f is not ruled out. Ours is a margin of %s: one above %.2f would rule it out.",
                                of, seen, Words.p(p), size, most, margin(MARGIN), most)
                        + Words.toSettle(this::settledBy, seeds, evidence);
    }

    /** Whether so many seeds would find the effect, or rule it out, if it stayed as large. */
    private boolean settledBy(int wanted) {
        Estimate then = SeedsNeeded.with(estimate, seeds, wanted);
        return then.p() * tests < TestFamily.LEVEL || most(then, direction) < MARGIN;
    }
}
