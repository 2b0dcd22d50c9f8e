package distill.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./reproduce generate-completion}: picocli's completion for bash and zsh, which completes from fixed lists or
 * files; where a name in {@code saved-models/} is meant, the shell looks for those that are there when it is asked.
 */
@Command(
        name = "generate-completion",
        description = "Prints completions for bash and zsh: source <(./reproduce generate-completion)")
public final class Completion implements Callable<Integer> {

    private static final String NAMES = "$(cd saved-models 2>/dev/null && ls -d -- */ 2>/dev/null | tr -d /)";
    private static final String FILES = "$(compgen -f -- \"${curr_word}\")";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        String script = AutoComplete.bash(root.getCommandName(), root)
                .replace(literal(SavedModelNames.MARK), NAMES)
                .replace(literal(SavedModelNamesOrFiles.MARK), NAMES + " " + FILES)
                .replace(literal(Stores.MARK), "report notebook " + FILES);
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static String literal(String mark) {
        return '"' + mark + '"';
    }

    /** Stands for the names in {@code saved-models/}. */
    static final class SavedModelNames extends ArrayList<String> {

        private static final String MARK = "@saved-models@";

        SavedModelNames() {
            super(List.of(MARK));
        }
    }

    /** Stands for the names in {@code saved-models/}, and files. */
    public static final class SavedModelNamesOrFiles extends ArrayList<String> {

        private static final String MARK = "@saved-models-or-files@";

        SavedModelNamesOrFiles() {
            super(List.of(MARK));
        }
    }

    /** Stands for what {@code compare} takes. */
    static final class Stores extends ArrayList<String> {

        private static final String MARK = "@stores@";

        Stores() {
            super(List.of(MARK));
        }
    }
}
