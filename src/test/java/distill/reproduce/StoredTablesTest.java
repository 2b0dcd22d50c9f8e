package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import distill.command.Program;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.PathIterator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes every table of {@code results/} again, and {@code docs/REPORT.md} with its figures, and compares them byte for
 * byte: what is stored was made by these commands, and a change of the code that is meant to change no number changes
 * none of them. {@code src/test/resources/net/commands.txt} says which command makes which files.
 */
class StoredTablesTest {

    private static final Path COMMANDS = Path.of("src/test/resources/net/commands.txt");
    private static final Path RESULTS = Path.of("results");
    private static final Path DOCS = Path.of("docs");

    /** As far below the project's root as {@code docs}, so that links come out the same. */
    private static final Path LIKE_DOCS = Path.of("target");

    /** Where texts with another digest than the one that is held are kept. */
    private static final Path CHANGED = LIKE_DOCS.resolve("changed");

    private static final String REPORT = "REPORT.md";
    private static final String FIGURES = "REPORT-figures";

    /** Figures of a command are text drawn as outlines, so they are the same only with these fonts. */
    private static final String FONTS = "6cb4b1488a3b6c1c";

    private static final String NOT_HELD = "not held: ";
    private static final String CONSOLE = "console";
    private static final String OUT = "OUT";
    private static final String DEPENDS_ON_PROCESSORS = "  trains next ";
    private static final Pattern BRACES = Pattern.compile("(.*)\\{(.*)}(.*)");
    private static final int DIGITS = 16;
    private static final int SHOWN_BEFORE = 60;
    private static final int SHOWN = 160;

    private static final Locale LOCALE = Locale.getDefault();

    @TempDir
    private static Path folder;

    /**
     * A command line, or why files are not held.
     *
     * @param files with the digest of what is made, or with nothing where the stored file itself is made
     */
    private record Entry(String line, Map<String, String> files) {

        boolean held() {
            return !line.startsWith(NOT_HELD);
        }

        boolean page() {
            return line.startsWith("page ");
        }
    }

    /** Numbers have a point in every file, whatever the machine's language has. */
    @BeforeAll
    static void speakGerman() {
        Locale.setDefault(Locale.GERMANY);
    }

    @AfterAll
    static void speakAsBefore() {
        Locale.setDefault(LOCALE);
    }

    @TestFactory
    Stream<DynamicTest> everyCommandMakesItsFilesAgainByteForByte() throws IOException {
        return entries().stream()
                .filter(entry -> entry.held() && !entry.page())
                .map(entry -> dynamicTest(entry.line(), () -> makesItsFiles(entry)));
    }

    @Test
    void theReportAndItsFiguresAreMadeAgainByteForByte() throws IOException {
        List<Path> stored = new ArrayList<>(files(DOCS.resolve(FIGURES)));
        stored.add(DOCS.resolve(REPORT));
        for (Path file : stored) {
            Files.deleteIfExists(LIKE_DOCS.resolve(DOCS.relativize(file)));
        }
        Entry page = entries().stream().filter(Entry::page).findFirst().orElseThrow();
        assertAll(Stream.concat(
                Stream.of(() -> makesItsFiles(page)), stored.stream().map(file -> () -> {
                    Path made = LIKE_DOCS.resolve(DOCS.relativize(file));
                    same(page.line(), file.toString(), Files.readAllBytes(file), Files.readAllBytes(made));
                })));
    }

