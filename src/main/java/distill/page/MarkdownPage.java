package distill.page;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a {@link Document} as Markdown that GitHub shows; charts are drawings in files beside it. */
public final class MarkdownPage {

    private static final Pattern SPECIAL = Pattern.compile("[\\\\*_\\[\\]|#~$]");
    private static final Pattern DOCS = Pattern.compile("`docs/([\\w-]+\\.md)`");

    private final StringBuilder out = new StringBuilder();
    private final Path folder;

    private final String drawingsFolder;
    private final Map<Path, String> drawings = new LinkedHashMap<>();

    private MarkdownPage(Path file) {
        this.folder = file.toAbsolutePath().normalize().getParent();
        this.drawingsFolder = file.getFileName().toString().replaceAll("\\.md$", "") + "-figures";
    }

    /**
     * The text and its charts, by the files that they are to be.
     *
     * @param file where the text is to be, from which pictures are linked; the charts lie in a folder beside it
     */
    public static Map<Path, String> of(Document document, Path file) {
        MarkdownPage page = new MarkdownPage(file);
        page.out.append("# ").append(text(document.title())).append("\n\n");
        document.lead().forEach(page::block);
        for (Document.Section section : document.sections()) {
            page.contents(section, "");
        }
        page.out.append('\n');
        document.sections().forEach(section -> page.section(section, "##"));
        Map<Path, String> files = new LinkedHashMap<>(page.drawings);
        files.put(file.toAbsolutePath().normalize(), page.out.toString().stripTrailing() + "\n");
        return files;
    }

    private void contents(Document.Section section, String indent) {
        out.append(indent)
                .append("- [")
                .append(heading(section))
                .append("](#")
                .append(section.id())
                .append(")\n");
        section.parts().forEach(part -> contents(part, indent + "  "));
    }

    private static String heading(Document.Section section) {
        return section.title().startsWith(section.brief())
                ? text(section.title())
                : text(section.brief() + " " + section.title());
    }

    private void section(Document.Section section, String hashes) {
        out.append("<a id=\"").append(section.id()).append("\"></a>\n\n");
        out.append(hashes).append(' ').append(heading(section)).append("\n\n");
        section.blocks().forEach(this::block);
        section.parts().forEach(part -> section(part, hashes + "#"));
    }

    private void block(Document.Block block) {
        if (block instanceof Document.Text text) {
            paragraph(words(text.text()));
        } else if (block instanceof Document.Code code) {
            paragraph("**" + text(code.title()) + "**");
            paragraph("```\n" + code.text().replace("```", "'''").stripTrailing() + "\n```");
        } else if (block instanceof Document.Sheet sheet) {
            sheet(sheet.table(), sheet.sources());
        } else if (block instanceof Document.Figure figure) {
            figure(figure.chart());
        } else if (block instanceof Document.Picture picture) {
            image(picture.title(), picture.description(), picture.file());
        } else if (block instanceof Document.Missing missing) {
            paragraph("> " + words(missing.what()) + " To make it: `" + missing.command() + "`.");
        } else if (block instanceof Document.Readings readings) {
            readings.readings().forEach(reading -> {
                paragraph("**" + text(reading.name()) + "**");
                reading.blocks().forEach(this::block);
            });
        } else if (block instanceof Document.Overview overview) {
            overview(overview.statements());
        } else if (block instanceof Document.Statements statements) {
            statements.statements().forEach(this::statement);
        } else if (block instanceof Document.Sources sources) {
            sources(sources.sources());
        }
    }

    private void paragraph(String text) {
        out.append(text).append("\n\n");
    }

    private void sheet(Table table, List<Source> sources) {
        paragraph("*" + text(table.title()) + "*");
        out.append(rows(table.header(), table.texts(), MarkdownPage::text)).append('\n');
        List<String> notes =
                new ArrayList<>(table.notes().stream().map(MarkdownPage::words).toList());
        if (!sources.isEmpty()) {
            notes.add(
                    sources.size() == 1
                            ? "From the run [" + text(sources.get(0).label()) + "](#provenance)."
                            : "From [" + sources.size() + " runs](#provenance).");
        }
        if (!notes.isEmpty()) {
            paragraph(String.join("  \n", notes));
        }
    }

