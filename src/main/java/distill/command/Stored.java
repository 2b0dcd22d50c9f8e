package distill.command;

import distill.page.Chart;
import distill.page.Document;
import distill.page.Document.Block;
import distill.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A store as the page shows it: an experiment that trains nothing for each reading, or whatever else sets stored runs
 * apart.
 *
 * @param <E> what answers to questions of its task are made of
 * @param answers answers that rest on no runs
 */
public record Stored<E>(List<Setup<E>> setups, PageAnswers answers) {

    /**
     * One of them.
     *
     * @param variant {@code as-written} or {@code as-described}
     * @param name the reading, with what else sets this apart
     * @param answers where the experiment's answers go
     */
    public record Setup<E>(String variant, String name, E experiment, PageAnswers answers) {}

    /** Answers a question, or a part of one. */
    @FunctionalInterface
    public interface Answering<T> {
        void answer(T from) throws IOException;
    }

    /** All of some blocks, in order. */
    @SafeVarargs
    public static List<Block> joined(List<Block>... blocks) {
        return Stream.of(blocks).flatMap(List::stream).toList();
    }

    /** The runs of a set-up. */
    @FunctionalInterface
    public interface Runs<E> {
        List<Run> of(E experiment) throws IOException;
    }

    /** What is answered in each set-up, side by side; no block where nothing is in any. */
    public List<Block> readings(Answering<E> answering) throws IOException {
        return setUps(setup -> answering.answer(setup.experiment()));
    }

    /** As {@link #readings(Answering)}, from the set-up with its answers. */
    public List<Block> setUps(Answering<Setup<E>> answering) throws IOException {
        List<Document.Reading> readings = new ArrayList<>();
        for (Setup<E> setup : setups) {
            answering.answer(setup);
            List<Block> blocks = setup.answers().take();
            if (!blocks.isEmpty()) {
                readings.add(new Document.Reading(setup.variant(), setup.name(), blocks));
            }
        }
        return readings.isEmpty() ? List.of() : List.of(new Document.Readings(readings));
    }

    /** As {@link #readings(Answering)}, or where nothing is answered what is missing. */
    public List<Block> readings(Block missing, Answering<E> answering) throws IOException {
        List<Block> readings = readings(answering);
        return readings.isEmpty() ? List.of(missing) : readings;
    }

    /** A chart of the runs of all set-ups by their names; no block where none has any. */
    public List<Block> figure(Runs<E> runs, Function<Map<String, List<Run>>, Chart> chart) throws IOException {
        Map<String, List<Run>> byName = runs(runs);
        return byName.isEmpty() ? List.of() : List.of(new Document.Figure(chart.apply(byName)));
    }

    /** The runs of each set-up that has some, by its name. */
    public Map<String, List<Run>> runs(Runs<E> runs) throws IOException {
        Map<String, List<Run>> byName = new LinkedHashMap<>();
        for (Setup<E> setup : setups) {
            List<Run> own = runs.of(setup.experiment());
            if (!own.isEmpty()) {
                byName.put(setup.name(), own);
            }
        }
        return byName;
    }
}
