package distill.loss;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Layers that a loss is to compare, by their names.
 *
 * @param teacher the name of the teacher's
 * @param student the name of the student's
 */
public record LayerPair(String teacher, String student) {

    /**
     * The pair of {@code TEACHER=STUDENT}.
     *
     * @throws IllegalArgumentException where that is something else
     */
    public static LayerPair of(String text) {
        String[] names = text.split("=", -1);
        if (names.length != 2 || names[0].isBlank() || names[1].isBlank()) {
            throw new IllegalArgumentException(
                    "layers are named as TEACHER=STUDENT, a layer of the teacher and one of the student, found "
                            + text);
        }
        return new LayerPair(names[0].strip(), names[1].strip());
    }

    /** The pairs of {@link #text}; none of null. */
    public static List<LayerPair> list(String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(",")).map(LayerPair::of).toList();
    }

    /** What settings call pairs: {@code TEACHER=STUDENT,TEACHER=STUDENT}; null for none. */
    public static String text(List<LayerPair> pairs) {
        return pairs.isEmpty() ? null : pairs.stream().map(LayerPair::toString).collect(Collectors.joining(","));
    }

    /** {@code TEACHER=STUDENT} */
    @Override
    public String toString() {
        return teacher + "=" + student;
    }
}