    /**
     * A table's names and cells, a line each.
     *
     * @param escape makes a cell's text Markdown
     */
    static String rows(List<String> header, List<List<String>> rows, UnaryOperator<String> escape) {
        List<List<String>> lines =
                new ArrayList<>(List.of(header.stream().map(escape).toList()));
        lines.add(Collections.nCopies(header.size(), "---"));
        rows.forEach(row -> lines.add(row.stream().map(escape).toList()));
        return lines.stream()
                .map(line -> line.stream().collect(Collectors.joining(" | ", "| ", " |\n")))
                .collect(Collectors.joining());
    }

    private void figure(Chart chart) {
        Path file = drawing(fileName(chart.title()));
        for (int n = 2; drawings.containsKey(file); n++) {
            file = drawing(fileName(chart.title()) + "-" + n);
        }
        drawings.put(file, ChartSvg.alone(chart));
        image(chart.caption(), chart.description(), file);
    }

    private Path drawing(String name) {
        return folder.resolve(drawingsFolder).resolve(name + ".svg");
    }

    /** A title up to its first comma or bracket as a part of a file's name. */
    private static String fileName(String title) {
        return title.toLowerCase(Locale.ROOT)
                .replaceAll("[,\\[].*", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
    }

    private void image(String title, String description, Path file) {
        Path from = folder.relativize(file.toAbsolutePath().normalize());
        paragraph("![%s](%s)"
                .formatted(text(description), from.toString().replace('\\', '/').replace(" ", "%20")));
        paragraph("*" + text(title) + "*");
    }

    private void overview(List<Document.Statement> statements) {
        List<List<String>> rows = statements.stream()
                .map(statement -> List.of(
                        statement.judgements().stream()
                                .map(MarkdownPage::outcome)
                                .collect(Collectors.joining("<br>")),
                        text(statement.text()),
                        "[" + text(statement.place()) + "](#" + statement.section() + ")"))
                .toList();
        out.append(rows(List.of("verdict", "the report's statement", "where"), rows, cell -> cell))
                .append('\n');
    }

    private void statement(Document.Statement statement) {
        paragraph("> " + text(statement.text()) + " (" + text(statement.place()) + ")");
        for (Document.Judgement judgement : statement.judgements()) {
            out.append("- ").append(outcome(judgement));
            out.append(": ").append(words(judgement.finding())).append('\n');
            for (String number : judgement.numbers()) {
                out.append("  - ").append(text(number)).append('\n');
            }
            out.append("  - Test: ").append(words(judgement.test())).append('\n');
        }
        out.append('\n');
    }

    private static String outcome(Document.Judgement judgement) {
        return "**" + judgement.outcome() + "**"
                + (judgement.reading().isEmpty() ? "" : " (" + judgement.reading() + ")");
    }

    private void sources(List<Source> sources) {
        paragraph("<details><summary>" + sources.size() + " runs</summary>");
        out.append(rows(
                        List.of("run", "test %", "identity", "weights", "commit", "ended (UTC)", "processor"),
                        sources.stream()
                                .map(source -> List.of(
                                        source.label(),
                                        source.accuracy(),
                                        source.identity(),
                                        source.weights(),
                                        source.commit(),
                                        source.date(),
                                        source.processor()))
                                .toList(),
                        MarkdownPage::text))
                .append('\n');
        paragraph("</details>");
    }

    /** Text in which nothing is markup. */
    private static String text(String text) {
        return SPECIAL.matcher(text.replaceAll("\\R", " "))
                .replaceAll("\\\\$0")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("`", "&#96;");
    }

    /** Text whose parts between backquotes are code; documents of this project are links. */
    private static String words(String text) {
        String[] parts = text.split("`", -1);
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            words.append(i % 2 == 0 ? text(parts[i]) : "`" + parts[i] + "`");
        }
        return DOCS.matcher(words).replaceAll("[docs/$1]($1)");
    }
}
