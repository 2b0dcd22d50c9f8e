package distill.command;

import distill.experiment.EpochListener;
import distill.experiment.EpochTimes;
import distill.experiment.TrainingListener;
import distill.report.Wrapping;
import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Tells how trainings come along: of one at a time a line when it starts and after each epoch, of each a line when its
 * run is stored, with the time that all that is to come is expected to take once first steps were timed. In a terminal
 * a last line says where all of them are while somebody waits for them; elsewhere, as in a log file, each line begins
 * with the time of day. Safe for several threads.
 */
public final class ConsoleProgress implements TrainingListener {

    private static final String ERASE_LINE = "\r\033[K";

    private static final long REFRESH_MILLIS = 500;

    /**
     * In a log a line says where the trainings are when nothing was said for so long, or for a hundredth of the time
     * since the first.
     */
    private static final long SILENT_MILLIS = 10_000;

    private static final int SILENT_SHARE = 100;

    /** How wide a terminal is taken to be where that is not known. */
    private static final int WIDTH = 80;

    /** Under so many seconds they are told, and under so many more in tens beside the minutes. */
    private static final int FEW_SECONDS = 90;

    private static final int MORE_SECONDS = 600;
    private static final int TENS = 10;

    /** Steps of an epoch tell how long steps take when there are more than so many, which took so long. */
    private static final int FEW_STEPS = 3;

    private static final long FEW_MILLIS = 1000;

    private static final double MILLIS = 1e3;

    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final PrintWriter out;
    private final PrintWriter warnings;
    private final String images;
    private final boolean terminal;
    private final Clock clock;
    private final Map<String, Settings> toCome = new LinkedHashMap<>();
    private final Set<UnderWay> underWay = new LinkedHashSet<>();
    private EpochTimes times = EpochTimes.from(List.of());
    private int places = 1;
    private ToIntFunction<Settings> takes = settings -> 1;
    private boolean watched = true;
    private boolean ticks;
    private boolean told;
    private long shown;
    private long first;
    private long said;
    private long lastStored;
    private int ended;

    /**
     * Progress on a console.
     *
     * @param images what the accuracy after each epoch is measured on, {@code test} or {@code validation}
     * @param terminal whether a person watches
     */
    ConsoleProgress(PrintWriter out, String images, boolean terminal, Clock clock) {
        this(out, out, images, terminal, clock);
    }

