package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.EpochListener;
import distill.run.EpochResult;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleProgressTest {

    /** Runs of these settings have taken 3.5 s for each epoch. */
    private static final Settings ONE = Runs.settings("q5", Role.STUDENT, 4., .5, 1);

    private static final Settings TWO = Runs.settings("q5", Role.STUDENT, 16., .5, 1);
    private static final Settings TEACHER = Runs.settings("teacher", Role.TEACHER, null, null, 1);
    private static final int STEPS = 234;

    /** Seconds of a step where a student takes as long as in the table of {@code EpochTimes}. */
    private static final double STUDENT_STEP = .0115;

    private static final double TEACHER_STEP = .0782;

    private final StringWriter out = new StringWriter();
    private final TestClock clock = new TestClock();
    private final ConsoleProgress progress = new ConsoleProgress(new PrintWriter(out), "test", false, clock);

    /** A clock that stands at 14:03:27 until it is set on. */
    private static final class TestClock extends Clock {

        private Instant now = Instant.parse("2026-01-01T14:03:27Z");

        void pass(double seconds) {
            now = now.plus(Duration.ofNanos(Math.round(seconds * 1e9)));
        }

        double seconds() {
            return now.toEpochMilli() / 1e3;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static EpochResult epoch(int epoch, double seconds) {
        return Runs.epoch(epoch, 97.5, 1.5, 2, 1, seconds);
    }

    private static List<Run> known(double epochSeconds, Settings... settings) {
        return Stream.of(settings)
                .map(one -> Runs.run(one, 98))
                .map(run -> Runs.with(
                        run,
                        "history",
                        run.history().stream()
                                .map(result -> Runs.with(result, "seconds", epochSeconds))
                                .toList()))
                .toList();
    }

    @Test
    void linesBeginWithTheTimeOfDayAndTellTheTimeToGoOnceStepsWereTimed() {
        progress.expect(List.of(ONE, TWO), List.of());
        EpochListener first = progress.start(ONE, STEPS, 0);
        clock.pass(1);
        first.afterStep(1, 1, STEPS);
        // Steps of 20 ms: an epoch of 234.4 is 4.69 s, and its test, 39.1 batches of a third of that, .26 s.
        for (int step = 2; step <= STEPS; step++) {
            clock.pass(.02);
            first.afterStep(1, step, STEPS);
        }
        first.afterEpoch(epoch(1, 4.95), () -> 99);
        first.doing("measuring the accuracy on the 60,000 training images");
        first.stored(Runs.run(ONE, 97.5));
        progress.start(TWO, STEPS, 10);
        List<String> lines = out.toString().lines().toList();
        assertEquals("14:03:27 Training " + ONE.label() + " (1 of 2): 12 epochs of 234 steps", lines.get(0));
        // After 51 steps, 50 of which took 1 s: 2 x (12 x 4.95 + 1.56) - 1.02 are 120.9 s.
        assertEquals("14:03:29   by the first steps, about 2 min to go", lines.get(1));
        // 11 + 12 epochs are 113.9 s, and the accuracy on all images, twice, 3.1 s.
        assertEquals(
                "14:03:32   epoch  1/12: test accuracy 97.50 %, loss 1.5000 (hard 2.0000, soft 1.0000), 5.0 s; about 2 min to go",
                lines.get(2));
        assertEquals("14:03:32   measuring the accuracy on the 60,000 training images", lines.get(3));
        assertEquals(
                "14:03:32 Trained " + ONE.label()
                        + " (1 of 2): test accuracy 97.50 %, loss 1.5000 (hard 2.0000, soft 1.0000) after 12 epochs, 5.7 s; about 61 s to go",
                lines.get(4));
        // Two epochs and the end.
        assertEquals(
                "14:03:32 Training " + TWO.label()
                        + " (2 of 2): 12 epochs of 234 steps, going on after epoch 10; about 11 s to go",
                lines.get(5));
        assertEquals(6, lines.size());
    }

    @Test
    void aTerminalsLinesHaveNoTimeOfDay() {
        ConsoleProgress watched = new ConsoleProgress(new PrintWriter(out), "test", true, clock);
        watched.start(ONE, STEPS, 0);
        assertTrue(out.toString().startsWith("Training "), out.toString());
    }

    @Test
    void ofSeveralAtATimeEachHasALineWhenItsRunIsStored() {
        progress.expect(List.of(ONE, TWO), List.of());
        progress.several(2, settings -> 1);
        EpochListener first = progress.start(ONE, STEPS, 0);
        progress.start(TWO, STEPS, 10);
        first.afterEpoch(epoch(12, 3.5), () -> 99);
        first.doing("measuring");
        clock.pass(3);
        first.stored(Runs.run(ONE, 97.5));
        List<String> lines = out.toString().lines().toList();
        assertEquals("14:03:27 2 to train; the first steps will tell how long that takes", lines.get(0));
        assertTrue(lines.get(1).startsWith("14:03:27 By the first steps, about "), lines.get(1));
        // Of the second two epochs of 3.5 s were left, and then the accuracy on all training images; 3 s have passed.
        assertEquals(
                "14:03:30 Trained " + ONE.label()
                        + " (1 of 2): test accuracy 97.50 %, loss 1.5000 (hard 2.0000, soft 1.0000) after 12 epochs, 3.0 s; about 5 s to go",
                lines.get(2));
        assertEquals(3, lines.size());
    }

    @Test
    void wherePaceIsOnlyTakenFromOthersTheFirstStepsTellItAnew() {
        progress.expect(List.of(TEACHER, ONE), List.of());
        progress.several(2, settings -> 1);
        EpochListener teacher = progress.start(TEACHER, STEPS, 11);
        teacher.afterEpoch(epoch(12, 20), () -> 99);
        teacher.stored(Runs.run(TEACHER, 97.5));
        EpochListener student = progress.start(ONE, STEPS, 0);
        student.afterStep(1, 1, STEPS);
        clock.pass(1);
        student.afterStep(1, 11, STEPS);
        clock.pass(1);
        student.afterStep(1, 21, STEPS);
        List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size(), lines::toString);
        // Steps of 100 ms: 12 epochs of 24.7 s, of which 11 steps are done, and 7.8 s at the end.
        assertEquals("14:03:28 By the first steps, about 5 min to go", lines.get(3));
    }

    @Test
    void accuraciesOnImagesThatAreKeptBackAreNotCalledTestAccuracies() {
        ConsoleProgress kept = new ConsoleProgress(new PrintWriter(out), "validation", false, clock);
        kept.start(ONE, STEPS, 0).afterEpoch(epoch(1, 7), () -> 99);
        assertTrue(out.toString().contains("  epoch  1/12: validation accuracy 97.50 %"), out.toString());
    }

    @Test
    void whatIsWrongWithATrainingIsToldByLabelInEveryForm() {
        String warning = "WARNING: " + ONE.label() + " predicts class 1 for all\n";
        progress.start(ONE, 234, 0).warn("predicts class 1 for all");
        assertTrue(out.toString().endsWith(warning), out.toString());
        out.getBuffer().setLength(0);
        progress.several(2, settings -> 1);
        progress.start(ONE, 234, 0).warn("predicts class 1 for all");
        assertEquals(warning, out.toString());
    }

    @Test
    void whoWantsResultsAloneHearsOfWarningsAndOfNothingElse() throws IOException {
        EpochListener quiet =
                ConsoleProgress.quiet(new PrintWriter(out), "test").start(ONE, 234, 0);
        quiet.afterEpoch(epoch(1, 7), () -> 99);
        quiet.warn("predicts class 1 for all");
        assertEquals("WARNING: " + ONE.label() + " predicts class 1 for all\n", out.toString());
    }

    @Test
    void aTrainingThatWasNotExpectedIsCountedOnceItStarts() {
        progress.expect(List.of(ONE), List.of());
        progress.start(TWO, STEPS, 0);
        progress.start(ONE, STEPS, 0);
        assertEquals(
                List.of("(1 of 2)", "(2 of 2)"),
                out.toString()
                        .lines()
                        .map(line -> line.replaceAll(".*(\\(.*\\)).*", "$1"))
                        .toList());
    }

    /** Students of three epochs under one teacher. */
    private static List<Settings> students(int count) {
        return Stream.iterate(1, n -> n <= count, n -> n + 1)
                .map(n -> Runs.with(
                        Runs.with(Runs.settings("q5", Role.STUDENT, (double) n, .5, 1), "epochs", 3),
                        "teacher",
                        teacher(3).identity()))
                .toList();
    }

    private static Settings teacher(int epochs) {
        return Runs.with(TEACHER, "epochs", epochs);
    }

    private static List<Settings> joined(Settings first, Collection<Settings> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        // At a time; how much slower than the table the machine is; how much slower a student is beside another.
        "1, 1, 1",
        "1, 3, 1",
        "2, 1, 1",
        "2, 1.5, 1.1",
        "2, 3, 1"
    })
    void afterATenthOfStudentsTheTimeToGoIsWithinAQuarterOfTheTruth(int places, double slower, double beside) {
        Simulation simulation = new Simulation(places, settings -> slower * beside * STUDENT_STEP);
        simulation.train(students(8), List.of());
        simulation.assertNearTheTruthAfterATenth();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "2, 1", "2, 3"})
    void ofATeacherAndThenItsStudentsToo(int places, double slower) {
        Simulation simulation = new Simulation(
                places, settings -> slower * (settings.role() == Role.TEACHER ? TEACHER_STEP : STUDENT_STEP));
        simulation.train(joined(teacher(3), students(9)), List.of());
        simulation.assertNearTheTruthAfterATenth();
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "1, .3", "2, .3"})
    void andWhereWhatIsStoredIsFromAnotherMachine(int places, double storedEpoch) {
        Simulation simulation =
                new Simulation(places, settings -> settings.role() == Role.TEACHER ? TEACHER_STEP : STUDENT_STEP);
        List<Settings> all = joined(teacher(3), students(7));
        // An epoch of the teacher takes 19.4 s here, and one of a student 2.8.
        List<Run> stored = Stream.concat(
                        known(storedEpoch * 6.8, teacher(12)).stream(),
                        known(storedEpoch, students(1).get(0)).stream())
                .toList();
        simulation.train(all, stored);
        simulation.assertNearTheTruthAfterATenth();
    }

    /**
     * Trainings on a simulated clock: each step takes its time, a look at images a third of that for each batch. One
     * that takes all places waits until they are free, and a student for its teacher, as in {@code Jobs}.
     */
    private final class Simulation {

        private static final double FORWARDS = 1. / 3;
        private static final double TEST_BATCHES = 10_000. / 256;
        private static final Pattern TO_GO = Pattern.compile("about (?:(\\d+) min ?)?(?:(\\d+) s )?to go");

        private final int places;
        private final ToDoubleFunction<Settings> step;
        private final List<Under> underWay = new ArrayList<>();
        private final Map<Double, Double> told = new HashMap<>();
        private final double start = clock.seconds();
        private double end;

        private Simulation(int places, ToDoubleFunction<Settings> step) {
            this.places = places;
            this.step = step;
        }

        private int takes(Settings settings) {
            return settings.role() == Role.TEACHER ? places : 1;
        }

        private void train(List<Settings> all, List<Run> stored) {
            progress.expect(all, stored);
            if (places > 1) {
                progress.several(places, this::takes);
            }
            List<Settings> waiting = new ArrayList<>(all);
            while (!waiting.isEmpty() || !underWay.isEmpty()) {
                while (!waiting.isEmpty() && isRoomFor(waiting.get(0))) {
                    underWay.add(new Under(waiting.remove(0)));
                }
                Under next = underWay.stream()
                        .min((one, other) -> Double.compare(one.next, other.next))
                        .orElseThrow();
                clock.pass(next.next - clock.seconds());
                next.goOn();
                listen();
            }
            end = clock.seconds();
        }

        private boolean isRoomFor(Settings settings) {
            int taken = underWay.stream().mapToInt(one -> takes(one.settings)).sum();
            return taken + takes(settings) <= places;
        }

        /** Remembers what was told just now. */
        private void listen() {
            Matcher matcher = TO_GO.matcher(out.toString());
            if (matcher.find()) {
                told.put(clock.seconds(), 60 * number(matcher.group(1)) + number(matcher.group(2)));
            }
            out.getBuffer().setLength(0);
        }

        private double number(String digits) {
            return digits == null ? 0 : Double.parseDouble(digits);
        }

        private void assertNearTheTruthAfterATenth() {
            double whole = end - start;
            Map<Double, Double> after = new HashMap<>(told);
            after.keySet().removeIf(time -> time < start + .1 * whole);
            assertTrue(told.size() >= 2 && !after.isEmpty(), () -> "told: " + told);
            double first = told.keySet().stream().min(Double::compare).orElseThrow();
            assertTrue(first < start + .1 * whole, () -> "first told after " + (first - start) + " s of " + whole);
            after.put(first, told.get(first));
            after.forEach((time, toGo) -> {
                double truth = end - time;
                // Seconds are told whole, and tens of them from 90 on.
                double rounding = toGo >= 90 ? 5 : .5;
                assertTrue(
                        Math.abs(toGo - truth) <= .25 * truth + rounding,
                        () -> "after %.1f s of %.1f: %.0f s told, %.1f followed"
                                .formatted(time - start, whole, toGo, truth));
            });
        }

        /** A training under way, and when what it does next is done. */
        private final class Under {

            private final Settings settings;
            private final EpochListener told;
            private final double seconds;
            private double next;
            private double epochBegan;
            private int epoch = 1;
            private int done;

            private Under(Settings settings) {
                this.settings = settings;
                this.seconds = step.applyAsDouble(settings);
                this.told = progress.start(settings, STEPS, 0);
                this.epochBegan = clock.seconds();
                this.next = clock.seconds() + seconds;
            }

            private void goOn() {
                if (epoch > settings.epochs()) {
                    underWay.remove(this);
                    told.stored(Runs.run(settings, 97.5));
                } else if (done == STEPS) {
                    told.afterEpoch(epoch(epoch, clock.seconds() - epochBegan), () -> 99);
                    epoch++;
                    done = 0;
                    epochBegan = clock.seconds();
                    next += epoch > settings.epochs() ? STEPS * FORWARDS * seconds : seconds;
                } else {
                    done++;
                    told.afterStep(epoch, done, STEPS);
                    next += done == STEPS ? TEST_BATCHES * FORWARDS * seconds : seconds;
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, about 0 s",
        "89.4, about 89 s",
        "89.6, about 90 s",
        "90, about 1 min 30 s",
        "124, about 2 min",
        "597, about 10 min",
        "3599, about 1 h 0 min",
        "11_999, about 3 h 20 min",
        "100_000, about 27 h 47 min"
    })
    void durationsAreToldInTheUnitsThatAPersonWouldUse(String seconds, String told) {
        assertEquals(told, ConsoleProgress.duration(Double.parseDouble(seconds.replace("_", ""))));
    }

    @Test
    void aLogSaysAfterTenSilentSecondsWhereATrainingIsAndOnceOneRunsLongMoreSeldom() {
        progress.expect(List.of(ONE), known(3.5, ONE));
        progress.start(ONE, STEPS, 0);
        clock.pass(9);
        progress.tick();
        assertEquals(1, lines());
        clock.pass(1);
        progress.tick();
        assertEquals(2, lines());
        assertTrue(out.toString().contains("task1-as-written-q5-student-T4-alpha0.5-seed1 1/12 (0 %)"), out.toString());
        // A hundredth of 2000 s is 20 s.
        clock.pass(1990);
        progress.tick();
        clock.pass(19);
        progress.tick();
        assertEquals(3, lines());
        clock.pass(2);
        progress.tick();
        assertEquals(4, lines());
    }

    private long lines() {
        return out.toString().lines().count();
    }
}
