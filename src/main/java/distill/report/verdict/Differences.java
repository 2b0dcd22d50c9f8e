package distill.report.verdict;

import distill.statistics.Estimate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Differences in percent, of which a statement says that all are over 0.
 *
 * @param family the tests of each against 0, by the same names
 */
record Differences(Map<String, Estimate> estimates, TestFamily family) {

    static Differences of(String family, Map<String, Estimate> estimates) {
        Map<String, Double> tests = new LinkedHashMap<>();
        estimates.forEach((name, difference) -> tests.put(name, difference.p()));
        return new Differences(estimates, TestFamily.of(family, tests));
    }

    Estimate get(String name) {
        return estimates.get(name);
    }

    /** Which of {@code names} are found to be over 0. */
    List<String> above(Collection<String> names) {
        return names.stream()
                .filter(name -> family.rejects(name) && get(name).value() > 0)
                .toList();
    }

    /** Which of {@code names} are found to be under 0. */
    List<String> below(Collection<String> names) {
        return names.stream()
                .filter(name -> family.rejects(name) && get(name).value() < 0)
                .toList();
    }

    /** {@link #below(Collection)} of all. */
    List<String> below() {
        return below(estimates.keySet());
    }

    /**
     * The p of the statement: where any of {@code names} is found to be under 0, which contradicts it, the smallest of
     * these, else the largest of all.
     */
    double p(Collection<String> names) {
        List<String> below = below(names);
        return below.isEmpty()
                ? names.stream().mapToDouble(family::p).max().orElseThrow()
                : below.stream().mapToDouble(family::p).min().orElseThrow();
    }
}
