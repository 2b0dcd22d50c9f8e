package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.run.AdamForm;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --without} and {@code --adam} in Task 1, from the command line to the files. */
class SlipsOfTask1Test {

    private static final String BOTH = "double-softmax,unnormalised-targets";
    private static final List<String> WITHOUT = List.of("double-softmax", "unnormalised-targets", BOTH);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), line.split(" "));
    }

    private String answer(String line) {
        assertEquals(0, run(line), err.toString());
        return out.toString();
    }

    private Set<String> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out/task1"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .collect(Collectors.toSet());
        }
    }

    /**
     * One step of the teacher and one of a student on 300 drawn digits, with all slips, without each and without both.
     */
    @Test
    void trainingsWithoutSlipsStandBesideTheWholeReadingAndOverwriteNothingOfIt() throws Exception {
        TinyMnist.write(
                folder.resolve("digits"),
                TinyMnist.idxFiles(
                        Mnist.generate(300, 20).train(), Mnist.generate(300, 20).test()));
        String line = "task1 q5 --temperatures 4 --alphas .5 --epochs 1 --device cpu --threads 2 --data-dir digits"
                + " --out out";
        Launched.reproduce(folder, line);
        Path whole = folder.resolve("out/task1/" + table1("as-written"));
        String written = Files.readString(whole);
        assertFalse(written.contains("SLIPS TAKEN AWAY"), written);
        for (String slips : WITHOUT) {
            Launched.reproduce(folder, line + " --without " + slips);
            String table = Files.readString(
                    folder.resolve("out/task1/" + table1("as-written-without-" + slips.replace(',', '-'))));
            assertTrue(table.contains("as-written without " + slips.replace(",", ", ")), table);
            assertTrue(table.contains("SLIPS TAKEN AWAY"), table);
            assertFalse(table.contains("report 0.5"), table);
        }
        assertEquals(written, Files.readString(whole), "the answer of the whole reading is as it was");
        assertEquals(8, files(".md").size(), "two tables of each reading");
        assertEquals(8, files("-epochs.csv").size(), "the epochs of each");
        assertEquals(16, files(".csv").size());

        List<Run> runs = new RunStore(folder.resolve("out")).runs("task1");
        assertEquals(8, runs.size(), "a teacher and a student of each reading");
        assertEquals(8, runs.stream().map(Run::identity).distinct().count());
        assertEquals(8, runs.stream().map(Run::weightsDigest).distinct().count());
        assertEquals(
                List.of(
                        "task1-as-written-without-double-softmax-teacher-seed1",
                        "task1-as-written-without-double-softmax-q5-student-T4-alpha0.5-seed1"),
                runs.subList(2, 4).stream().map(run -> run.settings().label()).toList());
        for (int teacher = 0; teacher < 8; teacher += 2) {
            assertEquals(
                    runs.get(teacher).identity(),
                    runs.get(teacher + 1).settings().teacher(),
                    "a student's teacher is of its own reading");
            assertEquals(
                    runs.get(teacher).settings().reading(),
                    runs.get(teacher + 1).settings().reading());
        }
    }

    @Test
    void theOptionAdamChoosesTheFormForAStudentAndItsTeacherWhichElseIsKeras2s() throws Exception {
        Images train = Mnist.generate(300, 20).train();
        TinyMnist.write(folder.resolve("digits"), TinyMnist.idxFiles(train, train.first(20)));
        String line = "task1 q5 --temperatures 4 --alphas .5 --epochs 1 --device cpu --threads 2 --data-dir digits"
                + " --out out";
        Launched.reproduce(folder, line);
        Launched.reproduce(folder, line + " --adam keras3");
        List<Run> runs = new RunStore(folder.resolve("out")).runs("task1");
        assertEquals(
                List.of(AdamForm.KERAS2, AdamForm.KERAS2, AdamForm.KERAS3, AdamForm.KERAS3),
                runs.stream().map(run -> run.settings().computation().adam()).toList());
        assertEquals(4, runs.stream().map(Run::weightsDigest).distinct().count());
        assertEquals(runs.get(0).identity(), runs.get(1).settings().teacher());
        assertEquals(runs.get(2).identity(), runs.get(3).settings().teacher());
    }

    private static String table1(String reading) {
        return "q5-table1-" + reading + "-data" + DIGITS + "-epochs1-T4-alpha0.5.md";
    }

    private static final String DIGITS =
            Mnist.generate(300, 20).origin().digest().substring(0, 8);

    @Test
    void withoutBothSlipsTheLossesAreTheFormulas() {
        String options = " --device cpu --threads 2";
        List<String> described = numbers(answer("task1 q3 --variant as-described" + options));
        assertEquals(8, described.size(), "four losses and their gradients");
        assertEquals(described, numbers(answer("task1 q3 --without " + BOTH + options)));
        assertTrue(out.toString().contains("as-written without double-softmax, unnormalised-targets"), out.toString());
        List<String> written = numbers(answer("task1 q3" + options));
        List<String> oneSoftmax = numbers(answer("task1 q3 --without double-softmax" + options));
        List<String> normalised = numbers(answer("task1 q3 --without unnormalised-targets" + options));
        assertEquals(
                4,
                Stream.of(described, written, oneSoftmax, normalised).distinct().count(),
                "either slip alone changes them");
        for (List<String> rows : List.of(oneSoftmax, normalised)) {
            rows.forEach(row -> {
                String[] columns = row.split(" {2,}");
                assertEquals(columns[1], columns[2], row);
            });
        }
    }

    /** The rows of question 3's table that have numbers. */
    private static List<String> numbers(String printed) {
        return printed.lines()
                .filter(line -> line.matches("  (compute|distillation|  its gradient).*\\d.*"))
                .map(String::strip)
                .toList();
    }

    @Test
    void operationsOfNetworksWithoutASlipAreAFileOfTheirOwn() {
        answer("task1 q8 --out " + folder);
        answer("task1 q8 --without double-softmax --out " + folder);
        assertTrue(Files.exists(folder.resolve("task1/q8-as-written.md")));
        assertTrue(Files.exists(folder.resolve("task1/q8-as-written-without-double-softmax.md")));
    }

    /** 97.5, 98.25, 97.75 and 98.5 without the slips of none, the first, the second and both. */
    private void aStoreOfAllReadings(Path store) throws IOException {
        RunStore runs = new RunStore(store);
        Settings plain = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);
        runs.append(Runs.run(plain, 97.5));
        runs.append(Runs.run(Runs.with(plain, "without", WITHOUT.get(0)), 98.25));
        runs.append(Runs.run(Runs.with(plain, "without", WITHOUT.get(1)), 97.75));
        runs.append(Runs.run(Runs.with(plain, "without", WITHOUT.get(2)), 98.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"double-softmax 98.25", "unnormalised-targets 97.75", BOTH + " 98.50"})
    void fromAStoreOnlyTheSlipsThatWereNamedAreTaken(String slipsAndAccuracy) throws IOException {
        aStoreOfAllReadings(folder.resolve("from"));
        String slips = slipsAndAccuracy.split(" ")[0];
        String options = " --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        String whole = answer("task1 q7" + options);
        assertTrue(whole.contains("97.50") && whole.contains("97.20"), whole);
        assertFalse(whole.contains("SLIPS TAKEN AWAY"), whole);
        String fewer = answer("task1 q7 --without " + slips + options);
        assertTrue(fewer.contains(slipsAndAccuracy.split(" ")[1]) && fewer.contains("[SLIPS TAKEN AWAY]"), fewer);
        assertFalse(fewer.contains("97.20") || fewer.contains("97.50"), fewer);
        assertEquals(
                Set.of("q7-as-written.md", "q7-as-written-without-" + slips.replace(',', '-') + ".md"), files(".md"));
    }

    @Test
    void theOrderInWhichSlipsAreNamedChangesNothing() throws IOException {
        aStoreOfAllReadings(folder.resolve("from"));
        String options = " --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        String line = answer("task1 q7 --without " + BOTH + options);
        assertEquals(line, answer("task1 q7 --without unnormalised-targets,double-softmax" + options));
    }

    @Test
    void aStoreThatHasOnlyRunsWithoutSlipsGivesNoAnswerOfTheWholeReading() throws IOException {
        new RunStore(folder)
                .append(Runs.run(
                        Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), "without", BOTH), 98.5));
        assertEquals(1, run("task1 q7 --from " + folder + " --out " + folder));
        assertTrue(err.toString().contains("has no run of question 7 (as-written, 12 epochs)"), err.toString());
        String verdicts = answer("verdicts --from " + folder + " --out " + folder);
        assertFalse(verdicts.contains("98.50"), "no verdict rests on it");
    }

    @Test
    void listAndCompareTakeNoRunWithoutASlipForOneOfTheWholeReading() throws IOException {
        Path both = folder.resolve("both");
        aStoreOfAllReadings(both);
        Path whole = folder.resolve("whole");
        new RunStore(whole).append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.5));
        Path only = folder.resolve("only");
        new RunStore(only)
                .append(Runs.run(
                        Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), "without", BOTH), 98.5));
        List<String> listed = listed(whole);
        assertEquals(listed, listed(both));
        assertNotEquals(listed, listed(only));

        answer("compare " + both + " report --out " + folder.resolve("compared"));
        assertTrue(out.toString().contains("97.50"), out.toString());
        assertFalse(out.toString().contains("98.50") || out.toString().contains("98.25"), out.toString());
        answer("compare " + whole + " " + only + " --out " + folder.resolve("compared"));
        assertTrue(out.toString().contains("No cell of"), out.toString());
    }

    /** What the list says of question 7 and a store, without the store's name. */
    private List<String> listed(Path store) {
        return answer("list --from " + store)
                .lines()
                .filter(line -> line.contains("task1 q7"))
                .map(line -> line.replace(store.toString(), "STORE").strip())
                .toList();
    }

    @Test
    void slipsOfTheOtherTaskAndOfTheFormulasAreRefused() {
        assertEquals(2, run("task1 q7 --without bessel"));
        assertTrue(
                err.toString().contains("the slips of task1 are double-softmax, unnormalised-targets; found bessel"),
                err.toString());
        assertEquals(2, run("task2 q2 --without double-softmax"));
        assertTrue(err.toString().contains("found double-softmax"), err.toString());
        assertEquals(2, run("task1 q7 --variant as-described --without double-softmax"));
        assertTrue(err.toString().contains("as-described has no slips"), err.toString());
    }
}
