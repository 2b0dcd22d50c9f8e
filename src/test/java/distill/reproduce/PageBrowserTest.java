package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import distill.command.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The page of {@code results/} in headless Chromium; skipped where there is none. What it looked like is left in
 * {@code target/page/}.
 */
@Tag("browser")
class PageBrowserTest {

    private static final Path LOOKS = Path.of("target", "page");
    private static final int PHONE = 360;
    private static final int DESKTOP = 1400;

    /** The page folded at {@link #DESKTOP}; it was 88,000 when nothing was folded. */
    private static final int TALLEST_FOLDED = 11_000;

    /** Opens all folds. */
    private static final String OPEN = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })";

    /** What goes over the right edge of the page, and boxes whose content is wider than they are. */
    private static final String CUT =
            """
            [...document.body.querySelectorAll('*')]
              .filter(e => !e.closest('[popover], .skip') && e.getBoundingClientRect().width)
              .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
                || e.matches('.scroll, pre') && e.scrollWidth > e.clientWidth + 1)
              .filter(e => !e.closest('.contents') || getComputedStyle(e).position !== 'absolute')
              .map(e => e.tagName + ' ' + e.getAttribute('class') + ' ' + e.textContent.trim().slice(0, 40))""";

    /** Texts whose contrast with what is behind them is under WCAG 2's AA: 4.5, or 3 where they are large. */
    private static final String FAINT =
            """
            (() => {
              const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
              const channel = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
              const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
              const behind = e => {
                for (; e; e = e.parentElement) {
                  const c = parse(getComputedStyle(e).backgroundColor);
                  if (c.length === 3 || c[3] === 1) { return c; }
                }
                return [255, 255, 255];
              };
              const faint = [];
              for (const e of document.body.querySelectorAll('*')) {
                if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.closest('title, desc')) { continue; }
                const style = getComputedStyle(e);
                const colour = parse(e.closest('svg') ? style.fill : style.color);
                const [a, b] = [light(colour), light(behind(e))];
                const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
                if (!(contrast >= (large ? 3 : 4.5))) {
                  faint.push(contrast.toFixed(2) + ' ' + e.tagName + ' ' + e.textContent.slice(0, 30));
                }
              }
              return [...new Set(faint)];
            })()""";

    private static Path page;
    private static Browser browser;

    @BeforeAll
    static void makeThePageOfTheStoredResultsAndStartABrowser() throws Exception {
        Optional<Path> chromium = Browser.find();
        assumeTrue(chromium.isPresent(), "there is no Chromium");
        Files.createDirectories(LOOKS);
        StringWriter said = new StringWriter();
        int code = Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(said),
                new PrintWriter(said),
                "page",
                "--from",
                "results",
                "--out",
                LOOKS.toString());
        assertEquals(0, code, said.toString());
        page = LOOKS.resolve("report-results.html").toAbsolutePath();
        browser = new Browser(chromium.get());
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void nothingIsCutOnAPhoneOrADesktopWithAllFoldsOpenAndTheConsoleIsSilent() throws Exception {
        for (String scheme : List.of("light", "dark")) {
            for (int width : List.of(PHONE, DESKTOP)) {
                browser.open(page, width, 900, scheme);
                browser.screenshot(LOOKS.resolve("%d-%s.png".formatted(width, scheme)), true);
                if (scheme.equals("light")) {
                    browser.evaluate(OPEN);
                    assertEquals(List.of(), texts(browser.evaluate(CUT)), width + " pixels");
                }
                assertEquals(List.of(), browser.complaints());
            }
        }
    }

    @Test
    void foldedThePageIsShortAndItsFirstScreenHasTheFindingAndItsFigure() throws Exception {
        browser.open(page, DESKTOP, 900, "light");
        int height = browser.evaluate("document.documentElement.scrollHeight").asInt();
        assertTrue(height < TALLEST_FOLDED, height + " pixels");
        List<String> first = texts(browser.evaluate(
                "[...document.querySelectorAll('#glance p, #glance figure')].filter(e => !e.closest('details') && e.getBoundingClientRect().bottom < 900)"
                        + ".map(e => e.tagName + ' ' + e.textContent)"));
        assertEquals(3, first.size(), first.toString());
        assertTrue(first.get(0).startsWith("P Trained as the report's formulas say"), first.get(0));
        assertTrue(first.get(1).startsWith("P Trained as its programs do"), first.get(1));
        assertTrue(first.get(2).startsWith("FIGURE "), first.get(2));
        assertTrue(browser.evaluate("document.querySelectorAll('#glance .claims tbody tr').length")
                        .asInt()
                <= 10);
    }

    @Test
    void everyLinkLeadsSomewhereAndOneIntoAFoldOpensIt() throws Exception {
        browser.open(page, DESKTOP, 900, "light");
        for (String link :
                texts(browser.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"))) {
            if (link.startsWith("#")) {
                assertTrue(
                        browser.evaluate("document.getElementById('" + link.substring(1) + "') !== null")
                                .asBoolean(),
                        link);
            } else {
                Path document = LOOKS.resolve(link.replaceFirst("#.*", ""));
                assertTrue(Files.exists(document), link);
                assertTrue(!link.contains("#") || hasHeading(document, link.replaceFirst(".*#", "")), link);
            }
        }
        String row = "document.querySelector('#provenance tr[id]')";
        assertEquals("false", browser.evaluate(row + ".closest('details').open").asText());
        browser.evaluate("location.hash = " + row + ".id");
        browser.evaluate("new Promise(done => setTimeout(done, 100))");
        assertEquals("true", browser.evaluate(row + ".closest('details').open").asText());
    }

    /** Whether a heading of a document has an address as GitHub makes it. */
    private static boolean hasHeading(Path document, String address) throws Exception {
        return Files.readAllLines(document).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .anyMatch(address::equals);
    }

    @Test
    void textStandsOutFromItsGroundInBothSchemes() throws Exception {
        for (String scheme : List.of("light", "dark")) {
            browser.open(page, DESKTOP, 900, scheme);
            assertEquals(List.of(), texts(browser.evaluate(FAINT)), scheme);
        }
    }

    @Test
    void nothingIsAskedOfTheNetwork() throws Exception {
        browser.open(page, DESKTOP, 900, "light");
        assertEquals(
                List.of(),
                browser.requests().stream()
                        .filter(address -> !address.startsWith("file:") && !address.startsWith("data:"))
                        .toList());
    }

    @Test
    void enterOnANumberShowsTheRunsBehindItAndEscapeHidesThem() throws Exception {
        browser.open(page, DESKTOP, 900, "light");
        browser.evaluate(OPEN);
        String open = "[...document.querySelectorAll(':popover-open')].map(e => e.textContent)";
        browser.evaluate("document.querySelector('td button[popovertarget]').focus()");
        assertEquals(List.of(), texts(browser.evaluate(open)));
        browser.press("Enter", 13);
        List<String> shown = texts(browser.evaluate(open));
        assertEquals(1, shown.size());
        for (String part : List.of("seed 1", "weights", "commit", "20")) {
            assertTrue(shown.get(0).contains(part), shown.get(0));
        }
        browser.screenshot(LOOKS.resolve("runs-behind-a-number.png"), false);
        browser.press("Escape", 27);
        assertEquals(List.of(), texts(browser.evaluate(open)));
    }

    @Test
    void oneReadingCanBeShownAloneButAllIsPrinted() throws Exception {
        browser.open(page, DESKTOP, 900, "light");
        String shown = "['as-written', 'as-described'].map(r => [...document.querySelectorAll('.reading.' + r)]"
                + ".filter(e => e.offsetHeight > 0).length > 0)";
        assertEquals(List.of("true", "true"), texts(browser.evaluate(shown)));
        browser.evaluate("document.getElementById('show-as-described').click()");
        assertEquals(List.of("false", "true"), texts(browser.evaluate(shown)));
        browser.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertEquals(List.of("true", "true"), texts(browser.evaluate(shown)));
        browser.call("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void theListOfAllRunsIsSearchedByWordsAndSortedByAColumn() throws Exception {
        browser.open(page, DESKTOP, 900, "light");
        String shown = "[...document.querySelectorAll('.listing tbody tr')].filter(row => !row.hidden)";
        browser.evaluate("(() => { const field = document.querySelector('.find input');"
                + " field.value = 'Q6 T=4 as-described'; field.dispatchEvent(new Event('input')); })()");
        List<String> found = texts(
                browser.evaluate(shown + ".map(row => row.cells[0].textContent + ' ' + row.cells[1].textContent)"));
        assertTrue(found.size() >= 5, found.toString());
        found.forEach(row -> assertTrue(row.matches("task1 q6 student, as-described.* 4"), row));

        String head = "[...document.querySelectorAll('.listing th button')].findIndex(b => b.textContent === 'test %')";
        browser.evaluate("document.querySelectorAll('.listing th button')[" + head + "].click()");
        List<String> accuracies = texts(browser.evaluate(shown + ".map(row => row.cells[" + head + "].textContent)"));
        assertEquals(accuracies.stream().sorted().toList(), accuracies);
        browser.evaluate(OPEN);
        browser.evaluate("document.getElementById('runs').scrollIntoView({behavior: 'instant'})");
        browser.screenshot(LOOKS.resolve("all-runs.png"), false);
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void printedAllFoldsAreOpenAndThenClosedAgain() throws Exception {
        browser.open(page, DESKTOP, 900, "dark");
        String closed = "document.querySelectorAll('details:not([open])').length";
        int before = browser.evaluate(closed).asInt();
        assertTrue(before > 10, before + " folds");
        browser.evaluate("addEventListener('beforeprint', () => { window.whilePrinted = " + closed + "; })");
        byte[] pdf = browser.print();
        Files.write(LOOKS.resolve("report.pdf"), pdf);
        assertEquals(0, browser.evaluate("window.whilePrinted").asInt(-1));
        assertEquals(before, browser.evaluate(closed).asInt());
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("%PDF-"));
        assertTrue(Stream.of(text.split("/Type /Page\\b(?!s)")).count() > 50, "pages with what was folded");
    }
}
