package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.StoreFolder;
import distill.files.WholeFile;
import distill.page.HtmlPage;
import distill.page.MarkdownPage;
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

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where report.html goes (default runs). The page of another store than this one has its"
                    + " name: report-results.html.")
    private Path out;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "The store that it is made from (default: runs where that has runs with the report's"
                    + " settings, else results).")
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
        StoreFolder store = StoreFolder.toRead(from);
        say(store.line() + (from == null ? "; " : ", ") + "nothing is trained");
        ReportPage page = ReportPage.of(store.folder(), this::say);
        say("Writing the page");
        Path html = Files.createDirectories(out).resolve(store.fileName("report", out) + ".html");
        WholeFile.replace(html, HtmlPage.of(page.withRuns(), html));
        println("  -> " + html);
        if (markdown != null) {
            for (Map.Entry<Path, String> file :
                    MarkdownPage.of(page.report(), markdown).entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                WholeFile.replace(file.getKey(), file.getValue());
            }
            println("  -> " + markdown);
        }
        return 0;
    }
}
