package distill.command;

import distill.experiment.EpochListener;
import distill.experiment.Trainer;
import distill.experiment.TrainingListener;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a command has trained, what it trains now, and which runs it looked at: for the summary at its end, and for the
 * line where it is stopped. Safe for several threads.
 */
final class Work implements TrainingListener {

    private final long start = System.nanoTime();
    private final Map<String, Run> trained = new LinkedHashMap<>();
    private final Map<String, Run> used = new LinkedHashMap<>();
    private final Map<Settings, Integer> underWay = new LinkedHashMap<>();

    /** Seconds since the command began. */
    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The runs that were trained and stored. */
    synchronized List<Run> trained() {
        return List.copyOf(trained.values());
    }

    /** The runs that were looked at, those that were trained among them. */
    synchronized List<Run> used() {
        Map<String, Run> all = new LinkedHashMap<>(used);
        all.putAll(trained);
        return List.copyOf(all.values());
    }

    /** Remembers runs that were looked at. */
    synchronized void use(Collection<Run> runs) {
        runs.forEach(run -> used.put(run.identity(), run));
    }

    @Override
    public synchronized EpochListener start(Settings settings, int steps, int done) {
        underWay.put(settings, done);
        return new EpochListener() {
            @Override
            public void afterEpoch(EpochResult result) {
                synchronized (Work.this) {
                    underWay.put(settings, result.epoch());
                }
            }

            @Override
            public void stored(Run run) {
                synchronized (Work.this) {
                    underWay.remove(settings);
                    trained.put(run.identity(), run);
                }
            }
        };
    }

    /**
     * What is kept where the command is stopped now, and how to go on, in one line.
     *
     * @param store where runs are kept
     * @param fresh whether the command trains again what is stored
     */
    synchronized String kept(String store, boolean fresh) {
        List<String> parts = new ArrayList<>();
        parts.add(
                switch (trained.size()) {
                    case 0 -> "none of its trainings is stored yet";
                    case 1 -> "1 of its trainings is stored in " + store;
                    default -> trained.size() + " of its trainings are stored in " + store;
                });
        underWay.forEach((settings, done) -> parts.add(settings.label()
                + (done > 0 && (Trainer.keepsEpochs(settings) || done == settings.epochs())
                        ? " goes on after epoch %d of %d".formatted(done, settings.epochs())
                        : " begins anew")));
        return "Stopped: " + parts.stream().collect(Collectors.joining("; ")) + ". The same command "
                + (fresh ? "without --fresh " : "") + "goes on.";
    }

    /** Whether anything was trained, or is. */
    synchronized boolean isAny() {
        return !trained.isEmpty() || !underWay.isEmpty();
    }
}
