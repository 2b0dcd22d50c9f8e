package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.StoreFolder;
import distill.page.HtmlPage;
import distill.page.MarkdownPage;
import distill.report.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reproduce page}: the report again as one page, from stored runs. */
@Command(
        name = "page",
        description =
                "Writes report.html: the report's tables and figures in its order, ours beside its own, from stored"
                        + " runs. Trains nothing.")
final class PageCommand extends ConsoleCommand {

    private static final String FILE = "report.html";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where " + FILE + " goes (default runs).")
    private Path out;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "The store that it is made from (default runs, and where that has no run, results).")
    private Path from;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description =
                    "Write the same as Markdown, too, but for the list of all runs, such as docs/REPORT.md; its charts go to"
                            + " a folder beside it.")
    private Path markdown;

    @Override
    public Integer call() throws IOException {
        Path store = StoreFolder.toRead(from);
        ReportPage page = ReportPage.of(store);
        println("Runs: " + store + ", nothing is trained");
        Path html = Files.createDirectories(out).resolve(FILE);
        TextFile.replace(html, HtmlPage.of(page.withRuns()));
        println("  -> " + html);
        if (markdown != null) {
            for (Map.Entry<Path, String> file :
                    MarkdownPage.of(page.report(), markdown).entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                TextFile.replace(file.getKey(), file.getValue());
            }
            println("  -> " + markdown);
        }
        return 0;
    }
}
