package distill.report.page;

import distill.report.Table;
import distill.report.verdict.Outcome;
import distill.report.verdict.Quantity;
import distill.report.verdict.Verdict;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a {@link Document} as one HTML file that needs nothing else: no network, no script. Numbers are buttons that
 * show the runs behind them, by the browser's own popovers; all runs are also listed on the page.
 */
final class HtmlPage {

    private static final Pattern NUMBER = Pattern.compile("[-+]?[\\d,]*\\.?\\d+(?:e[-+]\\d+)?( .*| ?%)?");
    private static final Pattern PARTS = Pattern.compile("(\\S+)( ± \\S+)?( \\(.* to .*\\))?");
    private static final Pattern OTHERS = Pattern.compile("(report|notebook)\\b.*");
    private static final String STATEMENTS = "The report's statements";

    /** Characters of a row that fits into half the page. */
    private static final int MOST_NARROW = 64;

    /** Characters of names that stay on one line. */
    private static final int NAME = 16;

    /** The space between columns, in characters. */
    private static final int GAP = 2;

    /** Rows of a table that stays on one sheet of paper. */
    private static final int MOST_TOGETHER = 16;

    private static final int DIGITS = 10;
    private static final int DAY = 10;

    private final Document document;
    private final Markup out = new Markup();
    private final Map<Run, String> anchors = new IdentityHashMap<>();
    private final Map<List<Run>, String> popovers = new LinkedHashMap<>();
    private final List<List<Run>> toWrite = new ArrayList<>();
    private int charts;

    private HtmlPage(Document document) {
        this.document = document;
    }

    /** The page's text. */
    static String of(Document document) {
        return new HtmlPage(document).page();
    }

    private String page() {
        List<Document.Section> all = document.allSections();
        all.forEach(section -> section.blocks().forEach(this::anchor));
        out.open("html", "lang", "en").line();
        head();
        out.open("body").line();
        out.element("a", "Skip to the report", "class", "skip", "href", "#report")
                .line();
        out.open("header", "class", "top");
        out.element("h1", document.title());
        document.lead().forEach(block -> block(block, 2));
        if (has(all, Document.Readings.class)) {
            readingSwitch();
        }
        out.close().line();
        out.open("div", "class", "columns");
        contents();
        out.open("main", "id", "report", "tabindex", "-1").line();
        document.sections().forEach(section -> section(section, 2));
        out.close().close().line();
        return "<!DOCTYPE html>\n" + out.close().close().line().done();
    }

    private static boolean has(List<Document.Section> sections, Class<? extends Document.Block> kind) {
        return sections.stream().flatMap(section -> section.blocks().stream()).anyMatch(kind::isInstance);
    }

    /** Gives each run of the list at the end an address. */
    private void anchor(Document.Block block) {
        if (block instanceof Document.Runs runs) {
            Set<String> taken = new LinkedHashSet<>();
            for (Run run : runs.runs()) {
                String anchor = "run-" + run.identity().replaceAll("[^0-9A-Za-z]", "-");
                for (int n = 2; !taken.add(anchor); n++) {
                    anchor = anchor.replaceAll("-again\\d*$", "") + "-again" + n;
                }
                anchors.put(run, anchor);
            }
        }
    }

    private void head() {
        out.open("head").line();
        out.empty("meta", "charset", "utf-8").line();
        out.element("title", document.title()).line();
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        out.empty("meta", "name", "color-scheme", "content", "light dark").line();
        out.empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
                .line();
        out.element("style", StyleSheet.read("chart.css") + StyleSheet.read("page.css"))
                .line();
        out.close().line();
    }

    private void readingSwitch() {
        out.open("fieldset", "class", "switch").element("legend", "Show the reading");
        List<List<String>> choices = List.of(
                List.of("show-both", "both"),
                List.of("show-as-written", "as-written"),
                List.of("show-as-described", "as-described"));
        for (List<String> choice : choices) {
            List<String> attributes = new ArrayList<>(List.of("type", "radio", "name", "reading", "id", choice.get(0)));
            if (choice == choices.get(0)) {
                attributes.addAll(List.of("checked", "checked"));
            }
            out.open("span").empty("input", attributes.toArray(String[]::new));
            out.element("label", choice.get(1), "for", choice.get(0)).close();
        }
        out.close();
    }

