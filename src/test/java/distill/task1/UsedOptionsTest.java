package distill.task1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.command.Question;
import distill.command.StudentOptions;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.run.Role;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What questions say of the options of their task is held against what they train and print. */
class UsedOptionsTest {

    /** Each option that varies trainings, as it is given. */
    private static final Map<String, List<String>> VARIED = Map.ofEntries(
            Map.entry("--variant", List.of("--variant", "as-described")),
            Map.entry("--without", List.of("--without", "double-softmax")),
            Map.entry("--adam", List.of("--adam", "keras3")),
            Map.entry("--learning-rate", List.of("--learning-rate", ".01")),
            Map.entry("--batch-size", List.of("--batch-size", "64")),
            Map.entry("--optimizer", List.of("--optimizer", "sgd")),
            Map.entry("--momentum", List.of("--optimizer", "sgd", "--momentum", ".9")),
            Map.entry("--width", List.of("--width", "100")),
            Map.entry("--early-stopping", List.of("--early-stopping", "3")),
            Map.entry("--monitor", List.of("--early-stopping", "3", "--monitor", "val_accuracy")),
            Map.entry("--min-delta", List.of("--early-stopping", "3", "--min-delta", ".01")),
            Map.entry("--restore-best-weights", List.of("--early-stopping", "3", "--restore-best-weights")),
            Map.entry("--validation-images", List.of("--early-stopping", "3", "--validation-images", "100")),
            Map.entry("--loss", List.of("--loss", "dkd")),
            Map.entry("--temperatures", List.of("--temperatures", "3")),
            Map.entry("--alphas", List.of("--alphas", ".2")),
            Map.entry("--epochs", List.of("--epochs", "3")),
            Map.entry("--quick", List.of("--quick")));

    private static final List<String> OF_TRAINING_ALONE =
            List.of("--seed", "--seeds", "--data-dir", "--jobs", "--shard", "--fresh", "--tensorboard", "--from");

    /** Questions that show the networks, which are built for the images. */
    private static final Set<String> OF_NETWORKS = Set.of("q2", "q8");

    /** What question 7 asks for with these is not trained: students of question 5 that are stored already. */
    private static final Set<String> LOOKED_UP_BY_Q7 = Set.of("--temperatures", "--alphas", "--teacher");

    private static final String TEACHER = "ab".repeat(32);
    private static final String STUDENT = "cd".repeat(32);

    @TempDir
    private Path folder;

    @BeforeEach
    void aStoreWithAGivenTeacher() throws IOException {
        Settings student = Runs.settings("q5", Role.STUDENT, 16., .9, 1);
        new RunStore(folder).append(Runs.run(Runs.with(student, "teacher", TEACHER), 97));
        new RunStore(folder).append(Runs.run(Runs.with(student, "architecture", STUDENT), 97));
        Settings kept = Runs.with(Runs.with(student, "architecture", STUDENT), "startingWeights", TEACHER);
        new RunStore(folder).append(Runs.run(kept, 97));
    }

    static Stream<String> questions() {
        return Question.of(new CommandLine(new Task1())).stream().map(Question::name);
    }

