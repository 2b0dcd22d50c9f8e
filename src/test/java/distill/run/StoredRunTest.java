package distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredRunTest {

    private static final String LINE = Json.write(Runs.student(4, .5, 1, 97.5));

    @TempDir
    private Path folder;

    @Test
    void aRunThatWasWrittenHasNoProblem() {
        assertNull(StoredRun.of(LINE).problem());
        assertEquals(Runs.student(4, .5, 1, 97.5), StoredRun.of(LINE).run());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            "threads":2 | "threads":-1 | threads is -1
            "batch_size":256 | "batch_size":0 | batch_size is 0
            "epochs":12 | "epochs":0 | epochs is 0
            "learning_rate":0.001 | "learning_rate":NaN | learning_rate is NaN
            "learning_rate":0.001 | "learning_rate":"fast" | learning_rate is fast, which this version does not know
            "temperature":4.0 | "temperature":0.0 | temperature is 0.0
            "alpha":0.5 | "alpha":1.5 | alpha is 1.5
            "alpha":0.5, | `` | alpha is null
            "temperature":4.0, | `` | temperature is null
            "model":"student" | "model":"teacher" | alpha is 0.5
            "seed":1 | "seed":2 | its settings are not those of its identity: it was changed, or a later version wrote it
            "train_images":60000 | "train_images":-3 | train_images is -3
            "task":"task1" | "task":"task3" | task is task3
            "task":"task1" | "task":"task2" | network is null
            "variant":"as-written" | "variant":"as-imagined" | variant is as-imagined, which this version does not know
            "dtype":"float32" | "dtype":"float8" | dtype is float8
            "test_accuracy":97.5,"train | "test_accuracy":NaN,"train | test_accuracy is NaN
            "train_accuracy":98.5 | "train_accuracy":101.0 | train_accuracy is 101.0
            "train_accuracy":98.5 | "train_accuracy":98.5,"teacher_agreement":-1.0 | teacher_agreement is -1.0
            {"epoch":3, | {"epoch":2, | history is without epoch 3 in its place
            "epochs":12 | "epochs":13 | history is 12 epochs where 13 were trained
            "history":[ | "history":[null, | history is 13 epochs where 12 were trained
            "commit":"c0ffee", | `` | provenance.commit is null
            "weights_digest": | "digest_of_weights": | it has no weights_digest
            "question":"q5" | "question":"q5\\u001b[2J" | it has a text with control characters
            "question":"q5" | "question":"q5","input_shape":[28,28] | input_shape is [28, 28]
            "question":"q5" | "question":"q5","class_count":1 | class_count is 1
            "question":"q5" | "question":"q5","architecture":"abc" | architecture is abc
            "question":"q5" | "question":"q5","starting_weights":"none" | starting_weights is none
            "question":"q5" | "question":[] | question holds something else than this version writes there
            }} | } | it is no whole JSON object (a crash may have torn it)
            """)
    void whatARunCannotHaveIsToldByTheFieldsName(String part, String other, String problem) {
        String line = LINE.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(other));
        assertNotEquals(LINE, line);
        assertEquals(new StoredRun(null, problem), StoredRun.of(line));
    }

    @Test
    void aRunWithoutASlipThatThisVersionDoesNotKnowIsNotRead() {
        String line = LINE.replace("\"variant\":\"as-written\"", "\"variant\":\"as-written\",\"without\":\"no-sleep\"");
        String problem = StoredRun.of(line).problem();
        assertEquals(true, problem != null && problem.contains("no-sleep"), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            [[8,2],[1,9]] | [[8,2],[1]] | confusion is not as many rows of counts as columns
            [[8,2],[1,9]] | [[8,2]] | confusion is not as many rows of counts as columns
            [[8,2],[1,9]] | [[8,2],[1,-9]] | confusion is not as many rows of counts as columns
            [[8,2],[1,9]] | [[8,2],null] | confusion is not as many rows of counts as columns
            "roc_auc":0.75 | "roc_auc":7.5 | roc_auc is 7.5
            ["HP","SSA"] | ["HP"] | classes is [HP]
            ["HP","SSA"] | ["HP",null] | classes is [HP, null]
            [[0,0],[2,9]] | [[0,0],[2]] | roc_curve is not a list of pairs of counts
            """)
    void measuresThatDoNotFitTogetherAreToldByTheFieldsName(String part, String other, String problem) {
        Run run = Runs.with(
                Runs.student(4, .5, 1, 97.5),
                "evaluation",
                new Evaluation(
                        List.of("HP", "SSA"),
                        List.of(List.of(8, 2), List.of(1, 9)),
                        .75,
                        List.of(List.of(0, 0), List.of(2, 9)),
                        null,
                        null));
        String line = Json.write(run);
        assertNull(StoredRun.of(line).problem());
        assertEquals(new StoredRun(null, problem), StoredRun.of(line.replace(part, other)));
    }

    @Test
    void oneOddLineLeavesTheOthersOfAStore() throws IOException {
        RunStore store = new RunStore(folder);
        store.append(Runs.student(4, .5, 1, 97.5));
        store.append(Runs.student(4, .5, 2, 97.6));
        Path file = Runs.file(store, Settings.TASK1);
        Files.writeString(file, LINE.replace("\"threads\":2", "\"threads\":0") + "\n" + Files.readString(file));
        assertEquals(List.of(Runs.student(4, .5, 1, 97.5), Runs.student(4, .5, 2, 97.6)), store.runs(Settings.TASK1));
    }
}
