package distill.command;

import distill.experiment.OutputKind;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What a teacher gives that is a SavedModel and run as it is: an option of every command that takes such a one. */
public final class TeacherOutputsOption {

    /** Its name. */
    public static final String NAME = "--teacher-outputs";

    @Option(
            names = NAME,
            scope = ScopeType.INHERIT,
            paramLabel = "probabilities|logits",
            description =
                    "What a SavedModel gives that --teacher names; it is then run as it is, which is to run a program of"
                            + " whoever made it. Default: it is run where it is no network of the report's, and gives"
                            + " probabilities where its outputs look like them, else logits.")
    private OutputKind outputs;

    /** What was chosen; null where the option was left out. */
    public OutputKind outputs() {
        return outputs;
    }

    /** Refuses it where no teacher was named. */
    public void check(ConsoleCommand command, String teacher) {
        command.check(
                outputs == null || teacher != null,
                NAME + " says what the teacher of --teacher gives, so give that, too");
    }
}
