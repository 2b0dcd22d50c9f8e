package distill.page;

import distill.page.Document.Block;
import distill.page.Document.Effect;
import distill.page.Document.Judgement;
import distill.page.Document.Section;
import distill.page.Document.Statement;
import distill.statistics.Interval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a {@link Document} as one HTML file that needs nothing else. Numbers are buttons that show the runs behind
 * them, by the browser's own popovers; all of these runs are also listed on the page. Its one script sorts and searches
 * a listing, opens the fold that a link leads into, and opens all folds for printing; all is there without it.
 */
public final class HtmlPage {

    /** Characters of a row that fits into half the page. */
    private static final int MOST_NARROW = 64;

    /** Characters of a row that fits on a phone; where there are more, a row's cells stand below each other there. */
    private static final int MOST_ON_A_PHONE = 32;

    /** Characters of a row that fits on the page in its usual letters. */
    private static final int MOST_USUAL = 104;

    /** Characters of a row that fits on the page in small letters. */
    private static final int MOST_DENSE = 130;

    /** Charts that stand in one row because they are read together. */
    private static final int THREE = 3;

    /** Colours of a heat map, from the least number to the greatest. */
    private static final int HEATS = 8;

    /** How much wider a chart is drawn that has its row to itself. */
    private static final double ALONE = 1.75;

    /** Characters of names that stay on one line. */
    private static final int NAME = 16;

    /** The space between columns, in characters. */
    private static final int GAP = 2;

    /** Rows of a table that stays on one sheet of paper. */
    private static final int MOST_TOGETHER = 16;

    private static final String SCRIPT = Markup.resource("page.js");

    private final Document document;
    private final Path folder;
    private final Markup out = new Markup();
    private final Map<Source, String> anchors = new HashMap<>();
    private final Map<List<Source>, String> popovers = new HashMap<>();
    private final List<List<Source>> toWrite = new ArrayList<>();
    private int charts;

    private HtmlPage(Document document, Path folder) {
        this.document = document;
        this.folder = folder;
    }

    /**
     * The page's text.
     *
     * @param file where it is to be; where that is in the working directory, the project's documents there are linked
     */
    public static String of(Document document, Path file) {
        return new HtmlPage(document, file.toAbsolutePath().normalize().getParent()).page();
    }

    private String page() {
        blocks(Document.Sources.class).forEach(sources -> anchor(sources.sources()));
        out.open("html", "lang", "en").line();
        head();
        out.open("body").line();
        out.element("a", "Skip to the report", "class", "skip", "href", "#report");
        out.line().open("header", "class", "top");
        out.element("h1", document.title());
        blocks(document.lead(), 2);
        out.close().line();
        out.open("div", "class", "columns");
        out.open("div", "class", "aside");
        contents();
        if (blocks(Document.Readings.class).findAny().isPresent()) {
            readingSwitch();
        }
        out.close();
        out.open("main", "id", "report", "tabindex", "-1").line();
        document.sections().forEach(section -> section(section, 2));
        out.close().close().line();
        out.element("script", SCRIPT).line();
        return "<!DOCTYPE html>\n" + out.close().close().line().done();
    }

    private <B extends Block> Stream<B> blocks(Class<B> kind) {
        return document.allBlocks().filter(kind::isInstance).map(kind::cast);
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
        String policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-"
                + digest(SCRIPT) + "'";
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
        fold(section.whatIsFolded(), section.folded(), level + 1);
        section.parts().forEach(part -> section(part, level + 1));
        out.close().line();
    }

    private void fold(String title, List<Block> blocks, int level) {
        if (!blocks.isEmpty()) {
            out.open("details").element("summary", title).line();
            blocks(blocks, level);
            out.close().line();
        }
    }

