package distill.page;

import distill.page.Document.Block;
import distill.page.Document.Judgement;
import distill.page.Document.Section;
import distill.page.Document.Statement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a {@link Document} as one HTML file that needs nothing else. Numbers are buttons that show the runs behind
 * them, by the browser's own popovers; all of these runs are also listed on the page. A page with a listing has a
 * script of its own, which sorts and searches that; all else, and the listing as a plain table, is there without it.
 */
public final class HtmlPage {

    /** Characters of a row that fits into half the page. */
    private static final int MOST_NARROW = 64;

    /** Characters of names that stay on one line. */
    private static final int NAME = 16;

    /** The space between columns, in characters. */
    private static final int GAP = 2;

    /** Rows of a table that stays on one sheet of paper. */
    private static final int MOST_TOGETHER = 16;

    private static final String SCRIPT = Markup.resource("page.js");

    private final Document document;
    private final Markup out = new Markup();
    private final Map<Source, String> anchors = new HashMap<>();
    private final Map<List<Source>, String> popovers = new HashMap<>();
    private final List<List<Source>> toWrite = new ArrayList<>();
    private int charts;

    private HtmlPage(Document document) {
        this.document = document;
    }

    /** The page's text. */
    public static String of(Document document) {
        return new HtmlPage(document).page();
    }

    private String page() {
        blocks(Document.Sources.class).forEach(sources -> anchor(sources.sources()));
        out.open("html", "lang", "en").line();
        head();
        out.open("body").line();
        out.element("a", "Skip to the report", "class", "skip", "href", "#report");
        out.line().open("header", "class", "top");
        out.element("h1", document.title());
        document.lead().forEach(block -> block(block, 2));
        if (blocks(Document.Readings.class).findAny().isPresent()) {
            readingSwitch();
        }
        out.close().line();
        out.open("div", "class", "columns");
        contents();
        out.open("main", "id", "report", "tabindex", "-1").line();
        document.sections().forEach(section -> section(section, 2));
        out.close().close().line();
        if (hasScript()) {
            out.element("script", SCRIPT).line();
        }
        return "<!DOCTYPE html>\n" + out.close().close().line().done();
    }

