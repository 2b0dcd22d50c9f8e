package distill.data;

import distill.data.Annotation.Partition;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * MHIST's annotations.csv: a header, whose columns may stand in any order beside others, and one image per row.
 *
 * @param rows those that are good
 * @param classes the values of the label column in sorted order; the second is the positive class
 * @param votesFor the label whose votes are counted, from the header of that column
 * @param annotators how many voted, from there too
 */
record Annotations(List<Annotation> rows, List<String> classes, String votesFor, int annotators) {

    private static final String IMAGE = "Image Name";
    private static final String LABEL = "Majority Vote Label";
    private static final String PARTITION = "Partition";
    private static final Pattern VOTES =
            Pattern.compile("Number of Annotators who Selected (.+) \\(Out of (\\d{1,4})\\)");
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** The good rows of a partition, in their order. */
    List<Annotation> of(Partition partition) {
        return rows.stream().filter(row -> row.partition() == partition).toList();
    }

    /**
     * Reads the file.
     *
     * @param bad gets the rows that are not as they must be
     * @throws DataException where the file cannot be read, lacks a column, or has one class only
     */
    static Annotations read(Path file, BadRows bad) throws DataException {
        List<CSVRecord> lines = lines(file);
        List<String> header = lines.stream()
                .limit(1)
                .flatMap(CSVRecord::stream)
                .map(name -> name.replace(BYTE_ORDER_MARK, "").strip())
                .toList();
        int image = header.indexOf(IMAGE);
        int label = header.indexOf(LABEL);
        int partition = header.indexOf(PARTITION);
        Matcher votesColumn = header.stream()
                .map(VOTES::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .orElse(null);
        if (image < 0 || label < 0 || votesColumn == null || partition < 0) {
            throw new DataException(
                    ("%s row 1: found the columns '%s', expected '%s', '%s', 'Number of Annotators who Selected SSA"
                                    + " (Out of 7)', '%s'; give them these names")
                            .formatted(file, String.join("', '", header), IMAGE, LABEL, PARTITION));
        }
        int votes = header.indexOf(votesColumn.group());
        String votesFor = votesColumn.group(1);
        int annotators = Integer.parseInt(votesColumn.group(2));
        List<Annotation> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            int row = i + 1;
            CSVRecord line = lines.get(i);
            if (line.size() != header.size()) {
                bad.add(row, "%d values, expected %d".formatted(line.size(), header.size()));
                continue;
            }
            int count = number(line.get(votes));
            Optional<Partition> part = Arrays.stream(Partition.values())
                    .filter(known -> known.toString().equals(line.get(partition)))
                    .findFirst();
            if (count < 0 || count > annotators) {
                bad.add(row, "'%s' votes, expected 0 to %d".formatted(line.get(votes), annotators));
            } else if (part.isEmpty()) {
                bad.add(row, "partition '%s', expected train or test".formatted(line.get(partition)));
            } else {
                rows.add(new Annotation(row, line.get(image), line.get(label), count, part.get()));
            }
        }
        List<String> classes = classes(file, rows, votesFor);
        for (Annotation row : rows) {
            if (!classes.contains(row.label())) {
                bad.add(row.row(), "label '%s', expected %s".formatted(row.label(), String.join(" or ", classes)));
            }
        }
        rows.removeIf(row -> bad.contains(row.row()));
        return new Annotations(List.copyOf(rows), classes, votesFor, annotators);
    }

    /**
     * The lines of a CSV file in UTF-8, the header among them.
     *
     * @throws DataException where the file cannot be read, or is no such file
     */
    static List<CSVRecord> lines(Path file) throws DataException {
        CSVFormat format =
                CSVFormat.RFC4180.builder().setIgnoreSurroundingSpaces(true).get();
        try (Reader reader = Files.newBufferedReader(file);
                CSVParser parser = format.parse(reader)) {
            return parser.getRecords();
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new DataException(
                    "%s is not as expected, CSV in UTF-8: %s"
                            .formatted(
                                    file,
                                    e.getCause() == null
                                            ? e.getMessage()
                                            : e.getCause().getMessage()),
                    e);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The label that the votes are for, and the most frequent other one: any more are mistakes. */
    private static List<String> classes(Path file, List<Annotation> rows, String votesFor) throws DataException {
        Map<String, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row.label(), 1, Integer::sum));
        if (!counts.containsKey(votesFor) || counts.size() < 2) {
            throw new DataException("%s has the labels %s, expected two, of which one is '%s' as the votes' column says"
                    .formatted(file, counts.keySet().stream().sorted().toList(), votesFor));
        }
        counts.remove(votesFor);
        String other = counts.keySet().stream()
                .sorted()
                .max(Comparator.comparing(counts::get))
                .orElseThrow();
        return Stream.of(votesFor, other).sorted().toList();
    }
}
