package distill.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class DistillationLossesTest {

    @Test
    void everyLossIsFoundByItsNameWhichNoOtherHas() {
        assertEquals(DistillationLosses.names().size(), new HashSet<>(DistillationLosses.names()).size());
        for (String name : DistillationLosses.names()) {
            assertEquals(name, DistillationLosses.named(name).name());
        }
        assertEquals("kd", DistillationLosses.names().get(0), "the report's comes first");
    }

    @Test
    void anUnknownNameIsAnsweredWithThoseThatThereAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> DistillationLosses.named("kdd"))
                .getMessage();
        assertEquals("there is no loss kdd: " + String.join(", ", DistillationLosses.names()), message);
    }
}
