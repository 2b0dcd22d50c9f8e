package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Table TABLE = new Table(
            "A title",
            List.of("T", "test accuracy"),
            List.of(List.of("1", "97.5"), List.of("16", "a|b, \"c\"")),
            List.of("A note."));

    @Test
    void theConsoleFormAlignsColumns() {
        assertEquals(
                """
                A title
                  T   test accuracy
                  1            97.5
                  16       a|b, "c"
                  A note.
                """,
                TABLE.console());
    }

    @Test
    void theMarkdownFormEscapesWhatWouldEndACell() {
        assertEquals(
                """
                ## A title

                | T | test accuracy |
                | --- | --- |
                | 1 | 97.5 |
                | 16 | a\\|b, "c" |

                A note.
                """,
                TABLE.markdown());
    }

    @Test
    void theCsvFormHasOnlyHeaderAndRowsAndQuotesWhatItMust() {
        assertEquals("T,test accuracy\n1,97.5\n16,\"a|b, \"\"c\"\"\"\n", TABLE.csv());
    }

    @Test
    void theCsvFormHasPlainNumbersInColumnsOfTheirOwn() {
        Table table = new Table(
                "",
                List.of("", "parameters", "accuracy", "gain", "share", "epochs", "stop", "note"),
                List.of(
                        List.of(
                                "a",
                                "1,011,466",
                                "97.71 ± 0.12",
                                "+0.21 (-0.06 to +0.37)",
                                "50.1 %",
                                "4 (2)",
                                "never",
                                "1"),
                        List.of("b", "999", "97.20", "", "7 %", "5 (1)", "5 (1)", "2, 3")),
                List.of());
        assertEquals(
                """
                row,parameters,accuracy,"accuracy, standard deviation",gain,"gain, from","gain, to",share (%),\
                epochs,"epochs, count",stop,note
                a,1011466,97.71,0.12,0.21,-0.06,0.37,50.1,4,2,never,1
                b,999,97.20,,,,,7,5,1,5 (1),"2, 3"
                """,
                table.csv());
    }

    @Test
    void meansWithSpreadAndIntervalAreFourColumns() {
        Table table = new Table(
                "",
                List.of("T", "accuracy"),
                List.of(List.of("1", "97.50 ± 0.71 (91.15 to 103.85)"), List.of("2", "97.20")),
                List.of());
        assertEquals(
                """
                T,accuracy,"accuracy, standard deviation","accuracy, from","accuracy, to"
                1,97.50,0.71,91.15,103.85
                2,97.20,,,
                """,
                table.csv());
    }

    @Test
    void theMarkdownFormIsReadBack() {
        assertEquals(Optional.of(TABLE), Table.ofMarkdown(TABLE.markdown()));
        Table withEmptyCells = new Table("t", List.of("", "a"), List.of(List.of("x", ""), List.of("", "1")), List.of());
        assertEquals(Optional.of(withEmptyCells), Table.ofMarkdown(withEmptyCells.markdown()));
    }

    @Test
    void whatIsNoTableIsNotRead() {
        assertEquals(Optional.empty(), Table.ofMarkdown("# Some text\n\nand more"));
        assertEquals(Optional.empty(), Table.ofMarkdown(""));
        assertEquals(Optional.empty(), Table.ofMarkdown("## t\n\n| a | b |\n| --- | --- |\n| only one |\n"));
    }
}
