package distill.report.verdict;

import distill.page.Cell;
import distill.page.Csv;
import distill.page.Table;
import distill.report.Wrapping;
import java.util.List;

/**
 * Verdicts as text for a console, as Markdown and as CSV.
 *
 * @param verdicts in the order that they are read in
 * @param notes what a reader must know of the runs, one sentence each
 */
public record VerdictText(List<Verdict> verdicts, List<String> notes) {

    private static final int WIDTH = 110;
    private static final String INDENT = "    ";

    /** Each statement with its verdict and why, then how many statements have which. */
    public String console() {
        StringBuilder text = new StringBuilder();
        for (Verdict verdict : verdicts) {
            String reading = verdict.reading().isEmpty() ? "" : ", " + verdict.reading();
            text.append("%s%s: %s\n".formatted(verdict.claim().place(), reading, verdict.outcome()));
            wrap(text, INDENT, verdict.claim().text());
            wrap(text, INDENT, verdict.finding());
            text.append('\n');
        }
        wrap(text, "", Verdicts.summary(verdicts));
        wrap(text, "", Verdicts.READINGS);
        wrap(text, "", Verdicts.MEANING);
        notes.forEach(note -> wrap(text, "", note));
        return text.toString();
    }

    /** A table of all verdicts, then each with its test and its numbers, in GitHub's Markdown. */
    public String markdown() {
        Table all = new Table(
                "All verdicts",
                List.of("statement", "place", "reading", "verdict"),
                verdicts.stream()
                        .map(verdict -> Cell.texts(
                                verdict.claim().text(),
                                verdict.claim().place(),
                                verdict.reading(),
                                verdict.outcome().toString()))
                        .toList(),
                List.of());
        StringBuilder text = new StringBuilder("# Which of the report's statements are supported\n\n");
        text.append(Verdicts.summary(verdicts)).append("\n\n").append(Verdicts.READINGS);
        text.append("\n\n").append(Verdicts.MEANING).append('\n');
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        text.append('\n').append(all.markdown());
        String place = "";
        for (Verdict verdict : verdicts) {
            if (!verdict.claim().place().equals(place)) {
                place = verdict.claim().place();
                text.append("\n## ").append(place).append('\n');
            }
            text.append(
                    """

                    > %s

                    **%s**%s. %s

                    Test: %s
                    """
                            .formatted(
                                    verdict.claim().text(),
                                    Words.capital(verdict.outcome().toString()),
                                    verdict.reading().isEmpty() ? "" : " (" + verdict.reading() + ")",
                                    verdict.finding(),
                                    verdict.test()));
            if (!verdict.quantities().isEmpty()) {
                text.append('\n').append(quantities(verdict.quantities()));
            }
        }
        return text.toString();
    }

    /** A row for each verdict. */
    public String csv() {
        Csv csv = new Csv("statement,place,reading,verdict,p,finding,test");
        for (Verdict verdict : verdicts) {
            csv.row(
                    verdict.claim().text(),
                    verdict.claim().place(),
                    verdict.reading(),
                    verdict.outcome(),
                    verdict.p(),
                    verdict.finding(),
                    verdict.test());
        }
        return csv.text();
    }

    /** A row for each number that a verdict rests on. */
    public String numbersCsv() {
        Csv csv = new Csv("place,reading,statement,number,seeds,value,low,high,report");
        for (Verdict verdict : verdicts) {
            for (Quantity quantity : verdict.quantities()) {
                csv.row(
                        verdict.claim().place(),
                        verdict.reading(),
                        verdict.claim().text(),
                        quantity.name(),
                        quantity.seeds(),
                        quantity.value(),
                        quantity.interval() == null ? null : quantity.interval().low(),
                        quantity.interval() == null ? null : quantity.interval().high(),
                        quantity.report());
            }
        }
        return csv.text();
    }

    private static String quantities(List<Quantity> quantities) {
        return new Table(
                        "",
                        List.of("", "ours", "95 % interval", "report", "seeds"),
                        quantities.stream().map(VerdictText::row).toList(),
                        List.of())
                .markdownRows();
    }

    private static List<Cell> row(Quantity quantity) {
        return List.of(
                Cell.text(quantity.name()),
                quantity.cell(quantity.value()),
                quantity.interval() == null ? Cell.NONE : new Cell.Numbers(quantity.intervalText()),
                quantity.report() == null ? Cell.NONE : new Cell.Published(quantity.cell(quantity.report())),
                quantity.seeds() == 0 ? Cell.NONE : Cell.number(quantity.seeds()));
    }

    private static void wrap(StringBuilder text, String indent, String sentence) {
        Wrapping.lines(sentence, Wrapping.width(WIDTH), indent)
                .forEach(line -> text.append(line).append('\n'));
    }
}
