package distill.page;

import distill.statistics.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the page says, in order, and nothing of how it looks. Words between backquotes are code, and where they name a
 * document of the project, such as {@code docs/theory.md}, a link to it.
 *
 * @param title of the page
 * @param lead what stands before the first section
 * @param sections in the report's order
 */
public record Document(String title, List<Block> lead, List<Section> sections) {

    /**
     * A section.
     *
     * @param id its address within the page: lower-case letters, digits and hyphens
     * @param brief its name where there is little room
     * @param blocks what stands in view
     * @param folded what a reader opens to see more
     * @param parts sections within it
     */
    public record Section(
            String id, String brief, String title, List<Block> blocks, List<Block> folded, List<Section> parts) {

        /** This section with more at the end of what stands in view, and of what is folded. */
        public Section with(List<? extends Block> inView, List<? extends Block> more) {
            return new Section(id, brief, title, joined(blocks, inView), joined(folded, more), parts);
        }

        /** All blocks of this section, those in view first. */
        List<Block> allBlocks() {
            return joined(blocks, folded);
        }

        private static List<Block> joined(List<? extends Block> some, List<? extends Block> more) {
            return Stream.<Block>concat(some.stream(), more.stream()).toList();
        }

        /** What is folded, in words: {@code 4 tables, 2 charts, the tests of 3 statements}. */
        String whatIsFolded() {
            List<Block> inner = inner(folded).toList();
            long tables = inner.stream().filter(Sheet.class::isInstance).count();
            long charts = inner.stream().filter(Figure.class::isInstance).count();
            long pictures = inner.stream()
                    .filter(block -> block instanceof Picture || block instanceof Code)
                    .count();
            int statements = inner.stream()
                    .mapToInt(block ->
                            block instanceof Statements some ? some.statements().size() : 0)
                    .sum();
            List<String> parts = new ArrayList<>();
            add(parts, tables, "table");
            add(parts, charts, "chart");
            add(parts, pictures, "picture");
            int runs = inner.stream()
                    .mapToInt(block -> block instanceof Sources some
                            ? some.sources().size()
                            : block instanceof Listing some
                                    ? some.table().rows().size()
                                    : 0)
                    .sum();
            add(parts, runs, "run");
            add(parts, statements, statements == 1 ? "statement with its test" : "statement");
            String words = parts.stream().collect(Collectors.joining(", "));
            return words + (statements > 1 ? " with their tests" : "");
        }

        private static void add(List<String> parts, long count, String what) {
            if (count > 0) {
                parts.add(count + " " + what + (count == 1 ? "" : "s"));
            }
        }

        /** Whether the title says the brief name, too. */
        boolean startsWithBrief() {
            return title.startsWith(brief);
        }

        private Stream<Section> withParts() {
            return Stream.concat(Stream.of(this), parts.stream().flatMap(Section::withParts));
        }
    }

    /** A thing that stands in a section. */
    public sealed interface Block {}

    /** A paragraph. */
    public record Text(String text) implements Block {}

    /** Paragraphs that begin with the name of what they are about. */
    public record Terms(List<Term> terms) implements Block {}

    /** One of them. */
    public record Term(String name, String text) {}

    /** Lines that are shown as they are. */
    public record Code(String title, String text) implements Block {}

    /**
     * A table.
     *
     * @param sources what all of it was made from; none where it was computed without runs
     */
    public record Sheet(Table table, List<Source> sources) implements Block {}

    /** A long table, in which rows can be sorted and searched where the form allows it. */
    public record Listing(Table table) implements Block {}

    /**
     * Tables of numbers whose cells are coloured by their value, side by side on one scale. The first column names the
     * row.
     *
     * @param title what is shown in all of them
     * @param scale what a colour means
     */
    public record Heat(String title, String scale, List<Table> maps) implements Block {

        /** The least and the greatest number of all maps. */
        Interval range() {
            var all = maps.stream()
                    .flatMap(map -> map.rows().stream())
                    .flatMap(row -> row.stream().skip(1))
                    .filter(cell -> !cell.text().isEmpty())
                    .mapToDouble(Heat::number)
                    .summaryStatistics();
            return new Interval(all.getMin(), all.getMax());
        }

