package distill.report.verdict;

import distill.statistics.Estimate;
import distill.statistics.Holm;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tests that are corrected for their number together.
 *
 * @param name what they have in common
 * @param adjusted each test's p after Holm's correction
 * @param differences in percent, that the tests hold against 0; none where they are of something else
 */
record TestFamily(String name, Map<String, Double> adjusted, Map<String, Estimate> differences) {

    /** Under which p a test says that something is not chance. */
    static final double LEVEL = .05;

    /** A family of tests with their own p-values. */
    static TestFamily of(String name, Map<String, Double> tests) {
        double[] p = Holm.adjust(
                tests.values().stream().mapToDouble(Double::doubleValue).toArray());
        Map<String, Double> adjusted = new LinkedHashMap<>();
        tests.keySet().forEach(test -> adjusted.put(test, p[adjusted.size()]));
        return new TestFamily(name, adjusted, Map.of());
    }

    /** The tests of differences against 0. */
    static TestFamily ofDifferences(String name, Map<String, Estimate> differences) {
        Map<String, Double> tests = new LinkedHashMap<>();
        differences.forEach((test, difference) -> tests.put(test, difference.p()));
        return new TestFamily(name, of(name, tests).adjusted, differences);
    }

    int size() {
        return adjusted.size();
    }

    /** A test's p after the correction. */
    double p(String test) {
        return adjusted.get(test);
    }

    boolean rejects(String test) {
        return p(test) < LEVEL;
    }

    /** Which of {@code names} are found to be over 0. */
    List<String> above(Collection<String> names) {
        return names.stream()
                .filter(name -> rejects(name) && differences.get(name).value() > 0)
                .toList();
    }

    /** Which of {@code names} are found to be under 0. */
    List<String> below(Collection<String> names) {
        return names.stream()
                .filter(name -> rejects(name) && differences.get(name).value() < 0)
                .toList();
    }

    /** Which differences are found to be under 0. */
    List<String> below() {
        return below(differences.keySet());
    }

    /**
     * The p of the statement that all of {@code names} are over 0: where some are found to be under 0, which
     * contradicts it, the smallest of these, else the largest of all.
     */
    double p(Collection<String> names) {
        List<String> below = below(names);
        return below.isEmpty()
                ? names.stream().mapToDouble(this::p).max().orElseThrow()
                : below.stream().mapToDouble(this::p).min().orElseThrow();
    }

    /** {@code Holm over 3 tests, the as-written conclusions: T, alpha, slope.} */
    String text() {
        return "Holm over %s, %s: %s."
                .formatted(Words.count(size(), "test"), name, String.join(", ", adjusted.keySet()));
    }
}
