package distill.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import distill.statistics.Interval;
import distill.statistics.Sample;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Table TABLE = new Table(
            "A title",
            List.of("T", "test accuracy"),
            List.of(List.of(Cell.number(1), Cell.number(97.5)), Cell.texts("16", "a|b, \"c\"")),
            List.of("A note."));

    private static final Source SOURCE = new Source("id", "a run", 1, "97.50", "w", "c", "", "data", "cpu", "machine");

    private static Table table(List<String> header, List<List<Cell>> rows) {
        return new Table("", header, rows, List.of());
    }

    @Test
    void columnsAndIntervalsCanBeLeftOut() {
        Cell mean = Cell.mean(Sample.of(97, 98)).from(List.of(SOURCE));
        Table table = table(List.of("T", "seed 1", "all"), List.of(List.of(Cell.number(1), Cell.number(97), mean)));
        Table shown = table.withoutColumns(Pattern.compile("seed \\d+")).withoutIntervals();
        assertEquals(List.of("T", "all"), shown.header());
        assertEquals(List.of(List.of("1", "97.50 ± 0.71")), shown.texts());
        assertEquals(List.of(SOURCE), shown.rows().get(0).get(1).sources());
    }

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
    void aLabelIsNeitherHtmlNorALinkInMarkdown() {
        String label = "<script>x</script> ![see](http://x)\nnext";
        Table table = new Table(label, List.of("class"), List.of(Cell.texts(label)), List.of(label));
        String inert = "&lt;script>x&lt;/script> ![see]\\(http://x) next";
        assertEquals("## " + inert + "\n\n| class |\n| --- |\n| " + inert + " |\n\n" + inert + "\n", table.markdown());
    }

    @Test
    void aSpreadsheetTakesNoTextOfTheCsvFormForAFormula() {
        Table table = table(
                List.of("label", "number"),
                List.of(
                        Cell.texts("=1+1", "-0.5"),
                        Cell.texts("@SUM(A1)", "+2e-3"),
                        Cell.texts("-2+3|x", "-"),
                        Cell.texts("+cmd", "a=b")));
        assertEquals("label,number\n'=1+1,-0.5\n'@SUM(A1),+2e-3\n'-2+3|x,'-\n'+cmd,a=b\n", table.csv());
    }

    @Test
    void theCsvFormHasOnlyHeaderAndRowsAndQuotesWhatItMust() {
        assertEquals("T,test accuracy\n1,97.5\n16,\"a|b, \"\"c\"\"\"\n", TABLE.csv());
    }

    @Test
    void theCsvFormHasPlainNumbersInColumnsOfTheirOwn() {
        Table table = table(
                List.of("", "parameters", "accuracy", "gain", "share", "epochs", "right", "stop", "note"),
                List.of(
                        List.of(
                                Cell.text("a"),
                                Cell.number(1_011_466, "%,.0f"),
                                new Cell.Mean(97.71, .12, null, null, "%.2f"),
                                Cell.estimate(.21, new Interval(-.06, .37), Cell.SIGNED),
                                Cell.percent(50.1, 1),
                                Cell.counted(4, 2),
                                new Cell.Share(3, 10),
                                Cell.text("never"),
                                Cell.number(1)),
                        List.of(
                                Cell.text("b"),
                                Cell.number(999),
                                Cell.number(97.2, 2),
                                Cell.NONE,
                                Cell.percent(7, 0),
                                Cell.counted(5, 1),
                                Cell.NONE,
                                Cell.counted(5, 1),
                                Cell.text("2, 3"))));
        assertEquals(
                List.of(
                        List.of(
                                "a",
                                "1,011,466",
                                "97.71 ± 0.12",
                                "+0.21 (-0.06 to +0.37)",
                                "50.1 %",
                                "4 (2)",
                                "3 of 10",
                                "never",
                                "1"),
                        List.of("b", "999", "97.20", "", "7 %", "5 (1)", "", "5 (1)", "2, 3")),
                table.texts());
        assertEquals(
                """
                row,parameters,accuracy,"accuracy, standard deviation",gain,"gain, from","gain, to",share (%),\
                epochs,"epochs, count",right,"right, of",stop,note
                a,1011466,97.71,0.12,0.21,-0.06,0.37,50.1,4,2,3,10,never,1
                b,999,97.20,,,,,7,5,1,,,5 (1),"2, 3"
                """,
                table.csv());
    }

    @Test
    void meansWithSpreadAndIntervalAreFourColumns() {
        Table table = table(
                List.of("T", "accuracy"),
                List.of(
                        List.of(Cell.number(1), Cell.mean(Sample.of(97, 98, 99))),
                        List.of(Cell.number(2), Cell.mean(Sample.single(97.2)))));
        assertEquals("98.00 ± 1.00 (95.52 to 100.48)", table.texts().get(0).get(1));
        assertEquals(
                """
                T,accuracy,"accuracy, standard deviation","accuracy, from","accuracy, to"
                1,98.00,1.00,95.52,100.48
                2,97.20,,,
                """,
                table.csv());
    }

    @Test
    void ofTwoNumbersNoIntervalIsGiven() {
        assertEquals("97.50 ± 0.71", Cell.mean(Sample.of(97, 98)).text());
        assertEquals("+0.50", Cell.difference(Sample.of(0, 1)).text());
    }

    @Test
    void whoseANumberIsAltersNeitherItsTextNorItsColumns() {
        Cell mean = Cell.mean(Sample.of(.001, .002, .003), "%.2e");
        assertEquals("2.00e-03 ± 1e-03 (-4.84e-04 to 4.48e-03)", mean.text());
        for (Cell cell : List.of(new Cell.Published(mean), mean.from(List.of(SOURCE)))) {
            assertEquals(mean.text(), cell.text());
            assertEquals(mean.parts(), cell.parts());
            assertEquals(mean, cell.content());
            assertTrue(cell.numeric());
        }
        assertEquals(List.of(SOURCE), mean.from(List.of(SOURCE)).sources());
        assertEquals(List.of(), Cell.NONE.from(List.of(SOURCE)).sources(), "a cell without a value is from nothing");
    }

    @Test
    void whatIsNotDefinedHasNoText() {
        List<Cell> cells = List.of(
                Cell.number(Double.NaN), Cell.mean(Sample.of(Double.NaN, 1)), Cell.published(Double.NaN), Cell.NONE);
        for (Cell cell : cells) {
            assertEquals("", cell.text());
            assertFalse(cell.numeric());
        }
        assertEquals(
                "a\n\n", table(List.of("a"), List.of(List.of(Cell.NONE))).csv().replace("\"\"", ""));
    }

    @Test
    void theJsonFormIsReadBackWithTheTypesOfItsCells() throws Exception {
        Table table = new Table(
                "t",
                List.of("", "a"),
                List.of(
                        List.of(Cell.text("x | y"), Cell.NONE),
                        List.of(Cell.number(.1), Cell.percent(50.1, 1)),
                        List.of(Cell.number(3, Cell.SIGNED), new Cell.Share(3, 10)),
                        List.of(new Cell.Numbers("1 / 2"), Cell.mean(Sample.of(1. / 3, 2))),
                        List.of(Cell.counted(1, 2), Cell.published(Double.NaN)),
                        List.of(Cell.published(1), Cell.number(1).from(List.of(SOURCE)))),
                List.of("A note."));
        assertEquals(table, Table.ofJson(table.json()));
        assertEquals(TABLE, Table.ofJson(TABLE.json()));
    }

    @Test
    void whatIsNoTableIsNotRead() {
        for (String json : List.of(
                "",
                "# Some text",
                "{}",
                "[]",
                "{\"title\":\"t\",\"header\":[\"a\"],\"notes\":[]}",
                "{\"title\":\"t\",\"header\":[\"a\",\"b\"],\"rows\":[[{\"type\":\"text\",\"text\":\"one\"}]],\"notes\":[]}",
                "{\"title\":\"t\",\"header\":[\"a\"],\"rows\":[[{\"type\":\"picture\"}]],\"notes\":[]}",
                "{\"title\":\"t\",\"header\":[\"a\"],\"rows\":[[null]],\"notes\":[]}",
                "{\"title\":\"t\",\"header\":[\"a\"],\"rows\":[[{\"type\":\"text\"}]],\"notes\":[]}")) {
            assertThrows(JsonProcessingException.class, () -> Table.ofJson(json), json);
        }
    }

    @Test
    void aRowThatIsNoRowOfTheTableIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> table(List.of("a", "b"), List.of(List.of(Cell.text("one")))));
        Csv csv = new Csv(List.of("a", "b"));
        assertThrows(IllegalArgumentException.class, () -> csv.row("one"));
        assertEquals("a,b\n1,\n", csv.row(1, null).text());
    }
}
