package distill.data;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** What errors about data have in common: the type, and a message of one line with all that the user needs. */
final class Failures {

    private Failures() {}

    static DataException assertTells(Executable action, Object... essentials) {
        DataException failure = assertThrows(DataException.class, action);
        String message = failure.getMessage();
        assertFalse(message.contains("\n"), message);
        for (Object essential : essentials) {
            assertTrue(message.contains(essential.toString()), "no '" + essential + "' in: " + message);
        }
        return failure;
    }
}
