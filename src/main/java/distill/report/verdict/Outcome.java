package distill.report.verdict;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What the runs say of a statement. */
public enum Outcome {
    HOLDS("holds", "hold", "\u2713"),
    DOES_NOT_HOLD("does not hold", "do not hold", "\u2717"),
    /** With this many runs. */
    CANNOT_BE_TOLD("cannot be told", "cannot be told", "?");

    private final String label;
    private final String plural;
    private final String sign;

    Outcome(String label, String plural, String sign) {
        this.label = label;
        this.plural = plural;
        this.sign = sign;
    }

    static Outcome of(boolean contradicted, boolean shown) {
        return contradicted ? DOES_NOT_HOLD : shown ? HOLDS : CANNOT_BE_TOLD;
    }

    /** One of three words. */
    String choose(String holds, String doesNotHold, String cannotBeTold) {
        return switch (this) {
            case HOLDS -> holds;
            case DOES_NOT_HOLD -> doesNotHold;
            case CANNOT_BE_TOLD -> cannotBeTold;
        };
    }

    /** {@code 8 hold, 5 do not hold, 12 cannot be told} */
    static String counts(List<Outcome> outcomes) {
        return Arrays.stream(values())
                .map(outcome -> Collections.frequency(outcomes, outcome) + " " + outcome.plural)
                .collect(Collectors.joining(", "));
    }

    /** A letter that stands for it. */
    String sign() {
        return sign;
    }

    /** {@code does not hold} */
    @Override
    public String toString() {
        return label;
    }
}
