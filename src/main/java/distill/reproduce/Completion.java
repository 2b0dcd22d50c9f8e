package distill.reproduce;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code ./reproduce generate-completion}: picocli's completion for bash and zsh, which completes from fixed lists or
 * files; where a name in {@code saved-models/} is meant, the shell looks for those that are there when it is asked.
 */
@Command(
        name = "generate-completion",
        description = "Prints completions for bash and zsh: source <(./reproduce generate-completion)")
public final class Completion extends ConsoleCommand {

    private static final String NAMES = "$(cd saved-models 2>/dev/null && ls -d -- */ 2>/dev/null | tr -d /)";
    private static final String FILES = "$(compgen -f -- \"${curr_word}\")";

    @Override
    public Integer call() {
        CommandLine root = commandLine().getCommandSpec().root().commandLine();
        String script = AutoComplete.bash(root.getCommandName(), root)
                .replace(literal(Candidates.SavedModelNames.MARK), NAMES)
                .replace(literal(Candidates.SavedModelNamesOrFiles.MARK), NAMES + " " + FILES)
                .replace(literal(Candidates.Stores.MARK), "report notebook " + FILES);
        console().print(script);
        return 0;
    }

    private static String literal(String mark) {
        return '"' + mark + '"';
    }
}
