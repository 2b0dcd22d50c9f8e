package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.TinyMhist;
import distill.run.Role;
import distill.run.RunStore;
import distill.run.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

    @TempDir
    private Path folder;

    @Test
    void everyPartOfTheMachineAndOfTheStoreHasALine() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int ended = Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), "doctor");
        List<String> names = out.toString()
                .lines()
                .filter(line -> line.matches("[A-Z]\\w+ {2,}\\S.*"))
                .map(line -> line.split(" ")[0])
                .toList();
        assertEquals(
                List.of("Java", "Machine", "Folder", "TensorFlow", "Device", "MNIST", "MHIST", "Weights", "Runs"),
                names,
                out.toString());
        assertTrue(out.toString().contains("TensorFlow-Java 1.1.0"), out.toString());
        assertTrue(out.toString().matches("(?s).*results/: task1 \\d+ runs; task2 \\d+ runs\n.*"), out.toString());
        assertEquals(0, ended, out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void aStoreSaysHowManyRunsItHasAndHowManyOfThemAreQuick() throws IOException {
        assertEquals(
                folder.resolve("none") + "/: not here; train", DoctorCommand.store(folder.resolve("none"), "train"));
        RunStore store = new RunStore(folder);
        store.append(Runs.student(16, .9, 1, 97.9));
        store.append(Runs.run(Runs.quick(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1)), 90));
        assertEquals(
                folder + "/: task1 2 runs, 1 of them QUICK; task2 0 runs", DoctorCommand.store(folder, "never said"));
    }

    @Test
    void linesEndAtSpacesAndStandBelowEachOther() {
        assertEquals(
                "x".repeat(60) + " twelve\n" + " ".repeat(13) + "words\n" + " ".repeat(13) + "y".repeat(70),
                DoctorCommand.wrapped("x".repeat(60) + " twelve words\n" + "y".repeat(70)));
    }

    private String doctor(int code, Path dataDir) {
        StringWriter out = new StringWriter();
        PrintWriter err = new PrintWriter(new StringWriter());
        int ended =
                Program.run(Reproduce.COMMANDS, new PrintWriter(out), err, "doctor", "--data-dir", dataDir.toString());
        assertEquals(code, ended, out.toString());
        return out.toString().replaceAll("\\s+", " ");
    }

    @Test
    void imagesOfOnesOwnAreDescribedForBothTasks() throws IOException {
        Path own = TinyMhist.write(folder.resolve("own"));
        String said = doctor(0, own);
        assertTrue(
                said.contains(
                        "Task 2 " + own + ": a set in MHIST's layout, HP and SSA, 6 + 4 images, which Task 2 resizes"
                                + " to 224 x 224 (--image-size), 2 classes: HP, SSA"),
                said);
        assertTrue(said.contains("Task 1 " + own) || said.contains("Task 1 not for this task: "), said);
    }

    @Test
    void imagesThatNeitherTaskTakesEndItWithOne() throws IOException {
        String said = doctor(1, Files.createDirectories(folder.resolve("none")));
        assertTrue(said.contains("Task 1 not for this task: "), said);
        assertTrue(said.contains("Task 2 DOES NOT WORK: "), said);
    }
}
