package distill.report.verdict;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What the runs say of a statement. */
public enum Outcome {
    /** The runs, or a count, show it. */
    SUPPORTED("supported", "\u2713"),
    /** The runs show the contrary, or rule out what it claims in any size that matters. */
    NOT_SUPPORTED("not supported", "\u2717"),
    /** The runs allow both. */
    INCONCLUSIVE("inconclusive", "?"),
    /** Runs that its test needs are missing. */
    NOT_RUN("not run", "\u2013");

    private final String label;
    private final String sign;

    Outcome(String label, String sign) {
        this.label = label;
        this.sign = sign;
    }

    /** The outcome of a test that was run. */
    static Outcome of(boolean contradicted, boolean shown) {
        return contradicted ? NOT_SUPPORTED : shown ? SUPPORTED : INCONCLUSIVE;
    }

    /** {@code 8 supported, 5 not supported, 2 inconclusive, 10 not run} */
    static String counts(List<Outcome> outcomes) {
        return Arrays.stream(values())
                .map(outcome -> Collections.frequency(outcomes, outcome) + " " + outcome)
                .collect(Collectors.joining(", "));
    }

    /** A letter that stands for it. */
    String sign() {
        return sign;
    }

    /** {@code not supported} */
    @Override
    public String toString() {
        return label;
    }
}
