package distill.run;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a trained network is in the distillation. */
public enum Role {

    /** It teaches. */
    TEACHER("teacher"),

    /** It learns from a teacher. */
    STUDENT("student"),

    /** It has the student's network, and learns from the labels alone. */
    STUDENT_PLAIN("student-plain");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** {@code student-plain} */
    @JsonValue
    @Override
    public String toString() {
        return label;
    }
}
