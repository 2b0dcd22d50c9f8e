package distill.experiment;

import distill.nn.Weights;
import distill.run.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a base starts from: pre-trained weights, with the 1000 classes of ImageNet and without, or random ones.
 *
 * @param source where they were found, in words
 * @param byIdentity the weights by what {@link Settings.Transfer#startingWeights} calls them, their SHA-256; empty
 *     where they are drawn
 * @param withTop identity of those up to the 1000 logits; empty where only those up to the pooled features are known
 * @param withoutTop identity of those up to the pooled features
 */
public record StartingWeights(
        String source, Map<String, Weights> byIdentity, Optional<String> withTop, String withoutTop) {

    /** Drawn as Keras's initialisers do. */
    public static StartingWeights random() {
        String none = Settings.RANDOM;
        return new StartingWeights("random", Map.of(), Optional.of(none), none);
    }

    /** Pre-trained ones that nothing is known of, for a plan that is not carried out. */
    public static StartingWeights notAtHand() {
        return new StartingWeights(
                "ImageNet", Map.of("imagenet", new Weights(List.of())), Optional.of("imagenet"), "imagenet");
    }

    /** Pre-trained ones. */
    public static StartingWeights of(ImageNetWeights found) {
        Weights cut = ImageNetWeights.withoutTop(found.weights());
        String identity = found.weights().digest();
        if (cut.values().size() == found.weights().values().size()) {
            return new StartingWeights(found.source(), Map.of(identity, cut), Optional.empty(), identity);
        }
        String cutIdentity = cut.digest();
        return new StartingWeights(
                found.source(),
                Map.of(identity, found.weights(), cutIdentity, cut),
                Optional.of(identity),
                cutIdentity);
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
        return imagenetHead
                ? withTop.orElseThrow(() -> new IllegalStateException(source
                        + " has not the 1000 classes of ImageNet, on which the as-written reading puts its own:"
                        + " name weights that have, or add --without imagenet-head"))
                : withoutTop;
    }
}
