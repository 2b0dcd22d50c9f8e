package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.Example;
import distill.experiment.Explainers;
import distill.experiment.Explainers.Explained;
import distill.experiment.Explainers.Judged;
import distill.explain.ExplanationMap;
import distill.explain.Faithfulness;
import distill.explain.Image;
import distill.page.Table;
import distill.run.Run;
import distill.run.Runs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationTest {

    private static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private static final int VIRIDIS_LOW = 0x440154;
    private static final int VIRIDIS_HALF = 0x21918c;
    private static final int VIRIDIS_HIGH = 0xfde725;

    @TempDir
    private Path folder;

    private static ExplanationMap map(double... values) {
        return new ExplanationMap(2, 2, values);
    }

    @Test
    void aFigureShowsEveryMapTheClassesAndTheProbabilities() throws IOException {
        Example example = new Example("test", 7, 3, DIGITS, new Image(2, 2, new float[] {0, 1, 0, 0}));
        List<Explained> models = List.of(
                new Explained("teacher", new double[] {.1, .2, 0, .7}, 3, Map.of("Grad-CAM", map(0, 1, .5, 0))),
                new Explained("student", new double[] {.1, .625, 0, .275}, 3, Map.of()));
        List<Path> files = ExplanationFigure.draw(example, models, "as-written", folder, "figure");
        assertEquals(List.of(folder.resolve("figure.png"), folder.resolve("figure.svg")), files);
        String svg = Files.readString(files.get(1));
        for (String text : List.of(
                "Image 7 of the test images, a 3, as-written",
                ">teacher<",
                ">student<",
                "predicted 3: 70.0 %",
                "no convolution",
                ">1.00<",
                ">0.00<")) {
            assertTrue(svg.contains(text), text);
        }
        BufferedImage png = ImageIO.read(files.get(0).toFile());
        long high = pixels(png, VIRIDIS_HIGH);
        // One of four squares of 6 x 6 pixels, at twice the size, less the outline around this pixel of ink.
        assertTrue(high > 40 && high < 144 + 24, "yellow pixels: " + high);
        assertTrue(pixels(png, VIRIDIS_LOW) > high, "two squares of four, less outlined");
        // The teacher's map begins at (136, 64); at twice the size, the middle of the upper right square and of the
        // lower left one.
        assertEquals(VIRIDIS_HIGH, png.getRGB(2 * (136 + 9), 2 * (64 + 3)) & 0xffffff);
        assertEquals(VIRIDIS_HALF, png.getRGB(2 * (136 + 3), 2 * (64 + 9)) & 0xffffff);
    }

    @Test
    void aMapOfAnotherClassThanThePredictedSaysSoAndSoDoesAnEmptyOne() throws IOException {
        Example example = new Example("train", 7, 1, DIGITS, new Image(2, 2, new float[4]));
        ExplanationFigure.draw(
                example,
                List.of(
                        new Explained("a", new double[] {.75, .25}, 1, Map.of("LIME", map(0, -.5, .25, 0))),
                        new Explained("b", new double[] {.25, .75}, 1, Map.of("LIME", map(0, 0, 0, 0)))),
                "as-written",
                folder,
                "figure");
        String svg = Files.readString(folder.resolve("figure.svg"));
        for (String text : List.of(
                "of the training images",
                "predicted 0: 75.0 %",
                "map of 1: 25.0 %",
                "no pixel stands out",
                ">0.50<",
                ">-0.50<")) {
            assertTrue(svg.contains(text), text);
        }
    }

    @Test
    void theBarOfAnUnlikelyClassHasThreeSignificantDigits() throws IOException {
        Example example = new Example("test", 7, 1, DIGITS, new Image(2, 2, new float[4]));
        ExplanationFigure.draw(
                example,
                List.of(new Explained(
                        "a", new double[] {.9999, 1e-4}, 1, Map.of("RISE (paper)", map(1e-4, 2e-4, 3.25e-4, 1e-4)))),
                "as-written",
                folder,
                "figure");
        String svg = Files.readString(folder.resolve("figure.svg"));
        for (String text : List.of(">3.25e-4<", ">2.13e-4<", ">1.00e-4<")) {
            assertTrue(svg.contains(text), text);
        }
    }

    private static long pixels(BufferedImage image, int colour) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(i -> (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xffffff) == colour)
                .count();
    }

    @Test
    void mapsAreWrittenAsTheyAre() {
        String csv = ExplanationTables.mapsCsv(List.of(
                new Explained("teacher", new double[] {0, 1}, 1, Map.of("LIME", map(.1, -.25, 3, 1e-9))),
                new Explained("student", new double[] {0, 1}, 0, Map.of())));
        assertEquals(
                """
                method,model,class,y,x0,x1
                LIME,teacher,1,0,0.1,-0.25
                LIME,teacher,1,1,3.0,1.0E-9
                """,
                csv);
    }

    @Test
    void differencesFromTheControlsArePairedByImageAndOverZeroWhereTheMethodIsBetter() {
        // Images far apart, which all maps share.
        List<Judged> judged = List.of(
                new Judged("LIME", "teacher", List.of(faithful(.9, .1), faithful(.4, .35))),
                new Judged("random map", "teacher", List.of(faithful(.7, .2), faithful(.1, .55))),
                new Judged("edge map", "teacher", List.of(faithful(.9, .1), faithful(.4, .35))));
        Table table = ExplanationTables.beyondControls(judged, List.of(Runs.student(16, .9, 1, 97.9)));
        // Insertion .2 and .3 over the random map's: .25, standard error .05, t(1) = 12.706: ± .635. Deletion .1 and .2
        // under it: .15 ± .635. From the edge map nothing.
        assertEquals(
                List.of(List.of(
                        "LIME",
                        "teacher",
                        "+0.250 (-0.385 to +0.885)",
                        "0.000 (0.000 to 0.000)",
                        "+0.150 (-0.485 to +0.785)",
                        "0.000 (0.000 to 0.000)")),
                table.texts());
    }

    private static Faithfulness faithful(double insertion, double deletion) {
        return new Faithfulness(insertion, deletion, 0, false);
    }

    @Test
    void theTableHasMeansAndTheirIntervals() {
        List<Judged> judged = List.of(new Judged(
                "LIME", "teacher", List.of(new Faithfulness(.7, .2, 0, true), new Faithfulness(.8, .2, .5, false))));
        List<Run> runs = List.of(Runs.student(16, .9, 1, 97.9));
        Table table = ExplanationTables.faithfulness(judged, new Explainers(10, 20, 30, 1), runs);
        // Two values .1 apart: sd .1 / sqrt(2), standard error .05, and t(1) = 12.706: .75 ± .635. Equal values: a
        // point.
        // .25 ± .25 * 12.706. One of two, by Wilson: (1 + 1.921 ± 1.96 sqrt(.5 + .960)) / 5.841.
        assertEquals(
                List.of(List.of(
                        "LIME",
                        "teacher",
                        "0.750 (0.115 to 1.385)",
                        "0.200 (0.200 to 0.200)",
                        "0.250 (-2.927 to 3.427)",
                        "0.500 (0.095 to 0.905)")),
                table.texts());
        assertTrue(
                table.notes().get(0).startsWith("Means over 2 test images"),
                table.notes().get(0));
        assertTrue(table.notes().get(4).startsWith("10 masks of RISE (course), 20 of RISE (paper), 30 samples"));
        String identities = table.notes().get(5);
        assertTrue(identities.contains("task1-as-written-q5-student-T16-alpha0.9-seed1"), identities);
        assertTrue(identities.contains("teacher 0123456789abcdef"), identities);
        List<String> lines = ExplanationTables.faithfulnessCsv(judged).lines().toList();
        assertEquals("method,model,metric,mean,low,high,images", lines.get(0));
        assertEquals(5, lines.size());
        assertTrue(lines.get(2).startsWith("LIME,teacher,deletion,0.2,0.2,0.2,2"), lines.get(2));
    }
}
