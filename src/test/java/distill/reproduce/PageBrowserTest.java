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

    /** The first word of each text that goes over the right edge, but in boxes that scroll. */
    private static final String OVERFLOWING =
            """
            [document.documentElement.scrollWidth > innerWidth ? 'the page is ' + document.documentElement.scrollWidth : '',
             ...[...document.body.querySelectorAll('*')]
               .filter(e => !e.closest('.scroll, pre, [popover], .skip') && e.getBoundingClientRect().right > innerWidth + 1)
               .filter(e => !e.closest('.contents') || getComputedStyle(e).position !== 'absolute')
               .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 40))].filter(text => text)""";

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
    void nothingIsWiderThanAPhoneOrADesktopAndTheConsoleIsSilent() throws Exception {
        for (String scheme : List.of("light", "dark")) {
            for (int width : List.of(PHONE, DESKTOP)) {
                browser.open(page, width, 900, scheme);
                browser.screenshot(LOOKS.resolve("%d-%s.png".formatted(width, scheme)), true);
                assertEquals(List.of(), texts(browser.evaluate(OVERFLOWING)), width + " pixels, " + scheme);
                assertEquals(List.of(), browser.complaints());
            }
        }
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
        browser.evaluate("document.getElementById('runs').scrollIntoView({behavior: 'instant'})");
        browser.screenshot(LOOKS.resolve("all-runs.png"), false);
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void thePagePrintsAsPdf() throws Exception {
        browser.open(page, DESKTOP, 900, "dark");
        byte[] pdf = browser.print();
        Files.write(LOOKS.resolve("report.pdf"), pdf);
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("%PDF-"));
        assertTrue(Stream.of(text.split("/Type /Page\\b(?!s)")).count() > 5, "pages");
    }
}
