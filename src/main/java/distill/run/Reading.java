package distill.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a task of the report is read: as its program does, with all or some of the program's slips, or as its text
 * describes, without them.
 *
 * @param task {@link Settings#TASK1} or {@link Settings#TASK2}
 * @param variant which reading
 * @param slips those that it has; as-described has none
 */
public record Reading(String task, Variant variant, Set<Slip> slips) {

    private static final String SEPARATOR = ",";

    /** Characters of slips that a file's name has room for beside all that may stand there, too. */
    private static final int LONGEST_IN_NAME = 120;

    /** A reading with all slips that it has. */
    public static Reading of(String task, Variant variant) {
        return of(task, variant, List.of());
    }

    /**
     * A reading without some slips.
     *
     * @throws IllegalArgumentException where slips are to be taken from the as-described reading, which has none, or
     *     are another task's
     */
    public static Reading of(String task, Variant variant, Collection<Slip> without) {
        if (variant == Variant.AS_DESCRIBED && !without.isEmpty()) {
            throw new IllegalArgumentException("as-described has no slips that could be taken away");
        }
        Set<Slip> slips = Slip.of(task);
        if (!slips.containsAll(without)) {
            throw new IllegalArgumentException(
                    "the slips of %s are %s; found %s".formatted(task, Slip.names(slips), Slip.names(without)));
        }
        slips.removeAll(without);
        return new Reading(task, variant, variant == Variant.AS_DESCRIBED ? Set.of() : Set.copyOf(slips));
    }

    /**
     * A reading as settings have it.
     *
     * @param without as {@link #without()}
     */
    static Reading of(String task, Variant variant, String without) {
        return of(
                task,
                variant,
                without == null
                        ? List.of()
                        : Arrays.stream(without.split(SEPARATOR))
                                .map(Slip::named)
                                .toList());
    }

    /** Whether it has a slip. */
    public boolean has(Slip slip) {
        return slips.contains(slip);
    }

    /** This reading without a slip, if it has it. */
    public Reading without(Slip slip) {
        return new Reading(
                task, variant, slips.stream().filter(other -> other != slip).collect(Collectors.toUnmodifiableSet()));
    }

    /** The names of the slips that are taken away, in alphabetical order with commas between them; null without any. */
    public String without() {
        if (variant == Variant.AS_DESCRIBED) {
            return null;
        }
        String names = Slip.of(task).stream()
                .filter(slip -> !slips.contains(slip))
                .map(Slip::toString)
                .sorted()
                .collect(Collectors.joining(SEPARATOR));
        return names.isEmpty() ? null : names;
    }

    /**
     * As a part of a file's name: {@code as-written-without-no-freezing-raw-inputs}; of many slips
     * {@code as-written-without-12-slips-} with a hash of their names, as no file's name may have more than 255 bytes.
     */
    public String inName() {
        String without = without();
        if (without == null) {
            return variant.toString();
        }
        String slips = without.length() <= LONGEST_IN_NAME
                ? without.replace(SEPARATOR, "-")
                : "%d-slips-%08x".formatted(without.split(SEPARATOR).length, without.hashCode());
        return variant + "-without-" + slips;
    }

    /** {@code as-written without raw-inputs, no-freezing} */
    @Override
    public String toString() {
        String without = without();
        return without == null ? variant.toString() : variant + " without " + without.replace(SEPARATOR, ", ");
    }
}
