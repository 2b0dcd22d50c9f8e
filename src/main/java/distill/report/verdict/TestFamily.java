package distill.report.verdict;

import distill.statistics.Holm;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tests that are corrected for their number together.
 *
 * @param name what they have in common
 * @param adjusted each test's p after Holm's correction
 */
record TestFamily(String name, Map<String, Double> adjusted) {

    /** Under which p a test says that something is not chance. */
    static final double LEVEL = .05;

    /** A family of tests with their own p-values. */
    static TestFamily of(String name, Map<String, Double> tests) {
        double[] p = Holm.adjust(
                tests.values().stream().mapToDouble(Double::doubleValue).toArray());
        Map<String, Double> adjusted = new LinkedHashMap<>();
        tests.keySet().forEach(test -> adjusted.put(test, p[adjusted.size()]));
        return new TestFamily(name, adjusted);
    }

    int size() {
        return adjusted.size();
    }

    /** The p after the correction of a test of this family. */
    double p(String test) {
        return adjusted.get(test);
    }

    boolean rejects(String test) {
        return p(test) < LEVEL;
    }

    /**
     * The verdict on a statement that one test decides.
     *
     * @param asStated whether the difference that the test is of has the statement's sign
     */
    Outcome outcome(String test, boolean asStated) {
        return Outcome.of(rejects(test) && !asStated, rejects(test));
    }

    /** {@code Holm over 3 tests, the as-written conclusions: T, alpha, slope.} */
    String text() {
        return "Holm over %s, %s: %s."
                .formatted(Words.count(size(), "test"), name, String.join(", ", adjusted.keySet()));
    }
}
