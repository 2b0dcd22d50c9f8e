package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import distill.command.Program;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.nn.Device;
import distill.report.Published;
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
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ReproduceTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Program.run(
                Reproduce.COMMANDS,
                new PrintWriter(out),
                new PrintWriter(err),
                line.isEmpty() ? new String[0] : line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                   | what is to be reproduced?",
                "task3                                | there is no task3: did you mean task",
                "task1 q99                            | there is no q99",
                "task2 q2 --part nothing              | Invalid value for option '--part'",
                "task2 q2 --without bessels           | there is no slip bessels",
                "task2 q2 --variant as-described --without bessel | as-described has no slips",
                "task2 q2 --image-size 31             | --image-size takes a number from 32, found 31",
                "task2 q2 --epochs-initial 0          | --epochs-initial takes a number from 1, found 0",
                "task2 q2 --epochs-fine -1            | --epochs-fine takes a number from 0, found -1",
                "task2 q3 --teacher-model vgg16       | the networks are resnet50v2, mobilenetv2, found vgg16",
                "task2 q3 --from runs --fresh         | --from trains nothing",
                "task1 --no-such-option               | there is no option --no-such-option",
                "task1 q5 --variant asWritten         | the readings are as-written and as-described, found asWritten",
                "task1 q5 --adam keras4               | the forms of Adam are keras2 and keras3, found keras4",
                "task1 q5 --learning-rate 0           | --learning-rate takes a number over 0, found 0.0",
                "task2 q2 --learning-rate -1          | --learning-rate takes a number over 0, found -1.0",
                "task1 q5 --learning-rate NaN         | --learning-rate takes a number over 0, found NaN",
                "task1 q5 --learning-rate fast        | 'fast' is not a number",
                "task1 q5 --batch-size 0              | --batch-size takes a number from 1, found 0",
                "task1 q5 --optimizer adagrad         | Invalid value for option '--optimizer': expected one of [adam, sgd]",
                "task1 q5 --momentum .9               | --momentum is of SGD: give --optimizer sgd, too",
                "task1 q5 --optimizer sgd --momentum 1.5 | --momentum takes a number from 0 to 1, found 1.5",
                "task1 q5 --optimizer sgd --adam keras3 | --adam is the form of Adam, so it cannot go with --optimizer sgd",
                "task1 q5 --early-stopping 0          | --early-stopping takes a number of epochs from 1, found 0",
                "task1 q5 --min-delta .1              | go with --early-stopping",
                "task1 q5 --early-stopping 3 --min-delta -1 | --min-delta takes a number from 0, found -1.0",
                "task1 q5 --early-stopping 3 --monitor test_accuracy | expected one of [val_loss, val_accuracy]",
                "task1 q5 --early-stopping 3 --validation-images 0 | --validation-images takes a number from 1, found 0",
                "task1 q5 --early-stopping 3 --validation 100 | --validation and --early-stopping cannot go together",
                "task1 --early-stopping 3             | --early-stopping is of questions 5, 6 and 7: name one of them",
                "task1 q13 --early-stopping 3         | task1 q13 does not use --early-stopping",
                "task2 q2 --early-stopping 3          | there is no option --early-stopping",
                "task1 q5 --width 0                   | --width takes a number from 1, found 0",
                "task1 q5 --width 20 --student own    | --width is of the report's student, in whose place --student puts another",
                "task1 q5 --student-weights keep      | --student-weights goes with --student",
                "task1 q5 --student own --student-weights mine | expected one of [draw, keep]",
                "task1 --student own                  | --student is of questions 5, 6, 7 and 9: name one of them",
                "task1 q10 --student own              | task1 q10 does not use --student",
                "task2 q2 --student-weights keep      | --student-weights goes with --student",
                "task2 --student own                  | --student is of questions 2 and 3: name one of them",
                "task2 q2 --part cost --student own   | task2 q2 --part cost does not use --student",
                "task2 q2 --part teacher --student own | task2 q2 --part teacher does not use --student",
                "task1 q10 --width 100                | task1 q10 does not use --width",
                "task2 q2 --width 100                 | there is no option --width",
                "task1 q3 --learning-rate .01         | task1 q3 does not use --learning-rate",
                "task1 q5 --config no-such.yaml       | --config: there is no file no-such.yaml",
                "task1 q5 --seed one                  | 'one' is not a whole number",
                "task1 q5 --seed 9223372036854775807  | --seed is too large",
                "task1 q5 --seeds 0                   | --seeds takes a number from 1, found 0",
                "task1 q5 --epochs 0                  | --epochs takes a number from 1, found 0",
                "task1 q3 --threads 0                 | --threads takes a number from 1, found 0",
                "bench --threads 0                    | --threads takes a number from 1, found 0",
                "bench nix | the networks are mnist-student, mnist-teacher, mobilenetv2, resnet50v2, found nix",
                "task1 q5 --temperatures 0            | --temperatures takes numbers over 0, found [0.0]",
                "task1 q5 --temperatures 1,x          | 'x' is not a number",
                "task1 q5 --alphas 1.5                | --alphas takes numbers from 0 to 1, found [1.5]",
                "task1 q5 --device tpu                | 'tpu'",
                "task1 q5 --from runs --fresh         | --fresh cannot go with it",
                "task1 q5 --from runs --shard 1/2     | --shard cannot go with it",
                "task1 q5 --shard 0/4                 | --shard takes K/N, the K-th of N shards, such as 1/4 to 4/4, found 0/4",
                "task2 q2 --shard 5/4                 | found 5/4",
                "task1 --shard x                      | found x",
                "list --shards 0                      | --shards takes a number from 1, found 0",
                "runs --task task3                    | --task takes task1 or task2, found task3",
                "runs --role nobody                   | the roles are teacher, student and student-plain, found nobody",
                "merge                                | --out",
                "merge --out runs                     | DIR",
                "task1 q5 --from runs --tensorboard   | --tensorboard cannot go with it",
                "task1 --tensorboard q13 --patience 2 | go with --stop-when-loss-change-below: give it, too",
                "task1 q6 --from no/store              | there is no folder no/store: --from takes a store",
                "task2 q2 --from no/store              | there is no folder no/store: --from takes a store",
                "task1 q9 --class seven               | --class takes true, predicted or a class by its number, 0 to 9 of MNIST, found seven",
                "task1 q9 --masks 0                   | --masks takes a number from 1, found 0",
                "task1 q9 --split train               | --split says where --index counts, so give --index too",
                "task1 q9 --split all --index 1       | 'all'",
                "task1 q13 --stop-when-loss-change-below 0 | takes numbers over 0, found [0.0]",
                "task1 q13 --patience 2               | go with --stop-when-loss-change-below: give it, too",
                "task1 q13 --min-epochs 0             | --min-epochs takes a number from 1, found 0",
                "task1 q13 --distil-until-epoch 12    | takes numbers from 1 to 11 (of 12 epochs), found [12]",
                "task1 q5 --teacher-outputs logits  | --teacher-outputs says what the teacher of --teacher gives, so give that, too",
                "task1 q10 --teacher-outputs logits | task1 q10 does not use --teacher-outputs",
                "task1 q5 --teacher x --teacher-outputs odds | Invalid value for option '--teacher-outputs'",
                "task1 q10 --temperatures 3         | task1 q10 does not use --temperatures; of what can be varied it uses --variant, --without, --loss, --loss-layers, --adam, --learning-rate, --batch-size, --optimizer, --momentum, --seed, --seeds, --quick, --epochs, --data-dir",
                "task1 q13 --alphas=.2               | task1 q13 does not use --alphas; of what can be varied it uses",
                "task1 --alphas .2 q6                | task1 q6 does not use --alphas; of what can be varied it uses",
                "task1 q3 --seeds 4 --epochs 3       | task1 q3 does not use --seeds; of what can be varied it uses --variant, --without",
                "task1 --jobs 2 q8                   | task1 q8 does not use --jobs",
                "task1 q4 --variant as-described     | task1 q4 does not use --variant; of what can be varied it uses --adam",
                "task1 q12 --teacher cnn             | task1 q12 does not use --teacher",
                "task2 q1 --seeds 3                  | task2 q1 does not use --seeds; of what can be varied it uses --seed, --quick",
                "task2 q3 --temperatures 4           | task2 q3 does not use --temperatures",
                "task2 q2 --part cost,losses --seeds 3 | task2 q2 --part losses,cost does not use --seeds",
                "task2 q2 --part eskd --epochs-fine 3 | task2 q2 --part eskd does not use --epochs-fine",
                "task2 q2 --plan --jobs 2            | task2 q2 --plan does not use --jobs",
                "task2 q3 --teacher a --teacher-weights b | so --teacher-weights cannot go with it",
                "task1 q5 --from runs --adam keras3  | --from trains nothing, so --adam cannot go with it",
                "task1 --from runs --jobs 2          | --from trains nothing, so --jobs cannot go with it",
                "task2 q3 --from runs --weights none | --from trains nothing, so --weights cannot go with it",
                "task1 q5 --validation 0             | --validation takes a number from 1, found 0",
                "rerun                                | RUN",
                "rerun 0123 --seed 2                  | --seed is for --sample",
                "replay --student a.h5 --order b.csv --plain --momentum .9 --adam keras2 | --adam is of Adam",
                "compare report                       | 'B'",
                "compare report notebook results      | one argument too many: results"
            })
    void wrongUsageEndsWithTwoAndOneLineThatSaysWhatWasFound(String line, String said) {
        assertEquals(2, run(line));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(
                err.toString().startsWith("error: ") && err.toString().contains(said.replace("\\'", "'")),
                err.toString());
        assertTrue(err.toString().contains("--help"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "task1 --help",
                "task1 q2 --help",
                "task1 q5 --help",
                "bench --help",
                "rerun --help",
                "compare --help",
                "--version"
            })
    void helpIsThereEverywhere(String line) {
        assertEquals(0, run(line));
        assertFalse(out.toString().isBlank());
        assertEquals("", err.toString());
    }

    @Test
    void everyCommandAndOptionIsDescribed() {
        describedBelow(Program.of(Reproduce.COMMANDS));
    }

    private static void describedBelow(CommandLine command) {
        assertTrue(command.getCommandSpec().usageMessage().description().length > 0, command.getCommandName());
        command.getCommandSpec()
                .options()
                .forEach(option -> assertTrue(
                        option.description().length > 0, command.getCommandName() + " " + option.longestName()));
        command.getSubcommands().values().forEach(ReproduceTest::describedBelow);
    }

    @Test
    void theHelpOfAQuestionHasTheOptionsThatItUsesAndNoOthersOfItsTask() {
        assertEquals(0, run("task1 q10 --help"));
        String help = out.toString();
        assertTrue(help.contains("--seeds") && help.contains("--epochs") && help.contains("--verbose"), help);
        assertFalse(help.contains("--temperatures") || help.contains("--alphas") || help.contains("--teacher"), help);
        assertEquals(0, run("task1 --help"));
        assertTrue(out.toString().contains("--temperatures") && out.toString().contains("--teacher"), out.toString());
    }

    @Test
    void theImagesOfAPreviewCanBeNamedWhereverRunsComeFrom() {
        run("task2 q2 --part data,sweep --data-dir " + folder.resolve("nowhere") + " --from " + folder);
        assertTrue(err.toString().contains("nowhere"), err.toString());
        assertFalse(err.toString().contains("cannot go with it"), err.toString());
    }

    @Test
    void optionsMayStandBeforeOrAfterTheQuestion() {
        assertEquals(0, run("task1 --variant as-described q2"));
        String before = out.toString();
        out.getBuffer().setLength(0);
        assertEquals(0, run("task1 q2 --variant as-described"));
        assertEquals(before, out.toString());
        assertTrue(before.contains("Total params: 1,011,466") && before.contains("Total params: 1,238,730"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"as-written", "as-described"})
    void question3PrintsWhatComesOutOnPaper(String variant) {
        assertEquals(0, run("task1 q3 --device cpu --threads 2 --variant " + variant));
        List<String> rows = out.toString()
                .lines()
                .filter(line -> line.matches("  (compute|distillation|  its gradient).*\\d.*"))
                .toList();
        assertEquals(8, rows.size(), "four losses and their gradients");
        rows.forEach(row -> {
            String[] columns = row.strip().split(" {2,}");
            assertEquals(columns[1], columns[2], row);
        });
    }

    @Test
    void question8WritesTheReportsNumbers() throws IOException {
        assertEquals(0, run("task1 q8 --out " + folder));
        assertTrue(Files.readString(folder.resolve("task1/q8-as-written.csv"))
                .contains("FLOPs / 1e9,5.642779648,0.633838592"));
    }

    @Test
    void aMissingDataFolderIsOneLineAndOne() {
        assertEquals(
                1,
                run("task1 q5 --device cpu --threads 2 --out " + folder + " --data-dir " + folder.resolve("nowhere")));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("error: ") && err.toString().contains("nowhere"), err.toString());
    }

    @Test
    void whoAsksForAGpuWhereThereIsNoneIsToldOfTheOptionThatGoesWithout() {
        assumeFalse(Device.auto(1).gpu(), "there is a CUDA device here");
        assertEquals(1, run("task1 q5 --device gpu --out " + folder));
        assertTrue(
                err.toString().startsWith("error: TensorFlow finds no CUDA device")
                        && err.toString().endsWith("; --device cpu does without\n"),
                err.toString());
    }

    @Test
    void verboseAddsTheStackTrace() {
        assertEquals(1, run("task1 q5 --verbose --device cpu --threads 2 --data-dir " + folder.resolve("nowhere")));
        assertTrue(err.toString().contains("DataException") && err.toString().contains("\tat "), err.toString());
    }

    @Test
    void tablesAndPlotsAreMadeFromAnotherStoreWithoutTraining() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9));
        store.append(Runs.student(16, .9, 1, 97.9));
        store.append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));
        for (double temperature : Published.TEMPERATURES) {
            store.append(Runs.run(Runs.settings("q6", Role.STUDENT, temperature, .5, 1), 97.6));
        }
        String options = " --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        for (String question : List.of("q5", "q6", "q7")) {
            assertEquals(0, run("task1 " + question + options), err.toString());
        }
        Path made = folder.resolve("out/task1");
        assertTrue(Files.readString(made.resolve("q5-table1-as-written-T16-alpha0.9.md"))
                .contains("| 16 | 97.90 | 98.08 | 97.90 |"));
        assertTrue(Files.readString(made.resolve("q7-as-written-T16-alpha0.9.md"))
                .contains("| student without KD | 97.70 | 97.20 |"));
        assertTrue(Files.size(made.resolve("q6-curve-as-written-log.png")) > 1000);
        assertFalse(Files.exists(made.resolve("runs.jsonl")), "nothing was trained");
    }

    @Test
    void fromAStoreComeAllAlphasAndTemperaturesUnlessSomeAreNamed() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9));
        store.append(Runs.student(16, .9, 1, 97.9));
        // Neither is one of the report's.
        store.append(Runs.student(3, .2, 1, 96.5));
        store.append(Runs.student(16, .9, 4, 97.7));
        String line = "task1 q5 --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        assertEquals(0, run(line), err.toString());
        assertTrue(out.toString().contains("alpha 0.2") && out.toString().contains("96.50"), out.toString());
        assertFalse(out.toString().contains("Left out of"), out.toString());
        assertEquals(0, run(line + " --seed 1"), err.toString());
        assertTrue(
                out.toString().contains("Left out of q5 student, though stored: seed 4 (--seed, --seeds)."),
                out.toString());
        assertEquals(0, run(line + " --alphas .9"), err.toString());
        assertFalse(out.toString().contains("96.50"), out.toString());
        assertTrue(
                out.toString().contains("Left out of q5 student, though stored: alpha = 0.2 (--alphas)."),
                out.toString());
        assertEquals(0, run(line + " --temperatures 16"), err.toString());
        assertFalse(out.toString().contains("96.50"), out.toString());
        assertTrue(
                out.toString().contains("Left out of q5 student, though stored: T = 3 (--temperatures)."),
                out.toString());
    }

    @Test
    void allQuestionsFromAStoreNameItOnce() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9));
        store.append(Runs.student(16, .9, 1, 97.9));
        store.append(Runs.run(Runs.settings("q6", Role.STUDENT, 4., .5, 1), 97.6));
        store.append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));
        store.append(Runs.earlyStopped("q13", 4, "0123456789abcdef", 1, 97.5));
        assertEquals(0, run("task1 --device cpu --threads 2 --from " + folder + " --out " + folder), err.toString());
        assertTrue(Files.exists(folder.resolve("task1/q13-table3-as-written.md")));
        assertEquals(
                1,
                out.toString().lines().filter(line -> line.startsWith("Runs: ")).count());
        assertTrue(out.toString().contains("Left out: it explains models, and --from has none"), out.toString());
        List<String> lines = out.toString().lines().toList();
        int q5 = lines.indexOf("Question 5: teacher and students");
        assertEquals("  -> " + folder.resolve("task1/q5-*") + ": 2 tables", lines.get(q5 + 1));
        int q3 = lines.indexOf("Question 3: the losses");
        assertTrue(
                lines.subList(q3, q3 + 3).contains("  shown by --verbose, or by this question alone"), out.toString());
        assertFalse(out.toString().contains("97.60 |") || out.toString().contains("alpha 0.9"), "no table");
        List<String> summary = lines.subList(lines.indexOf("Summary"), lines.size());
        assertTrue(summary.size() < 15, summary::toString);
        assertTrue(
                summary.get(3)
                        .startsWith("Distillation gained 0.20 points: 97.90 % right with it (1 student), 97.70 %"),
                summary::toString);

        assertEquals(0, run("task1 --verbose --device cpu --threads 2 --from " + folder + " --out " + folder));
        assertTrue(out.toString().contains("alpha 0.9") && out.toString().contains("Total params"), out.toString());
    }

    @Test
    void quietLeavesResultsAndWhereTheyAre() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        store.append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));
        String line = "task1 q7 --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        assertEquals(0, run(line), err.toString());
        String all = out.toString();
        assertTrue(all.startsWith("Runs: "), all);
        assertEquals(0, run(line + " --quiet"), err.toString());
        assertEquals(all.substring(all.indexOf('\n') + 1), out.toString());
        assertTrue(out.toString().contains("97.70") && out.toString().contains("  -> "), out.toString());
    }

    @Test
    void questionThirteenIsMadeFromAnotherStoreInEveryForm() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        // Changes of the loss: .5, .25, .125 and then none.
        Run teacher = Runs.losses(
                Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9),
                2,
                1.5,
                1.25,
                1.125,
                1.125,
                1.125,
                1.125,
                1.125,
                1.125,
                1.125,
                1.125,
                1.125);
        store.append(teacher);
        for (int epochs = 1; epochs <= 12; epochs++) {
            store.append(Runs.earlyStopped("q13-single-trajectory", epochs, teacher.identity(), 1, 97 + epochs / 100.));
        }
        Settings until = Runs.with(Runs.settings("q13-distil-until", Role.STUDENT, 4., .5, 1), "distilEpochs", 6);
        store.append(Runs.run(until, 97.5));
        String options = " --from " + folder.resolve("from") + " --out " + folder.resolve("out");

        assertEquals(0, run("task1 q13" + options), err.toString());
        assertTrue(out.toString().contains("The store has no runs with new teachers"), out.toString());
        Path made = folder.resolve("out/task1");
        assertTrue(Files.readString(made.resolve("q13-single-trajectory-table3-as-written.md"))
                .contains("| 4 | 94.00 | 97.04 | 97.88 |"));
        assertTrue(Files.size(made.resolve("q13-single-trajectory-curve-as-written.png")) > 1000);
        assertTrue(Files.readString(made.resolve("q13-loss-change-as-written.md"))
                .contains("| 0.002 | 5 (1) | 97.05 (1) |"));

        assertEquals(
                0,
                run("task1 q13 --stop-when-loss-change-below .3,.01 --patience 2 --distil-until-epoch 6" + options),
                err.toString());
        String ways =
                Files.readString(made.resolve("q13-stopped-early-as-written-below0.3-below0.01-patience2-until6.md"));
        assertTrue(ways.contains("| plain KD | 12 | 12 | 97.12 |"), ways);
        assertTrue(
                ways.contains("| teacher stopped: loss change below 0.3 | 4 | 12 | 97.04 | -0.08 | not enough seeds |"),
                ways);
        assertTrue(ways.contains("| teacher stopped: loss change below 0.01 | 6 | 12 | 97.06 |"), ways);
        assertTrue(ways.contains("| KD until epoch 6 | 12 | 6 | 97.50 | +0.38 |"), ways);
        assertEquals(1, run("task1 q13 --distil-until-epoch 5" + options));
        assertTrue(err.toString().contains("has no run of question 13 (KD until epoch 5)"), err.toString());
    }

    @Test
    void epochsAreWrittenBesideTablesUnderNamesOfSixtyCharactersAtMost() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        for (int epochs = 1; epochs <= 2; epochs++) {
            Run student = Runs.earlyStopped("q13-single-trajectory", epochs, "0123456789abcdef", 1, 97.5);
            Run quick = Runs.run(Runs.quick(student.settings()), 97.5);
            store.append(Runs.with(quick, "provenance", Runs.with(quick.provenance(), "synthetic", true)));
        }
        Settings plain = Runs.quick(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1));
        store.append(Runs.run(plain, 97.7));
        String options = " --quick --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        assertEquals(0, run("task1 q13" + options), err.toString());
        assertEquals(0, run("task1 q7" + options), err.toString());
        Path made = folder.resolve("out/task1");
        String file = "q13-single-trajectory-as-written-quick-synthetic-epochs.csv";
        assertEquals(5, Files.readAllLines(made.resolve(file)).size(), "two epochs of two students, and names");
        assertTrue(file.length() <= 60, file);
        assertEquals(
                "identity,question,variant,without,model,width,temperature,alpha,teacher_epochs,distil_epochs,seed,epoch,"
                        + "test_accuracy,loss,hard,soft,seconds\n"
                        + plain.identity()
                        + ",q7,as-written,,student-plain,,,,,,1,1,97.60000000000001,1.5,1.5,0.0,3.5\n"
                        + plain.identity()
                        + ",q7,as-written,,student-plain,,,,,,1,2,97.7,1.5,1.5,0.0,3.5\n",
                Files.readString(made.resolve("q7-as-written-quick-epochs.csv")));
    }

    @Test
    void theoryFromAStoreIsWhatRunsAloneCanSay() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9));
        store.append(Runs.student(16, .9, 1, 97.9));
        store.append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));
        store.append(
                Runs.run(Runs.varied(Runs.settings("q10", Role.STUDENT_PLAIN, null, null, 1), 49, null, null), 96));
        for (int epochs : new int[] {1, 2}) {
            store.append(Runs.run(
                    Runs.varied(Runs.settings("q10", Role.STUDENT, 4., .5, 1), 49, null, epochs), 96 + epochs));
        }
        String options = " --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        for (String question : List.of("q1", "q10", "q11", "q12")) {
            assertEquals(0, run("task1 " + question + options), err.toString());
            assertEquals(question.equals("q11"), out.toString().contains("Left out: it looks at models"));
        }
        Path made = folder.resolve("out/task1");
        assertTrue(Files.size(made.resolve("q1-d-alpha-as-written-T16-alpha0.9.png")) > 1000);
        assertTrue(Files.exists(made.resolve("q1-e-gap-as-written-T16-alpha0.9.md")));
        assertTrue(Files.readString(made.resolve("q10-capacity-as-written.md")).contains("| 2 | 97.90 | 98.00 |"));
        assertTrue(Files.readString(made.resolve("q12-worth-as-written.md")).contains("| 1 | 97.00 | -1.00 |"));
        assertFalse(Files.exists(made.resolve("runs.jsonl")), "nothing was trained");
    }

    @Test
    void anImageThatIsNotThereIsSaidBeforeAnythingIsTrained() throws IOException {
        Path data = TinyMnist.write(folder.resolve("data"), TinyMnist.idxFiles(300, 20));
        String options = " --device cpu --threads 2 --data-dir " + data + " --out " + folder;
        assertEquals(1, run("task1 q9 --index 3,20" + options));
        assertTrue(err.toString().contains("the test images have the indices 0 to 19, found 20"), err.toString());
        assertEquals(1, run("task1 q9 --split train --index 300" + options));
        assertTrue(err.toString().contains("the train images have the indices 0 to 299, found 300"), err.toString());
        assertFalse(Files.exists(folder.resolve("task1/runs.jsonl")));
    }

    @Test
    void anEmptyStoreSaysWhatItLacks() {
        assertEquals(1, run("task1 q6 --from " + folder + " --out " + folder));
        assertTrue(err.toString().contains("has no run of question 6 (as-written, 12 epochs)"), err.toString());
    }

    @Test
    void tablesOfOneStoreDoNotMixDataSetsAndPreferMnist() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(Runs.student(16, .9, 1, 97.9));
        store.append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));
        store.append(Runs.run(
                Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), "data", "other data"), 81.1));
        assertEquals(0, run("task1 q7 --from " + folder + " --out " + folder.resolve("out")), err.toString());
        assertTrue(out.toString().contains("97.70") && out.toString().contains("97.90"), out.toString());
        assertFalse(out.toString().contains("81.1") || out.toString().contains("NOT MNIST"), out.toString());
    }

    @Test
    void theCellThatValidationChoosesIsTestedFromAnotherStore() throws IOException {
        RunStore store = new RunStore(folder);
        String kept = Mnist.validationDigest(Mnist.DIGEST, 5000);
        store.append(Runs.run(Runs.with(Runs.settings("q5", Role.STUDENT, 1., .9, 1), "data", kept), 98.1));
        store.append(Runs.run(Runs.with(Runs.settings("q5", Role.STUDENT, 4., .9, 1), "data", kept), 97.1));
        store.append(Runs.student(1, .9, 1, 97.25));
        store.append(Runs.student(4, .9, 1, 98.25));
        assertEquals(
                0,
                run("task1 q5 --validation 5000 --from " + folder + " --out " + folder.resolve("out")),
                err.toString());
        String table = Files.readString(folder.resolve("out/task1/q5-validation5000-as-written-T1-4-alpha0.9.md"));
        assertTrue(table.contains("Chosen: T = 1, alpha = 0.9, 98.10 %"), table);
        assertTrue(table.contains("tested once for each seed: 97.25 %"), table);
        assertTrue(table.contains("T = 4, alpha = 0.9, 98.25 %, +1.00 points"), table);
        assertEquals(1, run("task1 q5 --validation 6000 --from " + folder + " --out " + folder));
        assertTrue(err.toString().contains("has no run of question 5"), err.toString());
    }

    @Test
    void tablesOfOtherDataHaveNamesOfTheirOwn() throws IOException {
        new RunStore(folder)
                .append(Runs.run(
                        Runs.with(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), "data", "0123456789"), 81.1));
        assertEquals(0, run("task1 q7 --from " + folder + " --out " + folder), err.toString());
        assertTrue(out.toString().contains("NOT MNIST"), out.toString());
        assertTrue(Files.exists(folder.resolve("task1/q7-as-written-data01234567.md")));
    }

    @Test
    void oneAlphaOfTableOneDoesNotOverwriteAllOfThem() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9));
        for (double temperature : Published.TEMPERATURES) {
            for (double alpha : Published.ALPHAS) {
                store.append(Runs.student(temperature, alpha, 1, 97.5));
            }
        }
        assertEquals(0, run("task1 q5 --alphas .5 --from " + folder + " --out " + folder), err.toString());
        assertTrue(Files.exists(folder.resolve("task1/q5-table1-as-written-alpha0.5.md")));
        assertFalse(Files.exists(folder.resolve("task1/q5-table1-as-written.md")));
    }

    @Test
    void aPartOfATableDoesNotOverwriteTheWhole() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9));
        store.append(Runs.student(16, .9, 1, 97.9));
        assertEquals(0, run("task1 q5 --from " + folder + " --out " + folder), err.toString());
        assertTrue(Files.exists(folder.resolve("task1/q5-table1-as-written-T16-alpha0.9.md")));
        assertFalse(Files.exists(folder.resolve("task1/q5-table1-as-written.md")));
        assertTrue(Files.exists(folder.resolve("task1/q5-teacher-as-written.md")));
    }

    @Test
    void anOutThatIsAFileIsSaidBeforeAnythingIsTrained() throws IOException {
        Path file = Files.writeString(folder.resolve("a-file"), "");
        assertEquals(1, run("task1 q5 --device cpu --threads 2 --out " + file));
        assertTrue(err.toString().contains("a-file"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void aRunThatIsNotStoredCannotBeRepeated() {
        assertEquals(1, run("rerun 0123 --out " + folder));
        assertTrue(err.toString().contains("has no run whose identity begins with 0123"), err.toString());
    }

    @Test
    void aGpuWhereThereIsNoneIsAnErrorAndNotTheCpu() {
        org.junit.jupiter.api.Assumptions.assumeFalse(distill.nn.Device.auto(2).gpu(), "there is a CUDA device here");
        for (String question : List.of("q3", "q4", "q5")) {
            assertEquals(1, run("task1 " + question + " --device gpu"), question);
            assertTrue(err.toString().contains("no CUDA device"), err.toString());
        }
    }

    @Test
    void aQuestionsOwnMainRunsIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "distill.task1.Question2",
                        "--variant",
                        "as-described")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), printed);
        assertTrue(printed.contains("Question 2") && printed.contains("1,238,730"), printed);
    }
}
