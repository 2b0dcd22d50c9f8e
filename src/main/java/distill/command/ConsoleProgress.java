package distill.command;

import distill.experiment.EpochListener;
import distill.experiment.EpochTimes;
import distill.experiment.TrainingListener;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Tells how trainings come along: a line for each training and epoch, and in a terminal a progress bar while one runs,
 * with the time that all trainings to come are expected to take.
 */
public final class ConsoleProgress implements TrainingListener {

    private static final String ERASE_LINE = "\r\033[K";

    /** Under so many minutes, seconds are told. */
    private static final int FEW_MINUTES = 2;

    private final PrintWriter out;
    private final String images;
    private final boolean terminal;
    private final Map<String, Settings> toCome = new LinkedHashMap<>();
    private EpochTimes times = EpochTimes.from(List.of());
    private int started;

    /**
     * Progress on a console.
     *
     * @param images what the accuracy after each epoch is measured on, {@code test} or {@code validation}
     * @param terminal whether a person watches
     */
    ConsoleProgress(PrintWriter out, String images, boolean terminal) {
        this.out = out;
        this.images = images;
        this.terminal = terminal;
    }

    /** Progress on the console of this process, with accuracies on {@code images}, such as {@code validation}. */
    public static ConsoleProgress of(PrintWriter out, String images) {
        return new ConsoleProgress(out, images, System.console() != null);
    }

    /**
     * Says what is to be trained in all.
     *
     * @param known runs that tell how long epochs take
     */
    public void expect(Collection<Settings> trainings, Collection<Run> known) {
        trainings.forEach(settings -> toCome.put(settings.identity(), settings));
        times = EpochTimes.from(known);
    }

    @Override
    public EpochListener start(Settings settings, int steps, int done) {
        toCome.remove(settings.identity());
        started++;
        int all = started + toCome.size();
        double rest = times.estimate(toCome.values()).seconds();
        out.printf(
                Locale.ROOT,
                "Training %s%s: %d epochs of %d steps%s; %s to go%n",
                settings.label(),
                all == 1 ? "" : " (%d of %d)".formatted(started, all),
                settings.epochs(),
                steps,
                done == 0 ? "" : ", going on after epoch " + done,
                duration(rest + times.estimate(settings, done).seconds()));
        out.flush();
        return new Epochs(settings, rest);
    }

    /** {@code about 40 s}, {@code about 12 min}, {@code about 3 h 20 min}. */
    public static String duration(double seconds) {
        Duration minutes = Duration.ofMinutes(Math.round(seconds / 60));
        if (minutes.toMinutes() < FEW_MINUTES) {
            return "about " + Math.round(seconds) + " s";
        }
        String hours = minutes.toHours() == 0 ? "" : minutes.toHours() + " h ";
        return "about " + hours + minutes.toMinutesPart() + " min";
    }

    private final class Epochs implements EpochListener {

        private final Settings settings;
        private final double rest;
        private ProgressBar bar;
        private long start;
        private EpochTimes.Estimate before;
        private EpochTimes.Estimate after;

        /** @param rest seconds of the trainings that come after this one */
        private Epochs(Settings settings, double rest) {
            this.settings = settings;
            this.rest = rest;
        }

        @Override
        public void afterStep(int epoch, int step, int steps) {
            if (!terminal) {
                return;
            }
            if (bar == null) {
                bar = new ProgressBarBuilder()
                        .setTaskName("  epoch %2d/%d".formatted(epoch, settings.epochs()))
                        .setInitialMax(steps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .hideEta()
                        .setConsumer(new DelegatingProgressBarConsumer(line -> System.err.print("\r" + line)))
                        .build();
                start = System.nanoTime();
                before = times.estimate(settings, epoch - 1);
                after = times.estimate(settings, epoch);
            }
            double elapsed = (System.nanoTime() - start) / 1e9;
            double thisEpoch =
                    before.measured() ? before.seconds() - after.seconds() - elapsed : elapsed / step * (steps - step);
            bar.setExtraMessage(duration(Math.max(0, thisEpoch) + after.seconds() + rest) + " to go");
            bar.stepTo(step);
        }

        @Override
        public void afterEpoch(EpochResult result) {
            times.add(settings, result);
            if (bar != null) {
                bar.close();
                bar = null;
                System.err.print(ERASE_LINE);
            }
            String terms = settings.temperature() == null
                    ? ""
                    : String.format(Locale.ROOT, " (hard %.4f, soft %.4f)", result.hard(), result.soft());
            out.printf(
                    Locale.ROOT,
                    "  epoch %2d/%d: %s accuracy %.2f %%, loss %.4f%s, %.1f s%n",
                    result.epoch(),
                    settings.epochs(),
                    images,
                    result.testAccuracy(),
                    result.loss(),
                    terms,
                    result.seconds());
            out.flush();
        }
    }
}
