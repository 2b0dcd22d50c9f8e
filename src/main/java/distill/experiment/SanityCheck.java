package distill.experiment;

import distill.metrics.ConfusionMatrix;
import distill.nn.zoo.BaseModel;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Slip;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What shows that a training cannot learn, or that it has learnt nothing, in words that follow its label. There is
 * nothing to say of a healthy one.
 */
public final class SanityCheck {

    /**
     * Features that differ by less between images are of no use to a head: a thousand steps of Adam at the student's
     * rate, 1e-3, move each of its weights by 1 at most, and so each feature's part in a logit by no more than this.
     */
    private static final double LEAST_DIFFERENCE = 1e-4;

    /** A loss that changes by a smaller share of itself has not moved. */
    private static final double LEAST_CHANGE = .005;

    private SanityCheck() {}

    /**
     * Before a training starts: whether what its head is given tells images apart.
     *
     * @param settings of a training that calls its network in inference
     * @param features what the base puts out for some training images, image by image
     * @param images how many these are, at least 2
     */
    static Optional<String> before(Settings settings, double[] features, int images) {
        int width = features.length / images;
        double difference = IntStream.range(0, width)
                .mapToDouble(feature ->
                        range(IntStream.range(0, images).mapToDouble(image -> features[image * width + feature])))
                .max()
                .orElseThrow();
        if (!(difference < LEAST_DIFFERENCE)) {
            return Optional.empty();
        }
        String what = String.format(
                Locale.ROOT,
                "can learn next to nothing from its starting weights:%n"
                        + "  of the %d features that the base gives its head, none differs by more than %.0e between the%n"
                        + "  %d images of a batch. ",
                width,
                difference,
                images);
        String why = settings.start().equals("random")
                ? "Its batch normalisations take the means and variances that the%n"
                        + "  weights come with, and random weights come with none that fit.%n"
                        + pretrained(settings)
                        + " With --variant as-written each batch is normalised by its own means and variances, and%n"
                        + "  random weights learn; but the test uses moving ones, which take thousands of steps to follow."
                : "Either the images are all alike (./reproduce task2 q2 --part data shows some), or the%n"
                        + "  weights are not those of such a network (./reproduce weights inspect FILE).";
        return Optional.of(what + why.formatted());
    }

    private static String pretrained(Settings settings) {
        return settings.isOfOwnStudent()
                ? "  Start from weights that were trained: --student-weights keep takes those of the file.%n "
                : "  Start from pre-trained weights: leave \"none\" out of --weights and --teacher-weights, and the command%n"
                        + "  finds them or says what to fetch (./reproduce weights import FILE --model "
                        + BaseModel.of(settings.network())
                                .architecture(settings.reading().has(Slip.IMAGENET_HEAD))
                        + " takes them%n  from a file).";
    }

    /** Of a stored run. What its network predicts is known in Task 2, and in Task 1 with a rare class. */
    public static Optional<String> of(Run run) {
        return after(
                run.history(),
                Optional.ofNullable(run.evaluation()).map(Evaluation::matrix).orElse(null));
    }

    /**
     * After a training: whether its loss moved, and whether its network tells the test images apart.
     *
     * @param history what each epoch gave; whether a loss moves is seen from the second epoch on
     * @param tested the images that it was tested on at its end; null where that is not known
     */
    static Optional<String> after(List<EpochResult> history, ConfusionMatrix tested) {
        List<String> found = new ArrayList<>();
        if (tested != null) {
            int all = tested.total();
            IntStream.range(0, tested.classes().size())
                    .filter(label -> tested.predicted(label) == all)
                    .mapToObj(label -> "predicts class %s for all %d images that it was tested on"
                            .formatted(tested.classes().get(label), all))
                    .forEach(found::add);
        }
        EpochResult first = history.get(0);
        EpochResult last = history.get(history.size() - 1);
        boolean moved = moves(history, EpochResult::loss)
                || moves(history, EpochResult::hard)
                || moves(history, EpochResult::soft);
        if (history.size() > 1 && !moved) {
            found.add(String.format(
                    Locale.ROOT,
                    "has a loss that did not move: %.4f in epoch %d, %.4f in epoch %d",
                    first.loss(),
                    first.epoch(),
                    last.loss(),
                    last.epoch()));
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", and ", found));
    }

    /** A distillation loss at a high temperature hardly changes as a whole where one of its parts does. */
    private static boolean moves(List<EpochResult> history, ToDoubleFunction<EpochResult> part) {
        double largest = history.stream().mapToDouble(part).map(Math::abs).max().orElseThrow();
        return range(history.stream().mapToDouble(part)) > LEAST_CHANGE * largest;
    }

    private static double range(DoubleStream values) {
        DoubleSummaryStatistics all = values.summaryStatistics();
        return all.getMax() - all.getMin();
    }
}
