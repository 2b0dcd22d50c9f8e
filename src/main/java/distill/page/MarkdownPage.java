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
import java.util.stream.Stream;

/** Writes a {@link Document} as Markdown that GitHub shows; charts are drawings in files beside it. */
public final class MarkdownPage {

    private static final Pattern SPECIAL = Pattern.compile("[\\\\*_\\[\\]|#~$]");
    private static final Pattern DOCS = Pattern.compile("`docs/([\\w-]+\\.md)(#[\\w-]+)?`");

    private final StringBuilder out = new StringBuilder();
    private final Path folder;
    private final Path drawingsFolder;
    private final Map<Path, String> files = new LinkedHashMap<>();

    private MarkdownPage(Path file) {
        folder = file.getParent();
        drawingsFolder = folder.resolve(file.getFileName().toString().replaceAll("\\.md$", "") + "-figures");
    }

    /**
     * The text and its charts, by the files that they are to be.
     *
     * @param file where the text is to be, from which pictures are linked; the charts lie in a folder beside it
     */
    public static Map<Path, String> of(Document document, Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        MarkdownPage page = new MarkdownPage(absolute);
        page.paragraph("# " + text(document.title()));
        document.lead().forEach(page::block);
        document.sections().forEach(section -> page.contents(section, ""));
        page.out.append('\n');
        document.sections().forEach(section -> page.section(section, "##"));
        page.files.put(absolute, page.out.toString().stripTrailing() + "\n");
        return page.files;
    }

    private void contents(Document.Section section, String indent) {
        line(indent + "- [" + heading(section) + "](#" + section.id() + ")");
        section.parts().forEach(part -> contents(part, indent + "  "));
    }

    private static String heading(Document.Section section) {
        return text(section.startsWithBrief() ? section.title() : section.brief() + " " + section.title());
    }

    private void section(Document.Section section, String hashes) {
        paragraph("<a id=\"" + section.id() + "\"></a>");
        paragraph(hashes + " " + heading(section));
        section.blocks().forEach(this::block);
        fold(section.whatIsFolded(), section.folded());
        section.parts().forEach(part -> section(part, hashes + "#"));
    }

    private void fold(String title, List<Document.Block> blocks) {
        if (!blocks.isEmpty()) {
            paragraph("<details><summary>" + text(title) + "</summary>");
            blocks.forEach(this::block);
            paragraph("</details>");
        }
    }

