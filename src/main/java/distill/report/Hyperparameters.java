package distill.report;

import static distill.run.Settings.number;

import distill.run.Settings;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What question 5 tunes: a cell of Table I.
 *
 * @param temperature over 0; null for a loss that has none
 * @param alpha the weight of the distillation, in [0, 1]
 */
public record Hyperparameters(Double temperature, double alpha) implements Comparable<Hyperparameters> {

    private static final Comparator<Hyperparameters> ORDER = Comparator.comparing(
                    Hyperparameters::temperature, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingDouble(Hyperparameters::alpha);

    /** What the report calls the best temperature and alpha. */
    public static final Hyperparameters BEST = new Hyperparameters(Published.BEST_TEMPERATURE, Published.BEST_ALPHA);

    /** T and alpha of Table III, at which the report stops teachers early. */
    public static final Hyperparameters EARLY_STOPPED =
            new Hyperparameters(Published.EARLY_STOPPED_TEMPERATURE, Published.EARLY_STOPPED_ALPHA);

    /** The thirty of Table I. */
    public static List<Hyperparameters> all() {
        return Published.TEMPERATURES.stream()
                .flatMap(t -> Published.ALPHAS.stream().map(a -> new Hyperparameters(t, a)))
                .toList();
    }

    /** T and alpha of a student with distillation. */
    static Hyperparameters of(Settings settings) {
        return new Hyperparameters(settings.temperature(), settings.alpha());
    }

    /** Whether a student with distillation was trained with them. */
    public boolean are(Settings settings) {
        return Objects.equals(settings.temperature(), temperature) && settings.alpha() == alpha;
    }

    @Override
    public int compareTo(Hyperparameters other) {
        return ORDER.compare(this, other);
    }

    /** {@code T = 16, alpha = 0.9}. */
    @Override
    public String toString() {
        return (temperature == null ? "" : "T = " + number(temperature) + ", ") + "alpha = " + number(alpha);
    }
}
