package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadingTest {

    private static final List<String> TASKS = List.of(Settings.TASK1, Settings.TASK2);

    @Test
    void aVariantIsFoundByItsLabel() {
        for (Variant variant : Variant.values()) {
            assertEquals(variant, Variant.of(variant.toString()));
        }
        assertEquals(
                "the readings are as-written and as-described, found asWritten",
                assertThrows(IllegalArgumentException.class, () -> Variant.of("asWritten"))
                        .getMessage());
    }

    @Test
    void asWrittenHasAllSlipsOfItsTaskAndAsDescribedNone() {
        for (String task : TASKS) {
            Reading written = Reading.of(task, Variant.AS_WRITTEN);
            assertEquals(Slip.of(task), written.slips());
            assertNull(written.without());
            assertEquals("as-written", written.toString());
            Reading described = Reading.of(task, Variant.AS_DESCRIBED);
            assertTrue(described.slips().isEmpty());
            assertNull(described.without());
        }
        assertEquals(2, Slip.of(Settings.TASK1).size());
        assertEquals(12, Slip.of(Settings.TASK2).size());
    }

    @ParameterizedTest
    @EnumSource
    void everySlipIsNamedAndCanBeTakenAwayAlone(Slip slip) {
        String task = Slip.of(Settings.TASK1).contains(slip) ? Settings.TASK1 : Settings.TASK2;
        Reading reading = Reading.of(task, Variant.AS_WRITTEN, List.of(slip));
        assertFalse(reading.has(slip));
        assertEquals(Slip.of(task).size() - 1, reading.slips().size());
        assertEquals(slip, Slip.named(slip.toString()));
        assertEquals(slip.toString(), reading.without());
        assertEquals(reading, Reading.of(task, Variant.AS_WRITTEN).without(slip));
        Settings settings = Runs.with(
                Runs.with(Runs.settings("q5", Role.STUDENT, 4., .5, 1), "task", task), "without", reading.without());
        assertEquals(reading, settings.reading(), "a run's settings say which reading it was");
    }

    @Test
    void slipsThatAreTakenAwayStandInAlphabeticalOrder() {
        Reading reading =
                Reading.of(Settings.TASK2, Variant.AS_WRITTEN, List.of(Slip.RAW_INPUTS, Slip.BATCH_STATISTICS));
        assertEquals("batch-statistics,raw-inputs", reading.without());
        assertEquals("as-written without batch-statistics, raw-inputs", reading.toString());
    }

    @Test
    void manySlipsHaveAShortPartOfAFilesName() {
        List<Slip> all = Slip.of(Settings.TASK2).stream().toList();
        Reading few = Reading.of(Settings.TASK2, Variant.AS_WRITTEN, all.subList(0, 2));
        Reading many = Reading.of(Settings.TASK2, Variant.AS_WRITTEN, all.subList(1, 12));
        Reading others = Reading.of(Settings.TASK2, Variant.AS_WRITTEN, all.subList(0, 11));
        assertEquals("as-written-without-" + few.without().replace(",", "-"), few.inName());
        assertTrue(many.inName().matches("as-written-without-11-slips-[0-9a-f]{8}"), many.inName());
        assertNotEquals(many.inName(), others.inName());
    }

    @Test
    void whatCannotBeTakenAwayIsRefusedWithTheNamesOfWhatCan() {
        assertEquals(
                "as-described has no slips that could be taken away",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Reading.of(Settings.TASK2, Variant.AS_DESCRIBED, List.of(Slip.BESSEL)))
                        .getMessage());
        assertEquals(
                "the slips of task1 are double-softmax, unnormalised-targets; found bessel",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Reading.of(Settings.TASK1, Variant.AS_WRITTEN, List.of(Slip.BESSEL)))
                        .getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Slip.named("bessels"))
                .getMessage()
                .startsWith("there is no slip bessels: Task 1 has double-softmax, unnormalised-targets; Task 2 has"));
    }
}
