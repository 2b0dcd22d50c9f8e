package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Cell;
import distill.page.Document;
import distill.page.HtmlPage;
import distill.page.MarkdownPage;
import distill.page.Table;
import distill.report.Published;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The page in both its forms, from small stores. */
class ReportPageTest {

    private static final String SCRIPT = "<script>alert('a')</script>|&\"`*_";

    @TempDir
    private static Path filled;

    /** The page of the store that has everything. */
    private static ReportPage full;

    @TempDir
    private Path folder;

    private RunStore store;

    @BeforeEach
    void anEmptyStore() {
        store = new RunStore(folder.resolve("store"));
    }

    private ReportPage page() throws IOException {
        return store.folder().equals(filled) ? full : ReportPage.of(store.folder(), doing -> {});
    }

    private Document document() throws IOException {
        return page().report();
    }

    private String html() throws IOException {
        return HtmlPage.of(page().withRuns(), folder.resolve("report.html"));
    }

    private static Run plain(long seed, double accuracy) {
        return Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed), accuracy);
    }

    /** Takes the store that has everything. */
    private void fill() {
        store = new RunStore(filled);
    }

    /** Runs of every question of Task 1 that tables and charts are made from. */
    @BeforeAll
    static void aStoreThatHasEverything() throws IOException {
        RunStore store = new RunStore(filled);
        Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.8);
        store.append(teacher);
        for (double temperature : Published.TEMPERATURES) {
            for (double alpha : Published.ALPHAS) {
                store.append(Runs.student(temperature, alpha, 1, 97 + temperature / 100 + alpha / 10));
            }
            store.append(Runs.run(Runs.settings("q6", Role.STUDENT, temperature, .5, 1), 97.6));
        }
        for (long seed = 1; seed <= 3; seed++) {
            store.append(plain(seed, 97.5 + seed / 10.));
        }
        for (int epochs = 1; epochs <= 12; epochs++) {
            store.append(Runs.earlyStopped("q13", epochs, "0123456789abcdef", 1, 97.5));
        }
        full = ReportPage.of(filled, doing -> {});
    }

    private static Node parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> find(Node page, String path) throws Exception {
        NodeList nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, page, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private String markdown() throws IOException {
        Path file = folder.resolve("docs/REPORT.md").toAbsolutePath();
        return MarkdownPage.of(document(), file).get(file);
    }

    @Test
    void laterRunsWithSlipsTakenAwayStandInNoTableAndHideNoneOfTheWholeReading() throws IOException {
        Run whole = Runs.run(Runs.with(plain(1, 0).settings(), "epochs", 3), 96.25);
        store.append(whole);
        store.append(Runs.run(Runs.with(Runs.with(whole.settings(), "without", "double-softmax"), "epochs", 5), 98.25));
        String text = markdown();
        assertTrue(text.contains("| student without KD | 96.25 |"), text);
        assertFalse(text.contains("| student without KD | 98.25 |"), text);
    }

    @Test
    void headingsFollowEachOtherAndEveryLinkLeadsToAnAddressThatIsThereOnce() throws Exception {
        fill();
        Node page = parse(html());
        List<Integer> levels = find(page, "//h1|//h2|//h3|//h4|//h5|//h6").stream()
                .map(heading -> heading.getTagName().charAt(1) - '0')
                .toList();
        assertEquals(1, levels.get(0));
        assertEquals(1, levels.stream().filter(level -> level == 1).count());
        for (int i = 1; i < levels.size(); i++) {
            assertTrue(levels.get(i) <= levels.get(i - 1) + 1, "heading " + i + " of " + levels);
        }
        Set<String> ids = new HashSet<>();
        for (Element element : find(page, "//*[@id]")) {
            assertTrue(ids.add(element.getAttribute("id")), element.getAttribute("id"));
        }
        for (String kind : List.of("href", "popovertarget", "aria-labelledby", "for")) {
            for (Element element : find(page, "//*[@" + kind + "]")) {
                for (String address :
                        element.getAttribute(kind).replaceFirst("^#", "").split(" ")) {
                    assertTrue(ids.contains(address), kind + " " + address);
                }
            }
        }
    }

    @Test
    void tablesChartsAndPicturesSayWhatTheyAre() throws Exception {
        fill();
        Node page = parse(html());
        assertTrue(find(page, "//table").size() > 8);
        assertEquals(List.of(), find(page, "//table[not(caption)]"));
        assertEquals(List.of(), find(page, "//th[not(@scope)]"));
        assertTrue(find(page, "//svg[@role='img']").size() >= 6);
        assertEquals(List.of(), find(page, "//svg[@role='img'][not(title) or not(desc)]"));
        assertEquals(List.of(), find(page, "//img[not(@alt)]"));
        for (String landmark : List.of("header", "nav", "main")) {
            assertEquals(1, find(page, "//" + landmark).size(), landmark);
        }
    }

    @Test
    void theFileNeedsNothingElseAndItsPolicyAllowsItsOneScriptAlone() throws Exception {
        fill();
        String html = html();
        Node page = parse(html);
        assertEquals(List.of(), find(page, "//link|//iframe|//object|//*[@onclick]|//base"));
        List<Element> scripts = find(page, "//script");
        assertEquals(1, scripts.size());
        String text = scripts.get(0).getTextContent();
        assertTrue(html.contains("<script>" + text + "</script>"), "the browser reads it as it stands");
        String digest = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" + digest + "'",
                find(page, "//meta[@http-equiv]").get(0).getAttribute("content"));

        assertEquals(List.of(), find(page, "//*[@src][not(starts-with(@src, 'data:'))]"));
        assertEquals(List.of(), find(page, "//*[@href][not(starts-with(@href, '#'))]"));
        assertFalse(html.contains("@import") || html.contains("url("), "the style sheet loads something");
    }

    @Test
    void everyNumberOfOursLeadsToItsRunsAndEachOfThoseIsListed() throws Exception {
        fill();
        Node page = parse(html());
        Element first = find(page, "//section[@id='task1-q7']//td/button").get(0);
        // Three seeds: 97.6, 97.7, 97.8.
        assertEquals("97.70 ± 0.10 (97.45 to 97.95)", first.getTextContent());
        List<Element> items = find(page, "//div[@id='" + first.getAttribute("popovertarget") + "']//li");
        assertEquals(3, items.size());
        Run run = plain(1, 97.6);
        for (String part : List.of(
                run.settings().label(), "seed 1", run.identity().substring(0, 10), "c0ffee", "2026-01-01", "a CPU")) {
            assertTrue(
                    items.get(0).getTextContent().contains(part), items.get(0).getTextContent());
        }
        Element row = find(page, "//tr[@id='run-" + run.identity() + "']").get(0);
        assertTrue(row.getTextContent().contains(run.identity()));
        assertEquals(List.of(), find(page, "//td[contains(@class, 'others')]/button"));
    }

    @Test
    void allRunsAreListedAndThoseThatNoSectionShowsAreDrawnInTheFormThatHasRoomForThem() throws Exception {
        // A section shows the plain student of 12 epochs, and none these of 3 epochs.
        store.append(plain(1, 97.5));
        for (long seed = 1; seed <= 2; seed++) {
            Run own = Runs.run(Runs.with(Runs.settings("q5", Role.STUDENT, 3., .5, seed), "epochs", 3), 96 + seed);
            store.append(Runs.with(own, "provenance", Runs.with(own.provenance(), "date", "2026-01-02T03:04:05Z")));
            store.append(Runs.run(Runs.with(plain(seed, 0).settings(), "epochs", 3), 95 + seed));
        }
        Node page = parse(html());
        String section = "//section[@id='runs']";
        List<Element> rows = find(page, section + "//div[contains(@class, 'listing')]//tbody/tr");
        assertEquals(5, rows.size());
        assertEquals(
                "task1 q5 student, as-written", find(rows.get(4), "th").get(0).getTextContent());
        assertTrue(
                rows.get(4).getTextContent().contains("2026-01-02 03:043 EPOCHS"),
                rows.get(4).getTextContent());
        List<Element> legend = find(page, section + "//ul[@class='legend']/li");
        assertEquals(3, legend.size());
        assertEquals(
                "Error bars: one standard deviation to either side of the mean",
                legend.get(2).getTextContent());
        assertTrue(legend.get(1).getTextContent().contains("T = 3, alpha = 0.5 [3 EPOCHS] (2 seeds)"));
        Element difference = find(page, section + "//div[@class='sheet short']//tbody/tr/td[last()]")
                .get(0);
        // 97.5 - 96.5; both have the standard deviation .7071, so the standard error is .7071, with 2 degrees of
        // freedom, of which the quantile is 4.303.
        assertEquals("+1.00 (-2.04 to +4.04)", difference.getTextContent());
        assertFalse(markdown().contains("3 EPOCHS"), "Markdown has the report alone");
    }

    @Test
    void whatComesFromFilesIsTextInBothForms() throws Exception {
        Run run = plain(1, 97.5);
        store.append(
                Runs.with(run, "provenance", Runs.with(Runs.with(run.provenance(), "cpu", SCRIPT), "commit", SCRIPT)));
        Run transfer = new RunStore(Path.of("results"))
                .runs("task2").stream()
                        .filter(one -> one.settings().question().equals("q2"))
                        .findFirst()
                        .orElseThrow();
        store.append(Runs.with(
                Runs.with(transfer, "evaluation", Runs.with(transfer.evaluation(), "classes", List.of(SCRIPT, "b"))),
                "provenance",
                Runs.with(transfer.provenance(), "data", SCRIPT)));
        Node page = parse(html());
        assertEquals(1, find(page, "//script").size(), "the page's own");
        assertTrue(find(page, "//th[contains(., \"F1 <script>\")]").size() == 1, "the label is shown as it is");
        String markdown = markdown();
        assertFalse(markdown.contains("<script"), "the label is a tag");
        assertTrue(markdown.contains("| F1 &lt;script&gt;alert('a')&lt;/script&gt;\\|&amp;\"&#96;\\*\\_ |"));
    }

    @Test
    void theFirstParagraphSaysHowManyRunsOfTask2AreNotOnMhist() throws Exception {
        List<Run> runs = new RunStore(Path.of("results")).runs("task2");
        Run other = runs.get(0);
        store.append(Runs.with(other, "provenance", Runs.with(other.provenance(), "data", "other images")));
        String said = " on other images than MHIST's own, named under each table.";
        assertTrue(markdown().contains("Of Task 2's, all are" + said), markdown());
        Run second = runs.get(1);
        store.append(Runs.with(second, "provenance", Runs.with(second.provenance(), "data", "MHIST")));
        assertTrue(markdown().contains("Of Task 2's, 1 is" + said), markdown());
    }

    @Test
    void aStoreOfOneQuestionSaysWhatMakesTheOthers() throws Exception {
        store.append(plain(1, 97.5));
        Node page = parse(html());
        List<String> commands = new ArrayList<>();
        for (Element missing : find(page, "//p[@class='missing']/code")) {
            commands.add(missing.getTextContent());
        }
        assertTrue(
                commands.containsAll(List.of(
                        "./reproduce task1 q5",
                        "./reproduce task1 q6",
                        "./reproduce task1 q13",
                        "./reproduce task2 q2")),
                commands.toString());
        assertFalse(commands.contains("./reproduce task1 q7"));
        assertEquals(
                "97.50",
                find(page, "//section[@id='task1-q7']//td/button").get(0).getTextContent());
    }

    @Test
    void quickRunsAreMarkedAndStandBesideNoNumberOfTheReport() throws Exception {
        store.append(Runs.run(Runs.quick(Runs.settings("teacher", Role.TEACHER, null, null, 1)), 95));
        store.append(Runs.run(Runs.quick(Runs.settings("q5", Role.STUDENT, 16., .9, 1)), 91));
        store.append(Runs.run(Runs.quick(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1)), 90));
        Node page = parse(html());
        for (String id : List.of("glance", "task1-q5", "task1-q6", "task1-q7")) {
            String section = "//section[@id='" + id + "']";
            assertEquals(List.of(), find(page, section + "//*[contains(@class, 'others')]"), id);
            assertEquals(List.of(), find(page, section + "//*[@class='series report']"), id);
            String tables = "//table[contains(@class, 'narrow') or contains(@class, 'cards')]";
            for (Element caption : find(page, section + tables + "[not(contains(@class, 'claims'))]/caption")) {
                assertTrue(caption.getTextContent().contains("QUICK"), caption.getTextContent());
            }
            for (Element caption : find(page, section + "//figure/figcaption")) {
                assertTrue(caption.getTextContent().contains("QUICK"), caption.getTextContent());
            }
        }
        assertEquals(
                "91.00",
                find(page, "//section[@id='task1-q5']//tbody//td[2]/button")
                        .get(0)
                        .getTextContent(),
                "Table I's student");
    }

    @Test
    void aQuickRunThatFailedIsShownAsTheOthersAre() throws Exception {
        store.append(Runs.run(Runs.quick(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1)), 11.35));
        Node page = parse(html());
        assertEquals(
                "11.35",
                find(page, "//section[@id='task1-q7']//td/button").get(0).getTextContent());
    }

    @Test
    void aTableThatNoRunGivesIsTakenFromItsFile() throws Exception {
        store.append(plain(1, 97.5));
        Path file = store.folder().resolve("task1/q1-c-limits-as-described-seeds2.json");
        Table limits = new Table(
                "the limits of T",
                List.of("T", "largest"),
                List.of(List.of(Cell.number(.1), Cell.number(1. / 3, 4))),
                List.of("A note."));
        Files.writeString(file, limits.json());
        String markdown = markdown();
        assertTrue(markdown.contains("| 0.1 | 0.3333 |"), markdown);
        assertTrue(markdown.contains("A note.  \nKept in `task1/q1-c-limits-as-described-seeds2.md`."), markdown);
        Files.writeString(file, "{");
        IOException error = assertThrows(IOException.class, this::document);
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().startsWith("cannot read the table " + file), error.getMessage());
    }

    @Test
    void anEmptyStoreIsOneLineThatSaysWhatToRun() {
        IOException error = assertThrows(IOException.class, this::document);
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().contains("./reproduce task1 --quick"), error.getMessage());
    }

    @Test
    void bothFormsHaveEveryCellOfEveryTable() throws Exception {
        fill();
        String html = find(parse(html()), "/html").get(0).getTextContent();
        String markdown = markdown();
        int cells = 0;
        for (Document.Block block : document().allBlocks().toList()) {
            if (block instanceof Document.Sheet sheet) {
                for (List<String> row : sheet.table().texts()) {
                    for (String cell : row) {
                        assertTrue(html.contains(cell.strip()), cell);
                        assertTrue(markdown.contains(cell.strip()), cell);
                        cells++;
                    }
                }
            }
        }
        assertTrue(cells > 100, cells + " cells");
    }

    @Test
    void theMarkdownLinksItsChartsWhichAreDrawingsBesideIt() throws Exception {
        fill();
        Path file = folder.resolve("docs/REPORT.md").toAbsolutePath();
        Map<Path, String> files = MarkdownPage.of(document(), file);
        String name = "REPORT-figures/fig-7-student-accuracy-against-temperature.svg";
        assertTrue(files.get(file).contains("](" + name + ")"), "the link");
        Node drawing = parse(files.get(file.resolveSibling(name)));
        assertEquals(1, find(drawing, "/*/*[local-name()='title']").size());
        // Six of ours and the report's six.
        assertEquals(
                12,
                find(drawing, "//*[@class='marker']/../*[local-name()='title']").size());
    }
}
