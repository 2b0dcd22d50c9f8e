package distill.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.metrics.ClassificationReport;
import distill.metrics.ClassificationReport.ClassScores;
import distill.metrics.ConfusionMatrix;
import distill.nn.Device;
import distill.run.Run;
import distill.run.RunStore;
import distill.weights.KerasFile;
import distill.weights.StoredLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python of Task 2 does what it says, on eighteen small drawn images. */
@Tag("python")
class MhistReferenceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double ALPHA = .3;
    private static final double T = 4;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void run() throws Exception {
        Python.assume();
        Python.run("src/test/python/mhist_reference.py", folder.toString());
    }

    private static List<JsonNode> runs() throws IOException {
        List<JsonNode> runs = new ArrayList<>();
        for (String question : List.of("teacher", "q2")) {
            Path file = folder.resolve("store/task2/runs-" + question + "-as-written.jsonl");
            for (String line : Files.readAllLines(file)) {
                runs.add(JSON.readTree(line));
            }
        }
        return runs;
    }

    private static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    @Test
    void theStoreHasTheTeacherAndItsStudent() throws Exception {
        List<Run> runs = new RunStore(folder.resolve("store")).runs("task2");
        assertEquals(
                List.of("teacher", "student"),
                runs.stream().map(run -> run.settings().role().toString()).toList());
        assertEquals(runs.get(0).identity(), runs.get(1).settings().teacher());
        assertEquals(12, runs.get(1).settings().trainImages());
    }

    @Test
    void scoresOfARunAreThoseOfItsConfusionMatrix() throws Exception {
        for (JsonNode run : runs()) {
            List<List<Integer>> counts = JSON.convertValue(
                    run.get("confusion"),
                    JSON.getTypeFactory()
                            .constructCollectionType(
                                    List.class,
                                    JSON.getTypeFactory().constructCollectionType(List.class, Integer.class)));
            ConfusionMatrix confusion = new ConfusionMatrix(List.of("HP", "SSA"), counts);
            // Of the six test images numbers 12 and 15 are SSA.
            assertEquals(List.of(4, 2), List.of(confusion.support(0), confusion.support(1)));
            ClassificationReport report = ClassificationReport.of(confusion);
            assertEquals(run.get("test_accuracy").asDouble(), 100 * report.accuracy(), 1e-12);
            assertEquals(run.get("macro_f1").asDouble(), report.macroAverage().f1(), 1e-15);
            assertScores(run.get("precision"), report, ClassScores::precision);
            assertScores(run.get("recall"), report, ClassScores::recall);
            assertScores(run.get("f1"), report, ClassScores::f1);
        }
    }

    private static void assertScores(
            JsonNode expected, ClassificationReport report, ToDoubleFunction<ClassScores> score) {
        assertArrayEquals(
                doubles(expected), report.byClass().stream().mapToDouble(score).toArray(), 1e-15);
    }

    /** As-written alpha is on the cross-entropy, which at alpha .5 does not show. */
    @Test
    void aStudentsLossIsHalfOfEachPart() throws Exception {
        JsonNode epoch = runs().get(1).get("history").get(0);
        assertEquals(
                .5 * epoch.get("hard").asDouble() + .5 * epoch.get("soft").asDouble(),
                epoch.get("loss").asDouble(),
                1e-5);
    }

    /** As in the Java program: what is frozen stays as it is, and as-described nothing else moves statistics. */
    @Test
    void asDescribedDrawnWeightsMoveTheirStatisticsOnceTheyAreNotFrozen() throws Exception {
        double[] moved = doubles(JSON.readTree(folder.resolve("moved.json").toFile()));
        assertEquals(0, moved[0]);
        assertTrue(moved[1] > 1e-3, moved[1] + " is the largest moving mean");
        List<Run> runs = new RunStore(folder.resolve("fine1")).runs("task2");
        assertEquals(true, runs.get(0).settings().model().trainedStatistics());
    }

    @Test
    void imagesAreTurnedAsKeras3TurnsThem() throws Exception {
        JsonNode pairs = JSON.readTree(folder.resolve("augmented.json").toFile());
        assertEquals(2, pairs.size());
        for (JsonNode pair : pairs) {
            assertArrayEquals(doubles(pair.get(1)), doubles(pair.get(0)));
        }
    }

    @Test
    void aReplaysFirstLossIsTheFormulasOnWhatBothNetworksAnswer() throws Exception {
        JsonNode outputs = JSON.readTree(folder.resolve("outputs.json").toFile());
        double[] student = doubles(outputs.get("start"));
        double[] teacher = doubles(outputs.get("teacher"));
        // Of images 0 to 3 the first and the last are SSA.
        int[] labels = {1, 0, 0, 1};
        double hard = 0;
        double soft = 0;
        for (int i = 0; i < 4; i++) {
            hard -= Math.log(softmax(student, i, 1)[labels[i]]) / 4;
            double[] q = softmax(teacher, i, T);
            double[] p = softmax(student, i, T);
            soft -= T * T * (q[0] * Math.log(p[0]) + q[1] * Math.log(p[1])) / 4;
        }
        double[] first = Python.csv(folder.resolve("replay.csv")).get(0);
        assertArrayEquals(
                new double[] {1, ALPHA * soft + (1 - ALPHA) * hard, hard, soft}, first, 1e-5, Arrays.toString(first));
    }

    private static double[] softmax(double[] logits, int image, double temperature) {
        double a = Math.exp(logits[2 * image] / temperature);
        double b = Math.exp(logits[2 * image + 1] / temperature);
        return new double[] {a / (a + b), b / (a + b)};
    }

    @Test
    void inTheInitialPhaseAsDescribedOnlyTheLastLayerChanges() throws Exception {
        Map<String, String> start = digests("start.h5");
        Map<String, String> end = digests("replay.h5");
        assertEquals(start.keySet(), end.keySet());
        assertTrue(start.size() > 200, start.size() + " weights");
        List<String> changed = start.keySet().stream()
                .filter(weight -> !start.get(weight).equals(end.get(weight)))
                .toList();
        assertEquals(List.of("dense/kernel", "dense/bias"), changed);
    }

    private static Map<String, String> digests(String file) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        for (StoredLayer layer :
                KerasFile.read(folder.resolve(file), Device.cpu(1)).layers()) {
            layer.weights().forEach(weight -> digests.put(layer.path(weight), layer.digest(weight)));
        }
        return digests;
    }
}
