package distill.reproduce;

import distill.command.Candidates;
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
                .replace(literal(Candidates.SavedModelNames.MARK), NAMES)
                .replace(literal(Candidates.SavedModelNamesOrFiles.MARK), NAMES + " " + FILES)
                .replace(literal(Candidates.Stores.MARK), "report notebook " + FILES);
        spec.commandLine().getOut().print(script);
        return 0;
    }

    private static String literal(String mark) {
        return '"' + mark + '"';
    }
}
