package distill.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WrappedLinesTest {

    private static String wrapped(int width, String text) {
        StringWriter written = new StringWriter();
        PrintWriter out = new PrintWriter(new WrappedLines(written, width));
        out.print(text);
        out.flush();
        return written.toString();
    }

    @Test
    void linesEndBetweenWordsAndGoOnTwoSpacesFurtherIn() {
        assertEquals("  one two\n    three\n    four\n", wrapped(10, "  one two three four\n"));
    }

    @Test
    void aLineThatFitsStaysAsItIsThoughItFillsTheWidth() {
        assertEquals("1234 67890\nnext\n", wrapped(10, "1234 67890\nnext\n"));
    }

    @Test
    void whatStandsBehindANameGoesOnBelowItself() {
        assertEquals(
                "  trains  36 networks, about\n          18 min\n",
                wrapped(30, "  trains  36 networks, about 18 min\n"));
    }

    @Test
    void aWordThatIsLongerThanTheLineStaysWhole() {
        assertEquals("  see\n    https://host/path\n    for it\n", wrapped(10, "  see https://host/path for it\n"));
    }

    @Test
    void whatHasNoEndYetIsWrittenWhenFlushed() {
        StringWriter written = new StringWriter();
        PrintWriter out = new PrintWriter(new WrappedLines(written, 10));
        out.print("one");
        out.flush();
        assertEquals("one", written.toString());
        out.println(" two");
        out.flush();
        assertEquals("one two\n", written.toString());
    }
}
