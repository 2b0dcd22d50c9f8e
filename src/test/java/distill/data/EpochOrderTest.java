package distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

    /** A change here is a change of every training: results of before can no longer be repeated. */
    @Test
    void theOrderIsTheOneOfTheFirstVersion() {
        assertArrayEquals(new int[] {59802, 48131, 48929, 3978, 33554},
                Arrays.copyOf(new EpochOrder(1).permutation(1, 60_000), 5));
    }
}
