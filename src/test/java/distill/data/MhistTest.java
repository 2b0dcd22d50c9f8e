package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import distill.data.Annotation.Partition;
import distill.data.Augmentation.Convention;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MhistTest {

    private static final Path REAL = Path.of("../shared/histology");
    private static final long CACHE = 1 << 20;
    private static final int TRAIN = 12;
    private static final int TEST = 8;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path work;

    @BeforeEach
    void makeFolder() throws IOException {
        work = Files.createDirectories(folder.resolve("work"));
    }

    private Mhist load(Path dataDir, boolean skipBad) throws DataException {
        DataPlaces places = new DataPlaces(environment::get, work, folder);
        Mhist.Reading reading = new Mhist.Reading(8, CACHE, skipBad);
        return dataDir == null ? Mhist.load(places, TRAIN, TEST, reading) : Mhist.load(dataDir, reading);
    }

    private Mhist load(Path dataDir) throws DataException {
        return load(dataDir, false);
    }

    private Path set(String name) throws IOException {
        return TinyMhist.write(folder.resolve(name));
    }

    private Path set(String header, List<String> rows) throws IOException {
        return TinyMhist.write(folder.resolve("set"), header, rows);
    }

    /** The good rows, of which one is replaced; its number counts the header. */
    private static List<String> rowsWith(int row, String replacement) {
        List<String> rows = TinyMhist.rows();
        rows.set(row - 2, replacement);
        return rows;
    }

    @Test
    void partsClassesLabelsVotesAndPixelsAreTheFiles() throws IOException {
        Mhist data = load(set("set"));
        assertEquals(List.of("HP", "SSA"), data.classes());
        assertEquals("SSA", data.votesFor());
        assertEquals(7, data.annotators());
        assertEquals(6, data.train().size());
        assertEquals(4, data.test().size());
        assertArrayEquals(new int[] {4, 2}, data.train().classCounts());
        assertEquals(
                new Annotation(8, "MHIST_6.png", "SSA", 5, Partition.TEST),
                data.test().annotations().get(0));
        assertEquals(1, data.test().label(0));
        assertEquals(0, data.test().label(1));
        assertEquals(8, data.test().height());
        // Red is 20 i; green and blue 20 y and 20 x of the source: 8 of 10 pixels, floor(10 / 8 (x + .5)).
        assertArrayEquals(
                new byte[] {120, 0, 0, 120, 0, 20}, Arrays.copyOf(data.test().image(0), 6));
        assertEquals(new Mhist.Skipped(0, List.of()), data.skipped());
        assertFalse(data.origin().synthetic());
        assertFalse(data.origin().original());
        assertTrue(
                data.origin().description().endsWith("set, not MHIST"),
                data.origin().description());
    }

    @Test
    void theGivenFolderComesFirstThenTheVariableThenDataThenShared() throws IOException {
        Path given = set("given");
        environment.put("MHIST_DIR", set("named").toString());
        TinyMhist.write(work.resolve("data/mhist"));
        TinyMhist.write(folder.resolve("shared/histology"));
        assertFrom("given", load(given));
        assertFrom("named", load(null));
        environment.clear();
        assertFrom("data/mhist", load(null));
        Files.delete(work.resolve("data/mhist/annotations.csv"));
        assertTells(() -> load(null), "data/mhist", "lacks annotations.csv");
        Files.move(work.resolve("data/mhist"), folder.resolve("away"));
        assertFrom("../shared/histology", load(null));
    }

    private static void assertFrom(String place, Mhist data) {
        String description = data.origin().description();
        assertTrue(description.contains("(6 + 4) from ") && description.contains(place), description);
    }

    @Test
    void aNamedPlaceThatIsNotThereIsAnError() {
        assertTells(() -> load(folder.resolve("nowhere")), "nowhere", "no folder");
        environment.put("MHIST_DIR", "nowhere");
        assertTells(() -> load(null), "$MHIST_DIR", "nowhere");
    }

    @Test
    void withoutAnyPlaceCryptsAreDrawnAndSaySo() throws IOException {
        Mhist data = load(null);
        assertTrue(data.origin().synthetic());
        assertFalse(data.origin().original());
        assertEquals("generated crypts (12 + 8), not MHIST", data.origin().description());
        assertEquals(TRAIN, data.train().size());
        assertEquals(data.origin(), Mhist.generate(TRAIN, TEST, 16, 0).origin());
        // The first of more are those of fewer, and no test image is a training image.
        Mhist more = Mhist.generate(TRAIN + 1, TEST, 8, CACHE);
        assertArrayEquals(data.train().image(7), more.train().image(7));
        assertNotEquals(data.origin().digest(), more.origin().digest());
        assertFalse(Arrays.equals(data.train().image(0), data.test().image(0)));
    }

    @Test
    void namesMayLackMhistsPrefixAndSuffix() throws IOException {
        List<String> rows = TinyMhist.rows().stream()
                .map(row -> row.replace("MHIST_", "").replace(".png", ""))
                .toList();
        Mhist data = load(set(TinyMhist.HEADER, rows));
        assertEquals(load(set("other")).origin().digest(), data.origin().digest());
    }

    @Test
    void columnsMayStandInAnyOrderBesideOthersBehindAByteOrderMark() throws IOException {
        List<String> rows = TinyMhist.rows().stream()
                .map(row -> row.split(","))
                .map(row -> String.join(",", row[3], "\"a, b\"", row[2], row[0], row[1]))
                .toList();
        String header = "\ufeffPartition,Remark,Number of Annotators who Selected SSA (Out of 7),Image Name,"
                + "Majority Vote Label";
        assertEquals(
                load(set("other")).origin().digest(),
                load(set(header, rows)).origin().digest());
    }

    @Test
    void theDigestFollowsLabelsPartitionsOrderAndPixels() throws IOException {
        String digest = load(set("good")).origin().digest();
        List<List<String>> changed = List.of(
                rowsWith(2, "MHIST_0.png,HP,1,train"),
                rowsWith(2, "MHIST_0.png,SSA,5,test"),
                rowsWith(2, "MHIST_0.png,SSA,4,train"));
        assertNotEquals(
                digest, load(set(TinyMhist.HEADER, changed.get(0))).origin().digest());
        assertNotEquals(
                digest, load(set(TinyMhist.HEADER, changed.get(1))).origin().digest());
        assertEquals(
                digest, load(set(TinyMhist.HEADER, changed.get(2))).origin().digest());
        Path other = set("pixels");
        TinyMhist.writeImage(other.resolve("images/MHIST_9.png"), 10, 10, BufferedImage.TYPE_INT_RGB, 8);
        assertNotEquals(digest, load(other).origin().digest());
    }

    /** Each a fault of row 5. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "MHIST_3.png,hp,1,train | 'hp' in column 'Majority Vote Label', expected HP or SSA",
                "MHIST_3.png,,1,train | '' in column 'Majority Vote Label', expected HP or SSA",
                "MHIST_3.png,SSA,5,val | 'val' in column 'Partition', expected train or test",
                "MHIST_3.png,SSA,8,train | '8' in column 'Number of Annotators who Selected SSA (Out of 7)', expected a whole number",
                "MHIST_3.png,SSA,five,train | 'five' in column 'Number of Annotators who Selected SSA (Out of 7)', expected a whole number",
                "MHIST_3.png,SSA,5 | 3 values, expected 4 as in row 1",
                "MHIST_33.png,SSA,5,train | image 'MHIST_33.png' is missing in",
                "../images/../../x.png,SSA,5,train | image '../images/../../x.png' lies outside of",
                "/etc/x.png,SSA,5,train | image '/etc/x.png' lies outside of",
                "MHIST_0.png,SSA,5,train | image 'MHIST_0.png' is a duplicate of row 2",
                "0,SSA,5,train | image '0' is a duplicate of row 2",
                "x\0.png,SSA,5,train | is missing in",
                "corrupt.png,SSA,5,train | corrupt.png is damaged",
                "text.png,SSA,5,train | text.png is neither PNG nor JPEG",
                "large.png,SSA,5,train | image 'large.png' has 11 x 10 pixels, expected 10 x 10 as most have",
                "grey.png,SSA,5,train | grey.png has grey values, expected RGB",
            })
    void aBadRowIsNamedOrLeftOut(String row, String told) throws IOException {
        Path set = set(TinyMhist.HEADER, rowsWith(5, row));
        byte[] corrupt = Files.readAllBytes(set.resolve("images/MHIST_3.png"));
        corrupt[corrupt.length - 20] ^= 1;
        Files.write(set.resolve("images/corrupt.png"), corrupt);
        Files.writeString(set.resolve("images/text.png"), "text");
        TinyMhist.writeImage(set.resolve("images/large.png"), 11, 10, BufferedImage.TYPE_INT_RGB, 3);
        TinyMhist.writeImage(set.resolve("images/grey.png"), 10, 10, BufferedImage.TYPE_BYTE_GRAY, 3);

        assertTells(() -> load(set), "annotations.csv row 5: ", told, "--skip-bad");

        Mhist data = load(set, true);
        assertEquals(5, data.train().size());
        assertEquals(1, data.skipped().rows());
        assertTrue(data.skipped().reasons().get(0).startsWith("row 5: "));
        assertTrue(data.skipped().reasons().get(0).contains(told));
        assertTrue(data.origin().description().endsWith(", 1 bad row left out"));
    }

    @Test
    void manyBadRowsAreCountedAndTheFirstIsNamed() throws IOException {
        List<String> rows = rowsWith(5, "x.png,SSA,5,train");
        rows.set(2, "y.png,HP,1,train");
        rows.set(8, "z.png,HP,1,test");
        Path set = set(TinyMhist.HEADER, rows);
        assertTells(() -> load(set), "row 4: image 'y.png'", "2 more bad rows");
        assertEquals(3, load(set, true).skipped().rows());
    }

    @Test
    void aMissingColumnIsAnErrorEvenWhereRowsAreSkipped() throws IOException {
        Path set = set(TinyMhist.HEADER.replace("Partition", "Part"), TinyMhist.rows());
        assertTells(() -> load(set, true), "annotations.csv row 1", "'Part'", "'Partition'");
        Files.writeString(set.resolve("annotations.csv"), "");
        assertTells(() -> load(set, true), "annotations.csv row 1", "'Partition'");
    }

    @Test
    void anEmptyPartAndAClassThatOneLacksAreErrorsEvenWhereRowsAreSkipped() throws IOException {
        List<String> train = TinyMhist.rows().subList(0, 6);
        assertTells(
                () -> load(set(TinyMhist.HEADER, train), true), "annotations.csv", "no good row of partition test;");
        List<String> noSsa = new ArrayList<>(train);
        noSsa.add("MHIST_7.png,HP,1,test");
        assertTells(() -> load(set(TinyMhist.HEADER, noSsa), true), "no good row of partition test with label SSA");
        List<String> one = TinyMhist.rows().stream()
                .map(row -> row.replace("SSA,5", "HP,3"))
                .toList();
        assertTells(
                () -> load(set(TinyMhist.HEADER, one), true),
                "annotations.csv, column 'Majority Vote Label': found no other label than 'HP', expected two");
    }

    /** One's own labels in place of HP and SSA. */
    private static List<String> ownLabels(UnaryOperator<String> row) {
        return TinyMhist.rows().stream()
                .map(line -> row.apply(line.replace("HP", "benign").replace("SSA", "malignant")))
                .toList();
    }

    @Test
    void aColumnOfVotesIsNotNeeded() throws IOException {
        List<String> rows = ownLabels(row -> row.replaceAll(",\\d,", ","));
        Mhist data = load(set("Image Name,Majority Vote Label,Partition", rows));
        assertEquals(List.of("benign", "malignant"), data.classes());
        assertNull(data.votesFor());
        assertNull(data.train().annotations().get(0).votes());
        assertEquals(List.of(), MhistPreview.of(data).train().votes());
        assertEquals(List.of(4, 2), MhistPreview.of(data).train().classCounts());
    }

    @Test
    void aColumnOfVotesThatIsThereCountsThoseForOneOfTheLabels() throws IOException {
        String column = "Number of Annotators who Selected %s (Out of 5)";
        String header = "Image Name,Majority Vote Label," + column + ",Partition";
        Mhist data = load(set(header.formatted("benign"), ownLabels(row -> row)));
        assertEquals("benign", data.votesFor());
        assertEquals(5, data.annotators());
        Path set = set(header.formatted("SSA"), ownLabels(row -> row));
        assertTells(
                () -> load(set, true),
                "annotations.csv row 1: found votes for 'SSA' in the name of the column '" + column.formatted("SSA"),
                "expected one of the labels 'benign', 'malignant'",
                "put that one there, or leave the column out");
    }

    @Test
    void whoDoesWhatTheErrorSaysIsDone() throws IOException {
        List<String> rows = ownLabels(row -> row.replaceAll(",\\d,", ","));
        assertTells(
                () -> load(set("file,class,part", rows)),
                "annotations.csv row 1: there is no column 'Image Name' and no 'Majority Vote Label' and no 'Partition' among"
                        + " 'file', 'class', 'part'; expected 'Image Name' (a file in images/), 'Majority Vote Label' (one of"
                        + " two labels) and 'Partition' (train or test): give the columns these names");
        load(set("Image Name,Majority Vote Label,Partition", rows));
    }

    /** pandas makes floats of a column with a gap. */
    @Test
    void aWholeNumberOfVotesMayBeWrittenAsAFloat() throws IOException {
        List<String> rows = TinyMhist.rows().stream()
                .map(row -> row.replaceFirst(",(\\d),", ",$1.0,"))
                .toList();
        assertEquals(
                load(set(TinyMhist.HEADER, TinyMhist.rows())).set().origin().digest(),
                load(set(TinyMhist.HEADER, rows)).set().origin().digest());
    }

    @ParameterizedTest
    @CsvSource({
        "',(\\d),', ',$1.5,', '5.5', 'Number of Annotators who Selected SSA (Out of 7)', a whole number of votes from 0 to 7",
        "t(rain|est)$, T$1, Train, Partition, train or test"
    })
    void whereEveryRowIsBadTheFirstIsNamedAndNotItsLabels(
            String good, String bad, String found, String column, String expected) throws IOException {
        List<String> rows = TinyMhist.rows().stream()
                .map(row -> row.replaceFirst(good, bad))
                .toList();
        Path set = set(TinyMhist.HEADER, rows);
        String told = "row 2: '%s' in column '%s', expected %s".formatted(found, column, expected);
        assertTells(() -> load(set), told, "9 more bad rows");
        assertTells(() -> load(set, true), "no good row of partition train", told);
    }

    @Test
    void ofThreeLabelsTheTwoMostFrequentAreTheClassesAndOfManyTheFirstAreShown() throws IOException {
        List<String> rows = new ArrayList<>(ownLabels(row -> row.replaceAll(",\\d,", ",")));
        rows.set(8, "MHIST_8.png,unclear,test");
        Path set = set("Image Name,Majority Vote Label,Partition", rows);
        assertTells(() -> load(set), "row 10: 'unclear' in column 'Majority Vote Label', expected benign or malignant");
        List<String> many = IntStream.range(0, 10)
                .mapToObj(i -> "MHIST_%d.png,l%d,1,train".formatted(i, i))
                .toList();
        assertTells(() -> load(set(TinyMhist.HEADER, many)), "'l0', 'l1', 'l2', 'l3', 'l4' and 5 more;");
    }

    @Test
    void anyNumberOfLabelsThatBothPartsHaveAreTheClasses() throws IOException {
        List<String> rows = new ArrayList<>(ownLabels(row -> row.replaceAll(",\\d,", ",")));
        rows.set(1, "MHIST_1.png,unclear,train");
        rows.set(8, "MHIST_8.png,unclear,test");
        rows.set(4, "MHIST_4.png,typo,train");
        Path set = set("Image Name,Majority Vote Label,Partition", rows);
        assertTells(() -> load(set), "row 6: 'typo'", "expected benign or malignant or unclear");
        Mhist data = load(set, true);
        assertEquals(List.of("benign", "malignant", "unclear"), data.classes());
        assertArrayEquals(new int[] {2, 2, 1}, data.train().classCounts());
        assertTrue(data.origin().description().startsWith("images of benign, malignant and unclear (5 + 4) from "));
    }

    @Test
    void csvIsReadAsPythonsReaderTakesIt() throws IOException {
        Path set = set("set");
        String digest = load(set).origin().digest();
        String lines = String.join(
                "\r\n",
                TinyMhist.rows().stream()
                        .map(row -> "\"" + row.replace(",", "\",\"") + "\"")
                        .toList());
        String header = "\ufeff\"" + TinyMhist.HEADER.replace(",", "\",\"") + "\"\r\n";
        Files.writeString(set.resolve("annotations.csv"), header + lines + "\r\n\r\n");
        assertEquals(digest, load(set).origin().digest());
    }

    @Test
    void task1ReadsThemInTheirSizeAndInOneOrder() throws IOException {
        Path set = set("set");
        DataSet data = Mnist.load(set);
        assertEquals(10, data.train().height());
        assertArrayEquals(new int[] {4, 2}, data.train().classCounts());
        assertEquals(load(set).origin().digest(), data.origin().digest());
        assertEquals(
                "images of HP and SSA, 10 x 10 x 3 pixels (6 + 4) from " + set + ", not the MNIST of LeCun et al.",
                data.origin().description());
        Images again = Mnist.load(set).train();
        for (int i = 0; i < 6; i++) {
            assertEquals(data.train().name(i), again.name(i));
        }
    }

    @Test
    void whatIsNoCsvInUtf8IsAnError() throws IOException {
        Path set = set("set");
        Files.write(
                set.resolve("annotations.csv"),
                (TinyMhist.HEADER + "\n\u00e4.png,HP,1,train\n").getBytes(StandardCharsets.ISO_8859_1));
        assertTells(() -> load(set), "annotations.csv", "UTF-8");
        Files.writeString(set.resolve("annotations.csv"), TinyMhist.HEADER + "\n\"MHIST_0.png,HP,1,train\n");
        assertTells(() -> load(set), "annotations.csv", "CSV");
    }

    @Test
    void aFileThatIsGoneAfterTheStartIsNamed() throws IOException {
        Path set = set("set");
        Mhist data = Mhist.load(set, new Mhist.Reading(8, 0, false));
        Files.delete(set.resolve("images/MHIST_1.png"));
        try (ImageBatches batches = ImageBatches.plain(data.train(), EpochOrder.fileOrder(6, 2), 2)) {
            assertTells(batches::next, "MHIST_1.png");
        }
    }

    @Test
    void mhistIsKnownByItsCountsAndFirstRows() throws IOException {
        List<String> rows = new ArrayList<>(List.of(
                "MHIST_aaa.png,SSA,6,train",
                "MHIST_aab.png,HP,0,train",
                "MHIST_aac.png,SSA,5,train",
                "MHIST_aae.png,HP,1,train",
                "MHIST_aaf.png,SSA,5,train",
                "MHIST_aag.png,HP,2,test",
                "MHIST_aah.png,HP,2,test",
                "MHIST_aaq.png,SSA,5,test",
                "MHIST_aar.png,HP,0,test",
                "MHIST_aay.png,HP,1,test"));
        rows.addAll(more("HP,1,train", 1545 - 2));
        rows.addAll(more("SSA,6,train", 630 - 3));
        rows.addAll(more("HP,1,test", 617 - 4));
        rows.addAll(more("SSA,6,test", 360 - 1));
        Annotations mhist = annotations(rows);
        assertTrue(MhistReader.isMhist(mhist, 224, 224));
        assertFalse(MhistReader.isMhist(mhist, 225, 224));
        rows.set(2, "MHIST_aac.png,SSA,6,train");
        assertFalse(MhistReader.isMhist(annotations(rows), 224, 224));
        rows.set(2, "aac,SSA,5,train");
        assertTrue(MhistReader.isMhist(annotations(rows), 224, 224));
        rows.remove(rows.size() - 1);
        assertFalse(MhistReader.isMhist(annotations(rows), 224, 224));
    }

    private Annotations annotations(List<String> rows) throws IOException {
        Path file = set(TinyMhist.HEADER, rows).resolve("annotations.csv");
        return Annotations.read(file, new BadRows(file));
    }

    private static List<String> more(String rest, int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> "%s_%d.png,%s".formatted(rest.replace(',', '_'), i, rest))
                .toList();
    }

    @Test
    void thePreviewCountsClassesAndVotes() throws IOException {
        MhistPreview preview = MhistPreview.of(load(set("set")));
        assertEquals(6, preview.train().size());
        assertEquals(List.of(4, 2), preview.train().classCounts());
        assertEquals(
                List.of(List.of(0, 4, 0, 0, 0, 0, 0, 0), List.of(0, 0, 0, 0, 0, 2, 0, 0)),
                preview.train().votes());
        assertEquals(5, preview.train().firstRows().size());
        assertEquals("MHIST_0.png", preview.train().firstRows().get(0).image());
        assertEquals(List.of(2, 2), preview.test().classCounts());
    }

    @Test
    void theSheetShowsEachClassOfEachPartAndAugmentedImages() throws IOException {
        Path file = folder.resolve("new/sheet.png");
        MhistPreview.writeSheet(load(set("set")), new Augmentation(1, Convention.KERAS_3), file);
        BufferedImage sheet = ImageIO.read(file.toFile());
        assertEquals(8 + 5 * (160 + 34 + 8), sheet.getHeight());
        // The middle of the first test image that is SSA: MHIST_6, red 120.
        assertEquals(120, sheet.getRGB(8 + 80, 8 + 3 * 202 + 80) >> 16 & 0xff);
        // The last row has six images.
        assertNotEquals(0xffffffff, sheet.getRGB(8 + 5 * 168 + 80, 8 + 4 * 202 + 80));
    }

    @Test
    void theHistologyImagesAreReadWhereTheyAre() throws IOException {
        assumeTrue(Files.isDirectory(REAL), "SKIPPED: no histology images here");
        Mhist data = Mhist.load(REAL, new Mhist.Reading(96, 32 << 20, false));
        assertArrayEquals(new int[] {448, 192}, data.train().classCounts());
        assertArrayEquals(new int[] {176, 80}, data.test().classCounts());
        assertEquals(List.of("ACA", "SCC"), data.classes());
        assertEquals("SCC", data.votesFor());
        assertEquals(
                "images of ACA and SCC (640 + 256) from ../shared/histology, not MHIST",
                data.origin().description());
    }
}