    private void block(Document.Block block) {
        if (block instanceof Document.Text text) {
            paragraph(words(text.text()));
        } else if (block instanceof Document.Code code) {
            paragraph("**" + text(code.title()) + "**");
            paragraph("```\n" + code.text().replace("```", "'''").stripTrailing() + "\n```");
        } else if (block instanceof Document.Sheet sheet) {
            sheet(sheet.table(), sheet.sources());
        } else if (block instanceof Document.Terms terms) {
            terms.terms().forEach(term -> paragraph("**" + text(term.name()) + "** " + words(term.text())));
        } else if (block instanceof Document.Fold fold) {
            fold(fold.title(), fold.blocks());
        } else if (block instanceof Document.Heat heat) {
            heat.maps().forEach(map -> {
                paragraph("*" + text(heat.title() + ", " + map.title()) + "*");
                line(rows(map.header(), map.texts(), MarkdownPage::text));
                map.notes().forEach(note -> paragraph(words(note)));
            });
        } else if (block instanceof Document.Claims claims) {
            claims(claims);
        } else if (block instanceof Document.Listing listing) {
            sheet(listing.table(), List.of());
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

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void paragraph(String text) {
        line(text + "\n");
    }

    private void sheet(Table table, List<Source> sources) {
        paragraph("*" + text(table.title()) + "*");
        line(rows(table.header(), table.texts(), MarkdownPage::text));
        List<String> notes =
                new ArrayList<>(table.notes().stream().map(MarkdownPage::words).toList());
        if (sources.size() == 1) {
            notes.add("From the run [" + text(sources.get(0).label()) + "](#provenance).");
        } else if (!sources.isEmpty()) {
            notes.add("From [" + sources.size() + " runs](#provenance).");
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
        List<List<String>> lines = new ArrayList<>(rows);
        lines.add(0, header);
        lines.replaceAll(line -> line.stream().map(escape).toList());
        lines.add(1, Collections.nCopies(header.size(), "---"));
        return lines.stream()
                .map(line -> "| " + String.join(" | ", line) + " |\n")
                .collect(Collectors.joining());
    }

    private void figure(Chart chart) {
        // A title up to its first comma or bracket.
        String name = chart.title()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[,\\[].*", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        Path file = drawingsFolder.resolve(name + ".svg");
        for (int n = 2; files.containsKey(file); n++) {
            file = drawingsFolder.resolve(name + "-" + n + ".svg");
        }
        files.put(file, ChartSvg.alone(chart));
        image(chart.caption(), chart.description(), file);
    }

    private void image(String title, String description, Path file) {
        String link = folder.relativize(file.toAbsolutePath().normalize()).toString();
        paragraph("![" + text(description) + "](" + link.replace('\\', '/').replace(" ", "%20") + ")");
        paragraph("*" + text(title) + "*");
    }

    private void overview(List<Document.Statement> statements) {
        statements.forEach(statement -> line("- "
                + statement.judgements().stream().map(MarkdownPage::outcome).collect(Collectors.joining(", ")) + ": "
                + text(statement.text())));
        line("");
    }

    private void claims(Document.Claims claims) {
        paragraph("*" + text(claims.title()) + "*");
        List<String> header =
                Stream.concat(Stream.of("claim"), claims.readings().stream()).toList();
        List<List<String>> rows = claims.statements().stream()
                .map(statement -> Stream.concat(
                                Stream.of(text(statement.text()) + " [" + text(statement.place()) + "](#"
                                        + statement.section() + ")"),
                                claims.readings().stream().map(reading -> found(statement, reading)))
                        .toList())
                .toList();
        line(rows(header, rows, cell -> cell));
    }

    /** What was found of a claim in a reading, in short. */
    private static String found(Document.Statement statement, String reading) {
        return statement.judgements().stream()
                .filter(judgement -> judgement.reading().equals(reading))
                .map(judgement -> "**" + judgement.outcome() + "** " + text(judgement.finding()))
                .collect(Collectors.joining());
    }

    private void statement(Document.Statement statement) {
        paragraph("> " + text(statement.text()) + " (" + text(statement.place()) + ")");
        for (Document.Judgement judgement : statement.judgements()) {
            paragraph(outcome(judgement) + ": " + words(judgement.finding()));
            if (!judgement.effects().isEmpty()) {
                List<List<String>> rows = judgement.effects().stream()
                        .map(effect -> List.of(effect.name(), effect.text()))
                        .toList();
                line(rows(List.of("", "ours, with the 95 % interval"), rows, MarkdownPage::text));
            }
            judgement.numbers().forEach(number -> line("- " + text(number)));
            line("- Test: " + words(judgement.test()) + "\n");
        }
    }

    private static String outcome(Document.Judgement judgement) {
        return "**" + judgement.outcome() + "**"
                + (judgement.reading().isEmpty() ? "" : " (" + judgement.reading() + ")");
    }

    private void sources(List<Source> sources) {
        paragraph("<details><summary>" + sources.size() + " runs</summary>");
        List<String> header = List.of("run", "test %", "identity", "weights", "commit", "ended (UTC)", "processor");
        List<List<String>> rows = sources.stream()
                .map(run -> List.of(
                        run.label(),
                        run.accuracy(),
                        run.identity(),
                        run.weights(),
                        run.commit(),
                        run.date(),
                        run.processor()))
                .toList();
        line(rows(header, rows, MarkdownPage::text));
        paragraph("</details>");
    }

    /**
     * Text that may have emphasis and code in it, and neither HTML, nor links, nor pictures: it has labels of other
     * people's data in it.
     */
    static String inert(String text) {
        return text.replaceAll("\\R", " ").replace("<", "&lt;").replace("](", "]\\(");
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
        for (int i = 0; i < parts.length; i++) {
            parts[i] = i % 2 == 0 ? text(parts[i]) : "`" + parts[i] + "`";
        }
        return DOCS.matcher(String.join("", parts)).replaceAll("[docs/$1]($1$2)");
    }
}
