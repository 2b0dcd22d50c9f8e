package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import distill.run.Steps;
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

/**
 * {@code --learning-rate}, {@code --batch-size}, {@code --optimizer}, {@code --width} and {@code --config}, from the
 * command line to the files.
 */
class OwnStepsTest {

    private static final Settings PLAIN = Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1);

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

    private Set<String> tables(String out) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(out).resolve("task1"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    .collect(Collectors.toSet());
        }
    }

    /** A teacher and a student on 300 drawn digits, by a file; then each is told, shown and trained again. */
    @Test
    void aFileOfOptionsTrainsAndIsKeptAndItsRunsAreToldShownAndRepeated() throws Exception {
        TinyMnist.write(
                folder.resolve("digits"),
                TinyMnist.idxFiles(
                        Mnist.generate(300, 20).train(), Mnist.generate(300, 20).test()));
        String text =
                """
                # An experiment.
                temperatures: [4]
                alphas: .5
                epochs: 1
                learning-rate: .01
                batch-size: 50
                optimizer: sgd
                momentum: .9
                width: 20
                data-dir: digits
                out: elsewhere
                """;
        Files.writeString(folder.resolve("experiment.yaml"), text);
        String first = Launched.reproduce(folder, "task1 q5 --config experiment.yaml --out out --device cpu");
        List<Run> runs = new RunStore(folder.resolve("out")).runs("task1");
        assertFalse(Files.exists(folder.resolve("elsewhere")), "the command line's store is taken");
        assertEquals(2, runs.size());
        for (Run run : runs) {
            assertEquals(new Steps(50, .01, .9), Steps.of(run.settings()));
            assertEquals(null, run.settings().computation().adam());
        }
        assertEquals(null, runs.get(0).settings().width(), "the teacher has no width");
        assertEquals(20, runs.get(1).settings().width());
        assertEquals(runs.get(0).identity(), runs.get(1).settings().teacher());
        assertEquals(
                "task1-as-written-q5-student-width20-rate0.01-batch50-sgd0.9-T4-alpha0.5-seed1",
                runs.get(1).settings().label());

        String digest = runs.get(1).provenance().config();
        Path kept = folder.resolve("out/task1/config-" + digest.substring(0, 8) + ".yaml");
        assertEquals(text, Files.readString(kept));
        assertTrue(first.contains("Options: experiment.yaml, kept as out/task1/" + kept.getFileName()), first);
        String table = tables("out").stream()
                .filter(name -> name.startsWith("q5-table1"))
                .findFirst()
                .orElseThrow();
        assertTrue(table.contains("-epochs1-rate0.01-batch50-sgd0.9-width20-T4-alpha0.5"), table);
        assertTrue(
                Files.readString(folder.resolve("out/task1").resolve(table))
                        .contains("LEARNING RATE 0.01, BATCH SIZE 50, SGD WITH MOMENTUM 0.9, 1 EPOCH, WIDTH 20"),
                Files.readString(folder.resolve("out/task1").resolve(table)));

        String again = Launched.reproduce(folder, "rerun " + runs.get(1).identity() + " --out out --data-dir digits");
        assertTrue(again.contains("the weights are the same, bit for bit"), again);
        assertTrue(again.contains("Its options came from a file with the SHA-256 " + digest + ", kept as "), again);
    }

    /** 97.5 with the report's steps, and others with one thing otherwise. */
    private void aStoreOfManySteps() throws IOException {
        RunStore store = new RunStore(folder.resolve("from"));
        store.append(Runs.run(PLAIN, 97.5));
        store.append(Runs.run(Runs.with(PLAIN, "learningRate", .01), 91.25));
        store.append(Runs.run(Runs.with(PLAIN, "learningRate", .1), 92.25));
        store.append(Runs.run(Runs.with(PLAIN, "batchSize", 64), 93.25));
        store.append(Runs.run(Runs.with(PLAIN, "momentum", .9), 94.25));
        store.append(Runs.run(Runs.with(PLAIN, "width", 100), 95.25));
    }

    @Test
    void fromAStoreOnlyRunsWithTheStepsThatWereNamedAreTakenAndNoTwoShareAFile() throws IOException {
        aStoreOfManySteps();
        String line = "task1 q7 --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        String whole = answer(line);
        assertTrue(whole.contains("97.50") && whole.contains("97.20"), whole);
        assertFalse(whole.contains("not compared"), whole);
        List<List<String>> others = List.of(
                List.of(" --learning-rate .01", "91.25", "LEARNING RATE 0.01"),
                List.of(" --learning-rate .1", "92.25", "LEARNING RATE 0.1"),
                List.of(" --batch-size 64", "93.25", "BATCH SIZE 64"),
                List.of(" --optimizer sgd --momentum .9", "94.25", "SGD WITH MOMENTUM 0.9"),
                List.of(" --width 100", "95.25", "WIDTH 100"));
        for (List<String> other : others) {
            String answer = answer(line + other.get(0));
            assertTrue(answer.contains(other.get(1)), answer);
            assertTrue(answer.contains(other.get(2) + "]"), answer);
            assertTrue(answer.contains("not compared with the report"), answer);
            assertFalse(answer.contains("97.50") || answer.contains("97.20"), answer);
        }
        assertEquals(
                Set.of(
                        "q7-as-written.md",
                        "q7-as-written-rate0.01.md",
                        "q7-as-written-rate0.1.md",
                        "q7-as-written-batch64.md",
                        "q7-as-written-sgd0.9.md",
                        "q7-as-written-width100.md"),
                tables("out"));
        assertEquals(whole, answer(line + " --learning-rate .001 --batch-size 256 --width 784"), "the report's own");
    }

    @Test
    void listCompareVerdictsAndRunsTakeNoRunOfOtherStepsForTheReports() throws IOException {
        aStoreOfManySteps();
        Path whole = folder.resolve("whole");
        new RunStore(whole).append(Runs.run(PLAIN, 97.5));
        assertEquals(listed(whole), listed(folder.resolve("from")));
        String compared = answer("compare " + folder.resolve("from") + " report --out " + folder.resolve("out"));
        assertTrue(compared.contains("97.50"), compared);
        String verdicts = answer("verdicts --from " + folder.resolve("from") + " --out " + folder.resolve("out"));
        String runs = answer("runs --from " + folder.resolve("from"));
        for (String other : List.of("91.25", "92.25", "93.25", "94.25", "95.25")) {
            assertFalse(compared.contains(other), compared);
            assertFalse(verdicts.contains(other), verdicts);
            assertTrue(runs.contains(other), runs);
        }
        assertTrue(runs.contains("SGD WITH MOMENTUM 0.9"), runs);
        answer("page --from " + folder.resolve("from") + " --out " + folder.resolve("out"));
        String page = Files.readString(folder.resolve("out/report-from.html"));
        assertTrue(page.contains("LEARNING RATE 0.01"), "it stands among all runs of the store");
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
    void aBatchOfMoreImagesThanThereAreIsRefusedAndSoAreAsManyToKeepBack() throws Exception {
        TinyMnist.write(
                folder.resolve("digits"),
                TinyMnist.idxFiles(
                        Mnist.generate(300, 20).train(), Mnist.generate(300, 20).test()));
        String line =
                "task1 q7 --device cpu --data-dir " + folder.resolve("digits") + " --out " + folder.resolve("out");
        assertEquals(1, run(line + " --batch-size 301"));
        String batch =
                "error: --batch-size takes a number from 1 to 300, for there are no more training images; found 301";
        assertEquals(batch, err.toString().strip());
        assertEquals(1, run(line + " --early-stopping 1 --validation-images 300"));
        String kept =
                "error: --validation-images takes a number from 1 to 299, for there are 300 training images; found 300";
        assertEquals(kept, err.toString().strip());
        assertFalse(Files.exists(folder.resolve("out/task1/runs.jsonl")));
    }

    @Test
    void aTrainingThatStopsEarlySaysSoAndIsMarked() throws Exception {
        TinyMnist.write(
                folder.resolve("digits"),
                TinyMnist.idxFiles(
                        Mnist.generate(400, 20).train(), Mnist.generate(400, 20).test()));
        String line = "task1 q7 --data-dir digits --device cpu --early-stopping 1 --monitor val_accuracy";
        String printed = Launched.reproduce(
                folder, line + " --jobs 1 --min-delta .999 --validation-images 100 --restore-best-weights");
        assertTrue(printed.contains("stopped early after epoch 2"), printed);
        assertTrue(printed.contains("its weights are those after epoch 1"), printed);
        Run run = new RunStore(folder.resolve("runs")).runs("task1").get(0);
        assertEquals(2, run.history().size());
        assertEquals(run.history().get(0).testAccuracy(), run.testAccuracy());
        assertEquals(300, run.settings().trainImages());
        String name =
                "q7-as-written-data" + run.settings().data().substring(0, 8) + "-patience1-accuracy-delta0.999-best";
        String table = Files.readString(folder.resolve("runs/task1/" + name + "-of100.md"));
        assertTrue(table.contains("EARLY STOPPING WITH PATIENCE 1"), table);
    }

    private String refused(String line, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        assertEquals(2, run(line + " --config " + file), out + "\n" + err);
        String said = err.toString().replace(file.toString(), "FILE").strip();
        assertFalse(said.contains("\n"), said);
        return said;
    }

    @Test
    void whatAFileCannotSayIsRefusedWithItsLine() throws IOException {
        String q5 = "task1 q5 --from " + Files.createDirectories(folder.resolve("from"));
        List<List<String>> cases = List.of(
                List.of("epochs: 3\n\nepoch: 4\n", "FILE, line 3: there is no option --epoch: did you mean --epochs"),
                List.of("epochs: 3\nseed: 1\nepochs: 4\n", "FILE, line 3: epochs stands there twice, first on line 1"),
                List.of("seed: 1\nepochs: twelve\n", "FILE, line 2: Invalid value for option '--epochs'"),
                List.of("epochs: 1.5\n", "FILE, line 1: Invalid value for option '--epochs': '1.5' is not a whole"),
                List.of("epochs: [1, 2]\n", "FILE, line 1: epochs takes one value, found [1, 2]"),
                List.of("epochs: 0\n", "FILE, line 1: --epochs takes a number from 1, found 0"),
                List.of("epochs:\n", "FILE, line 1: epochs has no value"),
                List.of("alphas: []\n", "FILE, line 1: alphas has no value"),
                List.of("epochs: {a: 1}\n", "FILE, line 1: epochs takes a value, or a list of values"),
                List.of("quick: maybe\n", "FILE, line 1: quick takes true or false, found [maybe]"),
                List.of("config: other.yaml\n", "FILE, line 1: config is of the command line alone"),
                List.of("help: true\n", "FILE, line 1: help is of the command line alone"),
                List.of("- epochs\n", "FILE, line 1: names of options with their values are expected"),
                List.of("epochs\n", "FILE, line 1: names of options with their values are expected"),
                List.of("", "FILE, line 1: names of options with their values are expected"),
                List.of("epochs: 3\n  seed: 1\n", "FILE, line 2: it is no YAML"));
        for (List<String> one : cases) {
            String said = refused(q5, "file.yaml", one.get(0));
            assertTrue(said.startsWith("error: " + one.get(1)), said + "\nfor\n" + one.get(0));
        }
        assertTrue(
                refused("task1 q10", "file.yaml", "temperatures: 3\n")
                        .startsWith("error: FILE, line 1: task1 q10 does not use --temperatures"),
                err.toString());
        assertTrue(
                refused(q5, "file.json", "{\"epochs\": 3,\n \"seed\" 1}")
                        .startsWith("error: FILE, line 2: it is no JSON"),
                err.toString());
        assertTrue(
                refused(q5, "file.json", "{\"epochs\": 3,\n \"epochs\": 4}")
                        .contains("line 2: epochs stands there twice"),
                err.toString());
    }

    @Test
    void aFileSaysWhatTheCommandLineSaysAndGivesWayToIt() throws IOException {
        aStoreOfManySteps();
        String line = "task1 q7 --from " + folder.resolve("from") + " --out " + folder.resolve("out");
        Path yaml = folder.resolve("file.yaml");
        Files.writeString(yaml, "learning-rate: 1e-2\nquiet: false\nvariant: as-written\n");
        Path json = folder.resolve("file.json");
        Files.writeString(json, "{\"learning-rate\": 0.01, \"quiet\": false}");
        String expected = answer(line + " --learning-rate .01");
        assertEquals(expected, answer(line + " --config " + yaml));
        assertEquals(expected, answer("task1 --config " + json + " q7" + line.substring("task1 q7".length())));
        assertTrue(answer(line + " --config " + yaml + " --learning-rate .1").contains("92.25"), out.toString());
        Files.writeString(yaml, "learning-rate: .01\nquiet: true\n");
        assertEquals(answer(line + " --learning-rate .01 --quiet"), answer(line + " --config " + yaml));
    }
}