    private void contents() {
        out.open("nav", "class", "contents", "aria-label", "Contents")
                .open("ol")
                .line();
        for (Document.Section section : document.sections()) {
            out.open("li");
            link(section);
            if (!section.parts().isEmpty()) {
                out.open("ol");
                for (Document.Section part : section.parts()) {
                    out.open("li");
                    link(part);
                    out.close();
                }
                out.close();
            }
            out.close().line();
        }
        out.close().close().line();
    }

    private void link(Document.Section section) {
        out.open("a", "href", "#" + section.id());
        if (section.title().startsWith(section.brief())) {
            out.element("b", section.title());
        } else {
            out.element("b", section.brief()).element("span", " " + section.title());
        }
        out.close();
    }

    private void section(Document.Section section, int level) {
        out.open("section", "id", section.id(), "aria-labelledby", section.id() + "-heading", "class", "level" + level);
        out.open("h" + level, "id", section.id() + "-heading");
        if (!section.title().startsWith(section.brief())) {
            out.element("span", section.brief(), "class", "brief").text(" ");
        }
        out.text(section.title()).close().line();
        blocks(section.blocks(), level + 1);
        section.parts().forEach(part -> section(part, level + 1));
        out.close().line();
    }

    /** One after the other; charts in a row stand beside each other where there is room. */
    private void blocks(List<Document.Block> blocks, int level) {
        boolean plots = false;
        for (int i = 0; i < blocks.size(); i++) {
            boolean isPlot = blocks.get(i) instanceof Document.Figure;
            if (isPlot && !plots) {
                out.open("div", "class", "plots");
            } else if (!isPlot && plots) {
                out.close();
            }
            plots = isPlot;
            block(blocks.get(i), level);
        }
        if (plots) {
            out.close();
        }
    }

    private void block(Document.Block block, int level) {
        if (block instanceof Document.Text text) {
            out.open("p").words(text.text()).close();
        } else if (block instanceof Document.Code code) {
            out.open("figure", "class", "code");
            out.element("figcaption", code.title());
            out.element("pre", code.text(), "tabindex", "0", "role", "region", "aria-label", code.title());
            out.close();
        } else if (block instanceof Document.Sheet sheet) {
            sheet(sheet);
        } else if (block instanceof Document.Figure figure) {
            figure(figure.chart());
        } else if (block instanceof Document.Picture picture) {
            picture(picture);
        } else if (block instanceof Document.Missing missing) {
            out.open("p", "class", "missing").words(missing.what()).text(" To make it: ");
            out.element("code", missing.command()).text(".").close();
        } else if (block instanceof Document.Readings readings) {
            readings(readings, level);
        } else if (block instanceof Document.Overview overview) {
            overview(overview.verdicts());
        } else if (block instanceof Document.Verdicts verdicts) {
            verdicts(verdicts.verdicts());
        } else if (block instanceof Document.Runs runs) {
            runs(runs.runs());
        }
        out.line();
    }

    private void readings(Document.Readings readings, int level) {
        boolean wide = readings.readings().stream()
                .flatMap(reading -> reading.blocks().stream())
                .anyMatch(block -> block instanceof Document.Sheet sheet && width(sheet.table()) > MOST_NARROW);
        out.open("div", "class", wide || readings.readings().size() == 1 ? "readings wide" : "readings");
        for (Document.Reading reading : readings.readings()) {
            out.open("div", "class", "reading " + reading.variant());
            out.open("h" + level, "class", "tag").text(reading.name()).close();
            blocks(reading.blocks(), level + 1);
            out.close();
        }
        out.close();
    }

    /** About how many characters a row of a table takes: numbers stay on one line, but for intervals, names do not. */
    private static int width(Table table) {
        int width = 0;
        for (int column = 0; column < table.header().size(); column++) {
            int at = column;
            width += GAP
                    + Stream.concat(Stream.of(table.header()), table.rows().stream())
                            .mapToInt(row -> width(row.get(at)))
                            .max()
                            .orElse(0);
        }
        return width;
    }

