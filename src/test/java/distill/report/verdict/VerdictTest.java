package distill.report.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.page.Document;
import distill.run.RunStore;
import distill.statistics.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void aNumberOfAVerdictIsEitherDrawnWithItsIntervalOrALine() throws IOException {
        RunStore store = new RunStore(Path.of("results"));
        int effects = 0;
        for (Verdict verdict : Verdicts.of(store.runs("task1"), store.runs("task2"))) {
            Document.Judgement judgement = verdict.judgement();
            List<String> lines =
                    verdict.quantities().stream().map(Quantity::line).toList();
            assertEquals(
                    lines.size(),
                    judgement.numbers().size() + judgement.effects().size());
            // Numbers of two tables may have one name: each is drawn with its own interval.
            List<Interval> intervals = verdict.quantities().stream()
                    .map(Quantity::interval)
                    .filter(Objects::nonNull)
                    .toList();
            assertEquals(
                    intervals.size() < 2 ? List.of() : intervals,
                    judgement.effects().stream().map(Document.Effect::interval).toList());
            for (Document.Effect effect : judgement.effects()) {
                assertTrue(lines.contains(effect.name() + ": " + effect.text()), effect.toString());
                assertTrue(effect.interval().contains(effect.value()), effect.toString());
                effects++;
            }
        }
        assertTrue(effects > 100, effects + " effects");
    }
}
