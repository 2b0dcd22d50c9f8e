package distill.report.verdict;

/** What the runs say of a statement. */
public enum Outcome {
    HOLDS("holds"),
    DOES_NOT_HOLD("does not hold"),
    /** With this many runs. */
    CANNOT_BE_TOLD("cannot be told");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    /** {@code does not hold} */
    @Override
    public String toString() {
        return label;
    }
}
