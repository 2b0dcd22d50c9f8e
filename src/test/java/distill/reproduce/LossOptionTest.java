package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --loss}, from the command line to the files. */
class LossOptionTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String command = line.replace("DIR", folder.toString());
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), command.split(" "));
    }

    private String answer(String line) {
        assertEquals(0, run(line), err.toString());
        return out.toString();
    }

    /** Hints have a regressor of their own, and no temperature. One step of each training, on 300 drawn digits. */
    @Test
    void studentsByAnotherLossAreTrainedFoundListedAndRepeated() throws Exception {
        Images train = Mnist.generate(300, 20).train();
        TinyMnist.write(folder.resolve("digits"), TinyMnist.idxFiles(train, train.first(20)));
        String options = " --epochs 1 --device cpu --threads 2 --data-dir digits --out out";
        Launched.reproduce(folder, "task1 q6 --loss hints" + options);
        Launched.reproduce(folder, "task1 q7 --loss label-smoothing" + options);
        List<Run> runs = new RunStore(folder.resolve("out")).runs("task1");
        assertEquals(
                List.of(
                        "task1-as-written-teacher-seed1",
                        "task1-as-written-q6-student-loss-hints-alpha0.5-seed1",
                        "task1-as-written-q7-student-plain-loss-label-smoothing-seed1"),
                runs.stream().map(run -> run.settings().label()).toList());

        String found = answer("task1 q6 --loss hints --epochs 1 --from DIR/out --out DIR/again");
        assertTrue(found.contains("as-written, loss hints ["), found);
        assertTrue(found.contains("ANOTHER LOSS"), found);
        try (var files = Files.list(folder.resolve("again/task1"))) {
            assertTrue(
                    files.allMatch(file -> file.getFileName().toString().contains("-epochs1-loss-hints")),
                    "all files say which loss");
        }
        assertEquals(1, run("task1 q6 --epochs 1 --from DIR/out --out DIR/again"));
        assertTrue(err.toString().contains("has no run of question 6"), err.toString());
        assertTrue(answer("runs --from DIR/out").contains("label-smoothing"), out.toString());

        String repeated =
                Launched.reproduce(folder, "rerun " + runs.get(1).identity() + " --out out --data-dir digits");
        assertTrue(repeated.contains("The digests agree"), repeated);
    }

    @Test
    void aTableOfStoredRunsIsOfTheLossThatIsAskedForAndOfNoOther() throws IOException {
        RunStore store = new RunStore(folder);
        Settings student = Runs.settings("q5", Role.STUDENT, 4., .5, 1);
        store.append(Runs.run(student, 97.25));
        store.append(Runs.run(Runs.with(student, "loss", "dkd"), 97.77));
        store.append(Runs.run(Runs.with(Runs.with(student, "loss", "similarity"), "temperature", null), 96.75));
        Settings plain = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);
        store.append(Runs.run(plain, 95.5));
        store.append(Runs.run(Runs.with(plain, "loss", "label-smoothing"), 94.25));
        Settings teacher = Runs.settings("teacher", Role.TEACHER, null, null, 1);
        store.append(Runs.run(teacher, 99));
        String options = " --from DIR --out DIR/out";

        String kd = answer("task1 q5" + options);
        assertTrue(kd.contains("97.25") && kd.contains("report 0.5"), kd);
        assertFalse(kd.contains("97.77") || kd.contains("96.75") || kd.contains("loss dkd"), kd);
        String dkd = answer("task1 q5 --loss dkd" + options);
        assertTrue(dkd.contains("97.77") && dkd.contains("as-written, loss dkd [ANOTHER LOSS]"), dkd);
        assertFalse(dkd.contains("97.25") || dkd.contains("report 0.5"), dkd);
        String csv = Files.readString(folder.resolve("out/task1/q5-table1-as-written-loss-dkd-T4-alpha0.5.csv"));
        assertTrue(csv.startsWith("variant,question,model,loss,temperature,"), csv);
        assertTrue(csv.contains("as-written,q5,student,dkd,4,0.5,"), csv);
        String similarity = answer("task1 q5 --loss similarity" + options);
        assertTrue(similarity.contains("96.75") && similarity.contains("Best: 96.75 at alpha = 0.5"), similarity);

        String smoothed = answer("task1 q7 --loss label-smoothing" + options);
        assertTrue(smoothed.contains("94.25") && smoothed.contains("97.25"), smoothed);
        assertFalse(smoothed.contains("95.50"), smoothed);
        assertTrue(answer("task1 q7 --loss none" + options).contains("95.50"), "the report's, by its name");

        answer("compare DIR report --out DIR/compared");
        assertTrue(out.toString().contains("97.25") && !out.toString().contains("97.77"), out.toString());
        assertTrue(
                out.toString().contains("q5 student, loss = dkd, T = 4, alpha = 0.5 [ANOTHER LOSS]"), out.toString());
        assertTrue(out.toString().contains("q5 student, loss = similarity, alpha = 0.5 ["), out.toString());
        answer("page --from DIR --out DIR");
        String page = Files.readString(folder.resolve("report.html"));
        assertTrue(page.contains("loss-dkd") || page.contains(">dkd<"), "its last section lists it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task1 q5 --loss kdd | there is no loss kdd: kd, dkd, dist",
                "task1 q5 --loss attention | the student's layers are flatten (784), dense (784)",
                "task1 q5 --loss logit-mse --temperatures 4 | the loss logit-mse has no temperature, so --temperatures cannot go with it",
                "task1 q5 --loss label-smoothing | the loss label-smoothing has no teacher, so it is of students without distillation, and none is trained here: task1 q7",
                "task1 q7 --loss dkd | the loss dkd is of students with distillation, and none is trained here: task1 q5",
                "task1 q8 --loss dkd | task1 q8 does not use --loss",
                "task2 q2 --part sweep --loss none | the loss none has no teacher",
                "task2 q2 --part scratch --loss dist | the loss dist is of students with distillation",
                "task1 q5 --loss hints --loss-layers dense | layers are named as TEACHER=STUDENT, a layer of the teacher and one of the student, found dense",
                "task1 q5 --loss hints --loss-layers dense=dense,flatten=dense | the loss hints compares one layer of each network, so it takes one pair, found 2",
                "task1 q5 --loss hints --loss-layers conv2d=dense_9 | the student has no layer dense_9; its layers are flatten (784), dense (784)",
                "task1 q5 --loss hints --loss-layers conv2d=dense | found conv2d (",
                "task1 q5 --loss-layers dense=dense | --loss-layers: the loss kd has no layers that can be named; attention and hints have",
                "task1 q8 --loss-layers dense=dense | task1 q8 does not use --loss-layers",
                "replay --student a.h5 --order b.csv --plain --loss dkd | --plain is without distillation",
                "replay --student a.h5 --teacher c.h5 --order b.csv --loss none --alpha .5 | the loss none is without distillation: give --plain",
                "replay --student a.h5 --teacher c.h5 --order b.csv --loss dkd --alpha .5 | --temperature is missing",
                "replay --student a.h5 --teacher c.h5 --order b.csv --loss hints --alpha .5 --temperature 4 | the loss hints has no temperature"
            })
    void aLossThatIsOfNoUseIsRefused(String line, String message) {
        assertEquals(2, run(line));
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }
}
