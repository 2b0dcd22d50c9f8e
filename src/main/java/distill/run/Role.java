package distill.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a trained network is in the distillation. */
public enum Role {
    /** It teaches. */
    TEACHER,
    /** It learns from a teacher. */
    STUDENT,
    /** It has the student's network, and learns from the labels alone. */
    STUDENT_PLAIN;

    /** {@code student-plain} */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
