package distill.data;

import distill.data.Annotation.Partition;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
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
    private static final String VOTES = "Number of Annotators who Selected %s (Out of %s)";
    private static final String PARTITION = "Partition";
    private static final Pattern VOTES_PATTERN =
            Pattern.compile("Number of Annotators who Selected (.+) \\(Out of (\\d{1,4})\\)");
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /**
     * Reads the file.
     *
     * @param bad gets the rows that are not as they must be
     * @throws DataException where the file cannot be read, lacks a column, or has one class only
     */
    static Annotations read(Path file, BadRows bad) throws DataException {
        try (Reader reader = Files.newBufferedReader(file);
                var records = CSVFormat.RFC4180
                        .builder()
                        .setIgnoreSurroundingSpaces(true)
                        .get()
                        .parse(reader)) {
            List<CSVRecord> lines = records.getRecords();
            return lines.isEmpty() ? of(file, List.of(), lines, bad) : of(file, header(lines.get(0)), lines, bad);
        } catch (UncheckedIOException e) {
            throw notCsv(file, e.getCause());
        } catch (DataException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw notCsv(file, e);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    private static DataException notCsv(Path file, IOException cause) {
        return new DataException("%s is not as expected, CSV in UTF-8: %s".formatted(file, cause.getMessage()), cause);
    }

    private static List<String> header(CSVRecord line) {
        return line.stream()
                .map(name -> name.replace(BYTE_ORDER_MARK, "").strip())
                .toList();
    }

    private static Annotations of(Path file, List<String> header, List<CSVRecord> lines, BadRows bad)
            throws DataException {
        int image = header.indexOf(IMAGE);
        int label = header.indexOf(LABEL);
        int partition = header.indexOf(PARTITION);
        List<Matcher> votesColumns = header.stream().map(VOTES_PATTERN::matcher).toList();
        int votes = IntStream.range(0, header.size())
                .filter(i -> votesColumns.get(i).matches())
                .findFirst()
                .orElse(-1);
        if (image < 0 || label < 0 || votes < 0 || partition < 0) {
            throw new DataException("%s row 1: found the columns '%s', expected %s; give them these names"
                    .formatted(
                            file,
                            String.join("', '", header),
                            Stream.of(IMAGE, LABEL, VOTES.formatted("SSA", 7), PARTITION)
                                    .collect(Collectors.joining("', '", "'", "'"))));
        }
        String votesFor = votesColumns.get(votes).group(1);
        int annotators = Integer.parseInt(votesColumns.get(votes).group(2));
        List<Annotation> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            int row = i + 1;
            CSVRecord line = lines.get(i);
            if (line.size() != header.size()) {
                bad.add(row, "%d values, expected %d".formatted(line.size(), header.size()));
                continue;
            }
            int count = number(line.get(votes));
            if (count < 0 || count > annotators) {
                bad.add(row, "'%s' votes, expected 0 to %d".formatted(line.get(votes), annotators));
            } else if (partition(line.get(partition)) == null) {
                bad.add(row, "partition '%s', expected train or test".formatted(line.get(partition)));
            } else {
                rows.add(new Annotation(row, line.get(image), line.get(label), count, partition(line.get(partition))));
            }
        }
        List<String> classes = classes(file, rows, votesFor);
        for (Annotation annotation : rows) {
            if (!classes.contains(annotation.label())) {
                bad.add(
                        annotation.row(),
                        "label '%s', expected %s".formatted(annotation.label(), String.join(" or ", classes)));
            }
        }
        rows.removeIf(annotation -> bad.contains(annotation.row()));
        return new Annotations(List.copyOf(rows), classes, votesFor, annotators);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static Partition partition(String text) {
        return Stream.of(Partition.values())
                .filter(partition -> partition.toString().equals(text))
                .findFirst()
                .orElse(null);
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
