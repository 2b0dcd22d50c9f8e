package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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
}
