package distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {

    @Test
    void everyImageComesOnceInAnEpoch() {
        int[] sorted = new EpochOrder(7).permutation(3, 1000);
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), sorted);
    }

    @Test
    void theSameSeedAndEpochGiveTheSameOrder() {
        assertArrayEquals(new EpochOrder(7).permutation(3, 1000), new EpochOrder(7).permutation(3, 1000));
    }

    @Test
    void anotherEpochOrAnotherSeedGivesAnotherOrder() {
        int[] order = new EpochOrder(7).permutation(3, 1000);
        assertFalse(Arrays.equals(order, new EpochOrder(7).permutation(4, 1000)));
        assertFalse(Arrays.equals(order, new EpochOrder(8).permutation(3, 1000)));
    }

    @Test
    void mnistGives234FullBatchesThatFollowThePermutationAndDropTheRest() {
        EpochOrder order = new EpochOrder(7);
        List<int[]> batches = order.batches(1, 60_000, 256);
        assertEquals(234, batches.size());
        batches.forEach(batch -> assertEquals(256, batch.length));
        int[] joined = batches.stream().flatMapToInt(Arrays::stream).toArray();
        assertArrayEquals(Arrays.copyOf(order.permutation(1, 60_000), 234 * 256), joined);
    }

    @Test
    void mhistGives68BatchesOfWhichTheLastHas31() {
        EpochOrder order = new EpochOrder(7);
        List<int[]> batches = order.allBatches(1, 2175, 32);
        assertEquals(68, batches.size());
        batches.subList(0, 67).forEach(batch -> assertEquals(32, batch.length));
        assertEquals(31, batches.get(67).length);
        int[] joined = batches.stream().flatMapToInt(Arrays::stream).toArray();
        assertArrayEquals(order.permutation(1, 2175), joined);
    }

    @Test
    void fileOrderIsEveryImageInItsPlace() {
        List<int[]> batches = EpochOrder.fileOrder(977, 32);
        assertEquals(31, batches.size());
        int[] joined = batches.stream().flatMapToInt(Arrays::stream).toArray();
        assertArrayEquals(IntStream.range(0, 977).toArray(), joined);
    }

    @Test
    void noImageIsDroppedMoreOftenThanChanceHasIt() {
        int[] dropped = new int[60_000];
        for (int seed = 1; seed <= 10; seed++) {
            for (int epoch = 1; epoch <= 12; epoch++) {
                int[] order = new EpochOrder(seed).permutation(epoch, 60_000);
                Arrays.stream(order, 234 * 256, 60_000).forEach(image -> dropped[image]++);
            }
        }
        // 120 epochs drop 96 of 60,000: .19 per image. Of 60,000 Poisson counts one above 6 has probability 2e-4.
        assertTrue(
                Arrays.stream(dropped).max().orElseThrow() <= 6,
                () -> "dropped " + Arrays.stream(dropped).max().orElseThrow() + " times");
    }

    /** A change here is a change of every training: results of before can no longer be repeated. */
    @Test
    void theOrderIsTheOneOfTheFirstVersion() {
        assertArrayEquals(
                new int[] {23966, 13089, 31778, 9629, 43794},
                Arrays.copyOf(new EpochOrder(1).permutation(1, 60_000), 5));
    }
}