    /** One after the other; charts in a row stand beside each other where there is room. */
    private void blocks(List<Block> blocks, int level) {
        for (int i = 0; i < blocks.size(); i++) {
            int end = i;
            while (end < blocks.size() && blocks.get(end) instanceof Document.Figure) {
                end++;
            }
            if (end == i) {
                block(blocks.get(i), level);
                continue;
            }
            boolean alone = end == i + 1;
            out.open("div", "class", alone ? "plots alone" : end - i == THREE ? "plots three" : "plots");
            blocks.subList(i, end).forEach(figure -> figure(((Document.Figure) figure).chart(), alone));
            out.close();
            i = end - 1;
        }
    }

    /** Text with what stands between backquotes as {@code code}, and documents of the project as links. */
    private HtmlPage words(String text) {
        String[] parts = text.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 0) {
                out.text(parts[i]);
                continue;
            }
            String[] address = parts[i].split("#", 2);
            Path checkout = Path.of("").toAbsolutePath();
            Path linked = checkout.resolve(address[0]);
            boolean isDocument = address[0].matches("docs/[\\w-]+\\.md");
            if (isDocument && folder.startsWith(checkout) && Files.exists(linked)) {
                String place = address.length == 1 ? "" : "#" + address[1];
                String link = folder.relativize(linked).toString().replace('\\', '/');
                out.element("a", address[0], "href", link.replace(" ", "%20") + place);
            } else if (isDocument) {
                out.element("code", address[0]);
            } else {
                out.element("code", parts[i]);
            }
        }
        return this;
    }

    private void paragraph(String text, String kind) {
        out.open("p", "class", kind);
        words(text);
        out.close();
    }

    private void block(Block block, int level) {
        if (block instanceof Document.Text text) {
            paragraph(text.text(), null);
        } else if (block instanceof Document.Terms terms) {
            out.open("dl");
            for (Document.Term term : terms.terms()) {
                out.element("dt", term.name()).open("dd");
                words(term.text());
                out.close().line();
            }
            out.close();
        } else if (block instanceof Document.Fold fold) {
            fold(fold.title(), fold.blocks(), level);
        } else if (block instanceof Document.Heat heat) {
            heat(heat);
        } else if (block instanceof Document.Claims claims) {
            claims(claims);
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
            figure(figure.chart(), false);
        } else if (block instanceof Document.Picture picture) {
            picture(picture);
        } else if (block instanceof Document.Missing missing) {
            out.open("p", "class", "missing");
            words(missing.what());
            out.text(" To make it: ");
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
                .flatMap(reading -> Document.inner(reading.blocks()))
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
        openTable(
                table.rows().size() > MOST_TOGETHER ? "sheet" : "sheet short",
                kind(width(table)),
                table.title(),
                table.title());
        header(table);
        rows(table);
        out.close().close();
        notes(table.notes(), sheet.sources());
        toWrite.forEach(this::popover);
        out.close();
    }

    /** How a table is laid out whose rows have so many characters. */
    private static String kind(int width) {
        String onAPhone = width > MOST_ON_A_PHONE ? "cards" : "narrow";
        return onAPhone + (width > MOST_DENSE ? " tiny" : width > MOST_USUAL ? " dense" : "");
    }

    /** The rows of a table, in its body. */
    private void rows(Table table) {
        out.open("tbody").line();
        for (List<Cell> row : table.rows()) {
            out.open("tr");
            name(row.get(0));
            for (int column = 1; column < row.size(); column++) {
                cell(row.get(column), table.header().get(column));
            }
            out.close().line();
        }
        out.close();
    }

    private void heat(Document.Heat heat) {
        toWrite.clear();
        Interval range = heat.range();
        out.open("figure", "class", "heat").element("figcaption", heat.title()).line();
        out.open("div", "class", "maps");
        for (Table map : heat.maps()) {
            openTable("sheet", null, heat.title() + ", " + map.title(), map.title());
            header(map);
            out.open("tbody").line();
            for (List<Cell> row : map.rows()) {
                out.open("tr");
                name(row.get(0));
                row.stream().skip(1).forEach(cell -> heated(cell, range));
                out.close().line();
            }
            out.close().close().close();
            map.notes().forEach(note -> paragraph(note, "notes"));
            out.close();
        }
        out.close();
        paragraph(heat.scale(), "notes");
        toWrite.forEach(this::popover);
        out.close();
    }

    private void heated(Cell cell, Interval range) {
        String colour = "";
        if (!cell.text().isEmpty() && range.high() > range.low()) {
            double share = (Document.Heat.number(cell) - range.low()) / (range.high() - range.low());
            colour = " heat" + Math.min(HEATS - 1, (int) (share * HEATS));
        }
        out.open("td", "class", "number" + colour);
        content(cell);
        out.close();
    }

    private void listing(Table table) {
        openTable("sheet listing", "runs cards", table.title(), table.title());
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
    private void openTexts(String kind, String label, String caption, List<String> columns) {
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

    /** @param column its name, which stands before the cell where a row's cells stand below each other */
    private void cell(Cell cell, String column) {
        String kind = kind(cell) + (cell instanceof Cell.Published ? " others" : "");
        out.open("td", "class", cell.text().isEmpty() ? kind + " none" : kind, "data-column", column);
        content(cell);
        out.close();
    }

    private void content(Cell cell) {
        boolean sourced = openButton(cell.sources());
        value(cell.content());
        if (sourced) {
            out.close();
        }
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
        notes.forEach(note -> paragraph(note, null));
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

    /** @param alone whether it has its row to itself, where it is drawn wide if there is room, and narrow if not */
    private void figure(Chart chart, boolean alone) {
        ChartSvg drawing = new ChartSvg(chart, out);
        charts++;
        out.open("figure", "class", "plot");
        out.element("figcaption", chart.caption());
        drawing.write("chart-" + charts, alone ? "chart narrow" : "chart");
        if (alone) {
            new ChartSvg(chart, ALONE, out).write("chart-" + charts + "-wide", "chart wide");
        }
        out.open("ul", "class", "legend");
        for (Chart.Series series : chart.series()) {
            out.open("li");
            drawing.sample(series);
            out.text(" " + series.name()).close();
        }
        if (chart.hasBars()) {
            out.element("li", Chart.BARS);
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

    /** A line for each statement: what is judged of it, and its words. */
    private void overview(List<Statement> statements) {
        out.open("ul", "class", "overview").line();
        for (Statement statement : statements) {
            out.open("li");
            statement.judgements().forEach(this::badge);
            out.element("span", statement.text(), "class", "said").close().line();
        }
        out.close();
    }

    private void badge(Judgement judgement) {
        out.open("span", "class", reading(judgement));
        outcome(judgement);
        out.close().text(" ");
    }

    /** A row for each claim, which leads to its section, and a column for each reading. */
    private void claims(Document.Claims claims) {
        List<String> readings = claims.readings();
        List<String> columns =
                Stream.concat(Stream.of("claim"), readings.stream()).toList();
        openTexts("claims cards", claims.title(), claims.title(), columns);
        for (Statement statement : claims.statements()) {
            out.open("tr").open("th", "scope", "row");
            out.text(statement.text() + " ").element("a", statement.place(), "href", "#" + statement.section());
            out.close();
            for (String reading : readings) {
                out.open("td", "data-column", reading);
                statement.judgements().stream()
                        .filter(judgement -> judgement.reading().equals(reading))
                        .forEach(judgement -> {
                            out.open("strong", "class", outcomeClass(judgement));
                            out.element("span", judgement.sign() + " ", "aria-hidden", "true");
                            out.text(judgement.outcome()).close().text(" ");
                            out.element("span", judgement.finding(), "class", "effect");
                        });
                out.close();
            }
            out.close().line();
        }
        out.close().close().close().close();
    }

    private static String outcomeClass(Judgement judgement) {
        return "outcome " + judgement.outcome().replace(' ', '-');
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
            out.text(" ");
            words(judgement.finding());
            out.close();
            forest(judgement.effects().stream().filter(Effect::isDifference).toList());
            forest(judgement.effects().stream()
                    .filter(effect -> !effect.isDifference())
                    .toList());
            if (!judgement.numbers().isEmpty()) {
                out.open("ul");
                judgement.numbers().forEach(number -> out.element("li", number));
                out.close();
            }
            paragraph("Test: " + judgement.test(), "test");
            out.close();
        }
        out.close().line();
    }

    /** A forest plot: a row for each number, its interval on one scale with the others. */
    private void forest(List<Effect> effects) {
        if (effects.isEmpty()) {
            return;
        }
        Interval shown = scale(effects);
        String format = "%." + (shown.high() - shown.low() < 1 ? 2 : 1) + "f";
        String what = effects.get(0).isDifference() ? "differences" : "numbers";
        openTable("sheet", "forest", what, "Points: ours; lines: their 95 % intervals; diamonds: the report's");
        out.open("tbody").line();
        for (Effect effect : effects) {
            out.open("tr").element("th", effect.name(), "scope", "row");
            out.open("td", "class", "range");
            if (effect.isDifference()) {
                mark("zero", place(0, shown), OptionalDouble.empty());
            }
            double low = place(effect.interval().low(), shown);
            mark("line", low, OptionalDouble.of(place(effect.interval().high(), shown) - low));
            if (effect.report() != null) {
                mark("theirs", place(effect.report(), shown), OptionalDouble.empty());
            }
            mark("dot", place(effect.value(), shown), OptionalDouble.empty());
            out.close().element("td", effect.text(), "class", "words").close().line();
        }
        out.open("tr", "class", "ends").open("td").close().open("td", "class", "range");
        out.element("span", String.format(Locale.ROOT, format, shown.low()));
        out.element("span", String.format(Locale.ROOT, format, shown.high()));
        out.close().open("td").close().close();
        out.close().close().close().close();
    }

    /** What a forest plot shows: all intervals and the report's numbers, of differences 0, too. */
    private static Interval scale(List<Effect> effects) {
        var ends = effects.stream()
                .flatMapToDouble(effect -> DoubleStream.of(
                        effect.interval().low(),
                        effect.interval().high(),
                        effect.report() == null ? effect.value() : effect.report(),
                        effect.isDifference() ? 0 : effect.value()))
                .summaryStatistics();
        return new Interval(ends.getMin(), ends.getMax());
    }

    /** Where a number stands, in percent of the width. */
    private static double place(double number, Interval shown) {
        return shown.high() == shown.low() ? 50 : 100 * (number - shown.low()) / (shown.high() - shown.low());
    }

    private void mark(String kind, double left, OptionalDouble width) {
        String style = "left:" + Markup.number(left) + "%";
        String wide = width.isPresent() ? ";width:" + Markup.number(width.getAsDouble()) + "%" : "";
        out.element("i", "", "class", kind, "style", style + wide);
    }

    private void outcome(Judgement judgement) {
        out.open("strong", "class", outcomeClass(judgement));
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
        List<String> columns =
                List.of("run", "test %", "identity", "weights", "commit", "ended (UTC)", "data", "machine");
        openTexts("runs cards", "All runs", title, columns);
        for (Source source : sources) {
            out.open("tr", "id", anchors.get(source), "tabindex", "-1");
            out.element("th", source.label(), "scope", "row");
            out.element("td", source.accuracy(), "class", "number", "data-column", columns.get(1));
            List<String> digests = List.of(source.identity(), source.weights(), source.commit());
            for (int i = 0; i < digests.size(); i++) {
                out.open("td", "data-column", columns.get(2 + i))
                        .element("code", digests.get(i))
                        .close();
            }
            out.element("td", source.date(), "data-column", columns.get(5));
            out.element("td", source.data(), "class", "data", "data-column", columns.get(6));
            String machine = Integer.toString(machines.indexOf(source.machine()) + 1);
            out.element("td", machine, "class", "number", "data-column", columns.get(7));
            out.close().line();
        }
        out.close().close().close().close();
    }
}
