package distill.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.metrics.ClassificationReport.ClassScores;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the numbers of scikit-learn that {@code reference/export_metrics.py} stored, and against ones by hand. */
class ClassificationTest {

    private static final double ROUNDING = 1e-15;
    private static final List<String> TWO = List.of("HP", "SSA");

    /** One classification with what scikit-learn says of it. */
    private record Case(JsonNode json) {

        Classification classification() {
            return Classification.of(classes(), ints("truth"), doubles(json.get("outputs")));
        }

        List<String> classes() {
            return stream(json.get("classes")).map(JsonNode::asText).toList();
        }

        int[] ints(String name) {
            return stream(json.get(name)).mapToInt(JsonNode::asInt).toArray();
        }

        @Override
        public String toString() {
            return json.get("name").asText();
        }
    }

    static Stream<Case> cases() throws IOException {
        return stream(new ObjectMapper().readTree(ClassificationTest.class.getResource("/metrics.json")))
                .map(Case::new);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static double[] doubles(JsonNode array) {
        return stream(array).mapToDouble(JsonNode::asDouble).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyScoreIsScikitLearns(Case one) {
        Classification classification = one.classification();
        assertEquals(one.json().get("accuracy").asDouble(), classification.accuracy(), ROUNDING);
        assertEquals(
                one.json().get("confusion").toString(),
                classification.confusion().counts().toString().replace(" ", ""));
        ClassificationReport report = classification.report();
        JsonNode byClass = one.json().get("by_class");
        assertEquals(one.classes().size(), report.byClass().size());
        for (int i = 0; i < report.byClass().size(); i++) {
            ClassScores scores = report.byClass().get(i);
            assertEquals(one.classes().get(i), scores.name());
            assertEquals(byClass.get("precision").get(i).asDouble(), scores.precision(), ROUNDING);
            assertEquals(byClass.get("recall").get(i).asDouble(), scores.recall(), ROUNDING);
            assertEquals(byClass.get("f1").get(i).asDouble(), scores.f1(), ROUNDING);
            assertEquals(byClass.get("support").get(i).asInt(), scores.support());
        }
        assertAverage(one.json().get("macro"), report.macroAverage());
        assertAverage(one.json().get("weighted"), report.weightedAverage());
    }

    private static void assertAverage(JsonNode expected, ClassScores average) {
        assertEquals(expected.get("precision").asDouble(), average.precision(), ROUNDING);
        assertEquals(expected.get("recall").asDouble(), average.recall(), ROUNDING);
        assertEquals(expected.get("f1").asDouble(), average.f1(), ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theReportIsPrintedAsScikitLearnPrintsIt(Case one) {
        ClassificationReport report = one.classification().report();
        assertEquals(one.json().get("report").asText(), report.text());
        assertEquals(one.json().get("report_of_4_digits").asText(), report.text(4));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void areaAndCurveAreScikitLearns(Case one) {
        Classification classification = one.classification();
        assertEquals(one.json().has("roc_auc"), classification.rocAuc().isPresent());
        assertEquals(one.json().has("roc_auc"), classification.rocCurve().isPresent());
        if (classification.rocCurve().isEmpty()) {
            return;
        }
        assertEquals(
                one.json().get("roc_auc").asDouble(), classification.rocAuc().orElseThrow(), ROUNDING);
        List<RocCurve.Point> points = classification.rocCurve().get().points();
        assertEquals(new RocCurve.Point(Double.POSITIVE_INFINITY, 0, 0), points.get(0));
        List<RocCurve.Point> others = points.subList(1, points.size());
        JsonNode curve = one.json().get("roc_curve");
        assertArrayEquals(doubles(curve.get(0)), rates(others, RocCurve.Point::falsePositives), ROUNDING);
        assertArrayEquals(doubles(curve.get(1)), rates(others, RocCurve.Point::truePositives), ROUNDING);
        assertArrayEquals(
                doubles(curve.get(2)),
                others.stream().mapToDouble(RocCurve.Point::threshold).toArray(),
                ROUNDING);
    }

    private static double[] rates(List<RocCurve.Point> points, ToDoubleFunction<RocCurve.Point> count) {
        double all = count.applyAsDouble(points.get(points.size() - 1));
        return points.stream().mapToDouble(count).map(some -> some / all).toArray();
    }

    @Test
    void aTieOfAPositiveAndANegativeCountsHalf() {
        // Pairs (positive, negative) of {3, 2, 2} and {2, 1}: 3 > 2, 3 > 1, twice 2 = 2 and 2 > 1. So (2 + 2 + 2 * .5)
        // / 6.
        boolean[] positive = {true, true, false, true, false};
        assertEquals(5 / 6., RocCurve.of(positive, new double[] {3, 2, 2, 2, 1}).area(), ROUNDING);
        // By ranks: 1 is the first, the three 2 share 3, and 3 is the fifth, so R = 5 + 3 + 3 and (11 - 6) / 6.
    }

    /** {@code roc_auc_score(y, softmax(z), multi_class="ovr", average="macro")} of scikit-learn. */
    @Test
    void ofLogitsOfThreeClassesTheAreaIsScikitLearnsMacroAverage() {
        int[] truth = {0, 1, 2, 1, 1, 0, 2};
        double[] logits = {2, 1, 0, 0, 3, 1, 1, 1, 4, 3, 0, 0, .5, 2.5, 2, 1, 0, 1.5, 0, 1, 0};
        List<String> three = List.of("a", "b", "c");
        Classification measured = Classification.ofLogits(three, truth, logits);
        assertEquals(0.7416666666666667, measured.rocAuc().orElseThrow(), ROUNDING);
        assertEquals(Optional.empty(), measured.rocCurve());
        assertEquals(Optional.empty(), Classification.of(three, truth, logits).rocAuc());
        // Without an example of the third class there is no curve of it.
        assertEquals(
                Optional.empty(),
                Classification.ofLogits(three, new int[] {0, 1}, new double[6]).rocAuc());
        // Of two classes it is the area of the second.
        double[] two = {0, 1, 2, 0, 0, 3};
        assertEquals(
                Classification.of(TWO, new int[] {1, 0, 0}, two),
                Classification.ofLogits(TWO, new int[] {1, 0, 0}, two));
    }

    @Test
    void logitsThatSoftmaxInFloat32WouldTieKeepTheirOrder() {
        // 1 / (1 + e^-20) and 1 / (1 + e^-30) are both 1 in float32.
        Classification classification = Classification.of(TWO, new int[] {0, 1}, new double[] {0, 20, 0, 30});
        assertEquals(Optional.of(1.), classification.rocAuc());
    }

    /** The scores of the second class, where nothing is predicted as it, nothing is of it, or neither. */
    @Test
    void aQuotientWhoseDenominatorIsZeroCountsAsZero() {
        Classification allHp = Classification.of(TWO, new int[] {0, 1}, new double[] {1, 0, 1, 0});
        assertEquals(
                new ClassScores("SSA", 0, 0, 0, 1), allHp.report().byClass().get(1));
        Classification noneThere = Classification.of(TWO, new int[] {0, 0}, new double[] {1, 0, 0, 1});
        assertEquals(
                new ClassScores("SSA", 0, 0, 0, 0), noneThere.report().byClass().get(1));
        Classification neither = Classification.of(TWO, new int[] {0}, new double[] {1, 0});
        assertEquals(
                new ClassScores("SSA", 0, 0, 0, 0), neither.report().byClass().get(1));
        Classification right = Classification.of(TWO, new int[] {0, 1}, new double[] {1, 0, 0, 1});
        assertEquals(
                new ClassScores("SSA", 1, 1, 1, 1), right.report().byClass().get(1));
    }

    @Test
    void theFirstOfEqualOutputsIsPredicted() {
        assertArrayEquals(new int[] {0, 1}, Classification.largest(new double[] {2, 2, 1, 0, 3, 3}, 3));
    }

    @Test
    void agreementIsTheShareOfEqualPredictions() {
        assertEquals(.75, Classification.agreement(new int[] {0, 1, 1, 2}, new int[] {0, 1, 0, 2}));
    }

    @Test
    void whatCannotBeMeasuredIsRefusedInWords() {
        assertRefused("found 2 classes, 1 labels and 3 outputs", new int[] {0}, new double[] {1, 0, 1});
        assertRefused("found 2 classes, 0 labels and 0 outputs", new int[] {}, new double[] {});
        assertRefused("output 1 of example 1 is NaN", new int[] {0, 1}, new double[] {1, 0, 0, Double.NaN});
        assertRefused("label 2 of example 0 is not one of the classes 0 to 1", new int[] {2}, new double[] {1, 0});
    }

    private static void assertRefused(String start, int[] truth, double[] outputs) {
        String message = assertThrows(IllegalArgumentException.class, () -> Classification.of(TWO, truth, outputs))
                .getMessage();
        assertTrue(message.startsWith(start), message);
    }
}
