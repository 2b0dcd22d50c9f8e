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

    Document.Judgement judgement() {
        return new Document.Judgement(
                reading,
                outcome.sign(),
                outcome.toString(),
                finding,
                quantities.stream().map(Quantity::line).toList(),
                test);
    }
}
