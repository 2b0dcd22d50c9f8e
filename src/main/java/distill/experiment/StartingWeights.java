package distill.experiment;

import distill.nn.Weights;
import distill.run.Settings;
import java.util.List;
import java.util.Map;

/**
 * What a base starts from: pre-trained weights, with the 1000 classes of ImageNet and without, or random ones.
 *
 * @param source where they were found, in words
 * @param byIdentity the weights by what {@link Settings#startingWeights} calls them, their SHA-256; empty where they
 *     are drawn
 * @param withTop identity of those up to the 1000 logits; null where only those up to the pooled features are known
 * @param withoutTop identity of those up to the pooled features
 */
public record StartingWeights(String source, Map<String, Weights> byIdentity, String withTop, String withoutTop) {

    /** Drawn as Keras's initialisers do. */
    public static StartingWeights random() {
        return new StartingWeights("random", Map.of(), Settings.RANDOM, Settings.RANDOM);
    }

    /** Pre-trained ones that nothing is known of, for a plan that is not carried out. */
    public static StartingWeights notAtHand() {
        return new StartingWeights("ImageNet", Map.of("imagenet", new Weights(List.of())), "imagenet", "imagenet");
    }

    /** Pre-trained ones. */
    public static StartingWeights of(ImageNetWeights found) {
        Weights whole = found.weights();
        Weights cut = ImageNetWeights.withoutTop(whole);
        String cutDigest = cut.digest();
        if (cut.values().size() == whole.values().size()) {
            return new StartingWeights(found.source(), Map.of(cutDigest, cut), null, cutDigest);
        }
        String digest = whole.digest();
        return new StartingWeights(found.source(), Map.of(digest, whole, cutDigest, cut), digest, cutDigest);
    }

    /** Whether they are pre-trained. */
    public boolean pretrained() {
        return !byIdentity.isEmpty();
    }

    /**
     * What settings call them.
     *
     * @throws IllegalStateException where the ImageNet head is asked for and not known
     */
    String identity(boolean imagenetHead) {
        if (imagenetHead && withTop == null) {
            throw new IllegalStateException(source
                    + " has not the 1000 classes of ImageNet, on which the as-written reading puts its own:"
                    + " name weights that have, or add --without imagenet-head");
        }
        return imagenetHead ? withTop : withoutTop;
    }
}