    private <B extends Block> Stream<B> blocks(Class<B> kind) {
        return document.allSections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private boolean hasScript() {
        return blocks(Document.Listing.class).findAny().isPresent();
    }

    /** Gives each run of the list at the end an address. */
    private void anchor(List<Source> sources) {
        for (Source source : sources) {
            String anchor = "run-" + source.identity().replaceAll("[^0-9A-Za-z]", "-");
            String unique = anchor;
            for (int n = 2; anchors.containsValue(unique); n++) {
                unique = anchor + "-again" + n;
            }
            anchors.put(source, unique);
        }
    }

    private void head() {
        out.open("head").line();
        meta("charset", "utf-8");
        out.element("title", document.title()).line();
        meta("name", "viewport", "content", "width=device-width, initial-scale=1");
        meta("name", "color-scheme", "content", "light dark");
        String policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
                + (hasScript() ? "; script-src 'sha256-" + digest(SCRIPT) + "'" : "");
        meta("http-equiv", "Content-Security-Policy", "content", policy);
        out.style("chart.css", "page.css").line();
        out.close().line();
    }

    /** SHA-256 in Base64, by which the page's policy allows the one script. */
    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void meta(Object... attributes) {
        out.empty("meta", attributes).line();
    }

    private void readingSwitch() {
        out.open("fieldset", "class", "switch").element("legend", "Show the reading");
        for (String choice : List.of("both", "as-written", "as-described")) {
            String id = "show-" + choice;
            String checked = choice.equals("both") ? "checked" : null;
            out.open("span").empty("input", "type", "radio", "name", "reading", "id", id, "checked", checked);
            out.element("label", choice, "for", id).close();
        }
        out.close();
    }

    private void contents() {
        out.open("nav", "class", "contents", "aria-label", "Contents");
        out.open("ol").line();
        for (Section section : document.sections()) {
            out.open("li");
            link(section);
            if (!section.parts().isEmpty()) {
                out.open("ol");
                for (Section part : section.parts()) {
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

    private void link(Section section) {
        out.open("a", "href", "#" + section.id());
        if (section.startsWithBrief()) {
            out.element("b", section.title());
        } else {
            out.element("b", section.brief()).element("span", " " + section.title());
        }
        out.close();
    }

    private void section(Section section, int level) {
        String heading = section.id() + "-heading";
        out.open("section", "id", section.id(), "aria-labelledby", heading, "class", "level" + level);
        out.open("h" + level, "id", heading);
        if (!section.startsWithBrief()) {
            out.element("span", section.brief(), "class", "brief").text(" ");
        }
        out.text(section.title()).close().line();
        blocks(section.blocks(), level + 1);
        section.parts().forEach(part -> section(part, level + 1));
        out.close().line();
    }

    /** One after the other; charts in a row stand beside each other where there is room. */
    private void blocks(List<Block> blocks, int level) {
        boolean plots = false;
        for (Block block : blocks) {
            boolean isPlot = block instanceof Document.Figure;
            if (isPlot && !plots) {
                out.open("div", "class", "plots");
            } else if (!isPlot && plots) {
                out.close();
            }
            plots = isPlot;
            block(block, level);
        }
        if (plots) {
            out.close();
        }
    }

    private void block(Block block, int level) {
        if (block instanceof Document.Text text) {
            out.open("p").words(text.text()).close();
        } else if (block instanceof Document.Code code) {
            out.open("figure", "class", "code");
            out.element("figcaption", code.title());
            out.element("pre", code.text(), "tabindex", "0", "role", "region", "aria-label", code.title());
            out.close();
        } else if (block instanceof Document.Sheet sheet) {
            sheet(sheet);
        } else if (block instanceof Document.Listing listing) {
            listing(listing.table());
        } else if (block instanceof Document.Figure figure) {
            figure(figure.chart());
        } else if (block instanceof Document.Picture picture) {
            picture(picture);
        } else if (block instanceof Document.Missing missing) {
            out.open("p", "class", "missing").words(missing.what()).text(" To make it: ");
            out.element("code", missing.command()).text(".").close();
        } else if (block instanceof Document.Readings readings) {
            readings(readings.readings(), level);
        } else if (block instanceof Document.Overview overview) {
            overview(overview.statements());
        } else if (block instanceof Document.Statements statements) {
            statements.statements().forEach(this::statement);
        } else if (block instanceof Document.Sources sources) {
            sources(sources.sources());
        }
        out.line();
    }

    private void readings(List<Document.Reading> readings, int level) {
        boolean wide = readings.stream()
                .flatMap(reading -> reading.blocks().stream())
                .anyMatch(block -> block instanceof Document.Sheet sheet && width(sheet.table()) > MOST_NARROW);
        out.open("div", "class", wide || readings.size() == 1 ? "readings wide" : "readings");
        for (Document.Reading reading : readings) {
            out.open("div", "class", "reading " + reading.variant());
            out.element("h" + level, reading.name(), "class", "tag");
            blocks(reading.blocks(), level + 1);
            out.close();
        }
        out.close();
    }

    /** About how many characters a row of a table takes: numbers stay on one line, but for intervals, names do not. */
    private static int width(Table table) {
        return IntStream.range(0, table.header().size())
                .map(column -> {
                    int name = Math.min(NAME, table.header().get(column).length());
                    IntStream cells = table.column(column).stream().mapToInt(HtmlPage::width);
                    return GAP + Math.max(name, cells.max().orElse(0));
                })
                .sum();
    }

    private static int width(Cell cell) {
        int length = cell.text().length();
        if (cell.content() instanceof Cell.Mean mean && mean.interval() != null) {
            int interval = (mean.intervalText() + mean.countText()).length();
            return Math.max(length - interval, interval);
        }
        return cell.numeric() ? length : Math.min(NAME, length);
    }

    private void sheet(Document.Sheet sheet) {
        Table table = sheet.table();
        toWrite.clear();
        openTable(table.rows().size() > MOST_TOGETHER ? "sheet" : "sheet short", null, table.title(), table.title());
        header(table);
        rows(table);
        out.close().close();
        notes(table.notes(), sheet.sources());
        toWrite.forEach(this::popover);
        out.close();
    }

    /** The rows of a table, in its body. */
    private void rows(Table table) {
        out.open("tbody").line();
        for (List<Cell> row : table.rows()) {
            out.open("tr");
            name(row.get(0));
            row.stream().skip(1).forEach(this::cell);
            out.close().line();
        }
        out.close();
    }

    private void listing(Table table) {
        openTable("sheet listing", "runs", table.title(), table.title());
        header(table);
        rows(table);
        out.close().close();
        notes(table.notes(), List.of());
        out.close();
    }

    /** Opens a sheet, in it a box that can be scrolled, and in that a table with its caption. */
    private void openTable(String sheet, String kind, String label, String caption) {
        out.open("div", "class", sheet);
        out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", label);
        out.open("table", "class", kind);
        out.open("caption").element("span", caption).close().line();
    }

    /** Opens a sheet with a table of texts, its columns' names and its body. */
    private void openTexts(String kind, String label, String caption, String... columns) {
        openTable("sheet", kind, label, caption);
        out.open("thead").open("tr");
        for (String column : columns) {
            out.element("th", column, "scope", "col", "class", "first");
        }
        out.close().close().open("tbody").line();
    }

    /** Whether a column has only what others published. */
    private static boolean isOthers(Table table, int column) {
        return !table.rows().isEmpty() && table.column(column).stream().allMatch(Cell.Published.class::isInstance);
    }

    /** The columns' names; where ours and the report's come in pairs, the pair has one name above. */
    private void header(Table table) {
        List<String> header = table.header();
        int columns = header.size();
        boolean paired = IntStream.range(0, columns).anyMatch(column -> isPair(header, column));
        out.open("thead").open("tr");
        for (int column = 0; column < columns; column++) {
            String name = header.get(column);
            if (!paired && name.isEmpty()) {
                out.open("td").close();
            } else if (!paired) {
                String kind = isOthers(table, column) ? "others" : column == 0 ? "first" : "own";
                out.element("th", name, "scope", "col", "class", kind);
            } else if (isPair(header, column + 1)) {
                out.element("th", name, "scope", "colgroup", "colspan", "2", "class", "pair");
            } else if (!isPair(header, column)) {
                out.element("th", name, "scope", "col", "rowspan", "2");
            }
        }
        if (paired) {
            out.close().open("tr");
            for (int column = 0; column < columns; column++) {
                if (isPair(header, column)) {
                    out.element("th", "ours", "scope", "col");
                    out.element("th", "report", "scope", "col", "class", "others");
                }
            }
        }
        out.close().close().line();
    }

    /** Whether a column is the report's of what the column before it has of ours: {@code alpha 0.1, report 0.1}. */
    private static boolean isPair(List<String> header, int column) {
        return column > 0
                && column < header.size()
                && header.get(column).startsWith("report ")
                && header.get(column - 1).endsWith(header.get(column).substring("report".length()));
    }

    /** The first cell of a row, which names it. */
    private void name(Cell cell) {
        String kind = cell.text().startsWith(" ") ? "under" : kind(cell);
        out.element("th", cell.text().strip(), "scope", "row", "class", kind);
    }

    private void cell(Cell cell) {
        out.open("td", "class", kind(cell) + (cell instanceof Cell.Published ? " others" : ""));
        boolean sourced = openButton(cell.sources());
        value(cell.content());
        if (sourced) {
            out.close();
        }
        out.close();
    }

    private static String kind(Cell cell) {
        return cell.numeric() ? "number" : "words";
    }

    private void value(Cell cell) {
        if (cell instanceof Cell.Mean mean) {
            out.text(mean.valueText());
            if (mean.deviation() != null) {
                out.element("small", mean.deviationText());
            }
            if (mean.interval() != null) {
                out.element("small", mean.intervalText() + mean.countText(), "class", "interval");
            } else {
                out.text(mean.countText());
            }
        } else {
            out.text(cell.text());
        }
    }

    private boolean known(List<Source> sources) {
        return !sources.isEmpty() && sources.stream().allMatch(anchors::containsKey);
    }

    /** Opens a button that shows runs; none where there are none, or some are not in the list at the end. */
    private boolean openButton(List<Source> sources) {
        boolean known = known(sources);
        if (known) {
            String popover = popovers.computeIfAbsent(sources, unseen -> {
                toWrite.add(unseen);
                return "from-" + (popovers.size() + 1);
            });
            out.open("button", "type", "button", "popovertarget", popover);
        }
        return known;
    }

    private void notes(List<String> notes, List<Source> sources) {
        if (notes.isEmpty() && !known(sources)) {
            return;
        }
        out.open("div", "class", "notes");
        notes.forEach(note -> out.open("p").words(note).close());
        if (known(sources)) {
            out.open("p");
            openButton(sources);
            out.text(sources.size() == 1 ? "The run behind it" : "The " + sources.size() + " runs behind it");
            out.close().close();
        }
        out.close();
    }

    private void popover(List<Source> sources) {
        String id = popovers.get(sources);
        out.open("div", "popover", "auto", "id", id, "class", "source", "role", "dialog");
        out.with("aria-labelledby", id + "-of");
        String title = sources.size() == 1 ? "From one run" : "From " + sources.size() + " runs";
        out.element("p", title, "id", id + "-of", "class", "of");
        out.open("ul");
        for (Source source : sources) {
            out.open("li");
            out.element("a", source.label(), "href", "#" + anchors.get(source));
            out.text(": seed " + source.seed() + ", test accuracy " + source.accuracy() + " %, run ");
            out.element("code", "%.10s".formatted(source.identity()));
            out.text(", weights ").element("code", source.weights());
            out.text(", commit ").element("code", source.commit());
            String day = source.date().isEmpty() ? "no date" : "%.10s".formatted(source.date());
            out.text(", " + day + ", " + source.processor());
            out.close();
        }
        out.close();
        out.open("button", "type", "button", "popovertarget", id, "popovertargetaction", "hide", "class", "close");
        out.text("Close").close().close().line();
    }

    private void figure(Chart chart) {
        ChartSvg drawing = new ChartSvg(chart, out);
        out.open("figure", "class", "plot");
        out.element("figcaption", chart.caption());
        drawing.write("chart-" + ++charts);
        out.open("ul", "class", "legend");
        for (Chart.Series series : chart.series()) {
            out.open("li");
            drawing.sample(series);
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

    private void overview(List<Statement> statements) {
        String title = "The report's statements";
        openTexts("overview", title, title, "verdict", "statement", "where");
        for (Statement statement : statements) {
            out.open("tr").open("td", "class", "outcomes");
            for (Judgement judgement : statement.judgements()) {
                out.open("span", "class", reading(judgement));
                outcome(judgement);
                out.close();
            }
            out.close().element("th", statement.text(), "scope", "row");
            out.open("td");
            out.element("a", statement.place(), "href", "#" + statement.section());
            out.close().close().line();
        }
        out.close().close().close().close();
    }

    private static String reading(Judgement judgement) {
        return judgement.reading().isEmpty() ? "verdict" : "verdict reading " + judgement.reading();
    }

    /** A statement, and beneath it what is judged of it in each reading. */
    private void statement(Statement statement) {
        out.open("article", "class", "statement");
        out.open("blockquote").element("p", statement.text()).close();
        out.element("p", statement.place(), "class", "place");
        for (Judgement judgement : statement.judgements()) {
            out.open("div", "class", reading(judgement));
            out.open("p");
            outcome(judgement);
            out.text(" ").words(judgement.finding()).close();
            if (!judgement.numbers().isEmpty()) {
                out.open("ul");
                judgement.numbers().forEach(number -> out.element("li", number));
                out.close();
            }
            out.open("p", "class", "test").text("Test: ").words(judgement.test());
            out.close().close();
        }
        out.close().line();
    }

    private void outcome(Judgement judgement) {
        out.open("strong", "class", "outcome " + judgement.outcome().replace(' ', '-'));
        out.element("span", judgement.sign() + " ", "aria-hidden", "true");
        out.text(judgement.outcome()).close();
        if (!judgement.reading().isEmpty()) {
            out.text(" ").element("span", judgement.reading(), "class", "variant");
        }
    }

    /** The runs, and first what many of them share: the machines. */
    private void sources(List<Source> sources) {
        List<String> machines = sources.stream().map(Source::machine).distinct().toList();
        out.open("ol", "class", "machines");
        machines.forEach(machine -> out.element("li", machine));
        out.close();
        String title = sources.size() + " runs, in the order of the store";
        String[] columns = {"run", "test %", "identity", "weights", "commit", "ended (UTC)", "data", "machine"};
        openTexts("runs", "All runs", title, columns);
        for (Source source : sources) {
            out.open("tr", "id", anchors.get(source), "tabindex", "-1");
            out.element("th", source.label(), "scope", "row");
            out.element("td", source.accuracy(), "class", "number");
            for (String digest : List.of(source.identity(), source.weights(), source.commit())) {
                out.open("td").element("code", digest).close();
            }
            out.element("td", source.date());
            out.element("td", source.data(), "class", "data");
            out.element("td", Integer.toString(machines.indexOf(source.machine()) + 1), "class", "number");
            out.close().line();
        }
        out.close().close().close().close();
    }
}