    private static int width(String cell) {
        if (!NUMBER.matcher(cell).matches()) {
            return Math.min(NAME, cell.length());
        }
        Matcher parts = PARTS.matcher(cell);
        return parts.matches() && parts.group(3) != null
                ? Math.max(parts.start(3), parts.group(3).length())
                : cell.length();
    }

    private void sheet(Document.Sheet sheet) {
        Table table = sheet.table();
        toWrite.clear();
        out.open("div", "class", table.rows().size() > MOST_TOGETHER ? "sheet" : "sheet short");
        out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", table.title());
        out.open("table");
        caption(table.title());
        header(table);
        out.open("tbody").line();
        for (int row = 0; row < table.rows().size(); row++) {
            List<String> cells = table.rows().get(row);
            boolean others =
                    !cells.isEmpty() && OTHERS.matcher(afterComma(cells.get(0))).matches();
            out.open("tr");
            for (int column = 0; column < cells.size(); column++) {
                cell(table, row, column, others || isOthers(table.header(), column));
            }
            out.close().line();
        }
        out.close().close().close();
        notes(table.notes(), sheet.runs());
        toWrite.forEach(this::popover);
        toWrite.clear();
        out.close();
    }

    private void caption(String title) {
        out.open("caption").element("span", title).close().line();
    }

    /** {@code parameters, report} is a row of the report's. */
    private static String afterComma(String text) {
        return text.substring(text.lastIndexOf(',') + 1).strip();
    }

    private static boolean isOthers(List<String> header, int column) {
        return OTHERS.matcher(header.get(column)).matches();
    }

    /** The columns' names; where ours and the report's come in pairs, the pair has one name above. */
    private void header(Table table) {
        List<String> header = table.header();
        boolean paired = false;
        for (int column = 1; column < header.size(); column++) {
            paired |= isPair(header, column);
        }
        out.open("thead");
        if (paired) {
            out.open("tr");
            for (int column = 0; column < header.size(); column++) {
                if (isPair(header, column + 1)) {
                    out.element("th", header.get(column), "scope", "colgroup", "colspan", "2", "class", "pair");
                    column++;
                } else {
                    out.element("th", header.get(column), "scope", "col", "rowspan", "2");
                }
            }
            out.close().open("tr");
            for (int column = 0; column < header.size(); column++) {
                if (isPair(header, column + 1)) {
                    out.element("th", "ours", "scope", "col");
                    out.element("th", "report", "scope", "col", "class", "others");
                    column++;
                }
            }
            out.close();
        } else {
            out.open("tr");
            for (int column = 0; column < header.size(); column++) {
                if (header.get(column).isEmpty()) {
                    out.open("td").close();
                } else {
                    out.element(
                            "th",
                            header.get(column),
                            "scope",
                            "col",
                            "class",
                            isOthers(header, column) ? "others" : column == 0 ? "first" : "own");
                }
            }
            out.close();
        }
        out.close().line();
    }

    /** Whether a column is the report's of what the column before it has of ours: {@code alpha 0.1, report 0.1}. */
    private static boolean isPair(List<String> header, int column) {
        return column < header.size()
                && header.get(column).startsWith("report ")
                && header.get(column - 1).endsWith(header.get(column).substring("report".length()));
    }

    private void cell(Table table, int row, int column, boolean others) {
        String text = table.rows().get(row).get(column);
        if (column == 0) {
            out.element(
                    "th",
                    text.strip(),
                    "scope",
                    "row",
                    "class",
                    text.startsWith(" ") ? "under" : NUMBER.matcher(text).matches() ? "number" : "words");
            return;
        }
        String kind = NUMBER.matcher(text).matches() ? "number" : "words";
        out.open("td", "class", others ? kind + " others" : kind);
        List<Run> runs = table.runs().get(new Table.Place(row, column));
        if (runs == null || !known(runs)) {
            value(text);
        } else {
            out.open("button", "type", "button", "popovertarget", target(runs));
            value(text);
            out.close();
        }
        out.close();
    }

