package distill.report.page;

import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Section;
import distill.page.Source;
import distill.page.Table;
import distill.report.Cells;
import distill.report.Hyperparameters;
import distill.report.Marks;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.verdict.Outcome;
import distill.report.verdict.Quantity;
import distill.report.verdict.Verdict;
import distill.report.verdict.Verdicts;
import distill.run.Run;
import distill.run.RunStore;
import distill.statistics.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report again, from a store: the whole document. */
public final class Report {

    private static final int DAY = 10;

    private Report() {}

    /**
     * What the networks are without any run.
     *
     * @param teacher Task 1's teacher as Keras's {@code model.summary()} shows it
     * @param student Task 1's student
     * @param transferCost parameters and operations of Task 2's networks
     */
    public record Networks(String teacher, String student, Table transferCost) {}

    /**
     * The document.
     *
     * @param folder the store's, such as {@code results}
     * @throws IOException where the store has no run, or cannot be read
     */
    public static Document of(Path folder, Networks networks) throws IOException {
        RunStore store = new RunStore(folder);
        List<Run> runs1 = store.runs("task1");
        List<Run> runs2 = store.runs("task2");
        if (runs1.isEmpty() && runs2.isEmpty()) {
            throw new IOException(folder + " has no finished training, of which the page could be made: run"
                    + " ./reproduce task1 --quick (a few minutes) or ./reproduce task1 q7 first");
        }
        Task1Sections task1 = new Task1Sections(runs1, folder.resolve("task1"), networks);
        Task2Sections task2 = new Task2Sections(runs2, folder.resolve("task2"), networks);
        List<Verdict> verdicts = Verdicts.of(runs1, runs2);
        List<Section> sections = new ArrayList<>();
        sections.add(
                new Section("glance", "At a glance", "At a glance", glance(task1, runs1, runs2, verdicts), List.of()));
        sections.add(new Section(
                "task1",
                "Task 1",
                "Task 1: distillation on MNIST",
                List.of(),
                withVerdicts(task1.sections(), verdicts)));
        sections.add(new Section(
                "task2",
                "Task 2",
                "Task 2: distillation on MHIST",
                List.of(),
                withVerdicts(task2.sections(), verdicts)));
        Document document = new Document(
                "Knowledge distillation: the report, reproduced",
                List.of(new Document.Text(
                        "A university report on knowledge distillation, done again in Java: its tables and figures in"
                                + " its order, ours beside its own, in two readings. What its programs do, slips included,"
                                + " is called as-written: its numbers came from there. What its formulas say is called"
                                + " as-described. In a table made from runs each number of ours leads to the runs behind it; the"
                                + " other tables say which file they are kept in.")),
                sections);
        List<Source> used = used(
                document,
                Cells.sources(Stream.concat(runs1.stream(), runs2.stream()).toList()));
        List<Section> all = new ArrayList<>(sections);
        all.add(new Section(
                "provenance",
                "Provenance",
                "Provenance",
                List.of(
                        new Document.Text("Every run that a number above was made from. Identity: a digest of all that"
                                + " decides its numbers; `./reproduce rerun IDENTITY` trains it again. Weights: the beginning"
                                + " of the SHA-256 of what was trained. Commit: of this program. All of it, with each epoch,"
                                + " is in the store's `runs.jsonl`: `docs/run-store.md`."),
                        new Document.Sources(used)),
                List.of()));
        return new Document(document.title(), document.lead(), List.copyOf(all));
    }

    private static List<Section> withVerdicts(List<Section> sections, List<Verdict> verdicts) {
        return sections.stream()
                .map(section -> {
                    List<Verdict> own = verdicts.stream()
                            .filter(verdict -> sectionOf(verdict).equals(section.id()))
                            .toList();
                    List<Block> blocks = new ArrayList<>(section.blocks());
                    if (!own.isEmpty()) {
                        blocks.add(new Document.Statements(statements(own)));
                    }
                    return new Section(section.id(), section.brief(), section.title(), blocks, section.parts());
                })
                .toList();
    }

