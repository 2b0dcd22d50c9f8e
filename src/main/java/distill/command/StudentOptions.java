package distill.command;

import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of a student that is a network of one's own. */
public final class StudentOptions {

    /** Their names. */
    public static final Set<String> NAMES = Set.of("--student", "--student-weights");

    private enum Weights {
        draw,
        keep
    }

    @Option(
            names = "--student",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description =
                    "A network of one's own as the student, in Task 1 of questions 5 to 7 and 9: a model of saved-models/, or a file that Keras saved, whose configuration describes it and whose input and classes fit. Marked and not compared with the report. With --from also the beginning of its digest, as names of files have it.")
    private String student;

    @Option(
            names = "--student-weights",
            scope = ScopeType.INHERIT,
            paramLabel = "draw|keep",
            description =
                    "With --student: draw its weights for each seed as its configuration says (default), or keep those that it brings, to start from.")
    private Weights weights;

    /**
     * The student that was named; null without one.
     *
     * @param task the task as a command
     * @param all whether all of its questions are asked, which it does not go with
     * @param questions those that it goes with, in words: {@code 5, 6, 7 and 9}
     * @param example one of them, such as {@code task1 q5}
     */
    OwnStudent named(ConsoleCommand task, boolean all, String questions, String example) {
        task.check(weights == null || student != null, "--student-weights goes with --student");
        if (student == null) {
            return null;
        }
        task.check(!all, "--student is of questions %s: name one of them, such as %s".formatted(questions, example));
        return new OwnStudent(student, weights == Weights.keep);
    }
}
