package distill.page;

/**
 * A run that numbers were made from, in the words in which a page shows it.
 *
 * @param identity what the store looks it up by
 * @param label what was trained
 * @param accuracy on the test images, in percent
 * @param weights the beginning of a digest of what was trained
 * @param commit the beginning of the commit of the program
 * @param date when it ended; empty where that is not known
 * @param data the images
 * @param processor the name of the processor
 * @param machine the processor with its settings and programs
 */
public record Source(
        String identity,
        String label,
        long seed,
        String accuracy,
        String weights,
        String commit,
        String date,
        String data,
        String processor,
        String machine) {}
