package distill.report;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The numbers of the report's Task 1, as printed. Accuracies are in percent of the 10,000 test images. */
public final class Published {

    /** The temperatures of Tables I and II. */
    public static final List<Double> TEMPERATURES = List.of(1., 2., 4., 16., 32., 64.);

    /** The weights of the distillation in Table I. */
    public static final List<Double> ALPHAS = List.of(.1, .3, .5, .7, .9);

    /** The alpha of Table II. */
    public static final double CURVE_ALPHA = .5;

    /** Epochs of every training. */
    public static final int EPOCHS = 12;

    /** Training images: all of MNIST's. */
    public static final int TRAIN_IMAGES = 60_000;

    /** Fig. 4: the teacher's test accuracy after each epoch. */
    public static final List<Double> TEACHER_EPOCHS =
            List.of(96.96, 97.65, 98.11, 98.38, 98.27, 98.48, 98.64, 98.56, 98.66, 98.74, 98.89, 98.78);

    /** Question 5: the best cell of Table I. */
    public static final double BEST_STUDENT = 98.08;

    /** Where that cell is. */
    public static final double BEST_TEMPERATURE = 16;

    public static final double BEST_ALPHA = .9;

    /** Question 7: the student without distillation, last epoch. */
    public static final double PLAIN_STUDENT = 97.20;

    /** Question 13: temperature and alpha of Table III and Fig. 10. */
    public static final double EARLY_STOPPED_TEMPERATURE = 4;

    public static final double EARLY_STOPPED_ALPHA = .5;

    /** Question 13: the epochs after which the report would stop the teacher. */
    public static final int BEST_TEACHER_EPOCHS = 4;

    /** Fig. 2 and 3: parameters. */
    public static final long TEACHER_PARAMETERS = 1_011_466;

    public static final long STUDENT_PARAMETERS = 1_238_730;

    /**
     * Fig. 9: FLOPs of one forward pass of 256 images. The text of Question 8 misprints the teacher's as 5.6422779648.
     */
    public static final long TEACHER_FLOPS = 5_642_779_648L;

    public static final long STUDENT_FLOPS = 633_838_592L;

    /** Images of that forward pass. */
    public static final int FLOPS_BATCH = 256;

    /** Question 8's text: the teacher's FLOPs / 1e9, with a digit too many. */
    public static final double MISPRINTED_TEACHER_FLOPS = 5.6422779648;

    /** Table I: a row for each of {@link #TEMPERATURES}, a column for each of {@link #ALPHAS}. */
    static final Map<Double, List<Double>> TABLE_1 = new TreeMap<>(Map.of(
            1., List.of(97.79, 97.66, 97.91, 97.94, 97.55),
            2., List.of(97.74, 97.89, 97.86, 97.74, 97.59),
            4., List.of(97.95, 97.50, 97.48, 97.83, 97.37),
            16., List.of(97.93, 97.82, 97.72, 97.55, 98.08),
            32., List.of(98.03, 97.92, 97.71, 97.84, 97.44),
            64., List.of(97.85, 97.72, 97.55, 98.04, 97.82)));

    /** Table II: a student for each of {@link #TEMPERATURES}. */
    static final List<Double> TABLE_2 = List.of(97.93, 97.88, 97.91, 97.92, 97.84, 97.80);

    /** Table III: students of teachers of 1 to 11 epochs; that of 12, which was trained too, is not printed. */
    static final List<Double> TABLE_3 =
            List.of(97.34, 97.13, 97.49, 97.88, 97.74, 97.54, 97.66, 97.81, 97.46, 97.61, 97.70);

    private Published() {}

    /** The teacher's test accuracy after an epoch; empty where the report has none. */
    static OptionalDouble teacherAfter(int epoch) {
        return at(TEACHER_EPOCHS, epoch - 1);
    }

    /** A cell of Table I; empty where the report has none. */
    public static OptionalDouble table1(double temperature, double alpha) {
        return at(TABLE_1.getOrDefault(temperature, List.of()), ALPHAS.indexOf(alpha));
    }

    /** A cell of Table II, the curve of Fig. 7; empty where the report has none. */
    public static OptionalDouble table2(double temperature) {
        return at(TABLE_2, TEMPERATURES.indexOf(temperature));
    }

    /** A row of Table III, the curve of Fig. 10; empty where the report has none. */
    public static OptionalDouble table3(int teacherEpochs) {
        return at(TABLE_3, teacherEpochs - 1);
    }

    /** The number at a place; empty where there is no such place. */
    static OptionalDouble at(List<Double> numbers, int place) {
        return place < 0 || place >= numbers.size() ? OptionalDouble.empty() : OptionalDouble.of(numbers.get(place));
    }
}
