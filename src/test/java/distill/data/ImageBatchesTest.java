package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Annotation.Partition;
import distill.data.Augmentation.Convention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ImageBatchesTest {

    private static final int SIDE = 12;
    private static final int IMAGE = SIDE * SIDE * 3;
    private static final Augmentation AUGMENTATION = new Augmentation(5, Convention.KERAS_3);

    private final AtomicInteger reads = new AtomicInteger();

    /** Image i is all i in red, and a formula's picture beside. */
    private Images images(int n, long cacheBytes) {
        List<Annotation> rows = IntStream.range(0, n)
                .mapToObj(i -> new Annotation(i + 2, i + ".png", i % 3 == 0 ? "B" : "A", 0, Partition.TRAIN))
                .toList();
        return Images.decoded(
                List.of("A", "B"),
                rows,
                SIDE,
                SIDE,
                3,
                row -> {
                    reads.incrementAndGet();
                    if (row.row() == 102) {
                        throw new DataException(row.image() + " is gone");
                    }
                    byte[] pixels = KerasImages.formula(SIDE).pixels();
                    pixels[0] = (byte) (row.row() - 2);
                    return new RgbImage(SIDE, SIDE, pixels);
                },
                new ImageCache(cacheBytes));
    }

    private static List<ImageBatch> all(ImageBatches batches) throws IOException {
        List<ImageBatch> all = new ArrayList<>();
        try (batches) {
            while (batches.hasNext()) {
                all.add(batches.next());
            }
        }
        Assertions.assertThrows(NoSuchElementException.class, batches::next);
        return all;
    }

    @Test
    void plainBatchesHaveTheGreyLevelsAndLabelsInFileOrder() throws IOException {
        List<ImageBatch> batches = all(ImageBatches.plain(images(11, 0), EpochOrder.fileOrder(11, 4), 2));
        assertEquals(List.of(4, 4, 3), batches.stream().map(ImageBatch::size).toList());
        ImageBatch last = batches.get(2);
        assertArrayEquals(new int[] {8, 9, 10}, last.indices());
        assertArrayEquals(new int[] {0, 1, 0}, last.labels());
        assertEquals(3 * IMAGE, last.levels().length);
        assertEquals(9, last.levels()[IMAGE]);
        // Pixel (0, 1) of channel 2 by the formula: 13 + 58.
        assertEquals(71, last.levels()[IMAGE + 5]);
    }

    @Test
    void theResultDoesNotDependOnThreadsOrOnWhatIsCached() throws IOException {
        List<int[]> order = new EpochOrder(1).allBatches(3, 50, 8);
        List<ImageBatch> one = all(ImageBatches.augmented(images(50, 0), order, AUGMENTATION, 3, 1));
        for (int threads : new int[] {2, 5}) {
            List<ImageBatch> several =
                    all(ImageBatches.augmented(images(50, 20 * IMAGE), order, AUGMENTATION, 3, threads));
            for (int b = 0; b < one.size(); b++) {
                assertArrayEquals(order.get(b), several.get(b).indices());
                assertArrayEquals(one.get(b).labels(), several.get(b).labels());
                assertArrayEquals(one.get(b).levels(), several.get(b).levels());
            }
        }
    }

    @Test
    void anImageUndergoesWhatItsPositionInTheEpochHas() throws IOException {
        Images images = images(20, 0);
        List<int[]> order = new EpochOrder(1).allBatches(2, 20, 8);
        List<ImageBatch> batches = all(ImageBatches.augmented(images, order, AUGMENTATION, 2, 2));
        // The second image of the third batch is at position 2 * 8 + 1.
        assertArrayEquals(
                KerasImages.apply(
                        AUGMENTATION,
                        AUGMENTATION.draw(2, 17),
                        new RgbImage(SIDE, SIDE, images.image(order.get(2)[1]))),
                Arrays.copyOfRange(batches.get(2).levels(), IMAGE, 2 * IMAGE));
    }

    @Test
    void aSetsEpochIsTheAugmentedBatchesOfItsOrderToTheLastImage() throws IOException {
        Images images = images(20, 0);
        EpochOrder order = new EpochOrder(1);
        List<ImageBatch> expected = all(ImageBatches.augmented(images, order.allBatches(2, 20, 8), AUGMENTATION, 2, 2));
        List<ImageBatch> batches = new ArrayList<>();
        try (ImageBatches epoch = images.batches(order, 2, 8, AUGMENTATION)) {
            epoch.forEach(batches::add);
        }
        assertEquals(List.of(8, 8, 4), batches.stream().map(ImageBatch::size).toList());
        for (int i = 0; i < batches.size(); i++) {
            assertArrayEquals(expected.get(i).levels(), batches.get(i).levels());
            assertArrayEquals(expected.get(i).indices(), batches.get(i).indices());
        }
    }

    @Test
    void whatAWorkerMeetsReachesALoopOverTheBatchesToo() {
        try (ImageBatches batches = ImageBatches.plain(images(120, 0), EpochOrder.fileOrder(120, 10), 2)) {
            UncheckedIOException error =
                    Assertions.assertThrows(UncheckedIOException.class, () -> batches.forEach(batch -> {}));
            assertTrue(error.getCause().getMessage().contains("100.png is gone"), error.toString());
        }
    }

    @Test
    void whatAWorkerMeetsReachesTheCallerWithTheFile() throws IOException {
        try (ImageBatches batches = ImageBatches.plain(images(120, 0), EpochOrder.fileOrder(120, 10), 2)) {
            for (int i = 0; i < 10; i++) {
                batches.next();
            }
            assertTells(batches::next, "100.png is gone");
        }
    }

    @Test
    void noMoreIsMadeAheadThanOneBatchBesidesThoseOfTheThreads() throws Exception {
        try (ImageBatches batches = ImageBatches.plain(images(90, 0), EpochOrder.fileOrder(90, 1), 2)) {
            for (int i = 0; i < 10; i++) {
                batches.next();
            }
            Thread.sleep(100);
            assertEquals(13, reads.get());
        }
    }

    @Test
    void theCacheKeepsWhatItHasRoomForAndReadsTheRestAgain() throws IOException {
        Images images = images(10, 4 * IMAGE + 5);
        for (int epoch = 1; epoch <= 3; epoch++) {
            images.batch(IntStream.range(0, 10).toArray());
        }
        assertEquals(10 + 6 + 6, reads.get());
    }

    @Test
    void theFirstOfASetKeepTheClassesProportions() {
        Images images = images(100, 0);
        assertArrayEquals(new int[] {66, 34}, images.classCounts());
        Images first = images.firstOfEachClass(12);
        // 12 * 34 / 100 = 4.08
        assertArrayEquals(new int[] {8, 4}, first.classCounts());
        assertEquals("0.png", first.annotations().get(0).image());
        assertEquals("11.png", first.annotations().get(11).image());
        assertArrayEquals(new int[] {1, 1}, images.firstOfEachClass(2).classCounts());
        assertArrayEquals(images.classCounts(), images.firstOfEachClass(100).classCounts());
        Assertions.assertThrows(IllegalArgumentException.class, () -> images.firstOfEachClass(101));
        Assertions.assertThrows(IllegalArgumentException.class, () -> images.firstOfEachClass(1));
    }

    @Test
    void anEpochWithoutBatchesIsOverAtOnce() {
        try (ImageBatches batches = ImageBatches.plain(images(3, 0), List.of(), 2)) {
            assertFalse(batches.hasNext());
        }
        assertTrue(reads.get() == 0);
    }
}
