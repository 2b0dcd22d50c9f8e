package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Chart;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoftmaxChartsTest {

    /** Probabilities over nine digits that are as good as nothing beside that of the tenth. */
    private static final double SURE = 1e-6;

    @Test
    void oneSoftmaxKeepsTheLogitsDifferencesOverTAsRatios() {
        for (double temperature : List.of(1., 4., 64.)) {
            double[] once = SoftmaxCharts.once(temperature);
            assertEquals(1, Arrays.stream(once).sum(), 1e-12);
            // The logits of 7 and 2 are 16 and 0, those of 2 and 6 are 0 and -18.
            assertEquals(Math.exp(16 / temperature), once[7] / once[2], 1e-9 * once[7] / once[2]);
            assertEquals(Math.exp(18 / temperature), once[2] / once[6], 1e-9 * once[2] / once[6]);
        }
    }

    @Test
    void aSecondSoftmaxHasTheProbabilityOneForALogit() {
        // Of one 1 and nine 0, e^(1/T) / (e^(1/T) + 9): at T = 1 .2320, at T = 4 .1249.
        assertEquals(Math.E / (Math.E + 9), SoftmaxCharts.twice(1)[7], SURE);
        double[] twice = SoftmaxCharts.twice(4);
        assertEquals(Math.exp(.25) / (Math.exp(.25) + 9), twice[7], SURE);
        assertEquals(twice[2], twice[6], SURE);
        // exp((1 - 2) / 4) and nine times exp((0 - 2) / 4): .7788 + 9 * .6065.
        assertEquals(6.2376, SoftmaxCharts.sumOfTargets(4), 1e-4);
    }

    @Test
    void theChartsHaveABarOfEachKindForEachDigitAndTheWordsTheirNumbers() {
        List<Chart> charts = SoftmaxCharts.charts();
        assertEquals(3, charts.size());
        charts.forEach(chart -> assertEquals(20, chart.points().count()));
        String words = SoftmaxCharts.inWords();
        assertTrue(words.contains("says 7 with 93.7 %"), words);
        assertTrue(words.contains("says 7 with 12.5 % and each other digit with 9.7 %"), words);
        assertTrue(words.contains("add up to 6.24"), words);
    }
}
