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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Tells how trainings come along: a line for each training and epoch, and in a terminal a progress bar while one runs,
 * with the time that all trainings to come are expected to take. Of several trainings at a time each has a line when it
 * has ended, and in a terminal a last line says where all of them are while somebody waits for them. Safe for several
 * threads.
 */
public final class ConsoleProgress implements TrainingListener {

    private static final String ERASE_LINE = "\r\033[K";

    private static final long REFRESH_NANOS = 500_000_000;

    /** How many characters of a terminal's line the trainings take. */
    private static final int WIDTH = 90;

    /** Under so many minutes, seconds are told. */
    private static final int FEW_MINUTES = 2;

    private final PrintWriter out;
    private final String images;
    private final boolean terminal;
    private final Map<String, Settings> toCome = new LinkedHashMap<>();
    private EpochTimes times = EpochTimes.from(List.of());
    private final Set<Side> underway = new LinkedHashSet<>();
    private ToDoubleFunction<Settings> share;
    private boolean watched;
    private long shown;
    private int started;
    private int ended;

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
    public synchronized void expect(Collection<Settings> trainings, Collection<Run> known) {
        trainings.forEach(settings -> toCome.put(settings.identity(), settings));
        times = EpochTimes.from(known);
    }

    /**
     * Says that several are trained at a time.
     *
     * @param share the part of the machine that a training has, from 0 to 1
     */
    public synchronized void several(ToDoubleFunction<Settings> share) {
        this.share = share;
        if (!toCome.isEmpty()) {
            out.printf("%d to train; %s to go%n", toCome.size(), duration(toGo()));
            out.flush();
        }
    }

    /** Begins to show where several trainings are, or leaves the terminal to others. */
    public synchronized void watch(boolean watched) {
        this.watched = watched;
        erase();
    }

    private void erase() {
        if (shown > 0) {
            System.err.print(ERASE_LINE);
            shown = 0;
        }
    }

    /** Seconds until all of several trainings have ended. */
    private double toGo() {
        return times.estimate(toCome.values(), share).seconds()
                + underway.stream().mapToDouble(Side::toGo).sum();
    }

    private String count() {
        int all = started + toCome.size();
        return all == 1 ? "" : " (%d of %d)".formatted(share == null ? started : ended, all);
    }

    @Override
    public synchronized EpochListener start(Settings settings, int steps, int done) {
        toCome.remove(settings.identity());
        started++;
        if (share != null) {
            Side side = new Side(settings, done);
            underway.add(side);
            return side;
        }
        double rest = times.estimate(toCome.values()).seconds();
        out.printf(
                Locale.ROOT,
                "Training %s%s: %d epochs of %d steps%s; %s to go%n",
                settings.label(),
                count(),
                settings.epochs(),
                steps,
                done == 0 ? "" : ", going on after epoch " + done,
                duration(rest + times.estimate(settings, done).seconds()));
        out.flush();
        return new Epochs(settings, rest);
    }

    /** For somebody who wants results alone: what is wrong with trainings, and nothing else. */
    TrainingListener warnings() {
        return (settings, steps, done) -> new EpochListener() {
            @Override
            public void warn(String what) {
                ConsoleProgress.this.warn(settings, what);
            }
        };
    }

    private synchronized void warn(Settings settings, String what) {
        erase();
        out.println("WARNING: " + settings.label() + " " + what);
        out.flush();
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
            out.printf(
                    Locale.ROOT,
                    "  epoch %2d/%d: %s, %.1f s%n",
                    result.epoch(),
                    settings.epochs(),
                    numbers(settings, result),
                    result.seconds());
            out.flush();
        }

        @Override
        public void warn(String what) {
            ConsoleProgress.this.warn(settings, what);
        }
    }

    private String numbers(Settings settings, EpochResult result) {
        String terms = settings.temperature() == null
                ? ""
                : String.format(Locale.ROOT, " (hard %.4f, soft %.4f)", result.hard(), result.soft());
        return String.format(
                Locale.ROOT, "%s accuracy %.2f %%, loss %.4f%s", images, result.testAccuracy(), result.loss(), terms);
    }

    /** One of several trainings at a time. */
    private final class Side implements EpochListener {

        private final Settings settings;
        private final int before;
        private final long start = System.nanoTime();
        private int done;
        private double ofEpoch;

        private Side(Settings settings, int done) {
            this.settings = settings;
            this.before = done;
            this.done = done;
        }

        private double toGo() {
            double rest = times.estimate(settings, done).seconds();
            double epoch = rest - times.estimate(settings, done + 1).seconds();
            return share.applyAsDouble(settings) * Math.max(0, rest - ofEpoch * epoch);
        }

        @Override
        public void afterStep(int epoch, int step, int steps) {
            synchronized (ConsoleProgress.this) {
                ofEpoch = (double) step / steps;
                if (terminal && watched && System.nanoTime() - shown > REFRESH_NANOS) {
                    shown = System.nanoTime();
                    String where = underway.stream()
                            .map(side ->
                                    "%s %d/%d".formatted(side.settings.label(), side.done + 1, side.settings.epochs()))
                            .collect(Collectors.joining(", "));
                    System.err.print(ERASE_LINE + where.substring(0, Math.min(WIDTH, where.length())) + "; "
                            + duration(ConsoleProgress.this.toGo()) + " to go");
                }
            }
        }

        @Override
        public void afterEpoch(EpochResult result) {
            synchronized (ConsoleProgress.this) {
                times.add(settings, result);
                done = result.epoch();
                ofEpoch = 0;
                if (done < settings.epochs()) {
                    return;
                }
                underway.remove(this);
                ended++;
                erase();
                out.printf(
                        Locale.ROOT,
                        "Trained %s%s: %s after %d epochs%s, %.1f s; %s to go%n",
                        settings.label(),
                        count(),
                        numbers(settings, result),
                        settings.epochs(),
                        before == 0 ? "" : ", " + before + " of them before",
                        (System.nanoTime() - start) / 1e9,
                        duration(ConsoleProgress.this.toGo()));
                out.flush();
            }
        }

        @Override
        public void warn(String what) {
            ConsoleProgress.this.warn(settings, what);
        }
    }
}
