package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The numbers in the tables of docs/theory.md are those of the tables in results/ that the document names beside them,
 * rounded as they stand there. That these are made from the stored runs is {@link StoredTablesTest}'s matter.
 */
class TheoryDocumentTest {

    private static final Path RESULTS = Path.of("results");
    private static final Pattern SOURCE = Pattern.compile("`(q\\d[^`]*)`");
    private static final String NUMBER = "[-+]?(?:\\d[\\d,]*)?\\.?\\d+(?:e[-+]?\\d{1,3})?";

    /** A number, or a mean with its standard deviation; no digits of a digest or a name. */
    private static final Pattern VALUE = Pattern.compile("(?<!\\w)(%s)(?: ± (%s))?(?!\\w)".formatted(NUMBER, NUMBER));

    /**
     * A table of the document.
     *
     * @param source the name of the tables that its numbers are from, {@code ...} for any characters within
     * @param rows without its head
     */
    private record Quoted(int line, String source, List<String> rows) {

        /** What its rows have behind their names. */
        List<Value> values() {
            return rows.stream()
                    .map(row -> row.substring(row.indexOf('|', 1)))
                    .flatMap(TheoryDocumentTest::values)
                    .toList();
        }
    }

    /**
     * A number as it is printed.
     *
     * @param deviation null where none stands beside it
     */
    private record Value(String text, BigDecimal mean, BigDecimal deviation) {

        static Value of(MatchResult match) {
            return new Value(match.group(), number(match.group(1)), number(match.group(2)));
        }

        private static BigDecimal number(String text) {
            return text == null ? null : new BigDecimal(text.replace(",", ""));
        }

        /**
         * Whether this is the other one, which has as many digits or more, rounded. A document may leave out the sign.
         */
        boolean isRounded(Value other) {
            return isRounded(mean.abs(), other.mean.abs())
                    && (deviation == null || other.deviation != null && isRounded(deviation, other.deviation));
        }

        private static boolean isRounded(BigDecimal rounded, BigDecimal exact) {
            BigDecimal half = rounded.ulp().divide(BigDecimal.valueOf(2));
            return rounded.subtract(exact).abs().compareTo(half) <= 0;
        }
    }

    private static Stream<Value> values(String text) {
        return VALUE.matcher(text).results().map(Value::of);
    }

    private static List<Quoted> tables() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs/theory.md"));
        List<Quoted> tables = new ArrayList<>();
        for (int head = 0; head < lines.size(); head++) {
            if (!lines.get(head).startsWith("|")) {
                continue;
            }
            int end = head;
            while (lines.get(end).startsWith("|")) {
                end++;
            }
            // The name stands in the table's head, before the table, or behind it.
            int first = head;
            String around = Stream.of(lines.get(first), lines.get(first - 2), lines.get(end + 1))
                    .filter(line -> SOURCE.matcher(line).find())
                    .findFirst()
                    .orElseThrow(() ->
                            new AssertionError("docs/theory.md names no source of its table in line " + (first + 1)));
            Matcher source = SOURCE.matcher(around);
            source.find();
            tables.add(new Quoted(head + 1, source.group(1), lines.subList(head + 2, end)));
            head = end;
        }
        return tables;
    }

    private static List<Value> stored(String name) throws IOException {
        PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + name.replace("...", "*") + "*.md");
        List<Value> values = new ArrayList<>();
        for (String task : List.of("task1", "task2")) {
            try (Stream<Path> files = Files.list(RESULTS.resolve(task))) {
                for (Path file :
                        files.filter(one -> wanted.matches(one.getFileName())).toList()) {
                    values(Files.readString(file)).forEach(values::add);
                }
            }
        }
        return values;
    }

    @TestFactory
    Stream<DynamicTest> everyNumberStandsInTheTableThatIsNamed() throws IOException {
        return tables().stream()
                .map(table -> dynamicTest("line %d, %s".formatted(table.line(), table.source()), () -> {
                    List<Value> stored = stored(table.source());
                    assertNotEquals(List.of(), stored, "results/ has no table named " + table.source());
                    Set<String> others = table.values().stream()
                            .filter(value -> stored.stream().noneMatch(value::isRounded))
                            .map(Value::text)
                            .collect(Collectors.toSet());
                    assertEquals(Set.of(), others, "not in the table " + table.source());
                }));
    }

    @Test
    void aMeanIsFoundWithItsOwnDeviationAlone() {
        List<Value> stored =
                values("98.09 ± 0.10 (97.85 to 98.33), 66.40 ± 10.23, 6.43e-02").toList();

        assertEquals(
                List.of("98.09 ± .11", "66.3 ± 10.2", "0.065"),
                values("98.09 ± .10, 98.09 ± .11, 66.4 ± 10.2, 66.3 ± 10.2, -97.85, 0.064, 0.065")
                        .filter(value -> stored.stream().noneMatch(value::isRounded))
                        .map(Value::text)
                        .toList());
    }
}
