package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.page.Document;
import distill.page.Document.Judgement;
import distill.page.Document.Statement;
import distill.report.verdict.Verdict;
import distill.report.verdict.Verdicts;
import distill.run.RunStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The main claims, from the stored results. */
class ClaimTableTest {

    private static List<Verdict> verdicts;

    @BeforeAll
    static void judge() throws IOException {
        RunStore store = new RunStore(Path.of("results"));
        verdicts = Verdicts.of(store.runs("task1"), store.runs("task2"));
    }

    @Test
    void eachMainClaimHasItsVerdictInBothReadingsAndThoseOfTask1AnEffect() {
        Document.Claims claims = (Document.Claims) ClaimTable.of(verdicts).get(0);
        assertEquals(10, claims.statements().size());
        for (Statement claim : claims.statements()) {
            assertEquals(2, claim.judgements().size(), claim.text());
            for (Judgement judgement : claim.judgements()) {
                boolean hasEffect = judgement.finding().matches("[+-]?\\d+\\.\\d+( \\([+-].* to [+-].*\\))?");
                assertEquals(!claim.section().startsWith("task2"), hasEffect, claim.text() + judgement.finding());
            }
        }
    }

    @Test
    void withoutVerdictsThereIsNoTable() {
        assertEquals(List.of(), ClaimTable.of(List.of()));
    }
}
