package distill.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What a trained network is in the distillation. */
public enum Role {
    /** It teaches. */
    TEACHER,
    /** It learns from a teacher. */
    STUDENT,
    /** It has the student's network, and learns from the labels alone. */
    STUDENT_PLAIN;

    /**
     * The role with a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Role of(String label) {
        return Arrays.stream(values())
                .filter(role -> role.toString().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the roles are teacher, student and student-plain, found " + label));
    }

    /** {@code student-plain} */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
