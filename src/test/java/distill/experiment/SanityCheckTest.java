package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.metrics.ConfusionMatrix;
import distill.run.EpochResult;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SanityCheckTest {

    private static final Settings RANDOM =
            Runs.transfer(Runs.settings("q2", Role.TEACHER, null, null, 1), "mobilenetv2", Settings.RANDOM);

    private static final Settings PRETRAINED =
            Runs.transfer(Runs.settings("q2", Role.TEACHER, null, null, 1), "mobilenetv2", "f".repeat(64));

    private static List<EpochResult> history(double... losses) {
        List<EpochResult> history = new ArrayList<>();
        for (double loss : losses) {
            history.add(Runs.epoch(history.size() + 1, 50, loss, loss, 0, 1));
        }
        return history;
    }

    /** Two features of three images each: the first always 1, the second in steps. */
    @ParameterizedTest
    @CsvSource({"1e-11, true", "4e-5, true", "6e-5, false", "1, false", "0, true"})
    void featuresThatHardlyDifferBetweenImagesAreWarnedOf(double step, boolean warned) {
        double[] features = {1, 0, 1, step, 1, 2 * step};
        assertEquals(warned, SanityCheck.before(RANDOM, features, 3).isPresent());
    }

    @Test
    void theWarningSaysHowLittleTheyDifferAndWhatToDo() {
        double[] features = {0, 0, 0, 2e-11};
        String random = SanityCheck.before(RANDOM, features, 2).orElseThrow();
        assertTrue(random.contains("of the 2 features") && random.contains("more than 2e-11"), random);
        assertTrue(random.contains("--weights") && random.contains("--variant as-written"), random);
        assertTrue(random.contains("weights import FILE --model mobilenetv2 "), random);
        String pretrained = SanityCheck.before(PRETRAINED, features, 2).orElseThrow();
        assertTrue(pretrained.contains("images are all alike"), pretrained);
        random.lines().skip(1).forEach(line -> assertTrue(line.length() <= 110, line));
    }

    @Test
    void readingsThatNormaliseByTheBatchTrainOtherwiseThanTheyPredict() {
        Reading written = Reading.of(Settings.TASK2, Variant.AS_WRITTEN);
        assertEquals(false, new ReadingGraph(written).trainsInInference());
        assertEquals(true, new ReadingGraph(written.without(Slip.BATCH_STATISTICS)).trainsInInference());
        assertEquals(true, new ReadingGraph(Reading.of(Settings.TASK2, Variant.AS_DESCRIBED)).trainsInInference());
        assertEquals(false, new ReadingGraph(Reading.of(Settings.TASK1, Variant.AS_DESCRIBED)).trainsInInference());
    }

    @Test
    void aNetworkThatPredictsOneClassIsTold() {
        List<String> classes = List.of("HP", "SSA");
        ConfusionMatrix one = new ConfusionMatrix(classes, List.of(List.of(0, 3), List.of(0, 2)));
        assertEquals(
                Optional.of("predicts class SSA for all 5 images that it was tested on"),
                SanityCheck.after(history(.7, .6), one));
        ConfusionMatrix both = new ConfusionMatrix(classes, List.of(List.of(1, 2), List.of(0, 2)));
        assertEquals(Optional.empty(), SanityCheck.after(history(.7, .6), both));
    }

    @Test
    void aLossThatDoesNotMoveIsToldFromTheSecondEpochOn() {
        assertEquals(
                Optional.of("has a loss that did not move: 0.6931 in epoch 1, 0.6932 in epoch 3"),
                SanityCheck.after(history(.69314, .69320, .69316), null));
        assertEquals(Optional.empty(), SanityCheck.after(history(.69314), null));
        assertEquals(Optional.empty(), SanityCheck.after(history(.69314, .68), null));
        // At T = 64 the distillation is thousands, and what changes is the cross-entropy.
        assertEquals(
                Optional.empty(),
                SanityCheck.after(
                        List.of(Runs.epoch(1, 90, 8487.3, 1.7, 9430, 1), Runs.epoch(2, 95, 8487.2, 1.5, 9430, 1)),
                        null));
    }

    @Test
    void ofTheStoredRunsOnlyThoseThatEndInOneClassHaveALine() throws IOException {
        RunStore results = new RunStore(Path.of("results"));
        for (Run run : results.runs(Settings.TASK1)) {
            assertEquals(Optional.empty(), SanityCheck.of(run), run.settings().label());
        }
        List<String> told = new ArrayList<>();
        for (Run run : results.runs(Settings.TASK2)) {
            SanityCheck.of(run).ifPresent(line -> told.add(run.settings().label() + " " + line));
        }
        assertTrue(told.stream().allMatch(line -> line.contains("predicts class ")), String.join("\n", told));
        assertTrue(
                told.stream().anyMatch(line -> line.startsWith("task2-as-written-q3-student-mobilenetv2-96-T4")),
                String.join("\n", told));
    }
}
