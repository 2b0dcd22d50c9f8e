package distill.reproduce;

import distill.command.Experiment;
import distill.command.TaskPage;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Section;
import distill.page.Document.Statement;
import distill.page.Source;
import distill.page.Table;
import distill.report.Cells;
import distill.report.OwnRuns;
import distill.report.RunTable;
import distill.report.SoftmaxCharts;
import distill.report.verdict.Verdict;
import distill.report.verdict.Verdicts;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.task1.Task1;
import distill.task2.Task2;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The report again, from a store.
 *
 * @param report the whole document
 * @param runs a section with all runs of the store, of which a large one has more than Markdown can show
 */
record ReportPage(Document report, Section runs) {

    private static final int MOST_LISTED = 2000;

    /**
     * The page of a store.
     *
     * @param folder the store's, such as {@code results}
     * @param doing hears what is made next
     * @throws IOException where the store has no run, or cannot be read
     */
    static ReportPage of(Path folder, Consumer<String> doing) throws IOException {
        RunStore store = new RunStore(folder);
        List<Run> runs1 = store.runs("task1");
        List<Run> runs2 = store.runs("task2");
        if (runs1.isEmpty() && runs2.isEmpty()) {
            throw new IOException(folder + " has no finished training, of which the page could be made: run"
                    + " ./reproduce task1 --quick (a few minutes) or ./reproduce task1 q7 first"
                    + Experiment.begun(settings -> true));
        }
        doing.accept("Making the part of Task 1 from %d runs".formatted(runs1.size()));
        TaskPage task1 = Task1.page(folder, runs1);
        doing.accept("Making the part of Task 2 from %d runs".formatted(runs2.size()));
        TaskPage task2 = Task2.page(folder, runs2);
        doing.accept("Judging the report's statements");
        List<Verdict> verdicts = Verdicts.of(runs1, runs2);
        List<Statement> statements = Verdicts.statements(verdicts);
        List<Section> sections = new ArrayList<>();
        sections.add(glance(task1, verdicts));
        sections.add(slips());
        List<String> finding = task1.finding().stream()
                .filter(Document.Text.class::isInstance)
                .map(block -> ((Document.Text) block).text())
                .toList();
        sections.add(section("summary", "Summary", ChallengeSummary.of(runs1, runs2, finding, verdicts), List.of()));
        sections.add(new Section(
                "task1",
                "Task 1",
                "Task 1: distillation on MNIST",
                List.of(),
                List.of(),
                withVerdicts(task1.sections(), statements)));
        sections.add(new Section(
                "task2",
                "Task 2",
                "Task 2: distillation on MHIST",
                List.of(),
                List.of(),
                withVerdicts(task2.sections(), statements)));
        String title = "Knowledge distillation: a report, reproduced";
        List<Block> lead = List.of(
                new Document.Text(
                        "A university report on knowledge distillation, trained again in Java and held against its own numbers."));
        Block text = new Document.Text("Every run that a number above was made from. Identity: a digest of all that"
                + " decides its numbers; `./reproduce rerun IDENTITY` trains it again. Weights: the beginning"
                + " of the SHA-256 of what was trained. Commit: of this program. All of it, with each epoch,"
                + " is a line of the store: `docs/run-store.md`.");
        List<Run> runs = Cells.all(runs1, runs2);
        List<Source> used = used(new Document(title, lead, sections), Cells.sources(runs));
        sections.add(section(
                "provenance",
                "Provenance",
                List.of(new Document.Text(
                        "Every number of ours that was made from runs leads to them, and all of them are listed here. The"
                                + " other tables say which file they are kept in.")),
                List.of(text, new Document.Sources(used))));
        return new ReportPage(new Document(title, lead, sections), allRuns(runs, Set.copyOf(used)));
    }

    /** The document, and at its end all runs of the store. */
    Document withRuns() {
        List<Section> sections = new ArrayList<>(report.sections());
        sections.add(runs);
        return new Document(report.title(), report.lead(), sections);
    }