    private ConsoleProgress(PrintWriter out, PrintWriter warnings, String images, boolean terminal, Clock clock) {
        this.out = out;
        this.warnings = warnings;
        this.images = images;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Progress on the console of this process, with accuracies on {@code images}, such as {@code validation}. */
    public static ConsoleProgress of(PrintWriter out, String images) {
        ConsoleProgress progress =
                new ConsoleProgress(out, images, System.console() != null, Clock.systemDefaultZone());
        progress.ticks = true;
        return progress;
    }

    /** Has {@link #tick} called by a thread of its own from the first training on, until none is under way. */
    private void startTicking() {
        if (!ticks) {
            return;
        }
        ticks = false;
        Thread ticking = new Thread(this::tickWhileUnderWay, "progress");
        ticking.setDaemon(true);
        ticking.start();
    }

    private void tickWhileUnderWay() {
        try {
            do {
                Thread.sleep(REFRESH_MILLIS);
                tick();
            } while (!isOver());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isOver() {
        ticks = underWay.isEmpty();
        return ticks;
    }

    /**
     * Says where the trainings are though none of them has anything new, as while one is measured or its graph built.
     */
    synchronized void tick() {
        // Of one at a time what follows its last epoch is told, and then the console is for others.
        if (places == 1 ? underWay.stream().allMatch(UnderWay::isDone) : underWay.isEmpty()) {
            return;
        }
        long now = clock.millis();
        if (terminal) {
            show(now);
        } else if (now - said >= Math.max(SILENT_MILLIS, (now - first) / SILENT_SHARE)) {
            say((places == 1 ? "  " : "") + where() + toGoInWords());
        }
    }

    private String where() {
        return underWay.stream().map(UnderWay::where).collect(Collectors.joining(", "));
    }

    /** Progress that nobody sees but for warnings, and that knows how long all to come will take. */
    static ConsoleProgress quiet(PrintWriter warnings, String images) {
        return new ConsoleProgress(
                new PrintWriter(Writer.nullWriter()), warnings, images, false, Clock.systemDefaultZone());
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
     * @param places how many there is room for
     * @param takes how many of the places a training takes
     */
    public synchronized void several(int places, ToIntFunction<Settings> takes) {
        this.places = places;
        this.takes = takes;
        watched = false;
        if (!toCome.isEmpty()) {
            say("%d to train; the first steps will tell how long that takes".formatted(toCome.size()));
        }
    }

    /** Begins to show where several trainings are, or leaves the terminal to others. */
    public synchronized void watch(boolean watched) {
        this.watched = watched || places == 1;
        erase();
    }

    /** A line on the error output, in place of what a terminal's last line shows. */
    static void sayOnErr(String line) {
        System.err.println((System.console() == null ? "" : ERASE_LINE) + line);
    }

    private void erase() {
        if (shown > 0) {
            System.err.print(ERASE_LINE);
            shown = 0;
        }
    }

    private void say(String line) {
        erase();
        said = clock.millis();
        first = first == 0 ? said : first;
        out.println(terminal ? line : LocalTime.now(clock).format(TIME_OF_DAY) + " " + line);
        out.flush();
    }

    /** Seconds until all trainings have ended. */
    public synchronized double secondsToGo() {
        List<EpochTimes.Left> left = new ArrayList<>();
        underWay.forEach(one -> left.add(one.left()));
        toCome.values().forEach(settings -> left.add(EpochTimes.Left.whole(settings)));
        return times.estimate(left, places, takes).seconds();
    }

    /** {@code ; about 12 min to go}, as far as the trainings under way were timed, and unless nothing is to come. */
    private String toGoInWords() {
        boolean over = toCome.isEmpty() && underWay.isEmpty();
        if (over || !underWay.stream().allMatch(UnderWay::isTimed)) {
            return "";
        }
        told = true;
        return "; " + duration(secondsToGo()) + " to go";
    }

    /** How many trainings have ended, are under way or are to come. */
    public synchronized int all() {
        return ended + underWay.size() + toCome.size();
    }

    private String count(int number) {
        int all = all();
        return all == 1 ? "" : " (%d of %d)".formatted(number, all);
    }

    @Override
    public synchronized EpochListener start(Settings settings, int steps, int done) {
        toCome.remove(settings.identity());
        times.start(settings);
        if (places == 1) {
            // One whose run is not stored is over when the next one starts.
            ended += underWay.size();
            underWay.clear();
        }
        UnderWay started = new UnderWay(settings, done);
        underWay.add(started);
        startTicking();
        told &= started.isTimed();
        if (places == 1) {
            say("Training %s%s: %s of %s%s%s"
                    .formatted(
                            settings.label(),
                            count(ended + 1),
                            many(settings.epochs(), "epoch"),
                            many(steps, "step"),
                            done == 0 ? "" : ", going on after epoch " + done,
                            toGoInWords()));
        }
        return started;
    }

    /** {@code 1 epoch}, {@code 12 epochs}. */
    private static String many(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    @Override
    public synchronized void doing(String what) {
        say(what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1));
    }

    private synchronized void warn(Settings settings, String what) {
        erase();
        warnings.println("WARNING: " + settings.label() + " " + what);
        warnings.flush();
    }

    /** {@code about 40 s}, {@code about 4 min 10 s}, {@code about 12 min}, {@code about 3 h 20 min}. */
    public static String duration(double seconds) {
        return "about " + inWords(seconds);
    }

    /** {@code 40 s}, {@code 4 min 10 s}, {@code 12 min}, {@code 3 h 20 min}. */
    static String inWords(double seconds) {
        if (seconds < FEW_SECONDS) {
            return Math.round(seconds) + " s";
        }
        if (seconds < MORE_SECONDS) {
            Duration tens = Duration.ofSeconds(TENS * Math.round(seconds / TENS));
            return tens.toMinutes() + " min" + (tens.toSecondsPart() == 0 ? "" : " " + tens.toSecondsPart() + " s");
        }
        Duration minutes = Duration.ofMinutes(Math.round(seconds / 60));
        String hours = minutes.toHours() == 0 ? "" : minutes.toHours() + " h ";
        return hours + minutes.toMinutesPart() + " min";
    }

    private String numbers(Settings settings, EpochResult result) {
        String terms = settings.temperature() == null && settings.alpha() == null
                ? ""
                : String.format(Locale.ROOT, " (hard %.4f, soft %.4f)", result.hard(), result.soft());
        return String.format(
                Locale.ROOT,
                "%s accuracy %.2f %%, loss %.4f%s%s",
                images,
                result.testAccuracy(),
                result.loss(),
                terms,
                result.valLoss() == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", val_loss %.4f, val_accuracy %.2f %%",
                                result.valLoss(),
                                result.valAccuracy()));
    }

    /** A training that is under way. */
    private final class UnderWay implements EpochListener {

        private final Settings settings;
        private final int before;
        private final long start = clock.millis();
        private int done;
        private double ofNext;
        private long firstStep;
        private long heard = start;
        private EpochResult last;
        private double inEpochs;

        private UnderWay(Settings settings, int done) {
            this.settings = settings;
            this.before = done;
            this.done = done;
        }

        private EpochTimes.Left left() {
            return new EpochTimes.Left(settings, done, ofNext, (clock.millis() - heard) / MILLIS);
        }

        /** Whether its next epoch is of a kind that was timed here; its last where it is done. */
        private boolean isTimed() {
            return times.isTimedHere(settings, Math.min(done + 1, settings.epochs()));
        }

        private boolean isDone() {
            return done == settings.epochs();
        }

        /** {@code student-T4-alpha0.5 3/12 (51 %)} */
        private String where() {
            return isDone()
                    ? settings.label() + " measuring"
                    : "%s %d/%d (%.0f %%)".formatted(settings.label(), done + 1, settings.epochs(), 100 * ofNext);
        }

        @Override
        public void afterStep(int epoch, int step, int steps) {
            synchronized (ConsoleProgress.this) {
                long now = clock.millis();
                heard = now;
                ofNext = (double) step / steps;
                if (step == 1) {
                    firstStep = now;
                } else if (step > FEW_STEPS && now - firstStep >= FEW_MILLIS) {
                    times.addSteps(settings, epoch, (now - firstStep) / MILLIS / (step - 1));
                }
                tellFirst();
                show(now);
            }
        }

        @Override
        public void doing(String what) {
            synchronized (ConsoleProgress.this) {
                if (places == 1) {
                    say("  " + what);
                }
            }
        }

        @Override
        public void afterEpoch(EpochResult result) {
            synchronized (ConsoleProgress.this) {
                times.add(settings, result);
                heard = clock.millis();
                done = result.epoch();
                ofNext = 0;
                last = result;
                inEpochs += result.seconds();
                told &= isTimed();
                if (places == 1) {
                    say(String.format(
                            Locale.ROOT,
                            "  epoch %2d/%d: %s, %.1f s%s",
                            result.epoch(),
                            settings.epochs(),
                            numbers(settings, result),
                            result.seconds(),
                            toGoInWords()));
                } else {
                    tellFirst();
                }
            }
        }

        @Override
        public void stored(Run run) {
            synchronized (ConsoleProgress.this) {
                long now = clock.millis();
                long began = places == 1 && lastStored > 0 ? lastStored : start;
                times.addRest(settings, (now - began) / MILLIS - inEpochs);
                lastStored = now;
                underWay.remove(this);
                ended++;
                say(String.format(
                        Locale.ROOT,
                        "Trained %s%s: %s after %s%s, %.1f s%s",
                        settings.label(),
                        count(ended),
                        numbers(settings, last),
                        many(run.history().size(), "epoch"),
                        before == 0 ? "" : ", " + before + " of them before",
                        (now - start) / MILLIS,
                        toGoInWords()));
            }
        }

        @Override
        public void warn(String what) {
            ConsoleProgress.this.warn(settings, what);
        }
    }

    /** Says how long all takes as soon as the first steps of all that is under way tell it. */
    private void tellFirst() {
        if (!told && underWay.stream().allMatch(UnderWay::isTimed)) {
            told = true;
            say((places == 1 ? "  by" : "By") + " the first steps, " + duration(secondsToGo()) + " to go");
        }
    }

    /** Shows in a terminal where the trainings are. */
    private void show(long now) {
        if (terminal && watched && now - shown > REFRESH_MILLIS) {
            String where = where();
            String toGo = toGoInWords();
            int width = Wrapping.terminalWidth().orElse(WIDTH) - 1;
            String line = where.substring(0, Math.min(width - toGo.length(), where.length())) + toGo;
            shown = now;
            System.err.print(ERASE_LINE + line);
        }
    }
}
