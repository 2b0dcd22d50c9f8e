package distill.report.page;

import distill.report.Table;
import distill.report.verdict.Quantity;
import distill.report.verdict.Verdict;
import distill.run.Provenance;
import distill.run.Run;
import distill.statistics.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a {@link Document} as Markdown that GitHub shows; charts are drawings in files beside it. */
final class MarkdownPage {

    private static final Pattern SPECIAL = Pattern.compile("[\\\\*_\\[\\]|#~$]");
    private static final Pattern DOCS = Pattern.compile("`docs/([\\w-]+\\.md)`");
    private static final int DIGITS = 10;

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
     * @param file where the text is to be; the charts lie in a folder beside it
     */
    static Map<Path, String> of(Document document, Path file) {
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
            sheet(sheet.table(), sheet.runs());
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
            overview(overview.verdicts());
        } else if (block instanceof Document.Verdicts verdicts) {
            verdicts(verdicts.verdicts());
        } else if (block instanceof Document.Runs runs) {
            runs(runs.runs());
        }
    }

    private void paragraph(String text) {
        out.append(text).append("\n\n");
    }

    private void sheet(Table table, List<Run> runs) {
        paragraph("*" + text(table.title()) + "*");
        rows(table.header(), table.rows());
        List<String> notes =
                new ArrayList<>(table.notes().stream().map(MarkdownPage::words).toList());
        if (!runs.isEmpty()) {
            notes.add(
                    runs.size() == 1
                            ? "From the run [" + text(runs.get(0).settings().label()) + "](#provenance)."
                            : "From [" + runs.size() + " runs](#provenance).");
        }
        if (!notes.isEmpty()) {
            paragraph(String.join("  \n", notes));
        }
    }

    private void rows(List<String> header, List<List<String>> rows) {
        row(header.stream().map(MarkdownPage::text));
        row(header.stream().map(name -> "---"));
        rows.forEach(cells -> row(cells.stream().map(MarkdownPage::text)));
        out.append('\n');
    }

    private void row(Stream<String> cells) {
        out.append(cells.collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private void figure(Chart chart) {
        Path file = drawing(fileName(chart.title()));
        for (int n = 2; drawings.containsKey(file); n++) {
            file = drawing(fileName(chart.title()) + "-" + n);
        }
        drawings.put(file, ChartSvg.alone(chart));
        image(chart.title(), chart.description(), file);
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

    private void overview(List<Verdict> verdicts) {
        rows(List.of("verdict", "the report's statement", "where"), List.of());
        out.setLength(out.length() - 1);
        for (List<Verdict> readings : Document.byStatement(verdicts)) {
            Verdict first = readings.get(0);
            row(Stream.of(
                    readings.stream()
                            .map(verdict -> "**" + verdict.outcome() + "**"
                                    + (verdict.reading().isEmpty() ? "" : " (" + verdict.reading() + ")"))
                            .collect(Collectors.joining("<br>")),
                    text(first.judged()),
                    "[" + text(first.place()) + "](#" + Document.sectionOf(first) + ")"));
        }
        out.append('\n');
    }

    private void verdicts(List<Verdict> verdicts) {
        for (List<Verdict> readings : Document.byStatement(verdicts)) {
            Verdict first = readings.get(0);
            paragraph("> " + text(first.judged()) + " (" + text(first.place()) + ")");
            for (Verdict verdict : readings) {
                out.append("- **").append(verdict.outcome()).append("**");
                if (!verdict.reading().isEmpty()) {
                    out.append(" (").append(verdict.reading()).append(')');
                }
                out.append(": ").append(words(verdict.finding())).append('\n');
                for (Quantity quantity : verdict.quantities()) {
                    out.append("  - ").append(text(quantity.line())).append('\n');
                }
                out.append("  - Test: ").append(words(verdict.test())).append('\n');
            }
            out.append('\n');
        }
    }

    private void runs(List<Run> runs) {
        paragraph("<details><summary>" + runs.size() + " runs</summary>");
        rows(
                List.of("run", "test %", "identity", "weights", "commit", "ended (UTC)", "processor"),
                runs.stream()
                        .map(run -> {
                            Provenance provenance = run.provenance();
                            return List.of(
                                    run.settings().label(),
                                    Sample.percent(run.testAccuracy()),
                                    run.identity(),
                                    start(run.weightsDigest()),
                                    start(provenance.commit()),
                                    provenance.date() == null ? "" : provenance.date(),
                                    provenance.cpu());
                        })
                        .toList());
        paragraph("</details>");
    }

    private static String start(String digest) {
        return digest.substring(0, Math.min(DIGITS, digest.length()));
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