    /** @param used the runs that the sections above are made of */
    private static Section allRuns(List<Run> all, Set<Source> used) {
        OwnRuns own = OwnRuns.of(all, run -> used.containsAll(Cells.sources(List.of(run))));
        List<Block> blocks = new ArrayList<>();
        Settings.TASKS.stream()
                .map(own::curves)
                .filter(chart -> !chart.isEmpty())
                .forEach(chart -> blocks.add(new Document.Figure(chart)));
        Table differences = own.differences();
        if (!differences.rows().isEmpty()) {
            blocks.add(new Document.Sheet(differences, List.of()));
        } else if (!own.own().isEmpty()) {
            blocks.add(new Document.Text("With two or more seeds (`--seeds 3`) of a student and of the same without"
                    + " distillation (`task1 q7` with the same options, or `task2 q2 --part scratch`) their difference"
                    + " stands here, with its interval."));
        }
        List<Run> newest = RunTable.newestLast(all);
        List<Run> listed = newest.subList(Math.max(0, newest.size() - MOST_LISTED), newest.size());
        String title = (listed.size() == all.size() ? "" : "The newest " + listed.size() + " of ") + all.size()
                + (all.size() == 1 ? " run" : " runs") + ", the newest last";
        blocks.add(
                new Document.Text(
                        "All runs of the store are in this table, those above and others. `./reproduce runs`"
                                + " lists them in a terminal, and `./reproduce runs --csv FILE` writes them for other programs."));
        blocks.add(new Document.Listing(RunTable.withDates(title, listed, all)));
        return section("runs", "All runs", List.of(new Document.Text(inWords(own))), blocks);
    }

    private static String inWords(OwnRuns own) {
        int settings = own.own().size();
        return settings == 0
                ? "Each run of the store, or a newer one with its settings, stands in a section above."
                : "The store has runs of %s that no section above shows, such as other temperatures, losses, lengths or images than the report's."
                        .formatted(settings == 1 ? "one setting" : settings + " settings");
    }

    private static Section section(String id, String title, List<Block> blocks, List<Block> folded) {
        return new Section(id, title, title, blocks, folded, List.of());
    }

    /** What is judged of a question's statements stands in view, and how behind its tables. */
    private static List<Section> withVerdicts(List<Section> sections, List<Statement> statements) {
        return sections.stream()
                .map(section -> {
                    List<Statement> own = statements.stream()
                            .filter(statement -> statement.section().equals(section.id()))
                            .toList();
                    return own.isEmpty()
                            ? section
                            : section.with(List.of(new Document.Overview(own)), List.of(new Document.Statements(own)));
                })
                .toList();
    }

    private static Section glance(TaskPage task1, List<Verdict> verdicts) {
        List<Block> blocks = new ArrayList<>(task1.finding());
        blocks.addAll(ClaimTable.of(verdicts));
        List<Block> behind = new ArrayList<>(task1.numbers());
        if (!verdicts.isEmpty()) {
            behind.add(new Document.Text(Verdicts.counts(verdicts)));
        }
        return section("glance", "What was found", blocks, behind);
    }

    private static Section slips() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Document.Text("The report can be read in two ways. `as-described` is what its formulas say: the"
                + " networks give logits, and the student learns from softmax(v / T) of the teacher's logits v."
                + " `as-written` is what its programs do, and where its numbers come from. In Task 1 two slips make the"
                + " difference (Task 2 has twelve others, `docs/mhist.md#readings`):"
                + " a softmax stands at the end of the networks and another in the losses, so that probabilities are taken"
                + " for logits; and the teacher's targets are not divided by their sum."));
        blocks.add(new Document.Text(SoftmaxCharts.inWords()));
        SoftmaxCharts.charts().forEach(chart -> blocks.add(new Document.Figure(chart)));
        return section("slips", "The two readings", blocks, List.of());
    }

    /** The runs that the document's tables are made of, in the store's order. */
    private static List<Source> used(Document document, List<Source> all) {
        Set<Source> used = new HashSet<>();
        document.allBlocks().forEach(block -> collect(block, used));
        return all.stream().filter(used::contains).distinct().toList();
    }

    private static void collect(Block block, Set<Source> used) {
        if (block instanceof Document.Sheet sheet) {
            used.addAll(sheet.sources());
            sheet.table().rows().forEach(row -> row.forEach(cell -> used.addAll(cell.sources())));
        } else if (block instanceof Document.Heat heat) {
            heat.maps().forEach(map -> collect(new Document.Sheet(map, List.of()), used));
        }
    }
}