    @Test
    void everyStoredTableAndFigureIsHeldOrListedAsNotHeld() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        for (Entry entry : entries()) {
            entry.files().forEach((file, digest) -> {
                if (digest.isEmpty()) {
                    named.add(file);
                }
            });
        }
        TreeSet<String> stored = files(RESULTS).stream()
                .map(file -> name(RESULTS, file))
                .filter(file -> file.matches(".*\\.(md|csv|json|svg)"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(List.of(), without(stored, named), "in results/, and not in " + COMMANDS);
        assertEquals(List.of(), without(named, stored), "in " + COMMANDS + ", and not in results/");
    }

    @Test
    void theFontsAreThoseThatTheFiguresWereDrawnWith() {
        assumeTrue(
                fonts().equals(FONTS),
                "the fonts of this machine have the digest " + fonts() + ", those of the stored figures " + FONTS
                        + ": the figures that Java's fonts are drawn in were not compared");
    }

    private static void makesItsFiles(Entry entry) throws IOException {
        boolean sameFonts = fonts().equals(FONTS);
        Path out = Files.createTempDirectory(folder, "out");
        Map<String, byte[]> made = new TreeMap<>();
        made.put(CONSOLE, run(entry.line(), out).getBytes(StandardCharsets.UTF_8));
        for (Path file : files(out)) {
            // Every .png has an .svg beside it; its pixels depend on more than the fonts.
            if (!file.toString().endsWith(".png")) {
                made.put(name(out, file), Files.readAllBytes(file));
            }
        }
        assertEquals(
                lines(entry.files().keySet()), lines(made.keySet()), "what is made by ./reproduce " + entry.line());
        assertAll(entry.files().keySet().stream()
                .filter(file -> sameFonts || !file.endsWith(".svg"))
                .map(file -> () -> {
                    String digest = entry.files().get(file);
                    if (digest.isEmpty()) {
                        same(entry.line(), file, Files.readAllBytes(RESULTS.resolve(file)), made.get(file));
                    } else {
                        sameDigest(entry.line(), file, digest, made.get(file));
                    }
                }));
    }

    /** What a command prints; its folder stands as OUT. */
    private static String run(String line, Path out) {
        StringWriter console = new StringWriter();
        StringWriter errors = new StringWriter();
        String[] arguments = Stream.of(line.split(" "))
                .map(argument -> argument.equals(OUT) ? out.toString() : argument)
                .toArray(String[]::new);
        int code = Program.run(Reproduce.COMMANDS, new PrintWriter(console), new PrintWriter(errors), arguments);
        assertEquals(0, code, "./reproduce " + line + ": " + errors);
        return console.toString()
                .replace(out.toString(), OUT)
                .lines()
                .filter(text -> !text.startsWith(DEPENDS_ON_PROCESSORS))
                .collect(Collectors.joining("\n"));
    }

    /** Fails with where the text is that has another digest; no stored one shows the line. */
    private static void sameDigest(String line, String file, String held, byte[] made) throws IOException {
        String now = digest(made);
        if (!now.equals(held)) {
            Path kept = Files.createDirectories(CHANGED)
                    .resolve(now + "-" + Path.of(file).getFileName());
            Files.write(kept, made);
            fail(
                    "%s is made otherwise by ./reproduce %s%nheld is the digest %s, now it is %s: compare %s with what the commit before makes"
                            .formatted(file, line, held, now, kept));
        }
    }

    /** Fails with the first line that differs. */
    private static void same(String line, String file, byte[] stored, byte[] made) {
        if (Arrays.equals(stored, made)) {
            return;
        }
        String[] before = new String(stored, StandardCharsets.UTF_8).split("\n", -1);
        String[] now = new String(made, StandardCharsets.UTF_8).split("\n", -1);
        int n = Arrays.mismatch(before, now);
        String one = n < before.length ? before[n] : "(its end)";
        String other = n < now.length ? now[n] : "(its end)";
        int from = Math.max(0, Arrays.mismatch(one.toCharArray(), other.toCharArray()) - SHOWN_BEFORE);
        fail("%s is made otherwise by ./reproduce %s%nfrom line %d on, stored: %s%nnow: %s"
                .formatted(file, line, n + 1, part(one, from), part(other, from)));
    }

    private static String part(String text, int from) {
        int to = Math.min(text.length(), from + SHOWN);
        return (from > 0 ? "..." : "") + text.substring(Math.min(from, to), to) + (to < text.length() ? "..." : "");
    }

    private static List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(COMMANDS)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (!line.startsWith(" ")) {
                entries.add(new Entry(line, new TreeMap<>()));
                continue;
            }
            String[] words = line.strip().split(" +");
            Matcher braces = BRACES.matcher(words[0]);
            Stream<String> names = braces.matches()
                    ? Stream.of(braces.group(2).split(",")).map(middle -> braces.group(1) + middle + braces.group(3))
                    : Stream.of(words[0]);
            Map<String, String> files = entries.get(entries.size() - 1).files();
            names.forEach(name -> files.put(name, words.length > 1 ? words[1] : ""));
        }
        return entries;
    }

    private static List<Path> files(Path top) throws IOException {
        if (!Files.exists(top)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(top)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String name(Path top, Path file) {
        return top.relativize(file).toString().replace('\\', '/');
    }

    private static List<String> without(Set<String> names, Set<String> others) {
        return names.stream().filter(name -> !others.contains(name)).toList();
    }

    private static String lines(Iterable<String> names) {
        return String.join("\n", names);
    }

    private static String fonts() {
        StringBuilder outlines = new StringBuilder();
        for (int style : List.of(Font.PLAIN, Font.BOLD, Font.ITALIC)) {
            PathIterator path = new Font(Font.SANS_SERIF, style, 12)
                    .createGlyphVector(
                            new FontRenderContext(null, true, true), "Test accuracy (%), T = 16, 0.123456789")
                    .getOutline()
                    .getPathIterator(null);
            double[] points = new double[6];
            for (; !path.isDone(); path.next()) {
                outlines.append(path.currentSegment(points)).append(Arrays.toString(points));
            }
        }
        return digest(outlines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
