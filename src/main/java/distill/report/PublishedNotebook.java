package distill.report;

import java.util.List;
import java.util.Map;

/**
 * The test accuracies that are stored in the authors' Task 1 notebook, after the last epoch, in percent of the 10,000
 * test images. They come from another run of the same programs than the report's, {@link Published}.
 */
final class PublishedNotebook {

    static final double TEACHER = 98.92;

    /** The student without distillation. */
    static final double PLAIN_STUDENT = 97.71;

    /** What became Table I, laid out like {@link Published#TABLE_1}. */
    static final Map<Double, List<Double>> TABLE_1 = Map.of(
            1., List.of(97.35, 97.93, 97.71, 97.30, 97.65),
            2., List.of(97.76, 97.84, 97.61, 97.86, 97.76),
            4., List.of(97.62, 97.94, 97.39, 97.42, 97.67),
            16., List.of(97.52, 97.60, 97.66, 97.75, 97.78),
            32., List.of(97.99, 97.66, 97.90, 97.90, 97.41),
            64., List.of(97.86, 97.44, 97.39, 97.85, 97.59));

    /** What became Table II, laid out like {@link Published#TABLE_2}. */
    static final List<Double> TABLE_2 = List.of(98.04, 97.70, 97.74, 97.60, 97.80, 97.73);

    private PublishedNotebook() {}
}
