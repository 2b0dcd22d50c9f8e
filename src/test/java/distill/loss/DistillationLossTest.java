package distill.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class DistillationLossTest {

    @Test
    void everyLossIsFoundByItsNameWhichNoOtherHas() {
        assertEquals(DistillationLoss.names().size(), new HashSet<>(DistillationLoss.names()).size());
        for (String name : DistillationLoss.names()) {
            assertEquals(name, DistillationLoss.named(name).name());
        }
        assertEquals("kd", DistillationLoss.names().get(0), "the report's comes first");
    }

    /** Runs were stored with that name before the command line could choose losses. */
    @Test
    void theFormerNameOfALossIsKnownAndNotOffered() {
        assertEquals("logit-mse", DistillationLoss.named("mse-logits").name());
        assertFalse(DistillationLoss.names().contains("mse-logits"));
    }

    @Test
    void anUnknownNameIsAnsweredWithThoseThatThereAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> DistillationLoss.named("kdd"))
                .getMessage();
        assertEquals("there is no loss kdd: " + String.join(", ", DistillationLoss.names()), message);
    }
}
