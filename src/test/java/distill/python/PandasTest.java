package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.experiment.MnistPlan;
import distill.report.CapacityTables;
import distill.report.Comparison;
import distill.report.EarlyStoppedTables;
import distill.report.MnistTables;
import distill.report.Results;
import distill.report.TheoryTables;
import distill.run.Role;
import distill.run.Run;
import distill.run.Runs;
import distill.run.Settings;
import distill.training.EarlyStopping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pandas.read_csv(path)} reads every CSV file as it is, and columns of numbers as numbers. */
@Tag("python")
class PandasTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void assumePython() {
        Python.assume();
    }

    @Test
    void theEvidenceIsReadWithoutOptions() throws Exception {
        int files = Integer.parseInt(
                Python.run("src/test/python/read_tables.py", "results").strip());
        assertTrue(files > 40, files + " files");
    }

    @Test
    void tablesOverSeedsAreReadWithoutOptions() throws Exception {
        List<Run> teachers = new ArrayList<>();
        List<Run> plain = new ArrayList<>();
        List<Run> students = new ArrayList<>();
        List<Run> stopped = new ArrayList<>();
        List<Run> narrow = new ArrayList<>();
        List<Run> narrowPlain = new ArrayList<>();
        for (long seed = 1; seed <= 3; seed++) {
            double more = seed / 10.;
            Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, seed), 98.5 + more);
            teachers.add(teacher);
            Settings without = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed);
            plain.add(Runs.run(without, 97.2 + more));
            students.add(Runs.student(4, .5, seed, 97.5 + more));
            narrowPlain.add(Runs.run(
                    Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, seed), 49, null, null),
                    96 + more));
            for (int epochs = 1; epochs <= 3; epochs++) {
                stopped.add(Runs.earlyStopped(
                        MnistPlan.SINGLE_TRAJECTORY, epochs, teacher.identity(), seed, 97 + more * epochs));
                narrow.add(Runs.run(
                        Runs.varied(Runs.settings("q10", Role.STUDENT, 4., .5, seed), 49, null, epochs),
                        96 + more * epochs));
            }
        }
        Map<String, String> tables = Map.of(
                "teacher", MnistTables.teacherCsv(teachers),
                "runs", MnistTables.csv(students, settings -> OptionalDouble.of(97.2)),
                "gap", TheoryTables.gap(plain, students).csv(),
                "capacity",
                        CapacityTables.capacity(teachers, narrow, narrowPlain).csv(),
                "stops", CapacityTables.stops(teachers, List.of(.05, .001)).csv(),
                "search", CapacityTables.search(teachers, narrow).csv(),
                "worth", CapacityTables.worth(narrow).csv(),
                "early-stopped", EarlyStoppedTables.csv(stopped, teachers),
                "calibration",
                        EarlyStoppedTables.calibration(teachers, List.of(new EarlyStopping(.05, 1, 1)), stopped)
                                .csv(),
                "comparison", new Comparison(Results.of("ours", students), Results.REPORT).csv());
        for (Map.Entry<String, String> table : tables.entrySet()) {
            Files.writeString(folder.resolve(table.getKey() + ".csv"), table.getValue());
        }
        assertEquals(
                tables.size(),
                Integer.parseInt(Python.run("src/test/python/read_tables.py", folder.toString())
                        .strip()));
    }
}
