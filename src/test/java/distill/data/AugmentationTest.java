package distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import distill.data.Augmentation.Convention;
import distill.data.Augmentation.Transform;
import java.io.IOException;
import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentationTest {

    /** Grey levels. The golden numbers have four decimals. */
    private static final float TOLERANCE = 2e-4f;

    private static Transform transform(JsonNode golden) {
        JsonNode values = golden.get("transform");
        return new Transform(
                values.get(0).asDouble(),
                values.get(1).asDouble(),
                values.get(2).asInt() == 1,
                values.get(3).asInt() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void smallImagesOfEvenAndOddSizesAreAsInKeras(Convention convention) throws IOException {
        for (JsonNode golden : KerasImages.golden("small")) {
            RgbImage image = new RgbImage(
                    golden.get("height").asInt(), golden.get("width").asInt(), KerasImages.bytes(golden.get("pixels")));
            float[] found = KerasImages.apply(new Augmentation(1, convention), transform(golden), image);
            assertArrayEquals(KerasImages.floats(golden.get(convention.name())), found, TOLERANCE, () -> "%d x %d, %s"
                    .formatted(image.height(), image.width(), golden.get("transform")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void imagesOf96And224PixelsAreAsInKeras(Convention convention) throws IOException {
        for (JsonNode golden : KerasImages.golden("large")) {
            RgbImage image = KerasImages.formula(golden.get("side").asInt());
            float[] all = KerasImages.apply(new Augmentation(1, convention), transform(golden), image);
            float[] expected = KerasImages.floats(golden.get(convention.name()));
            float[] found = new float[expected.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = all[i * 509];
            }
            assertArrayEquals(expected, found, TOLERANCE, golden.get("transform")::toString);
        }
    }

    @Test
    void drawsAreUniformWithinTheReportsRanges() {
        Augmentation augmentation = new Augmentation(3, Convention.KERAS_3);
        DoubleSummaryStatistics theta = new DoubleSummaryStatistics();
        DoubleSummaryStatistics shear = new DoubleSummaryStatistics();
        int horizontal = 0;
        int vertical = 0;
        int both = 0;
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            // Neighbouring epochs and positions: that they are independent is part of what is claimed.
            Transform drawn = augmentation.draw(1 + i / 200, i % 200);
            theta.accept(drawn.theta());
            shear.accept(drawn.shear());
            horizontal += drawn.horizontalFlip() ? 1 : 0;
            vertical += drawn.verticalFlip() ? 1 : 0;
            both += drawn.horizontalFlip() && drawn.verticalFlip() ? 1 : 0;
        }
        // Standard deviations: 30/sqrt(12 n) = .061, .2/sqrt(12 n) = 4.1e-4, sqrt(n/4) = 71, sqrt(3n/16) = 61.
        assertEquals(0, theta.getAverage(), .25);
        assertTrue(theta.getMin() >= -15 && theta.getMin() < -14.9 && theta.getMax() < 15 && theta.getMax() > 14.9);
        assertEquals(0, shear.getAverage(), .0017);
        assertTrue(shear.getMin() >= -.1 && shear.getMin() < -.099 && shear.getMax() < .1 && shear.getMax() > .099);
        assertEquals(n / 2.0, horizontal, 285);
        assertEquals(n / 2.0, vertical, 285);
        assertEquals(n / 4.0, both, 245);
    }

    @Test
    void aDrawDependsOnSeedEpochAndPosition() {
        Augmentation augmentation = new Augmentation(3, Convention.KERAS_3);
        Transform drawn = augmentation.draw(2, 5);
        assertEquals(drawn, new Augmentation(3, Convention.KERAS_PREPROCESSING).draw(2, 5));
        assertNotEquals(drawn, augmentation.draw(3, 5));
        assertNotEquals(drawn, augmentation.draw(2, 6));
        assertNotEquals(drawn, new Augmentation(4, Convention.KERAS_3).draw(2, 5));
        assertEquals(
                2000,
                IntStream.range(0, 2000)
                        .mapToObj(i -> augmentation.draw(1 + i % 40, i / 40).theta())
                        .distinct()
                        .count());
    }

    /** A change here is a change of every training: results of before can no longer be repeated. */
    @Test
    void theDrawIsTheOneOfTheFirstVersion() {
        Transform drawn = new Augmentation(1, Convention.KERAS_3).draw(1, 0);
        assertEquals(new Transform(8.011579825839394, 0.0018184180686104945, false, false), drawn);
    }
}
