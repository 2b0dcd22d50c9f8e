package distill.report;

import static distill.run.Settings.number;
import static distill.statistics.Rounded.signed;

import distill.page.Cell;
import distill.page.Table;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Temperature and alpha chosen on training images that were kept back. The best of many cells on the test images, which
 * the report takes, is too good: some of them had luck. A choice that has not seen the test images leaves their
 * accuracy an honest estimate (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 7.2).
 */
public final class ValidationTable {

    private ValidationTable() {}

    /**
     * The cell with the best mean accuracy on the validation images; of equals the one of the lowest temperature, then
     * of the lowest alpha.
     *
     * @param validated students of every cell, whose test images are the validation images
     */
    public static Hyperparameters choose(List<Run> validated) {
        return MnistTables.best(validated).getKey();
    }

    /**
     * Accuracy on the validation images by temperature and alpha, what the choice reaches on the test images, and what
     * the report's way, the best cell on the test images, would have said.
     *
     * @param validationImages how many
     * @param validated as of {@link #choose}
     * @param tested the chosen cell's students, trained on all images
     * @param everyTested students of the same cells, trained on all images, as far as they are stored
     */
    public static Table of(int validationImages, List<Run> validated, List<Run> tested, List<Run> everyTested) {
        Columns<Map.Entry<Double, List<Run>>> table = Columns.of(
                        Cells.bySetting(validated, Settings::temperature), tested)
                .column("T", row -> Cells.number(row.getKey()));
        Cells.bySetting(validated, Settings::alpha)
                .keySet()
                .forEach(alpha ->
                        table.column("alpha " + number(alpha), row -> MnistTables.accuracyAt(row.getValue(), alpha)));
        Map.Entry<Hyperparameters, Sample> choice = MnistTables.best(validated);
        double accuracy = choice.getValue().mean();
        Sample test = Cells.sample(tested);
        return table.note(String.format(
                        Locale.ROOT,
                        "Chosen: %s, %.2f %% of %d images, which is known to %.2f points (one standard error of a share).",
                        choice.getKey(),
                        accuracy,
                        validationImages,
                        Math.sqrt(accuracy * (100 - accuracy) / validationImages)))
                .note("Trained again, with those images, and tested once for each seed: " + test.text() + " %"
                        + (test.n() < Cell.LEAST_OF_INTERVAL
                                ? "."
                                : ", mean within " + test.estimate().interval().text() + " (95 %)."))
                .note(reportsWay(validated, tested, everyTested, test))
                .note(MnistTables.seeds(validated))
                .table(
                        "Temperature and alpha chosen on the last %d training images, accuracy on them in %%"
                                .formatted(validationImages),
                        validated);
    }

    private static String reportsWay(List<Run> validated, List<Run> tested, List<Run> everyTested, Sample test) {
        Set<Long> seeds = Cells.bySetting(tested, Settings::seed).keySet();
        Set<Hyperparameters> cells =
                Cells.bySetting(validated, Hyperparameters::of).keySet();
        List<Run> sameSeeds = everyTested.stream()
                .filter(run ->
                        seeds.contains(run.settings().seed()) && cells.contains(Hyperparameters.of(run.settings())))
                .toList();
        if (sameSeeds.size() < seeds.size() * cells.size()) {
            return "The report's way, the best cell on the test images, stands here once question 5's students of these"
                    + " seeds and cells are stored (%d of %d are)."
                            .formatted(sameSeeds.size(), seeds.size() * cells.size());
        }
        Map.Entry<Hyperparameters, Sample> best = MnistTables.best(sameSeeds);
        return String.format(
                Locale.ROOT,
                "The report's way, the best cell on the test images: %s, %.2f %%, %s points from the above.",
                best.getKey(),
                best.getValue().mean(),
                signed(best.getValue().mean() - test.mean()));
    }

    /** A row for each run: what the table is made of. */
    public static String csv(List<Run> validated, List<Run> tested) {
        return RunCsv.of(Cells.all(validated, tested))
                .ofRun("variant,temperature,alpha,seed,quick,synthetic")
                .column("images", run -> validated.contains(run) ? "validation" : "test")
                .column("accuracy", Run::testAccuracy)
                .ofRun("identity")
                .text();
    }
}
