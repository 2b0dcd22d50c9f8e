package distill.reproduce;

import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Judgement;
import distill.page.Document.Statement;
import distill.report.verdict.Quantity;
import distill.report.verdict.Verdict;
import distill.report.verdict.Verdicts;
import distill.statistics.Rounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The report's main claims with their verdicts, in one table. */
final class ClaimTable {

    /**
     * A claim of the report in our words.
     *
     * @param measure the number that says most of it
     * @param words of the report, by which its verdict is found
     * @param effect words by which that number is found
     * @param least whether of several such numbers the least says most, else the greatest
     */
    private record Row(String claim, String measure, String words, String effect, boolean least) {

        Row(String claim, String measure, String words, String effect) {
            this(claim, measure, words, effect, false);
        }
    }

    private static final List<Row> ROWS = List.of(
            new Row(
                    "Distillation makes the student better",
                    "with it less without",
                    "higher than that of student model without",
                    "with KD less without"),
            new Row(
                    "With distillation the student is at no temperature below the one without",
                    "the lowest temperature less without",
                    "will not decrease below the student model",
                    "less without KD",
                    true),
            new Row(
                    "T = 16 with alpha = 0.9 is best",
                    "less the others' mean",
                    "the best alpha should be 16",
                    "it less the mean of the others"),
            new Row(
                    "Temperature and alpha change the accuracy by less than 1 %",
                    "the largest effect of T",
                    "do not affect the test accuracy too much",
                    "difference of two levels of T,"),
            new Row(
                    "Differences within Table I are chance",
                    "standard deviation of one run",
                    "the difference is jitters",
                    "standard deviation of one run"),
            new Row(
                    "The accuracy falls as the temperature rises",
                    "from T = 1 to 64",
                    "the accuracy decreases in general",
                    "from T = 1 to T = 64"),
            new Row(
                    "The teacher is about 2 % better than the student",
                    "teacher less student without distillation",
                    "student and teacher model is about 2%",
                    "teacher less student without KD"),
            new Row(
                    "A teacher stopped after epoch 4 is best",
                    "less the mean of other epochs",
                    "should stop at epoch 4",
                    "epoch 4 less the mean of",
                    true),
            new Row(
                    "Stopping the teacher early does not improve the student a lot",
                    "the largest gain",
                    "does not improve a lot",
                    "gain of stopping"),
            new Row(
                    "On MHIST distillation does not make the student better",
                    "with it less without",
                    "Does knowledge transfer from the teacher",
                    "student with KD less without, pre-trained"));

    private ClaimTable() {}

    /** The main claims that have a verdict; no block where none has. */
    static List<Block> of(List<Verdict> verdicts) {
        List<Statement> statements = Verdicts.statements(verdicts);
        List<Statement> claims = new ArrayList<>();
        for (Row row : ROWS) {
            List<Statement> found = statements.stream()
                    .filter(statement -> statement.text().contains(row.words()))
                    .filter(statement -> statement.judgements().stream()
                            .noneMatch(judgement -> judgement.reading().isEmpty()))
                    .toList();
            if (!found.isEmpty()) {
                Statement first = found.get(0);
                List<Judgement> judgements = first.judgements().stream()
                        .map(Judgement::reading)
                        .map(reading -> found(row, reading, verdicts))
                        .toList();
                String place = first.place().replaceFirst("^Task (\\d), Question (\\d+).*", "Task $1, Q$2");
                String claim = "%s (%s).".formatted(row.claim(), row.measure());
                claims.add(new Statement(claim, place, first.section(), judgements));
            }
        }
        return claims.isEmpty()
                ? List.of()
                : List.of(new Document.Claims(
                        "The report's main claims: differences in percentage points of test accuracy, with 95 % intervals",
                        claims));
    }

    /**
     * What is judged of a claim in a reading, with the number that says most of it; where a statement is judged in
     * several forms the first that has the number counts.
     */
    private static Judgement found(Row row, String reading, List<Verdict> verdicts) {
        List<Verdict> of = verdicts.stream()
                .filter(verdict -> verdict.reading().equals(reading)
                        && verdict.claim().text().contains(row.words()))
                .toList();
        Verdict shown = of.stream()
                .filter(verdict -> effect(row, verdict).isPresent())
                .findFirst()
                .orElse(of.get(0));
        String finding = effect(row, shown).map(ClaimTable::text).orElse("no runs that can tell");
        Judgement judgement = shown.judgement();
        return new Judgement(judgement.reading(), judgement.sign(), judgement.outcome(), finding, List.of(), "");
    }

    private static Optional<Quantity> effect(Row row, Verdict verdict) {
        Comparator<Quantity> order = Comparator.comparingDouble(Quantity::value);
        return verdict.quantities().stream()
                .filter(quantity -> quantity.name().contains(row.effect()))
                .max(row.least() ? order.reversed() : order);
    }

    /** {@code +0.71 (+0.60 to +0.82)}. */
    private static String text(Quantity quantity) {
        String format = (quantity.interval() == null ? "%." : "%+.") + quantity.decimals() + "f";
        String value = Rounded.text(format, quantity.value());
        return quantity.interval() == null
                ? value
                : "%s (%s to %s)"
                        .formatted(
                                value,
                                Rounded.text(format, quantity.interval().low()),
                                Rounded.text(format, quantity.interval().high()));
    }
}
