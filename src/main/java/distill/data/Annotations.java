package distill.data;

import distill.data.Annotation.Partition;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * MHIST's annotations.csv: a header, whose columns may stand in any order beside others, and one image per row. A
 * column of votes may be missing, for no network is trained on them. The classes are the labels that both partitions
 * have; any other is a mistake. Where there are not two of those, the classes are the two most frequent labels.
 *
 * @param rows those that are good
 * @param classes in sorted order; of two the second is the positive class
 * @param votesFor the label whose votes are counted, from the header of that column; null without one
 * @param annotators how many voted, from there too; 0 without such a column
 */
record Annotations(List<Annotation> rows, List<String> classes, String votesFor, int annotators) {

    static final String LABEL = "Majority Vote Label";
    static final String PARTITION = "Partition";
    private static final String IMAGE = "Image Name";
    private static final Pattern VOTES =
            Pattern.compile("Number of Annotators who Selected (.+) \\(Out of (\\d{1,4})\\)");
    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final int SHOWN_LABELS = 5;
    private static final long MOST_BYTES = 1L << 26;

    /** The good rows of a partition, in their order. */
    List<Annotation> of(Partition partition) {
        return rows.stream().filter(row -> row.partition() == partition).toList();
    }

    /** A column of votes: its name, and what that tells. */
    private record Votes(String column, String label, int annotators) {

        /** The first column of a header that has votes; null without one. */
        static Votes of(List<String> header) {
            return header.stream()
                    .map(VOTES::matcher)
                    .filter(Matcher::matches)
                    .findFirst()
                    .map(match -> new Votes(match.group(), match.group(1), Integer.parseInt(match.group(2))))
                    .orElse(null);
        }
    }

