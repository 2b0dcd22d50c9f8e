package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Mnist;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidationTableTest {

    private static final List<Run> VALIDATED = List.of(
            validated(1, .1, 1, 97), validated(1, .1, 2, 98), validated(4, .9, 1, 97.8), validated(4, .9, 2, 97.6));
    private static final List<Run> TESTED = List.of(Runs.student(4, .9, 1, 97.5), Runs.student(4, .9, 2, 97.3));

    private static Run validated(double temperature, double alpha, long seed, double accuracy) {
        return Runs.run(
                Runs.with(
                        Runs.settings("q5", Role.STUDENT, temperature, alpha, seed),
                        "data",
                        Mnist.validationDigest(Mnist.DIGEST, 5000)),
                accuracy);
    }

    /** T = 1: (97 + 98) / 2 = 97.5. T = 4: (97.8 + 97.6) / 2 = 97.7, though no run of it is as good as T = 1's 98. */
    @Test
    void theBestMeanOverSeedsIsChosen() {
        assertEquals(new Hyperparameters(4., .9), ValidationTable.choose(VALIDATED));
    }

    @Test
    void ofEqualCellsTheLowestTemperatureIsChosenThenTheLowestAlpha() {
        List<Run> equal = List.of(
                validated(16, .1, 1, 98), validated(4, .9, 1, 98), validated(4, .5, 1, 98), validated(64, .1, 1, 97));
        assertEquals(new Hyperparameters(4., .5), ValidationTable.choose(equal));
    }

    /**
     * One standard error of a share of .977 of 5000: sqrt(.977 * .023 / 5000) = .00212. Intervals: t(1) = 12.706 times
     * .7071 / sqrt(2) and .1414 / sqrt(2).
     */
    @Test
    void theTableSaysWhatWasChosenHowWellThatIsKnownAndWhatItIsOnTheTestImages() {
        Table table = ValidationTable.of(5000, VALIDATED, TESTED, TESTED);
        assertEquals(List.of("T", "alpha 0.1", "alpha 0.9"), table.header());
        assertEquals(List.of(List.of("1", "97.50 ± 0.71", ""), List.of("4", "", "97.70 ± 0.14")), table.texts());
        assertEquals(
                "Chosen: T = 4, alpha = 0.9, 97.70 % of 5000 images, which is known to 0.21 points (one standard error"
                        + " of a share).",
                table.notes().get(0));
        assertTrue(table.notes().get(1).contains("tested once for each seed: 97.40 ± 0.14 %"), table.notes()::toString);
        assertTrue(table.notes().get(2).contains("(2 of 4 are)"), table.notes()::toString);
    }

    /** T = 1 has the better mean on the test images, (98 + 97.6) / 2 = 97.8, that is .4 over the chosen 97.4. */
    @Test
    void theReportsWayStandsBesideItWhereEveryCellIsStored() {
        List<Run> all = List.of(TESTED.get(0), TESTED.get(1), Runs.student(1, .1, 1, 98), Runs.student(1, .1, 2, 97.6));
        assertEquals(
                "The report's way, the best cell on the test images: T = 1, alpha = 0.1, 97.80 %, +0.40 points from the"
                        + " above.",
                ValidationTable.of(5000, VALIDATED, TESTED, all).notes().get(2));
    }

    @Test
    void theCsvTellsValidationFromTest() {
        List<String> lines = ValidationTable.csv(VALIDATED, TESTED).lines().toList();
        assertEquals("variant,temperature,alpha,seed,quick,synthetic,images,accuracy,identity", lines.get(0));
        assertTrue(lines.get(1).startsWith("as-written,1,0.1,1,false,false,validation,97.0,"), lines.get(1));
        assertTrue(lines.get(6).startsWith("as-written,4,0.9,2,false,false,test,97.3,"), lines.get(6));
    }
}
