package distill.report.verdict;

import distill.statistics.Holm;
import java.util.Collection;
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

    /** A test's p after the correction; null where it could not be made. */
    Double p(String test) {
        return adjusted.get(test);
    }

    boolean rejects(String test) {
        return adjusted.get(test) < LEVEL;
    }

    /** As {@link #decisive(Collection, Collection)}, of all tests. */
    double decisive(Collection<String> contradicting) {
        return decisive(adjusted.keySet(), contradicting);
    }

    /**
     * The p of a statement that holds only where some tests all say so, and does not where one of them contradicts it:
     * the largest of all, or the smallest of those that contradict.
     *
     * @param tests names of tests
     * @param contradicting some of these
     */
    double decisive(Collection<String> tests, Collection<String> contradicting) {
        return contradicting.isEmpty()
                ? tests.stream().mapToDouble(this::p).max().orElseThrow()
                : contradicting.stream().mapToDouble(this::p).min().orElseThrow();
    }

    /** {@code Holm over 3 tests, the as-written conclusions: T, alpha, slope}. */
    String text() {
        return "Holm over %s, %s: %s."
                .formatted(Words.count(size(), "test"), name, String.join(", ", adjusted.keySet()));
    }
}