    /**
     * Reads the file.
     *
     * @param bad gets the rows that are not as they must be
     * @throws DataException where the file cannot be read, lacks a column, has one class only, or counts votes for a
     *     label that it does not have
     */
    static Annotations read(Path file, BadRows bad) throws DataException {
        List<CSVRecord> lines = lines(file);
        List<String> header = lines.stream()
                .limit(1)
                .flatMap(CSVRecord::stream)
                .map(String::strip)
                .toList();
        checkColumns(file, header);
        int image = header.indexOf(IMAGE);
        int label = header.indexOf(LABEL);
        int partition = header.indexOf(PARTITION);
        Votes votes = Votes.of(header);
        Map<String, Integer> labels = new HashMap<>();
        Map<String, Set<String>> partitions = new HashMap<>();
        List<Annotation> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            int row = i + 1;
            CSVRecord line = lines.get(i);
            if (line.size() == 1 && line.get(0).isEmpty()) {
                continue;
            }
            if (line.size() != header.size()) {
                bad.add(row, "%d values, expected %d as in row 1".formatted(line.size(), header.size()));
                continue;
            }
            if (!line.get(label).isEmpty()) {
                labels.merge(line.get(label), 1, Integer::sum);
                partitions
                        .computeIfAbsent(line.get(label), name -> new HashSet<>())
                        .add(line.get(partition));
            }
            Integer count = votes == null ? null : number(line.get(header.indexOf(votes.column())));
            Optional<Partition> part = Arrays.stream(Partition.values())
                    .filter(known -> known.toString().equals(line.get(partition)))
                    .findFirst();
            if (count != null && (count < 0 || count > votes.annotators())) {
                bad.add(
                        row,
                        value(line, header, votes.column()) + ", expected a whole number of votes from 0 to "
                                + votes.annotators());
            } else if (part.isEmpty()) {
                bad.add(row, value(line, header, PARTITION) + ", expected train or test");
            } else {
                rows.add(new Annotation(row, line.get(image), line.get(label), count, part.get()));
            }
        }
        Set<String> known =
                Arrays.stream(Partition.values()).map(Partition::toString).collect(Collectors.toSet());
        List<String> inBoth = partitions.entrySet().stream()
                .filter(entry -> entry.getValue().containsAll(known))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        List<String> classes = inBoth.size() > 2 ? inBoth : classes(file, labels, votes);
        ClassNames.check(classes, file);
        for (Annotation row : rows) {
            if (!classes.contains(row.label())) {
                bad.add(
                        row.row(),
                        value(lines.get(row.row() - 1), header, LABEL) + ", expected " + String.join(" or ", classes));
            }
        }
        rows.removeIf(row -> bad.contains(row.row()));
        return new Annotations(
                List.copyOf(rows),
                classes,
                votes == null ? null : votes.label(),
                votes == null ? 0 : votes.annotators());
    }

    private static void checkColumns(Path file, List<String> header) throws DataException {
        List<String> missing = Stream.of(IMAGE, LABEL, PARTITION)
                .filter(column -> !header.contains(column))
                .toList();
        if (!missing.isEmpty()) {
            throw new DataException(
                    ("%s row 1: there is no column '%s' among '%s'; expected '%s' (a file in images/), '%s' (one of two"
                                    + " labels) and '%s' (train or test): give the columns these names")
                            .formatted(
                                    file,
                                    String.join("' and no '", missing),
                                    String.join("', '", header),
                                    IMAGE,
                                    LABEL,
                                    PARTITION));
        }
    }

    /** A value and where it stands, for people. */
    private static String value(CSVRecord line, List<String> header, String column) {
        return "'%s' in column '%s'".formatted(line.get(header.indexOf(column)), column);
    }

    /**
     * The lines of a CSV file in UTF-8, the header among them.
     *
     * @throws DataException where the file cannot be read, or is no such file
     */
    static List<CSVRecord> lines(Path file) throws DataException {
        CSVFormat format =
                CSVFormat.RFC4180.builder().setIgnoreSurroundingSpaces(true).get();
        try (Reader reader = Files.newBufferedReader(file)) {
            if (Files.size(file) > MOST_BYTES) {
                throw new DataException("%s has %d bytes, expected at most %d, which are rows of half a million images"
                        .formatted(file, Files.size(file), MOST_BYTES));
            }
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            try (CSVParser parser = format.parse(reader)) {
                return parser.getRecords();
            }
        } catch (CharacterCodingException | UncheckedIOException | IllegalStateException e) {
            throw new DataException(
                    "%s is not as expected, CSV in UTF-8: %s; save it so"
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

    /** A whole number, which pandas writes as 6.0 where a row of its column is empty; -1 where it is none. */
    private static int number(String text) {
        try {
            return Integer.parseInt(text.replaceFirst("\\.0+$", ""));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Two of the labels, in sorted order: the one that votes are for, and the most frequent others. Any more are
     * mistakes.
     *
     * @param counts how many rows have each label
     * @param votes null without votes
     */
    private static List<String> classes(Path file, Map<String, Integer> counts, Votes votes) throws DataException {
        if (counts.size() < 2) {
            throw new DataException("%s, column '%s': found %s, expected two different labels; correct them"
                    .formatted(
                            file,
                            LABEL,
                            counts.isEmpty() ? "no label" : "no other label than " + labels(counts.keySet())));
        }
        if (votes != null && !counts.containsKey(votes.label())) {
            throw new DataException(
                    ("%s row 1: found votes for '%s' in the name of the column '%s', expected one of the labels"
                                    + " %s; put that one there, or leave the column out, for nothing is trained on votes")
                            .formatted(file, votes.label(), votes.column(), labels(counts.keySet())));
        }
        return counts.keySet().stream()
                .sorted(Comparator.comparing((String label) -> votes != null && label.equals(votes.label()))
                        .thenComparing(counts::get)
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .limit(2)
                .sorted()
                .toList();
    }

    /** Labels for people, the first of many. */
    private static String labels(Set<String> labels) {
        int more = labels.size() - SHOWN_LABELS;
        return labels.stream().sorted().limit(SHOWN_LABELS).collect(Collectors.joining("', '", "'", "'"))
                + (more > 0 ? " and %d more".formatted(more) : "");
    }
}
