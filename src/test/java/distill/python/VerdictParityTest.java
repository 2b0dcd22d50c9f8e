package distill.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.report.verdict.VerdictText;
import distill.report.verdict.Verdicts;
import distill.run.RunStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statistics behind the verdicts on Task 1, beside NumPy's and SciPy's. */
@Tag("python")
class VerdictParityTest {

    @Test
    void everyNumberAndPIsThatOfAnIndependentProgram(@TempDir Path folder) throws Exception {
        Python.assume();
        Path results = Path.of("results");
        RunStore store = new RunStore(results);
        VerdictText verdicts = new VerdictText(Verdicts.of(store.runs("task1"), store.runs("task2")), List.of());
        Path numbers = Files.writeString(folder.resolve("verdicts-numbers.csv"), verdicts.numbersCsv());
        Path tests = Files.writeString(folder.resolve("verdicts.csv"), verdicts.csv());
        int equal = Integer.parseInt(Python.run(
                        "src/test/python/recompute_verdicts.py",
                        results.toString(),
                        numbers.toString(),
                        tests.toString())
                .strip());
        assertTrue(equal > 300, equal + " numbers");
    }
}
