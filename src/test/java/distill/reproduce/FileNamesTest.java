package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Planned;
import distill.command.Program;
import distill.run.EpochResult;
import distill.run.Evaluation;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tasks' tables and figures are called where nothing out of the ordinary is asked for. */
class FileNamesTest {

    private static final int LONGEST = 60;

    @TempDir
    private Path folder;

    /**
     * Made-up runs of all that a command line trains stand in the store. Names of quick runs are longer than those of
     * others, and so are names on one's own images, which have their digest.
     */
    @ParameterizedTest
    @CsvSource({
        "task1 --variant as-described, MNIST, 20",
        "task1 --quick, synthetic, 15",
        "task2 q2 --quick --part teacher&sweep&scratch&eskd, synthetic, 20",
        "task2 q2 --quick --part teacher&sweep&scratch&eskd, own, 20",
        "task2 q2 --quick --variant as-described --part teacher&sweep&scratch&eskd, own, 18",
        "task2 q3 --variant as-described, own, 3"
    })
    void noNameOfADefaultRunIsLongerThanSixtyCharacters(String command, String images, int files) throws IOException {
        String line = command.replace('&', ',');
        RunStore store = new RunStore(folder.resolve("from"));
        List<Settings> trainings = Planned.of(Program.of(Reproduce.COMMANDS).parseArgs(line.split(" "))).stream()
                .flatMap(training -> training.withWhatItRestsOn().stream())
                .map(training -> training.settings())
                .distinct()
                .toList();
        Map<String, String> identities = new HashMap<>();
        for (Settings settings : trainings) {
            Settings asked = asked(settings, identities);
            identities.put(settings.identity(), asked.identity());
            store.append(run(asked, images));
        }
        StringWriter err = new StringWriter();
        String[] words = (line + " --from " + store.folder() + " --out " + folder.resolve("out")).split(" ");
        int code = Program.run(Reproduce.COMMANDS, new PrintWriter(new StringWriter()), new PrintWriter(err), words);
        assertEquals(0, code, err.toString());
        try (Stream<Path> made = Files.walk(folder.resolve("out"))) {
            List<String> names = made.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
            assertTrue(names.size() >= files, names.toString());
            assertEquals(
                    List.of(),
                    names.stream().filter(name -> name.length() > LONGEST).toList());
        }
    }

    /**
     * The settings with a digest of images. A quick cut of Task 2 is documented from random weights.
     *
     * @param identities of those that a training rests on, by what the plan has in their place
     */
    private static Settings asked(Settings planned, Map<String, String> identities) {
        Settings settings = planned;
        if (settings.isTransfer()) {
            settings = Runs.with(settings, "data", "a".repeat(64));
        }
        if (settings.quick() && settings.pretrained()) {
            settings = Runs.with(settings, "startingWeights", Settings.RANDOM);
        }
        if (settings.carried()) {
            settings = Runs.with(settings, "startingWeights", identities.get(settings.startingWeights()));
        }
        return settings.teacher() == null
                ? settings
                : Runs.with(settings, "teacher", identities.get(settings.teacher()));
    }

    private static Run run(Settings settings, String images) {
        int classes = settings.isTransfer() ? 2 : 10;
        List<List<Integer>> confusion = IntStream.range(0, classes)
                .mapToObj(t -> IntStream.range(0, classes)
                        .mapToObj(p -> t == p ? 97 : 3)
                        .toList())
                .toList();
        List<EpochResult> history = new ArrayList<>();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            history.add(new EpochResult(
                    epoch, 97, 1. / epoch, 1. / epoch, 0, 1, "initial", confusion, .9, 97., null, null));
        }
        Evaluation.Measures measures = new Evaluation.Measures(confusion, .9);
        return new Run(
                settings.identity(),
                settings,
                97,
                98,
                null,
                history,
                "ab".repeat(32),
                new Provenance(
                        "c0ffee",
                        images.equals("own") ? "a set in MHIST's layout, A and B" : "MNIST",
                        images.equals("synthetic"),
                        "2.18.0",
                        "1.1.0",
                        "a JVM",
                        "an OS",
                        "a CPU",
                        "2026-01-01T00:00:00Z",
                        null),
                new Evaluation(
                        IntStream.range(0, classes).mapToObj(String::valueOf).toList(),
                        confusion,
                        .9,
                        List.of(List.of(0, 0), List.of(3, 97), List.of(100, 100)),
                        measures,
                        measures));
    }
}
