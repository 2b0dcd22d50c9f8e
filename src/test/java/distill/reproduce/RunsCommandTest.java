package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private List<String> runs(String... options) {
        out.getBuffer().setLength(0);
        String[] line = Stream.concat(Stream.of("runs", "--from", folder.toString()), Arrays.stream(options))
                .toArray(String[]::new);
        assertEquals(
                0, Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), line), err.toString());
        return out.toString().lines().toList();
    }

    private static Run at(Run run, String date) {
        return Runs.with(run, "provenance", Runs.with(run.provenance(), "date", date));
    }

    private void store(Run... runs) throws IOException {
        for (Run run : runs) {
            new RunStore(folder).append(run);
        }
    }

    /** A teacher, a student of another loss, and a QUICK one without distillation, which is the oldest. */
    private void storeThree() throws IOException {
        Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);
        Run student = Runs.run(Runs.with(Runs.settings("q5", Role.STUDENT, 3., .25, 2), "loss", "logit-mse"), 97.5);
        Run quick = Runs.run(Runs.quick(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1)), 91.25);
        store(
                at(teacher, "2026-11-30T09:14:00Z"),
                at(student, "2026-11-30T10:00:00Z"),
                at(quick, "2026-11-29T23:00:00Z"));
    }

    @Test
    void eachRunHasALineWithItsSettingsAndWhatCameOfItTheNewestLast() throws IOException {
        storeThree();
        List<String> lines = runs();
        assertEquals("3 runs in " + folder + ", the newest last", lines.get(0));
        assertEquals(
                List.of("trained", "T", "alpha", "loss", "epochs", "seed", "test %", "seconds", "run", "marks"),
                List.of(lines.get(1).strip().split(" {2,}")));
        // 2 epochs of 3.5 s.
        assertTrue(
                lines.get(2)
                        .matches(
                                "  task1 q7 student-plain, as-written +2 +1 +91\\.25 +7 +[0-9a-f]{10}  QUICK, 2 EPOCHS, 24000 TRAINING IMAGES"),
                lines.get(2));
        assertTrue(lines.get(3).matches("  task1 teacher, as-written +12 +1 +98\\.90 +42 +[0-9a-f]{10}"), lines.get(3));
        assertTrue(
                lines.get(4)
                        .matches(
                                "  task1 q5 student, as-written +3 +0\\.25 +logit-mse +12 +2 +97\\.50 +42 +[0-9a-f]{10}  ANOTHER LOSS"),
                lines.get(4));
        assertEquals("  ./reproduce rerun RUN trains one of them again; --csv has more columns.", lines.get(5));
        assertEquals(6, lines.size());
    }

    @Test
    void task2sRunsHaveTheirMeasures() throws IOException {
        store(new RunStore(Path.of("results"))
                .runs("task2").stream()
                        .filter(run -> run.settings().question().equals("q2"))
                        .findFirst()
                        .orElseThrow());
        List<String> lines = runs();
        assertTrue(lines.get(1).matches(".* test %  +F1  +AUC  +seconds .*"), lines.get(1));
        assertTrue(lines.get(2).matches("  task2 .* 0\\.\\d{3}  0\\.\\d{3} .*  NOT MHIST, .*"), lines.get(2));
    }

    @Test
    void filtersLeaveTheRunsThatAreAskedFor() throws IOException {
        storeThree();
        store(Runs.earlyStopped("q13-single-trajectory", 4, "0123456789abcdef", 1, 97.5));
        assertEquals(
                "1 of the 4 runs in " + folder + ", the newest last",
                runs("--question", "q5").get(0));
        assertTrue(runs("--question", "q13").get(2).contains("q13-single-trajectory student, teacher's epochs = 4"));
        assertTrue(runs("--role", "student-plain").get(2).contains("q7 student-plain"));
        assertEquals(4, runs("--role", "student", "--seed", "2").size());
        assertEquals(
                "4 runs in " + folder + ", the newest last",
                runs("--task", "task1").get(0));
    }

    @Test
    void whereNoneIsLeftTheLineSaysWhatThereIs() throws IOException {
        storeThree();
        assertEquals(
                List.of("None of the 3 runs in " + folder
                        + " is like that. They are of task1 q7, task1 teacher, task1 q5; student-plain, teacher, student;"
                        + " the seeds 1, 2."),
                runs("--question", "q1"));
    }

    @Test
    void aStoreWithoutRunsSaysWhereSomeAre() {
        assertEquals(
                List.of(folder
                        + " has no finished training. ./reproduce task1 --quick makes some in a few minutes; those"
                        + " that are kept in git are listed by ./reproduce runs --from results"),
                runs());
    }

    @Test
    void csvGoesToTheConsoleOrIntoAFile() throws IOException {
        storeThree();
        List<String> lines = runs("--csv");
        assertEquals(
                "identity,task,question,variant,without,model,network,starting_weights,image_size,width,rare_class,"
                        + "temperature,alpha,loss,teacher,teacher_epochs,distil_epochs,epochs,batch_size,learning_rate,momentum,seed,data,train_images,"
                        + "quick,synthetic,marks,test_accuracy,train_accuracy,teacher_agreement,macro_f1,roc_auc,seconds,ended,"
                        + "weights_digest,commit",
                lines.get(0));
        assertEquals(4, lines.size());
        assertTrue(
                lines.get(3)
                        .contains(
                                ",task1,q5,as-written,,student,,,,,,3,0.25,logit-mse,0123456789abcdef,,,12,256,0.001,,2,MNIST,60000,"
                                        + "false,false,ANOTHER LOSS,97.5,98.5,,,,42.0,2026-11-30T10:00:00Z,"),
                lines.get(3));

        Path file = folder.resolve("lists/mine.csv");
        assertEquals(List.of("  -> " + file), runs("--question", "q5", "--csv", file.toString()));
        assertEquals(List.of(lines.get(0), lines.get(3)), Files.readAllLines(file));
    }
}
