package distill.report;

import java.util.List;
import java.util.Map;

/**
 * The test accuracies that are stored in the authors' Task 1 notebook, after the last epoch where nothing else is said,
 * in percent of the 10,000 test images. They come from another run of the same programs than the report's,
 * {@link Published}.
 */
public final class PublishedNotebook {

    public static final double TEACHER = 98.92;

    /** The student without distillation. */
    public static final double PLAIN_STUDENT = 97.71;

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

    /** The test accuracies after each of 12 epochs of the students of {@link #TABLE_1}, laid out like it. */
    private static final Map<Double, List<List<Double>>> CURVES = Map.of(
            1.,
                    List.of(
                            List.of(94.30, 96.55, 96.65, 97.13, 97.53, 97.83, 97.06, 97.65, 97.59, 97.92, 97.37, 97.35),
                            List.of(94.92, 96.88, 96.85, 97.09, 97.29, 97.61, 97.82, 97.64, 97.63, 97.94, 97.83, 97.93),
                            List.of(95.07, 96.75, 97.35, 97.54, 97.51, 97.51, 97.81, 97.74, 97.55, 97.73, 97.80, 97.71),
                            List.of(95.48, 96.49, 97.08, 97.41, 97.38, 97.06, 97.69, 97.66, 97.95, 97.54, 97.78, 97.30),
                            List.of(
                                    95.28, 96.79, 97.30, 97.47, 97.78, 97.52, 97.59, 97.43, 97.50, 97.71, 97.97,
                                    97.65)),
            2.,
                    List.of(
                            List.of(95.46, 96.58, 96.78, 97.31, 97.27, 97.56, 97.82, 97.51, 97.82, 98.11, 97.73, 97.76),
                            List.of(95.38, 96.32, 96.98, 97.04, 97.33, 97.42, 97.65, 97.66, 97.78, 97.66, 97.83, 97.84),
                            List.of(95.49, 96.58, 96.88, 97.19, 97.41, 97.63, 97.75, 97.41, 97.70, 97.77, 97.71, 97.61),
                            List.of(95.18, 96.58, 97.15, 97.43, 97.35, 97.24, 97.49, 97.68, 97.50, 97.89, 97.81, 97.86),
                            List.of(
                                    95.17, 96.56, 97.15, 97.36, 97.47, 97.25, 97.36, 97.53, 97.41, 97.79, 97.82,
                                    97.76)),
            4.,
                    List.of(
                            List.of(95.22, 96.22, 97.03, 96.85, 97.09, 97.47, 97.39, 97.49, 97.81, 97.75, 98.00, 97.62),
                            List.of(95.19, 96.46, 97.29, 96.84, 97.44, 97.00, 97.68, 97.70, 97.55, 97.96, 97.87, 97.94),
                            List.of(95.41, 96.23, 96.77, 97.14, 97.40, 97.63, 97.04, 97.85, 97.77, 97.76, 97.50, 97.39),
                            List.of(95.06, 96.30, 96.85, 97.16, 97.63, 97.41, 97.19, 97.68, 97.69, 97.70, 97.67, 97.42),
                            List.of(
                                    94.90, 95.72, 96.95, 97.29, 97.32, 97.61, 97.07, 97.62, 97.45, 97.25, 97.64,
                                    97.67)),
            16.,
                    List.of(
                            List.of(95.03, 96.68, 96.29, 97.47, 97.35, 97.58, 97.46, 97.68, 97.67, 97.76, 97.76, 97.52),
                            List.of(94.79, 96.21, 96.72, 97.03, 96.98, 97.25, 97.24, 97.93, 97.63, 97.74, 97.83, 97.60),
                            List.of(94.84, 96.14, 96.51, 97.22, 97.66, 97.23, 97.40, 97.72, 97.46, 97.91, 97.86, 97.66),
                            List.of(95.19, 96.21, 97.00, 97.22, 97.15, 97.65, 97.64, 97.32, 97.41, 97.30, 97.78, 97.75),
                            List.of(
                                    95.37, 96.71, 96.28, 96.97, 97.24, 97.56, 97.30, 97.75, 97.62, 97.92, 97.82,
                                    97.78)),
            32.,
                    List.of(
                            List.of(95.07, 96.21, 97.04, 97.46, 97.30, 97.66, 97.59, 97.79, 97.78, 97.69, 97.78, 97.99),
                            List.of(95.01, 96.57, 96.61, 97.42, 97.61, 97.45, 97.39, 97.88, 97.58, 97.70, 97.75, 97.66),
                            List.of(95.17, 96.49, 97.00, 97.40, 97.33, 97.34, 96.84, 97.74, 97.89, 97.64, 97.91, 97.90),
                            List.of(95.43, 96.73, 97.05, 97.57, 97.31, 97.71, 97.13, 97.44, 97.75, 97.54, 97.51, 97.90),
                            List.of(
                                    94.98, 96.28, 97.05, 97.15, 97.34, 97.36, 97.49, 97.42, 97.64, 97.51, 97.19,
                                    97.41)),
            64.,
                    List.of(
                            List.of(95.13, 96.31, 96.43, 96.88, 97.39, 97.49, 97.52, 97.54, 97.47, 97.86, 97.34, 97.86),
                            List.of(95.28, 96.84, 96.75, 97.29, 97.18, 97.45, 97.63, 97.40, 98.08, 97.72, 96.96, 97.44),
                            List.of(94.55, 96.30, 96.78, 96.60, 97.50, 97.53, 97.51, 97.68, 97.67, 97.89, 97.92, 97.39),
                            List.of(95.35, 96.03, 96.85, 97.41, 97.10, 97.22, 97.60, 97.59, 97.65, 97.71, 97.60, 97.85),
                            List.of(
                                    95.08, 96.68, 96.61, 97.09, 97.42, 97.42, 97.50, 97.38, 97.41, 97.64, 97.44,
                                    97.59)));

    private PublishedNotebook() {}

    /** The last test accuracy of what became a cell of Table I. */
    public static double table1(Hyperparameters place) {
        return TABLE_1.get(place.temperature()).get(Published.ALPHAS.indexOf(place.alpha()));
    }

    /** The last test accuracy of what became a cell of Table II. */
    public static double table2(double temperature) {
        return TABLE_2.get(Published.TEMPERATURES.indexOf(temperature));
    }

    /** The test accuracies after each epoch of what became a cell of Table I. */
    public static List<Double> curve(Hyperparameters place) {
        return CURVES.get(place.temperature()).get(Published.ALPHAS.indexOf(place.alpha()));
    }
}
