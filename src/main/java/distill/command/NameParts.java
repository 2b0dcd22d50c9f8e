package distill.command;

import distill.run.Run;
import distill.run.Settings;
import distill.run.Steps;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tells runs with other settings than the report's apart in a file's name. */
public final class NameParts {

    private static final int DATA_DIGITS = 8;

    private NameParts() {}

    /**
     * What tells runs in a file's name from those of the report's programs on its own images.
     *
     * @param isUsual whether a run is on the report's images
     */
    public static String origin(List<Run> runs, Predicate<Run> isUsual) {
        boolean byKeras = runs.stream().anyMatch(run -> !run.provenance().isOurs());
        boolean synthetic = runs.stream().anyMatch(run -> run.provenance().synthetic());
        String data = runs.stream()
                .filter(isUsual.negate())
                .findFirst()
                .map(run -> "-data" + run.settings().data().substring(0, DATA_DIGITS))
                .orElse("");
        return (byKeras ? "-keras" : "")
                + (runs.get(0).settings().quick() ? "-quick" : "")
                + (synthetic ? "-synthetic" : data);
    }

    /** What other steps than the report's add to a file's name, and that they may stop: {@code -rate0.01-patience3}. */
    public static String steps(List<Run> runs) {
        return runs.stream()
                .map(Run::settings)
                .flatMap(settings ->
                        Stream.concat(Steps.of(settings).inName().stream(), settings.stopping().inName().stream()))
                .distinct()
                .map(part -> "-" + part)
                .collect(Collectors.joining());
    }

    /**
     * What tells other values than the usual ones apart in a file's name, {@code -T4-16}; empty for these, or for none.
     *
     * @param name such as {@code -T}
     */
    public static String values(String name, List<Run> runs, Function<Settings, Double> value, List<Double> usual) {
        List<Double> values = runs.stream()
                .map(run -> value.apply(run.settings()))
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
        return values.isEmpty() || values.equals(usual)
                ? ""
                : name + values.stream().map(Settings::number).collect(Collectors.joining("-"));
    }

    /** What tells runs by another loss than the report's apart in a file's name, {@code -loss-dkd}. */
    public static String loss(List<Run> runs) {
        return runs.stream()
                .map(Run::settings)
                .filter(settings -> !settings.isOfReportsLoss())
                .map(settings -> "-loss-" + settings.lossInName())
                .distinct()
                .collect(Collectors.joining());
    }

    /** The seeds of runs, {@code -seeds1-3}; empty where there is seed 1 alone. */
    public static String seeds(List<Run> runs) {
        List<Long> seeds = runs.stream()
                .map(run -> run.settings().seed())
                .distinct()
                .sorted()
                .toList();
        return seeds.equals(List.of(1L)) ? "" : "-seeds" + RunOptions.range(seeds);
    }
}
