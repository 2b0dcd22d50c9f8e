package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import distill.metrics.Classification;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final List<String> CLASSES = List.of("HP", "SSA");

    /**
     * Five images, the positive ones scored 3, 1, -1 and the others 0, -2: from the highest score on the curve steps
     * up, up, right, up, right. The two steps up are one straight line, so that the point between them is no corner.
     */
    @Test
    void theRocCurveIsKeptByItsCornersInImages() {
        Classification classification =
                Classification.of(CLASSES, new int[] {1, 1, 1, 0, 0}, new double[] {0, 3, 0, 1, 1, 0, 0, 0, 2, 0});
        Evaluation evaluation = Evaluation.of(classification, null, null);
        assertEquals(
                List.of(List.of(0, 0), List.of(0, 2), List.of(1, 2), List.of(1, 3), List.of(2, 3)),
                evaluation.rocCurve());
        // Of the 3 x 2 pairs of a positive and a negative image, one is ordered wrongly: -1 under 0.
        assertEquals(5 / 6., evaluation.rocAuc(), 1e-15);
        assertEquals(List.of(List.of(2, 0), List.of(1, 2)), evaluation.confusion());
    }

    @Test
    void aSetOfOneClassHasNoCurveAndNoArea() {
        Evaluation evaluation =
                Evaluation.of(Classification.of(CLASSES, new int[] {1, 1}, new double[] {0, 3, 0, 1}), null, null);
        assertNull(evaluation.rocAuc());
        assertNull(evaluation.rocCurve());
    }

    @Test
    void precisionRecallAndF1FollowFromTheConfusionMatrix() {
        Evaluation evaluation = new Evaluation(CLASSES, List.of(List.of(6, 2), List.of(1, 3)), null, null, null, null);
        // SSA: 3 of 5 predicted are right, 3 of 4 are found: F1 = 2 * 3 / (5 + 4). HP: 2 * 6 / (7 + 8).
        assertEquals(6 / 9., evaluation.report().byClass().get(1).f1(), 1e-15);
        assertEquals((6 / 9. + 12 / 15.) / 2, evaluation.report().macroAverage().f1(), 1e-15);
    }
}