        /** The plain number of a cell. */
        static double number(Cell cell) {
            return Double.parseDouble(cell.parts().get(Cell.Part.VALUE));
        }
    }

    /** What a reader opens to see. */
    public record Fold(String title, List<Block> blocks) implements Block {}

    /** A chart. */
    public record Figure(Chart chart) implements Block {}

    /**
     * A stored picture, a PNG.
     *
     * @param description what can be seen
     */
    public record Picture(Path file, String title, String description) implements Block {}

    /**
     * What the store does not have.
     *
     * @param command what makes it
     */
    public record Missing(String what, String command) implements Block {}

    /** One and the same thing in each reading, as-written first. */
    public record Readings(List<Reading> readings) implements Block {}

    /**
     * What is of one reading.
     *
     * @param variant {@code as-written} or {@code as-described}
     * @param name the reading, with what else sets this apart
     */
    public record Reading(String variant, String name, List<Block> blocks) {}

    /**
     * A table of claims and what was found of each, reading by reading.
     *
     * @param statements in which a judgement's finding is short: an effect with its interval
     */
    public record Claims(String title, List<Statement> statements) implements Block {

        /** The readings that any of them was judged in, as-written first. */
        List<String> readings() {
            return statements.stream()
                    .flatMap(statement -> statement.judgements().stream())
                    .map(Judgement::reading)
                    .distinct()
                    .sorted((one, other) -> other.compareTo(one))
                    .toList();
        }
    }

    /** Statements with their judgements alone. */
    public record Overview(List<Statement> statements) implements Block {}

    /** Statements, what is judged of them, and why. */
    public record Statements(List<Statement> statements) implements Block {}

    /**
     * A statement that others made, and what is judged of it.
     *
     * @param text the statement itself
     * @param place where it was made
     * @param section the address of the section that has the reasons
     * @param judgements one for each reading
     */
    public record Statement(String text, String place, String section, List<Judgement> judgements) {}

    /**
     * What is judged of a statement.
     *
     * @param reading which reading was looked at; empty where there is but one
     * @param sign a letter that stands for the outcome
     * @param numbers what the judgement rests on, a line each
     * @param effects numbers that it rests on and that have intervals, to be drawn
     * @param test how it was judged
     */
    public record Judgement(
            String reading,
            String sign,
            String outcome,
            String finding,
            List<String> numbers,
            List<Effect> effects,
            String test) {

        /** A judgement all of whose numbers are lines. */
        public Judgement(
                String reading, String sign, String outcome, String finding, List<String> numbers, String test) {
            this(reading, sign, outcome, finding, numbers, List.of(), test);
        }
    }

    /**
     * A number with its 95 % interval, and the report's beside it.
     *
     * @param name what it is
     * @param value in percent, or a difference of two
     * @param text the number with its interval and how many runs it is of
     * @param report the report's number; null where it has none
     */
    public record Effect(String name, double value, Interval interval, Double report, String text) {

        /** From here on a number is an accuracy in percent; below, a difference of two. */
        private static final double LEAST_ACCURACY = 20;

        /** Whether it is a difference, which is drawn on a scale of its own with its 0. */
        boolean isDifference() {
            return Math.abs(value) < LEAST_ACCURACY;
        }
    }

    /** The runs that the document's numbers were made from. */
    public record Sources(List<Source> sources) implements Block {}

    /** All sections, each before its parts. */
    public List<Section> allSections() {
        return sections.stream().flatMap(Section::withParts).toList();
    }

    /** All blocks in order, those that stand in others behind these. */
    public Stream<Block> allBlocks() {
        return inner(
                Stream.concat(lead.stream(), allSections().stream().flatMap(section -> section.allBlocks().stream()))
                        .toList());
    }

    /** Some blocks, those that stand in them behind these. */
    static Stream<Block> inner(List<Block> blocks) {
        return blocks.stream().flatMap(block -> Stream.concat(Stream.of(block), inner(within(block))));
    }

    private static List<Block> within(Block block) {
        if (block instanceof Fold fold) {
            return fold.blocks();
        }
        return block instanceof Readings readings
                ? readings.readings().stream()
                        .flatMap(reading -> reading.blocks().stream())
                        .toList()
                : List.of();
    }
}
