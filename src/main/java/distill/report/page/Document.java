package distill.report.page;

import distill.report.Chart;
import distill.report.Table;
import distill.report.verdict.Verdict;
import distill.run.Run;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
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
    public record Section(String id, String brief, String title, List<Block> blocks, List<Section> parts) {}

    /** A thing that stands in a section. */
    public sealed interface Block
            permits Text, Code, Sheet, Figure, Picture, Missing, Readings, Overview, Verdicts, Runs {}

    /** A paragraph. */
    public record Text(String text) implements Block {}

    /** Lines that are shown as they are. */
    public record Code(String title, String text) implements Block {}

    /**
     * A table.
     *
     * @param runs what all of it was made from; none where it was computed without runs
     */
    public record Sheet(Table table, List<Run> runs) implements Block {}

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

    /** The same in the readings; as-written comes first. */
    public record Readings(List<Reading> readings) implements Block {}

    /**
     * What is of one reading.
     *
     * @param variant {@code as-written} or {@code as-described}
     * @param name the reading, with what else sets this apart
     */
    public record Reading(String variant, String name, List<Block> blocks) {}

    /** Statements of the report with their verdicts alone, each with the address of the section that has the rest. */
    public record Overview(List<Verdict> verdicts) implements Block {}

    /** Statements of the report with what the runs say of them, and why. */
    public record Verdicts(List<Verdict> verdicts) implements Block {}

    /** Where runs come from. */
    public record Runs(List<Run> runs) implements Block {}

    /** All sections, each before its parts. */
    List<Section> allSections() {
        return sections.stream().flatMap(Document::withParts).toList();
    }

    private static Stream<Section> withParts(Section section) {
        return Stream.concat(Stream.of(section), section.parts().stream().flatMap(Document::withParts));
    }

    /** The address of the section of a statement's question. */
    static String sectionOf(Verdict verdict) {
        return "task%d-q%d".formatted(verdict.task(), verdict.question());
    }

    /** Verdicts on one statement and subject are those of its readings. */
    static Collection<List<Verdict>> byStatement(List<Verdict> verdicts) {
        return verdicts.stream()
                .collect(Collectors.groupingBy(
                        verdict -> List.of(verdict.place(), verdict.judged()), LinkedHashMap::new, Collectors.toList()))
                .values();
    }
}
