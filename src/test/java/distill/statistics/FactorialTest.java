package distill.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.statistics.Factorial.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactorialTest {

    private static final double EXACT = 1e-10;
    private static final double PRINTED = 1e-6;

    /** Row 1 of the first block: 10, 12, 17; row 2: 14, 13, 19. */
    private static final List<Observation> ONE_BLOCK = block(1, 10, 12, 17, 14, 13, 19);

    private static final List<Observation> TWO_BLOCKS = concat(ONE_BLOCK, block(2, 11, 14, 16, 15, 17, 18));

    /** A third block has two of the six cells. */
    private static final List<Observation> UNEQUAL =
            concat(TWO_BLOCKS, List.of(new Observation(3, 1, 1, 13), new Observation(3, 2, 3, 20)));

    @Test
    void oneBlockTestsAgainstWhatRowsAndColumnsLeave() {
        Factorial factorial = Factorial.of(ONE_BLOCK).orElseThrow();
        // Means: rows 13, 15 1/3, columns 12, 12.5, 18, all 14 1/6. Rows: 3 ((7/6)^2 + (7/6)^2) = 8.1667, columns:
        // 2 ((13/6)^2 + (5/3)^2 + (23/6)^2) = 44.3333; all squares 54.8333, so 2.3333 are left, with 5 - 1 - 2 = 2
        // degrees of freedom: F = 8.1667 / 1 / 1.1667 = 7 and 44.3333 / 2 / 1.1667 = 19.
        assertEquals(7, factorial.rowEffect().f(), EXACT);
        assertEquals(19, factorial.columnEffect().f(), EXACT);
        assertEquals(2, factorial.rowEffect().denominator());
        // P(F(2, 2) > x) = 1 / (1 + x): 1 / 20.
        assertEquals(.05, factorial.columnEffect().p(), EXACT);
        assertTrue(factorial.interactionEffect().isEmpty()
                && factorial.blockEffect().isEmpty());
        assertTrue(Double.isNaN(factorial.blockShare()));
    }

    @Test
    void detectableIsTheRootOfTheNoncentralityThatFourOfFiveTestsFind() {
        // scipy: c = f.isf(.05, 2, 5); brentq(lambda l: ncf.sf(c, 2, 5, l) - .8, .01, 200) ** .5
        assertEquals(4.321453396825, new FTest(1, 2, 5).detectable(1), 1e-8);
        // The same with f.isf(.05 / 5, 5, 20) and ncf.sf(c, 5, 20, l).
        assertEquals(5.095707329370, new FTest(1, 5, 20).detectable(5), 1e-8);
    }

    @Test
    void aTrendIsTheContrastOfOrderedLevels() {
        Factorial factorial = Factorial.of(TWO_BLOCKS).orElseThrow();
        // Column means 12.5, 14, 17.5 at 1, 2, 3: (17.5 - 12.5) / 2 for each unit. The error's mean square is 9 / 5 =
        // 1.8
        // (below), and each mean is of four values: sqrt(1.8 (1 / 4 + 1 / 4)) / 2.
        Estimate trend = factorial.columnTrend(column -> column);
        assertEquals(2.5, trend.value(), EXACT);
        assertEquals(Math.sqrt(.9) / 2, trend.standardError(), EXACT);
        assertEquals(5, trend.freedom());
        // Over 0, 1, 10 the weights are (-11, -8, 19) / 3 over ((11/3)^2 + (8/3)^2 + (19/3)^2) = 60.6667.
        assertEquals(
                (-11 * 12.5 - 8 * 14 + 19 * 17.5) / 3 / 60.6666666666667,
                factorial
                        .columnTrend(column -> column == 1 ? 0 : column == 2 ? 1 : 10)
                        .value(),
                EXACT);
        // Two levels have a difference alone.
        Estimate rows = factorial.rowDifferences().get(0).estimate();
        assertEquals(rows, factorial.rowTrend(row -> row));
        assertEquals(rows.times(-1), factorial.rowLess(1).get(2.));
    }

    @Test
    void twoWholeBlocksTellTheInteractionFromTheError() {
        Factorial factorial = Factorial.of(TWO_BLOCKS).orElseThrow();
        // Block means 14 1/6 and 15 1/6: 6 (.5^2 + .5^2) = 3. Row means 80 / 6 and 96 / 6: 6 (4/3)^2 2 = 21.3333.
        // Column means 12.5, 14, 17.5: 4 (2.1667^2 + .6667^2 + 2.8333^2) = 52.6667. Cell means leave 2.6667 for the
        // interaction; 9 of 88.6667 are left over, 11 - 1 - 1 - 2 - 2 = 5 degrees of freedom.
        assertEquals(21.3333333333 / 1.8, factorial.rowEffect().f(), EXACT);
        assertEquals(52.6666666667 / 2 / 1.8, factorial.columnEffect().f(), EXACT);
        assertEquals(
                2.6666666667 / 2 / 1.8,
                factorial.interactionEffect().orElseThrow().f(),
                EXACT);
        assertEquals(3 / 1.8, factorial.blockEffect().orElseThrow().f(), EXACT);
        assertEquals(5, factorial.spread().freedom());
        // v = (3 - 1.8) / 6 = .2 of .2 + 1.8.
        assertEquals(.1, factorial.blockShare(), EXACT);
    }

    @Test
    void unequalNumbersGiveTheTypeTwoSquaresOfStatsmodels() {
        // statsmodels 0.15: anova_lm(ols("y ~ C(b) + C(r) * C(c)", data).fit(), typ=2)
        Factorial factorial = Factorial.of(UNEQUAL).orElseThrow();
        assertEquals(14.642017, factorial.rowEffect().f(), PRINTED);
        assertEquals(.008695, factorial.rowEffect().p(), PRINTED);
        assertEquals(19.464886, factorial.columnEffect().f(), PRINTED);
        assertEquals(.002382, factorial.columnEffect().p(), PRINTED);
        assertEquals(.800420, factorial.interactionEffect().orElseThrow().f(), PRINTED);
        assertEquals(.491891, factorial.interactionEffect().orElseThrow().p(), PRINTED);
        assertEquals(2.678571, factorial.blockEffect().orElseThrow().f(), PRINTED);
        assertEquals(.147451, factorial.blockEffect().orElseThrow().p(), PRINTED);
    }

    @Test
    void differencesAreThoseOfTheAdditiveModelWithItsStandardErrors() {
        // ols("y ~ C(r) + C(c)"): C(r)[T.2] 2.333333, error .881917; C(c)[T.3] 6, error 1.080123, C(c)[T.2] .5.
        Factorial factorial = Factorial.of(ONE_BLOCK).orElseThrow();
        Estimate row = factorial.rowDifferences().get(0).estimate();
        assertEquals(2.333333, row.value(), PRINTED);
        assertEquals(.881917, row.standardError(), PRINTED);
        List<Factorial.Difference> columns = factorial.columnDifferences();
        assertEquals(3, columns.size());
        assertEquals(3, columns.get(2).one());
        assertEquals(2, columns.get(2).other());
        assertEquals(5.5, columns.get(2).estimate().value(), EXACT);
        assertEquals(1.080123, columns.get(2).estimate().standardError(), PRINTED);
        // ols("y ~ C(b) + C(r) + C(c)") of the unequal blocks: C(r)[T.2] 2.588235.
        assertEquals(
                2.588235,
                Factorial.of(UNEQUAL)
                        .orElseThrow()
                        .rowDifferences()
                        .get(0)
                        .estimate()
                        .value(),
                PRINTED);
    }

    @Test
    void withoutAWholeBlockThereIsNoAnalysis() {
        assertTrue(Factorial.of(ONE_BLOCK.subList(0, 5)).isEmpty());
        assertTrue(Factorial.of(List.of()).isEmpty());
    }

    @Test
    void oneBlockOfOneRowLeavesNothingToTellTheErrorBy() {
        assertTrue(Factorial.of(ONE_BLOCK.subList(0, 3)).isEmpty());
    }

    @Test
    void columnsThatDependOnEachOtherAreRefused() {
        double[][] x = {{1, 2}, {2, 4}, {3, 6}};
        assertThrows(IllegalArgumentException.class, () -> LeastSquares.of(x, new double[] {1, 2, 3}));
    }

    private static List<Observation> block(long block, double... values) {
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            observations.add(new Observation(block, 1 + i / 3, 1 + i % 3, values[i]));
        }
        return observations;
    }

    private static List<Observation> concat(List<Observation> a, List<Observation> b) {
        List<Observation> both = new ArrayList<>(a);
        both.addAll(b);
        return both;
    }
}