    private void value(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            out.text(text);
            return;
        }
        out.text(parts.group(1));
        if (parts.group(2) != null) {
            out.element("small", parts.group(2));
        }
        if (parts.group(3) != null) {
            out.element("small", parts.group(3), "class", "interval");
        }
    }

    private boolean known(List<Run> runs) {
        return runs.stream().allMatch(anchors::containsKey);
    }

    private String target(List<Run> runs) {
        String known = popovers.get(runs);
        if (known != null) {
            return known;
        }
        String id = "from-" + (popovers.size() + 1);
        popovers.put(runs, id);
        toWrite.add(runs);
        return id;
    }

    private void notes(List<String> notes, List<Run> runs) {
        boolean sourced = !runs.isEmpty() && known(runs);
        if (notes.isEmpty() && !sourced) {
            return;
        }
        out.open("div", "class", "notes");
        for (String note : notes) {
            out.open("p").words(note).close();
        }
        if (sourced) {
            out.open("p").open("button", "type", "button", "popovertarget", target(runs));
            out.text(runs.size() == 1 ? "The run behind it" : "The " + runs.size() + " runs behind it");
            out.close().close();
        }
        out.close();
    }

    private void popover(List<Run> runs) {
        String id = popovers.get(runs);
        out.open(
                "div", "popover", "auto", "id", id, "class", "source", "role", "dialog", "aria-labelledby", id + "-of");
        out.element(
                "p",
                runs.size() == 1 ? "From one run" : "From " + runs.size() + " runs",
                "id",
                id + "-of",
                "class",
                "of");
        out.open("ul");
        for (Run run : runs) {
            Provenance provenance = run.provenance();
            out.open("li");
            out.element("a", run.settings().label(), "href", "#" + anchors.get(run));
            out.text(": seed " + run.settings().seed() + ", test accuracy " + Sample.percent(run.testAccuracy())
                    + " %, run ");
            out.element("code", start(run.identity()));
            out.text(", weights ").element("code", start(run.weightsDigest()));
            out.text(", commit ").element("code", start(provenance.commit()));
            out.text(", " + day(provenance) + ", " + provenance.cpu());
            out.close();
        }
        out.close();
        out.element(
                "button",
                "Close",
                "type",
                "button",
                "popovertarget",
                id,
                "popovertargetaction",
                "hide",
                "class",
                "close");
        out.close().line();
    }

    private static String start(String digest) {
        return digest.substring(0, Math.min(DIGITS, digest.length()));
    }

    private static String day(Provenance provenance) {
        return provenance.date() == null
                ? "no date"
                : provenance.date().substring(0, Math.min(DAY, provenance.date().length()));
    }

    private void figure(Chart chart) {
        String id = "chart-" + ++charts;
        out.open("figure", "class", "plot");
        out.element("figcaption", chart.title());
        ChartSvg.write(chart, id, out);
        out.open("ul", "class", "legend");
        for (Chart.Series series : chart.series()) {
            out.open("li");
            ChartSvg.sample(series, out);
            out.text(" " + series.name()).close();
        }
        out.close().close();
    }

    private void picture(Document.Picture picture) {
        try {
            String data = Base64.getEncoder().encodeToString(Files.readAllBytes(picture.file()));
            out.open("figure", "class", "picture");
            out.element("figcaption", picture.title());
            out.empty("img", "alt", picture.description(), "src", "data:image/png;base64," + data);
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + picture.file() + ": " + e.getMessage(), e);
        }
    }

    private void overview(List<Verdict> verdicts) {
        out.open("div", "class", "sheet");
        out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", STATEMENTS);
        out.open("table", "class", "overview");
        caption(STATEMENTS);
        out.open("thead").open("tr");
        List.of("verdict", "statement", "where")
                .forEach(name -> out.element("th", name, "scope", "col", "class", "first"));
        out.close().close().open("tbody").line();
        for (List<Verdict> readings : Document.byStatement(verdicts)) {
            Verdict first = readings.get(0);
            out.open("tr").open("td", "class", "outcomes");
            for (Verdict verdict : readings) {
                out.open("span", "class", reading(verdict));
                outcome(verdict.outcome());
                variant(verdict);
                out.close();
            }
            out.close().element("th", first.judged(), "scope", "row");
            out.open("td");
            out.element("a", first.place(), "href", "#" + Document.sectionOf(first));
            out.close().close().line();
        }
        out.close().close().close().close();
    }

    private static String reading(Verdict verdict) {
        return verdict.reading().isEmpty() ? "verdict" : "verdict reading " + verdict.reading();
    }

    private void variant(Verdict verdict) {
        if (!verdict.reading().isEmpty()) {
            out.text(" ").element("span", verdict.reading(), "class", "variant");
        }
    }

    /** A statement, and beneath it each reading's verdict. */
    private void verdicts(List<Verdict> verdicts) {
        for (List<Verdict> readings : Document.byStatement(verdicts)) {
            Verdict first = readings.get(0);
            out.open("article", "class", "statement");
            out.open("blockquote").element("p", first.judged()).close();
            out.element("p", first.place(), "class", "place");
            for (Verdict verdict : readings) {
                out.open("div", "class", reading(verdict));
                out.open("p");
                outcome(verdict.outcome());
                variant(verdict);
                out.text(" ").words(verdict.finding()).close();
                if (!verdict.quantities().isEmpty()) {
                    out.open("ul");
                    for (Quantity quantity : verdict.quantities()) {
                        out.element("li", quantity.line());
                    }
                    out.close();
                }
                out.open("p", "class", "test")
                        .text("Test: ")
                        .words(verdict.test())
                        .close();
                out.close();
            }
            out.close().line();
        }
    }

    private void outcome(Outcome outcome) {
        String sign =
                switch (outcome) {
                    case HOLDS -> "\u2713 ";
                    case DOES_NOT_HOLD -> "\u2717 ";
                    case CANNOT_BE_TOLD -> "? ";
                };
        out.open("strong", "class", "outcome " + outcome.toString().replace(' ', '-'));
        out.element("span", sign, "aria-hidden", "true")
                .text(outcome.toString())
                .close();
    }

    /** The runs, and first what many of them share: the machines. */
    private void runs(List<Run> runs) {
        List<String> machines = runs.stream().map(HtmlPage::machine).distinct().toList();
        out.open("ol", "class", "machines");
        machines.forEach(machine -> out.element("li", machine));
        out.close();
        out.open("div", "class", "sheet");
        out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "All runs");
        out.open("table", "class", "runs");
        caption(runs.size() + " runs, in the order of the store");
        out.open("thead").open("tr");
        List.of("run", "test %", "identity", "weights", "commit", "ended (UTC)", "data", "machine")
                .forEach(name -> out.element("th", name, "scope", "col", "class", "first"));
        out.close().close().open("tbody").line();
        for (Run run : runs) {
            Settings settings = run.settings();
            Provenance provenance = run.provenance();
            out.open("tr", "id", anchors.get(run), "tabindex", "-1");
            out.element("th", settings.label(), "scope", "row");
            out.element("td", Sample.percent(run.testAccuracy()), "class", "number");
            for (String digest : List.of(run.identity(), start(run.weightsDigest()), start(provenance.commit()))) {
                out.open("td").element("code", digest).close();
            }
            out.element("td", provenance.date() == null ? "" : provenance.date());
            out.element("td", provenance.data() + ", " + start(settings.data()), "class", "data");
            out.element("td", Integer.toString(machines.indexOf(machine(run)) + 1), "class", "number");
            out.close().line();
        }
        out.close().close().close().close();
    }

    private static String machine(Run run) {
        Provenance provenance = run.provenance();
        Settings settings = run.settings();
        return "%s, %s, %d threads, oneDNN %s, TensorFlow %s%s, %s"
                .formatted(
                        provenance.cpu(),
                        settings.computation().device(),
                        settings.computation().threads(),
                        settings.computation().onednn(),
                        provenance.tensorflow(),
                        provenance.java() == null ? "" : ", Java " + provenance.java(),
                        provenance.os());
    }
}
