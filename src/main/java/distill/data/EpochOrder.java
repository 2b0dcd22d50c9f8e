package distill.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The order in which each epoch of a training sees the images: a full reshuffle every epoch, as {@code shuffle(60000)}
 * of the report's tf.data pipeline gives. An epoch's order depends on the seed and the epoch alone, so that a training
 * that was killed goes on with the order it would have had.
 *
 * @param seed the seed of this training's order
 */
public record EpochOrder(long seed) {

    private static final long EPOCHS_APART = 0x9e3779b97f4a7c15L;

    /**
     * The order of one epoch.
     *
     * @param epoch which epoch, from 1
     * @param n how many images there are
     * @return a permutation of 0 to n - 1
     */
    public int[] permutation(int epoch, int n) {
        int[] order = PermutationSampler.natural(n);
        // One long is spread over the generator's state; two given apart would start neighbouring epochs nearly alike.
        PermutationSampler.shuffle(RandomSource.XO_RO_SHI_RO_128_PP.create(seed * EPOCHS_APART + epoch), order);
        return order;
    }

    /**
     * The batches of one epoch; as {@code batch(size, drop_remainder=True)}, the last batch is dropped where it would
     * not be full.
     *
     * @return floor(n / batchSize) batches of image indices
     */
    public List<int[]> batches(int epoch, int n, int batchSize) {
        int[] order = permutation(epoch, n);
        return cut(Arrays.copyOf(order, n / batchSize * batchSize), batchSize);
    }

    /**
     * All batches of one epoch; as {@code batch(size)} and as Keras's image iterators, the last batch is smaller where
     * it would not be full.
     *
     * @return ceil(n / batchSize) batches of image indices
     */
    public List<int[]> allBatches(int epoch, int n, int batchSize) {
        return cut(permutation(epoch, n), batchSize);
    }

    /**
     * All batches without a shuffle, for testing.
     *
     * @return ceil(n / batchSize) batches of image indices, from 0 to n - 1
     */
    public static List<int[]> fileOrder(int n, int batchSize) {
        return cut(PermutationSampler.natural(n), batchSize);
    }

    /** An order cut into batches, of which the last is smaller where it would not be full. */
    public static List<int[]> cut(int[] order, int batchSize) {
        return IntStream.range(0, (order.length + batchSize - 1) / batchSize)
                .mapToObj(i -> Arrays.copyOfRange(order, i * batchSize, Math.min((i + 1) * batchSize, order.length)))
                .toList();
    }
}
