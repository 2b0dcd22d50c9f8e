package distill.data;

/**
 * Images to train on and images to test on.
 *
 * @param train the training images
 * @param test the test images
 * @param origin where they are from
 */
public record DataSet(Images train, Images test, Origin origin) {

    /**
     * Where a set is from.
     *
     * @param name what the provenance of a run calls it, such as {@code MNIST} or {@code generated digits}
     * @param description for people, such as "MNIST (60000 + 10000) from data/mnist"; says so where it is not the
     *     report's set
     * @param synthetic whether the images were generated
     * @param original whether these are the report's own images, so that numbers may be compared with the report's
     * @param digest SHA-256 over the content, in lower-case hex, which the reader of the set defines
     */
    public record Origin(String name, String description, boolean synthetic, boolean original, String digest) {}
}
