package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.ListedQuestion;
import distill.command.Program;
import distill.data.DataSet;
import distill.data.Mnist;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.run.AdamForm;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Variant;
import distill.task1.Task1;
import distill.task2.Task2;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListCommandTest {

    @TempDir
    private Path folder;

    private static Map<String, Integer> counts(List<ListedQuestion> questions, Variant reading) {
        return questions.stream().collect(Collectors.toMap(ListedQuestion::command, question -> question.trainings()
                .get(reading)
                .size()));
    }

    @Test
    void taskOneTrainsSoManyNetworksForASeed() {
        for (Variant reading : Variant.values()) {
            Map<String, Integer> counts = counts(Task1.listed(null), reading);
            assertEquals(14, counts.size());
            // The teacher, 6 temperatures by 5 alphas; 6 temperatures; the student without distillation alone.
            assertEquals(1 + 30, counts.get("task1 q5"));
            assertEquals(1 + 6, counts.get("task1 q6"));
            assertEquals(1, counts.get("task1 q7"));
            // All of questions 5 and 7, and on rare images both students, a teacher and its student.
            assertEquals(31 + 1 + 4, counts.get("task1 q1"));
            // The teacher, 4 widths without distillation, and with it under each of 12 epochs.
            assertEquals(1 + 4 + 4 * 12, counts.get("task1 q10"));
            assertEquals(12 + 12, counts.get("task1 q13"));
            assertEquals(1 + 12, counts.get("task1 q13 --single-trajectory"));
            assertEquals(0, counts.get("task1 q8"));
        }
    }

    @Test
    void taskTwoTrainsSoManyNetworksForASeed() {
        Map<String, Integer> written = counts(Task2.listed(null), Variant.AS_WRITTEN);
        // The teacher, 6 temperatures with distillation and 6 without, 12 early-stopped teachers and their students.
        assertEquals(1 + 6 + 6 + 24, written.get("task2 q2"));
        // as-described has no temperature without distillation.
        assertEquals(
                1 + 6 + 1 + 24, counts(Task2.listed(null), Variant.AS_DESCRIBED).get("task2 q2"));
        // Teachers pre-trained and not, students pre-trained and not, with distillation and without.
        assertEquals(2 + 4, written.get("task2 q3"));
    }

    @Test
    void everyQuestionSaysWhatIsStoredOfItAndWhatWouldBeTrained() throws IOException {
        RunStore store = new RunStore(folder);
        for (long seed : new long[] {1, 2, 4}) {
            store.append(Runs.run(here(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, seed)), 97));
        }
        Run teacher = Runs.run(here(Runs.settings("teacher", Role.TEACHER, null, null, 1)), 99);
        store.append(teacher);
        Settings student = here(Runs.settings("q6", Role.STUDENT, 4., .5, 1));
        store.append(Runs.run(Runs.with(student, "teacher", teacher.identity()), 97));
        // Its teacher is not known to be of the present computation.
        store.append(Runs.run(here(Runs.settings("q6", Role.STUDENT, 16., .5, 1)), 97));
        store.append(Runs.run(here(Runs.quick(Runs.settings("q6", Role.STUDENT, 4., .5, 1))), 90));
        List<String> lines = list();
        int q6 = lines.indexOf("task1 q6");
        assertEquals("  as-written    seed 1: 3 of 7", lines.get(q6 + 3));
        assertEquals("  as-described  nothing stored", lines.get(q6 + 4));
        assertEquals("  otherwise     1 run: QUICK, 2 EPOCHS, 24000 TRAINING IMAGES", lines.get(q6 + 5));
        assertTrue(
                lines.get(q6 + 6)
                                .startsWith("  trains next   ./reproduce task1 q6 --out " + folder + ": 5 of 7, about ")
                        && lines.get(q6 + 6).endsWith("; 1 of them again, stored as computed otherwise"),
                lines.get(q6 + 6));
        int q7 = lines.indexOf("task1 q7");
        assertEquals("  as-written    seeds 1,2,4: all", lines.get(q7 + 3));
        assertEquals(
                "  trains next   ./reproduce task1 q7 --out " + folder + ": nothing, all is stored", lines.get(q7 + 5));
        assertTrue(
                lines.get(q7 + 2).matches("  trains        1 network, about \\d+ s \\(measured\\)"), lines.get(q7 + 2));
        assertEquals("  Trains nothing.", lines.get(lines.indexOf("task1 q8") + 2));
    }

    @Test
    void runsWithTheOtherAdamAndOfOlderVersionsWouldBeTrainedAgain() throws IOException {
        RunStore store = new RunStore(folder);
        Settings plain = here(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1));
        store.append(Runs.run(Runs.with(plain, "adam", AdamForm.KERAS3), 97));
        store.append(Runs.run(Runs.with(Runs.with(plain, "adam", null), "version", 1), 97));
        List<String> lines = list();
        int q7 = lines.indexOf("task1 q7");
        assertEquals("  as-written    seed 1: all", lines.get(q7 + 3));
        assertTrue(lines.get(q7 + 5).endsWith("; 1 of them again, stored as computed otherwise"), lines.get(q7 + 5));
    }

    @Test
    void aFolderWithoutRunsIsSaidToHaveNone() {
        assertEquals("Runs: " + folder + " has none", list().get(0));
    }

    @Test
    void shardsSayWhatEachTrainsAndHowLongItTakes() {
        List<String> lines = list("--shards", "4");
        int q5 = lines.indexOf("task1 q5");
        List<String> rows = lines.subList(q5 + 6, q5 + 10);
        assertTrue(rows.get(0).matches("  shard 1/4     teachers: 1, students: 8, about \\d+ min .*"), rows.get(0));
        assertTrue(rows.get(3).startsWith("  shard 4/4     teachers: 1, students: 6, about "), rows.get(3));
        String q7 = lines.get(lines.indexOf("task1 q7") + 6);
        assertTrue(q7.matches("  in shards     4 shards are too many: .*, are 1"), q7);
        assertTrue(lines.get(lines.size() - 1).startsWith("  shard 4/4 "), lines.get(lines.size() - 1));
    }

    /** A run that the command would find, for it was made as it computes here. */
    private static Settings here(Settings settings) {
        return Runs.with(
                settings,
                "computation",
                Settings.Computation.here("cpu", Trainer.threadsHere(settings), 3, AdamForm.KERAS2));
    }

    private List<String> list(String... options) {
        List<String> line = new ArrayList<>(List.of("list", "--from", folder.toString()));
        line.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(
                0,
                Program.run(
                        Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), line.toArray(String[]::new)),
                err.toString());
        return out.toString().lines().toList();
    }

    @Test
    void itPlansForImagesOfOnesOwnAndFindsWhatIsStoredOfThem() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        DataSet digits = Mnist.generate(60, 20);
        Mnist.write(digits, own);
        Path store = folder.resolve("store");
        Settings teacher = Task1.listed(digits).stream()
                .filter(question -> question.command().equals("task1 q7"))
                .flatMap(question -> question.trainings().get(Variant.AS_WRITTEN).stream())
                .map(Training::settings)
                .findFirst()
                .orElseThrow();
        assertEquals(60, teacher.trainImages());
        assertEquals(digits.origin().digest(), teacher.data());
        new RunStore(store).append(Runs.run(teacher, 90));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int ended = Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(out),
                new PrintWriter(err),
                "list",
                "--data-dir",
                own.toString(),
                "--from",
                store.toString());
        assertEquals(0, ended, err.toString());
        String listed = out.toString();
        assertTrue(listed.contains("Images of Task 1: images (60 + 20) from " + own), listed);
        assertTrue(listed.contains("Images of Task 2: images"), listed);
        assertTrue(
                listed.contains("./reproduce task1 q5 --data-dir " + own + " --out " + store + ": 31 of 31"), listed);
        String q7 = listed.substring(listed.indexOf("task1 q7"), listed.indexOf("task1 q8"));
        assertTrue(q7.contains("as-written    seed 1: all"), q7);
    }

    @Test
    void imagesThatNeitherTaskTakesAreRefusedWithTheReadersSentence() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        StringWriter err = new StringWriter();
        int ended = Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                "list",
                "--data-dir",
                empty.toString());
        assertEquals(1, ended);
        assertTrue(err.toString().contains("docs/files.md has the layouts"), err.toString());
    }
}
