package distill.task2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.command.Question;
import distill.command.StudentOptions;
import distill.experiment.MhistPlan;
import distill.experiment.Training;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What questions and parts say of the options of their task is held against what they train. */
class UsedOptionsTest {

    /** Each option that varies trainings and says nothing of images and weights, which are not looked at here. */
    private static final Map<String, List<String>> VARIED = Map.ofEntries(
            Map.entry("--variant", List.of("--variant", "as-described")),
            Map.entry("--without", List.of("--without", "no-freezing")),
            Map.entry("--adam", List.of("--adam", "keras3")),
            Map.entry("--learning-rate", List.of("--learning-rate", ".01")),
            Map.entry("--batch-size", List.of("--batch-size", "64")),
            Map.entry("--optimizer", List.of("--optimizer", "sgd")),
            Map.entry("--momentum", List.of("--optimizer", "sgd", "--momentum", ".9")),
            Map.entry("--loss", List.of("--loss", "dkd")),
            Map.entry("--temperatures", List.of("--temperatures", "3")),
            Map.entry("--epochs-initial", List.of("--epochs-initial", "3")),
            Map.entry("--epochs-fine", List.of("--epochs-fine", "3")),
            Map.entry("--image-size", List.of("--image-size", "96")),
            Map.entry("--no-augmentation", List.of("--no-augmentation")),
            Map.entry("--teacher", List.of("--teacher", "cnn")),
            Map.entry("--quick", List.of("--quick")));

    private static final List<String> OF_TRAINING_ALONE = List.of(
            "--seeds", "--weights", "--teacher-weights", "--jobs", "--shard", "--fresh", "--tensorboard", "--from");

    static Stream<String> questions() {
        return Stream.concat(
                Stream.of("q1", "q3"),
                Arrays.stream(Part.values()).filter(part -> part != Part.all).map(part -> "q2 --part " + part));
    }

    private static Question<Task2Experiment, MhistPlan> question(CommandLine task, String words) {
        return Question.<Task2Experiment, MhistPlan>of(task).stream()
                .filter(question -> question.name().equals(words))
                .findFirst()
                .orElseThrow();
    }

    /** What a question would train for a seed, with options that its command need not have. */
    private static List<Settings> trained(String words, long seed, List<String> options) {
        Task2 task = new Task2();
        CommandLine line = parsed(task, words, options);
        try (Task2Experiment experiment = task.experiment()) {
            return question(line, words).trainings(experiment, experiment.planned(), seed).stream()
                    .map(Training::settings)
                    .toList();
        }
    }

    private static CommandLine parsed(Task2 task, String words, List<String> options) {
        CommandLine line = new CommandLine(task);
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(words.split(" ")));
        line.parseArgs(all.toArray(String[]::new));
        return line;
    }

    private static boolean uses(String words, String option) {
        return question(parsed(new Task2(), words, List.of()), words).uses(option, true);
    }

    @ParameterizedTest
    @MethodSource("questions")
    void whatAQuestionTrainsChangesWithTheOptionsThatItUsesAndWithNoOthers(String words) {
        List<Settings> usual = trained(words, 1, List.of());
        if (usual.isEmpty()) {
            boolean looksAtData = words.endsWith(" data");
            OF_TRAINING_ALONE.forEach(
                    option -> assertEquals(looksAtData && option.equals("--weights"), uses(words, option), option));
            Stream.of(
                            "--adam",
                            "--loss",
                            "--temperatures",
                            "--epochs-initial",
                            "--epochs-fine",
                            "--no-augmentation",
                            "--teacher")
                    .forEach(option -> assertFalse(uses(words, option), option));
            return;
        }
        OF_TRAINING_ALONE.forEach(option -> assertTrue(uses(words, option), option));
        assertNotEquals(usual, trained(words, 2, List.of()), "another seed");
        for (Map.Entry<String, List<String>> varied : VARIED.entrySet()) {
            String option = varied.getKey();
            boolean trainsTeachers = Part.TRAINING_TEACHERS.stream().anyMatch(part -> words.endsWith(" " + part));
            if (option.equals("--teacher") && trainsTeachers) {
                assertFalse(uses(words, option), "a part that trains teachers has no use for a given one");
                continue;
            }
            boolean changes = !trained(words, 1, varied.getValue()).equals(usual)
                    || option.equals("--loss")
                            && !trained(words, 1, List.of("--loss", "label-smoothing"))
                                    .equals(usual);
            assertEquals(changes, uses(words, option), option);
        }
        assertEquals(uses(words, "--loss"), uses(words, "--loss-layers"));
        boolean trainsStudents = !words.endsWith(" teacher") && !words.endsWith(" collapse");
        StudentOptions.NAMES.forEach(option -> assertEquals(trainsStudents, uses(words, option), option));
        assertTrue(uses(words, "--teacher-model"), "its weights are looked for, whether it teaches or not");
    }

    @Test
    void anotherNetworkTeachesWhereTheReportsTeacherDoes() {
        List<String> option = List.of("--teacher-model", "mobilenetv2");
        for (String words : List.of("q3", "q2 --part teacher", "q2 --part sweep", "q2 --part eskd")) {
            assertNotEquals(trained(words, 1, List.of()), trained(words, 1, option), words);
        }
    }

    @Test
    void everyOptionOfTheTaskIsUsedByOneOfItsQuestions() {
        CommandLine program = Program.of(List.of(Task2.class));
        CommandLine task = program.getSubcommands().get("task2");
        List<Question<Task2Experiment, MhistPlan>> questions = Question.of(task);
        task.getCommandSpec().optionsMap().keySet().stream()
                .filter(option -> !program.getCommandSpec().optionsMap().containsKey(option))
                .forEach(option -> assertTrue(questions.stream().anyMatch(one -> one.uses(option, true)), option));
    }
}
