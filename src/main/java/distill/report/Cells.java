package distill.report;

import distill.page.Cell;
import distill.page.Source;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs by what they have in common, and what they say, as samples and as cells that name the runs. */
public final class Cells {

    private static final int DIGITS = 10;

    private Cells() {}

    /** The test accuracies of at least one run. */
    public static Sample sample(Collection<Run> runs) {
        return sample(runs, Run::testAccuracy);
    }

    /** A number of each of at least one run. */
    static Sample sample(Collection<Run> runs, ToDoubleFunction<Run> value) {
        return Sample.of(runs.stream().mapToDouble(value).toArray());
    }

    /** A number that not all have; no value where it is null. */
    static Cell number(Double value) {
        return value == null ? Cell.NONE : Cell.number(value);
    }

    /** The mean test accuracy; no value where there are no runs. */
    static Cell accuracy(List<Run> runs) {
        return runs.isEmpty() ? Cell.NONE : Cell.mean(sample(runs)).from(sources(runs));
    }

    /** Runs by what they have in common, in the order of the first of each. */
    static <K> Map<K, List<Run>> by(Collection<Run> runs, Function<Run, K> key) {
        return runs.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    /** Runs by one of their settings, in its order, those first that have it not. */
    static <K extends Comparable<? super K>> SortedMap<K, List<Run>> bySetting(
            Collection<Run> runs, Function<Settings, K> setting) {
        SortedMap<K, List<Run>> groups = new TreeMap<>(Comparator.nullsFirst(Comparator.naturalOrder()));
        runs.forEach(run -> groups.computeIfAbsent(setting.apply(run.settings()), key -> new ArrayList<>())
                .add(run));
        return groups;
    }

    /** Samples of a number by row and column, each in order. */
    static <E, K> Map<K, Map<K, Sample>> grid(
            Collection<E> entries, Function<E, K> row, Function<E, K> column, ToDoubleFunction<E> value) {
        return entries.stream()
                .collect(Collectors.groupingBy(
                        row,
                        TreeMap::new,
                        Collectors.groupingBy(
                                column,
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        same -> Sample.of(
                                                same.stream().mapToDouble(value).toArray())))));
    }

    /** How far a number of one group is over the other's, for each seed that both have. */
    static double[] differences(List<Run> one, List<Run> other, ToDoubleFunction<Run> value) {
        return one.stream()
                .flatMapToDouble(run -> other.stream()
                        .filter(partner ->
                                partner.settings().seed() == run.settings().seed())
                        .mapToDouble(partner -> value.applyAsDouble(run) - value.applyAsDouble(partner)))
                .toArray();
    }

    /**
     * The reading of some runs, what other losses than the report's they have, and whether Keras trained any:
     * {@code as-written, loss dkd, trained by Keras}.
     */
    static String reading(Collection<Run> runs) {
        String readings = runs.stream()
                .map(run -> run.settings().reading().toString())
                .distinct()
                .collect(Collectors.joining("; "));
        String losses = otherLosses(runs).map(", loss "::concat).collect(Collectors.joining());
        boolean ours = runs.stream().allMatch(run -> run.provenance().isOurs());
        return readings + losses + (ours ? "" : ", trained by Keras");
    }

    /** The losses other than the report's that runs have, in words, each once. */
    static Stream<String> otherLosses(Collection<Run> runs) {
        return runs.stream()
                .map(Run::settings)
                .filter(settings -> !settings.isOfReportsLoss())
                .map(Settings::lossInWords)
                .distinct();
    }

    /** {@code 1, 2, 3}. */
    static String list(Collection<?> things) {
        return things.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** How far the accuracies of one group are over the other's, paired by seed; no value where no seed has both. */
    static Cell pairedDifference(List<Run> one, List<Run> other) {
        double[] differences = differences(one, other, Run::testAccuracy);
        return differences.length == 0 ? Cell.NONE : Cell.difference(Sample.of(differences));
    }

    /** {@code +0.12 (+0.03 to +0.21)}, by Welch's t; without an interval where one has a single number. */
    static Cell difference(Sample one, Sample other) {
        return one.n() > 1 && other.n() > 1
                ? Cell.difference(one.estimate().minus(other.estimate()))
                : Cell.number(one.mean() - other.mean(), Cell.SIGNED);
    }

    /** The runs of some groups together. */
    @SafeVarargs
    public static List<Run> all(Collection<Run>... groups) {
        return Stream.of(groups).flatMap(Collection::stream).toList();
    }

    /** The runs as a page shows them. */
    public static List<Source> sources(Collection<Run> runs) {
        return runs.stream().map(Cells::source).toList();
    }

    private static Source source(Run run) {
        Settings settings = run.settings();
        Provenance provenance = run.provenance();
        Settings.Computation computation = settings.computation();
        String machine = provenance.cpu() + ", " + computation.device() + ", " + computation.threads()
                + " threads, oneDNN " + computation.onednn()
                + (computation.adam() == null ? "" : ", Adam of " + computation.adam()) + ", TensorFlow "
                + provenance.tensorflow()
                + (provenance.java() == null ? "" : ", Java " + provenance.java()) + ", " + provenance.os();
        return new Source(
                run.identity(),
                settings.label(),
                settings.seed(),
                Sample.percent(run.testAccuracy()),
                start(run.weightsDigest()),
                start(provenance.commit()),
                Objects.toString(provenance.date(), ""),
                provenance.data() + ", " + start(settings.data()),
                provenance.cpu(),
                machine);
    }

    private static String start(String digest) {
        return digest.substring(0, Math.min(DIGITS, digest.length()));
    }
}
