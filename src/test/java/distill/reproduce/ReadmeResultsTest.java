package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The results in README.md are those of docs/REPORT.md, which {@link StoredTablesTest} makes from the stored runs. */
class ReadmeResultsTest {

    /** Rows of README's table as they begin, and the report's of the same. */
    private static final Map<String, String> ROWS = Map.of(
            "teacher", "teacher",
            "student without distillation", "student without KD",
            "student with distillation, T = 16, alpha = 0.9", "student with KD, T = 16, alpha = 0.9",
            "students of Table I, mean", "students with KD, mean of Table I");

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(Path.of(file));
    }

    /** The cells of the first row of a table that begins so. */
    private static List<String> row(List<String> lines, String begin) {
        String line = lines.stream()
                .filter(one -> one.startsWith("| " + begin))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row begins with " + begin));
        return Stream.of(line.split("\\|")).map(String::strip).skip(1).toList();
    }

    private static String between(List<String> lines, String begin, String end) {
        String text = String.join(" ", lines);
        int start = text.indexOf(begin);
        assertTrue(start >= 0, begin);
        return text.substring(start, text.indexOf(end, start));
    }

    private static List<Integer> numbers(String sentence) {
        return Pattern.compile("\\d+")
                .matcher(sentence)
                .results()
                .map(MatchResult::group)
                .map(Integer::valueOf)
                .toList();
    }

    @Test
    void theTableHasTheReportsMeansAndDeviations() throws IOException {
        List<String> readme = lines("README.md");
        List<String> report = lines("docs/REPORT.md");
        ROWS.forEach((ours, theirs) -> {
            List<String> here = row(readme, ours);
            List<String> there = row(report, theirs + " |");
            // There the seeds are a column, and the interval of the mean stands beside it.
            List<String> expected = Stream.of(there.get(1), there.get(2), there.get(4))
                    .map(cell -> cell.replaceAll(" \\(.*", ""))
                    .toList();
            assertEquals(expected, here.subList(1, 4), ours);
        });
    }

    @Test
    void theDifferenceAndTheGainAreThoseOfTheFirstClaim() throws IOException {
        List<String> readme = lines("README.md");
        List<String> claim = row(lines("docs/REPORT.md"), "Distillation makes the student better").stream()
                .skip(1)
                .map(cell -> cell.replaceAll("\\*\\*.*\\*\\* ", ""))
                .toList();
        List<String> difference = row(readme, "difference of these two students");
        assertEquals(claim, difference.subList(2, 4));
        String gain = claim.get(1).replaceAll("^\\+| .*", "");
        assertTrue(String.join(" ", readme).contains("formulas it gains " + gain + " points"), gain);
    }

    @Test
    void theGainThatIsRuledOutIsThatOfTheReport() throws IOException {
        String limit = between(lines("docs/REPORT.md"), "A gain above ", " is ruled out.")
                .replace("A gain above ", "");
        assertTrue(
                String.join(" ", lines("README.md")).contains("a gain above " + limit + " points is ruled out"), limit);
        assertTrue(
                String.join(" ", lines("docs/theory.md")).contains("a gain above " + limit + " is ruled out"), limit);
    }

    @Test
    void theStatementsAreCountedAsInTheReport() throws IOException {
        List<Integer> there = numbers(between(lines("docs/REPORT.md"), "Of ", " not run."));
        assertEquals(5, there.size(), "statements and four outcomes");
        assertEquals(there, numbers(between(lines("README.md"), "Of " + there.get(0), " not run")));
    }
}