    private static Question<Task1Experiment, MnistPlan> question(CommandLine task, String name) {
        return Question.<Task1Experiment, MnistPlan>of(task).stream()
                .filter(question -> question.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What a question would train for a seed, with options that its command need not have. */
    private static List<Settings> trained(String name, long seed, List<String> options) throws IOException {
        Task1 task = new Task1();
        CommandLine line = new CommandLine(task).setOut(new PrintWriter(Writer.nullWriter()));
        List<String> words = new ArrayList<>(options);
        words.add(name);
        line.parseArgs(words.toArray(String[]::new));
        try (Task1Experiment experiment = task.experiment()) {
            if (experiment.trainsNothing()) {
                experiment.announce();
            }
            return question(line, name).trainings(experiment, experiment.planned(), seed).stream()
                    .map(Training::settings)
                    .toList();
        }
    }

    private static boolean uses(String name, String option) {
        return question(new CommandLine(new Task1()), name).uses(option, true);
    }

    @ParameterizedTest
    @MethodSource("questions")
    void whatAQuestionTrainsChangesWithTheOptionsThatItUsesAndWithNoOthers(String name) throws IOException {
        List<Settings> usual = trained(name, 1, List.of());
        if (usual.isEmpty()) {
            OF_TRAINING_ALONE.forEach(option -> assertEquals(
                    OF_NETWORKS.contains(name) && option.equals("--data-dir"), uses(name, option), option));
            Stream.of(
                            "--loss",
                            "--temperatures",
                            "--alphas",
                            "--epochs",
                            "--quick",
                            "--teacher",
                            "--learning-rate",
                            "--batch-size")
                    .forEach(option -> assertFalse(uses(name, option), option));
            Stream.of("--optimizer", "--momentum", "--width", "--config", "--student", "--student-weights")
                    .forEach(option -> assertFalse(uses(name, option), option));
            return;
        }
        OF_TRAINING_ALONE.forEach(option -> assertTrue(uses(name, option), option));
        assertNotEquals(usual, trained(name, 2, List.of()), "another seed");
        for (Map.Entry<String, List<String>> varied : VARIED.entrySet()) {
            String option = varied.getKey();
            if (Task1.OF_EARLY_STOPPING.contains(option)
                    && !Set.of("q5", "q6", "q7").contains(name)) {
                assertFalse(uses(name, option), "its teachers are looked at after each epoch, or are other questions'");
                continue;
            }
            boolean changes = !trained(name, 1, varied.getValue()).equals(usual)
                    || option.equals("--loss")
                            && !trained(name, 1, List.of("--loss", "label-smoothing"))
                                    .equals(usual);
            boolean looksUp = name.equals("q7") && LOOKED_UP_BY_Q7.contains(option);
            assertEquals(changes || looksUp, uses(name, option), option);
        }
        assertEquals(
                trained(name, 1, List.of("--loss", "hints")).equals(usual),
                trained(name, 1, List.of("--loss", "hints", "--loss-layers", "dense=dense"))
                        .equals(usual),
                "layers are of students with distillation");
        assertEquals(uses(name, "--loss"), uses(name, "--loss-layers"));
        List<Settings> taught = trained(
                name, 1, List.of("--from", folder.toString(), "--teacher", "abababab", "--alphas", ".1,.3,.5,.7,.9"));
        List<String> own = List.of("--from", folder.toString(), "--student", "cdcdcdcd", "--alphas", ".1,.3,.5,.7,.9");
        List<String> kept = Stream.concat(own.stream(), Stream.of("--student-weights", "keep"))
                .toList();
        boolean ofOwnStudent = Set.of("q5", "q6", "q7", "q9").contains(name);
        StudentOptions.NAMES.forEach(option -> assertEquals(ofOwnStudent, uses(name, option), option));
        if (ofOwnStudent) {
            assertEquals(
                    Arrays.asList(null, TEACHER),
                    Stream.of(trained(name, 1, own), trained(name, 1, kept))
                            .map(settings -> settings.get(settings.size() - 1))
                            .filter(settings -> settings.architecture().equals(STUDENT))
                            .map(Settings::startingWeights)
                            .toList());
        }
        // Where a given teacher is of no use nothing is left to train.
        boolean changes = !taught.isEmpty() && !taught.equals(usual);
        assertEquals(changes || name.equals("q7"), uses(name, "--teacher"), "--teacher");
    }

    @ParameterizedTest
    @CsvSource({
        "q2, --variant as-described",
        "q2, --without double-softmax",
        "q3, --variant as-described",
        "q3, --without unnormalised-targets",
        "q4, --adam keras3",
        "q8, --variant as-described",
        "q8, --without double-softmax",
        "q7, --temperatures 16",
        "q7, --alphas .9"
    })
    void whatAQuestionPrintsChangesWithTheOptionsThatItUsesThoughItTrainsNothing(String name, String option)
            throws IOException {
        RunStore store = new RunStore(folder);
        store.append(Runs.run(Runs.settings("q7", Role.STUDENT_PLAIN, null, null, 1), 97.7));
        store.append(Runs.student(16, .9, 1, 97.9));
        store.append(Runs.student(4, .5, 1, 98.1));
        String options = name.equals("q7")
                ? " --from " + folder + " --out " + folder
                : name.equals("q8") ? " --out " + folder : "";
        assertNotEquals(printed("task1 " + name + options), printed("task1 " + name + options + " " + option));
    }

    private static String printed(String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(
                0,
                Program.run(List.of(Task1.class), new PrintWriter(out), new PrintWriter(err), line.split(" ")),
                err.toString());
        return out.toString();
    }

    @Test
    void everyOptionOfTheTaskIsUsedByOneOfItsQuestions() {
        CommandLine program = Program.of(List.of(Task1.class));
        CommandLine task = program.getSubcommands().get("task1");
        List<Question<Task1Experiment, MnistPlan>> questions = Question.of(task);
        task.getCommandSpec().optionsMap().keySet().stream()
                .filter(option -> !program.getCommandSpec().optionsMap().containsKey(option))
                .forEach(option -> {
                    assertTrue(questions.stream().anyMatch(one -> one.uses(option, true)), option);
                    questions.forEach(one -> assertEquals(
                            one.uses(option, true),
                            task.getSubcommands()
                                    .get(one.name())
                                    .getCommandSpec()
                                    .optionsMap()
                                    .containsKey(option),
                            one.name() + " " + option));
                });
    }
}
