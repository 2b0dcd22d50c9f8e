package distill.report.verdict;

import distill.page.Document;
import java.util.List;

/**
 * What the stored runs say of one of the report's statements.
 *
 * @param reading {@code as-written} or {@code as-described}, whose runs were asked; empty where it needs none
 * @param test what was computed, and with which other tests it was corrected for their number
 * @param p of the test after that correction; null where there is none
 * @param outcome the verdict
 * @param finding why, in a sentence or two made from the numbers; where runs are missing, the command that makes them
 * @param quantities the numbers
 */
public record Verdict(
        Claim claim,
        String reading,
        String test,
        Double p,
        Outcome outcome,
        String finding,
        List<Quantity> quantities) {

    /** As the page has it: numbers with intervals are drawn where there are several; the others are lines. */
    public Document.Judgement judgement() {
        List<Quantity> intervals = quantities.stream()
                .filter(quantity -> quantity.interval() != null)
                .toList();
        List<Quantity> drawn = intervals.size() > 1 ? intervals : List.of();
        return new Document.Judgement(
                reading,
                outcome.sign(),
                outcome.toString(),
                finding,
                quantities.stream()
                        .filter(quantity -> !drawn.contains(quantity))
                        .map(Quantity::line)
                        .toList(),
                drawn.stream().map(Quantity::effect).toList(),
                test);
    }
}