    private static List<Block> glance(Task1Sections task1, List<Run> runs1, List<Run> runs2, List<Verdict> verdicts) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Document.Text(inWords(runs1, runs2)));
        headline(task1).ifPresent(blocks::add);
        if (!verdicts.isEmpty()) {
            blocks.add(new Document.Text(counts(verdicts)));
            blocks.add(new Document.Overview(statements(verdicts)));
        }
        return blocks;
    }

    /** How many statements hold; of two readings the report's own counts. */
    private static String counts(List<Verdict> verdicts) {
        List<Outcome> outcomes = byStatement(verdicts).stream()
                .map(readings -> readings.get(0).outcome())
                .toList();
        return "Of %d statements of the report, as the programs do it, %s; why is at each question. %s"
                .formatted(
                        outcomes.size(),
                        Stream.of(Outcome.values())
                                .map(outcome -> Collections.frequency(outcomes, outcome) + " " + words(outcome))
                                .collect(Collectors.joining(", ")),
                        Verdicts.MEANING);
    }

    /** The address of the section of a statement's question. */
    private static String sectionOf(Verdict verdict) {
        return "task%d-q%d".formatted(verdict.task(), verdict.question());
    }

    /** The verdicts on each statement and subject, one for each reading. */
    private static Collection<List<Verdict>> byStatement(List<Verdict> verdicts) {
        return verdicts.stream()
                .collect(Collectors.groupingBy(
                        verdict -> List.of(verdict.place(), verdict.judged()), LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private static List<Document.Statement> statements(List<Verdict> verdicts) {
        return byStatement(verdicts).stream()
                .map(readings -> {
                    Verdict first = readings.get(0);
                    List<Document.Judgement> judgements =
                            readings.stream().map(Report::judgement).toList();
                    return new Document.Statement(first.judged(), first.place(), sectionOf(first), judgements);
                })
                .toList();
    }

    private static Document.Judgement judgement(Verdict verdict) {
        String sign =
                switch (verdict.outcome()) {
                    case HOLDS -> "\u2713";
                    case DOES_NOT_HOLD -> "\u2717";
                    case CANNOT_BE_TOLD -> "?";
                };
        return new Document.Judgement(
                verdict.reading(),
                sign,
                verdict.outcome().toString(),
                verdict.finding(),
                verdict.quantities().stream().map(Quantity::line).toList(),
                verdict.test());
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case HOLDS -> "hold";
            case DOES_NOT_HOLD -> "do not hold";
            case CANNOT_BE_TOLD -> "cannot be told with these runs";
        };
    }

    /** {@code 141 finished trainings of Task 1 and 25 of Task 2, ...} */
    private static String inWords(List<Run> runs1, List<Run> runs2) {
        List<Run> all = Stream.concat(runs1.stream(), runs2.stream()).toList();
        List<String> dates = all.stream()
                .map(run -> run.provenance().date())
                .filter(date -> date != null && date.length() >= DAY)
                .map(date -> date.substring(0, DAY))
                .sorted()
                .toList();
        Set<String> commits = new TreeSet<>();
        all.forEach(run -> commits.add(run.provenance().commit()));
        Set<String> processors = new TreeSet<>();
        all.forEach(run -> processors.add(run.provenance().cpu()));
        long elsewhere = runs2.stream().filter(run -> !Marks.isOnMhist(run)).count();
        return "The store has %d finished trainings of Task 1 and %d of Task 2%s, by %s of this program, on %s.%s"
                .formatted(
                        runs1.size(),
                        runs2.size(),
                        dates.isEmpty()
                                ? ""
                                : dates.get(0).equals(dates.get(dates.size() - 1))
                                        ? ", of " + dates.get(0)
                                        : ", from " + dates.get(0) + " to " + dates.get(dates.size() - 1),
                        commits.size() == 1 ? "one commit" : commits.size() + " commits",
                        String.join("; ", processors),
                        elsewhere == 0
                                ? ""
                                : " Of Task 2's, %s on other images than MHIST's own, named under each table."
                                        .formatted(
                                                elsewhere == runs2.size()
                                                        ? "all are"
                                                        : elsewhere + (elsewhere == 1 ? " is" : " are")));
    }

    /** A row of the first table: what the report has, and the runs of each reading. */
    private record Headline(
            String name, Double report, Map<String, List<Run>> runs, Function<List<Run>, Sample> number) {}

    /** The numbers that the report's text has. */
    private static Optional<Block> headline(Task1Sections task1) {
        Map<String, List<Run>> students = task1.students();
        Map<String, List<Run>> best = where(students, run -> Hyperparameters.BEST.are(run.settings()));
        Function<List<Run>, Sample> mean = Cells::sample;
        Map<String, List<Run>> whole = students.entrySet().stream()
                .filter(entry -> isWhole(entry.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<Headline> headlines = Stream.of(
                        new Headline(
                                "teacher",
                                Published.TEACHER_EPOCHS.get(Published.TEACHER_EPOCHS.size() - 1),
                                task1.teachers(),
                                mean),
                        new Headline("student without KD", Published.PLAIN_STUDENT, task1.plain(), mean),
                        new Headline("student with KD, " + Hyperparameters.BEST, Published.BEST_STUDENT, best, mean),
                        new Headline(
                                "students with KD, mean of Table I",
                                MnistTables.publishedMean(),
                                whole,
                                MnistTables::meanOver))
                .filter(headline -> !headline.runs().isEmpty())
                .toList();
        if (headlines.isEmpty()) {
            return Optional.empty();
        }
        List<Run> all = headlines.stream()
                .flatMap(headline -> Task1Sections.joined(headline.runs()).stream())
                .distinct()
                .toList();
        Marks marks = Marks.of(all);
        List<String> readings = headlines.stream()
                .flatMap(headline -> headline.runs().keySet().stream())
                .distinct()
                .sorted(Collections.reverseOrder())
                .toList();
        List<String> header = new ArrayList<>(List.of(""));
        if (marks.comparable()) {
            header.add("report");
        }
        readings.forEach(reading -> header.addAll(List.of(reading, "runs")));
        List<List<Cell>> rows = new ArrayList<>();
        for (Headline headline : headlines) {
            List<Cell> row = new ArrayList<>(Cell.texts(headline.name()));
            if (marks.comparable()) {
                row.add(Cell.published(headline.report()));
            }
            for (String reading : readings) {
                List<Run> runs = headline.runs().getOrDefault(reading, List.of());
                if (runs.isEmpty()) {
                    row.addAll(List.of(Cell.NONE, Cell.NONE));
                } else {
                    Sample sample = headline.number().apply(runs);
                    row.add(Cell.mean(sample).from(Cells.sources(runs)));
                    row.add(Cell.number(runs.size()));
                }
            }
            rows.add(row);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(
                "Mean ± standard deviation, and the 95 % interval of the mean, where there are several runs, a seed each; the report's are one run each.");
        return Optional.of(new Document.Sheet(
                new Table("Task 1: test accuracy in % after the last epoch" + marks.suffix(), header, rows, notes),
                Cells.sources(all)));
    }

    private static Map<String, List<Run>> where(Map<String, List<Run>> byReading, Predicate<Run> condition) {
        return byReading.entrySet().stream()
                .map(entry -> Map.entry(
                        entry.getKey(),
                        entry.getValue().stream().filter(condition).toList()))
                .filter(entry -> !entry.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether students are of every cell of Table I. */
    private static boolean isWhole(List<Run> students) {
        return MnistTables.cells(students).values().stream().mapToInt(Map::size).sum()
                == Published.TEMPERATURES.size() * Published.ALPHAS.size();
    }

    /** The runs that the document's tables are made of, in the store's order. */
    private static List<Source> used(Document document, List<Source> all) {
        Set<Source> used = new HashSet<>();
        document.allSections().forEach(section -> section.blocks().forEach(block -> collect(block, used)));
        return all.stream().filter(used::contains).distinct().toList();
    }

    private static void collect(Block block, Set<Source> used) {
        if (block instanceof Document.Sheet sheet) {
            used.addAll(sheet.sources());
            sheet.table().rows().forEach(row -> row.forEach(cell -> used.addAll(cell.sources())));
        } else if (block instanceof Document.Readings readings) {
            readings.readings().forEach(reading -> reading.blocks().forEach(inner -> collect(inner, used)));
        }
    }
}
