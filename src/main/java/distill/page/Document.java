package distill.page;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the page says, in order, and nothing of how it looks. Words between backquotes are code.
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
     * @param parts sections within it
     */
    public record Section(String id, String brief, String title, List<Block> blocks, List<Section> parts) {

        /** This section with more blocks at its end. */
        public Section with(List<? extends Block> more) {
            return new Section(
                    id,
                    brief,
                    title,
                    Stream.concat(blocks.stream(), more.stream()).toList(),
                    parts);
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

    /** Statements with their judgements alone, each with the address of the section that has the rest. */
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
     * @param test how it was judged
     */
    public record Judgement(
            String reading, String sign, String outcome, String finding, List<String> numbers, String test) {}

    /** The runs that the document's numbers were made from. */
    public record Sources(List<Source> sources) implements Block {}

    /** All sections, each before its parts. */
    public List<Section> allSections() {
        return sections.stream().flatMap(Section::withParts).toList();
    }
}
