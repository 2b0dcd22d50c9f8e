package distill.report;

import static distill.run.Settings.number;

import distill.run.EpochResult;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of Task 1's questions 5 to 7, ours beside the report's. All runs of a call are of one reading. */
public final class MnistTables {

    private MnistTables() {}

    /** Fig. 4: the teacher's test accuracy after each epoch, a column for each seed. */
    public static Table teacher(List<Run> teachers) {
        Marks marks = Marks.of(teachers);
        List<String> header = new ArrayList<>(List.of("epoch"));
        teachers.forEach(run -> header.add("seed " + run.settings().seed()));
        boolean several = teachers.size() > 1;
        if (several) {
            header.add("all");
        }
        if (marks.comparable()) {
            header.add("report");
        }
        List<List<String>> rows = new ArrayList<>();
        Map<Table.Place, List<Run>> sources = new HashMap<>();
        int epochs =
                teachers.stream().mapToInt(run -> run.history().size()).max().orElse(0);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(epoch)));
            for (Run run : teachers) {
                sources.put(new Table.Place(rows.size(), row.size()), List.of(run));
                row.add(accuracyAfter(run, epoch));
            }
            if (several) {
                sources.put(new Table.Place(rows.size(), row.size()), teachers);
                row.add(Sample.of(accuraciesAfter(teachers, epoch)).textWithInterval());
            }
            if (marks.comparable()) {
                row.add(Sample.percent(Published.TEACHER_EPOCHS.get(epoch - 1)));
            }
            rows.add(row);
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Accuracy on the training images at the end: "
                + teachers.stream()
                        .map(run -> Sample.percent(run.trainAccuracy()))
                        .collect(Collectors.joining(", ")) + " %.");
        if (several) {
            notes.add(seeds(teachers));
        }
        return new Table(
                "Fig. 4: teacher, test accuracy in %" + reading(teachers) + marks.suffix(),
                header,
                rows,
                notes,
                sources);
    }

    /** Table I: students by temperature and alpha, and the best cell. */
    public static Table table1(List<Run> students) {
        Marks marks = Marks.of(students);
        Map<Double, Map<Double, Sample>> cells = cells(students);
        List<Double> alphas = students.stream()
                .map(run -> run.settings().alpha())
                .distinct()
                .sorted()
                .toList();
        List<String> header = new ArrayList<>(List.of("T"));
        for (double alpha : alphas) {
            header.add("alpha " + number(alpha));
            if (marks.comparable()) {
                header.add("report " + number(alpha));
            }
        }
        header.add("mean");
        List<List<String>> rows = new ArrayList<>();
        Map<Table.Place, List<Run>> sources = new HashMap<>();
        cells.forEach((temperature, row) -> {
            List<String> text = new ArrayList<>(List.of(number(temperature)));
            for (double alpha : alphas) {
                if (row.containsKey(alpha)) {
                    sources.put(new Table.Place(rows.size(), text.size()), at(students, temperature, alpha));
                }
                text.add(row.containsKey(alpha) ? row.get(alpha).textWithInterval() : "");
                if (marks.comparable()) {
                    text.add(text(Published.table1(temperature, alpha)));
                }
            }
            List<Run> all = students.stream()
                    .filter(run -> run.settings().temperature().equals(temperature))
                    .toList();
            sources.put(new Table.Place(rows.size(), text.size()), all);
            text.add(meanOver(all).textWithInterval());
            rows.add(text);
        });
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(bestInWords(cells));
        if (marks.comparable()) {
            notes.add("The report's best: " + Sample.percent(Published.BEST_STUDENT)
                    + " at T = 16, alpha = 0.9 (its text exchanges the two names).");
        }
        notes.add(seeds(students));
        return new Table(
                "Table I: student, test accuracy in %" + reading(students) + marks.suffix(),
                header,
                rows,
                notes,
                sources);
    }

    /** Table II: students by temperature at alpha .5. */
    public static Table table2(List<Run> students) {
        Marks marks = Marks.of(students);
        List<String> header = new ArrayList<>(List.of("T", "alpha", "test accuracy"));
        if (marks.comparable()) {
            header.add("report");
        }
        List<List<String>> rows = new ArrayList<>();
        List<List<Run>> sources = new ArrayList<>();
        cells(students)
                .forEach((temperature, row) -> row.forEach((alpha, cell) -> {
                    sources.add(at(students, temperature, alpha));
                    List<String> text =
                            new ArrayList<>(List.of(number(temperature), number(alpha), cell.textWithInterval()));
                    if (marks.comparable()) {
                        text.add(text(Published.table2(temperature)));
                    }
                    rows.add(text);
                }));
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(seeds(students));
        return new Table(
                        "Table II: student against temperature, test accuracy in %" + reading(students)
                                + marks.suffix(),
                        header,
                        rows,
                        notes)
                .withRuns(sources, 2);
    }

    /**
     * Question 7: the student without distillation beside those with it, as the report compares them.
     *
     * @param students of question 5; none where they are not stored
     */
    public static Table plainStudent(List<Run> plain, List<Run> students) {
        Marks marks = Marks.of(Stream.concat(plain.stream(), students.stream()).toList());
        Map<Double, Map<Double, Sample>> cells = cells(students);
        long count = cells.values().stream().mapToLong(Map::size).sum();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                marks,
                "student without KD",
                Cells.sample(plain).textWithInterval(),
                OptionalDouble.of(Published.PLAIN_STUDENT)));
        List<List<Run>> runs = new ArrayList<>(List.of(plain));
        List<String> notes = new ArrayList<>(marks.notes());
        if (students.isEmpty()) {
            notes.add("Students with KD stand here too once question 5 is stored.");
        } else if (count == 1) {
            Settings cell = students.get(0).settings();
            rows.add(row(
                    marks,
                    "student with KD, " + new Hyperparameters(cell.temperature(), cell.alpha()),
                    Cells.sample(students).textWithInterval(),
                    Published.table1(cell.temperature(), cell.alpha())));
            runs.add(students);
        } else {
            boolean all = count == Published.TEMPERATURES.size() * Published.ALPHAS.size();
            Hyperparameters where = best(cells);
            List<Run> best = at(students, where.temperature(), where.alpha());
            rows.add(row(
                    marks,
                    "students with KD, mean of " + count + " cells",
                    meanOver(students).textWithInterval(),
                    all ? OptionalDouble.of(publishedMean()) : OptionalDouble.empty()));
            rows.add(row(
                    marks,
                    "student with KD, best of " + count + " cells",
                    Cells.sample(best).textWithInterval(),
                    all ? OptionalDouble.of(Published.BEST_STUDENT) : OptionalDouble.empty()));
            runs.addAll(List.of(students, best));
            notes.add("The report compares its best cell, the best of 30 runs chosen on the test images, with one run."
                    + " The mean of all cells is the fairer figure.");
        }
        List<String> header = new ArrayList<>(List.of("", "test accuracy"));
        if (marks.comparable()) {
            header.add("report");
        }
        notes.add("Without KD: " + seeds(plain));
        if (!students.isEmpty()) {
            notes.add("With KD: " + seeds(students));
        }
        return new Table(
                        "Question 7: student without KD, test accuracy in %" + reading(plain) + marks.suffix(),
                        header,
                        rows,
                        notes)
                .withRuns(runs, 1);
    }

    /** A row for each epoch of each teacher, as RFC 4180 has it. */
    public static String teacherCsv(List<Run> teachers) {
        boolean comparable = Marks.of(teachers).comparable();
        List<List<String>> rows = new ArrayList<>();
        for (Run run : teachers) {
            for (EpochResult result : run.history()) {
                rows.add(List.of(
                        run.settings().variant().toString(),
                        Long.toString(run.settings().seed()),
                        Boolean.toString(run.settings().quick()),
                        Boolean.toString(run.provenance().synthetic()),
                        Integer.toString(result.epoch()),
                        Double.toString(result.testAccuracy()),
                        Double.toString(result.loss()),
                        comparable ? Sample.percent(Published.TEACHER_EPOCHS.get(result.epoch() - 1)) : "",
                        run.identity()));
            }
        }
        return csv("variant,seed,quick,synthetic,epoch,test_accuracy,loss,report,identity", rows);
    }

    /**
     * A row for each run, as RFC 4180 has it: what the tables are made of.
     *
     * @param report what the report has for a run; left empty where the runs cannot be compared with it
     */
    public static String csv(List<Run> runs, Function<Settings, OptionalDouble> report) {
        boolean comparable = Marks.of(runs).comparable();
        List<List<String>> rows = runs.stream()
                .map(run -> {
                    Settings s = run.settings();
                    return List.of(
                            s.variant().toString(),
                            s.question(),
                            s.role().toString(),
                            optional(s.temperature()),
                            optional(s.alpha()),
                            Long.toString(s.seed()),
                            Boolean.toString(s.quick()),
                            Boolean.toString(run.provenance().synthetic()),
                            Integer.toString(s.epochs()),
                            Double.toString(run.testAccuracy()),
                            comparable ? text(report.apply(s)) : "",
                            Double.toString(run.trainAccuracy()),
                            run.identity(),
                            run.weightsDigest(),
                            run.provenance().commit());
                })
                .toList();
        return csv(
                "variant,question,model,temperature,alpha,seed,quick,synthetic,epochs,test_accuracy,report,train_accuracy,"
                        + "identity,weights_digest,commit",
                rows);
    }

    private static String csv(String header, List<List<String>> rows) {
        return new Table("", List.of(header.split(",")), rows, List.of()).csv();
    }

    static String optional(Double value) {
        return value == null ? "" : number(value);
    }

    /** The students of a cell. */
    static List<Run> at(List<Run> students, double temperature, double alpha) {
        Hyperparameters cell = new Hyperparameters(temperature, alpha);
        return students.stream().filter(run -> cell.are(run.settings())).toList();
    }

    /** The cells of students with distillation, by temperature and alpha. */
    public static Map<Double, Map<Double, Sample>> cells(List<Run> students) {
        Map<Double, Map<Double, Sample>> cells = new TreeMap<>();
        students.stream()
                .collect(Collectors.groupingBy(run ->
                        List.of(run.settings().temperature(), run.settings().alpha())))
                .forEach((key, runs) ->
                        cells.computeIfAbsent(key.get(0), t -> new TreeMap<>()).put(key.get(1), Cells.sample(runs)));
        return cells;
    }

    /**
     * The mean over all cells: with several seeds that have them all one for each of these, else that of the cells'
     * means.
     */
    public static Sample meanOver(List<Run> students) {
        return meanOver(students, Run::testAccuracy);
    }

    /** The same of another number than the test accuracy. */
    static Sample meanOver(List<Run> runs, ToDoubleFunction<Run> value) {
        Map<Settings, List<Run>> cells = runs.stream()
                .collect(Collectors.groupingBy(run -> run.settings().cell(), LinkedHashMap::new, Collectors.toList()));
        double[] bySeed = runs.stream()
                .collect(Collectors.groupingBy(run -> run.settings().seed(), TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(own -> own.size() == cells.size())
                .mapToDouble(own -> TheoryTables.cell(own, value).mean())
                .toArray();
        return bySeed.length > 1
                ? Sample.of(bySeed)
                : Sample.single(cells.values().stream()
                        .mapToDouble(cell -> TheoryTables.cell(cell, value).mean())
                        .average()
                        .orElseThrow());
    }

    private static List<String> row(Marks marks, String name, String ours, OptionalDouble report) {
        return marks.comparable() ? List.of(name, ours, text(report)) : List.of(name, ours);
    }

    /** Of the report's Table I. */
    public static double publishedMean() {
        return Hyperparameters.all().stream()
                .mapToDouble(cell ->
                        Published.table1(cell.temperature(), cell.alpha()).orElseThrow())
                .average()
                .orElseThrow();
    }

    private static String bestInWords(Map<Double, Map<Double, Sample>> cells) {
        Hyperparameters best = best(cells);
        return "Best: %s at %s (chosen on the test images, as in the report)."
                .formatted(cells.get(best.temperature()).get(best.alpha()).text(), best);
    }

    /** The cell with the best mean; of equals the one of the lowest temperature, then of the lowest alpha. */
    static Hyperparameters best(Map<Double, Map<Double, Sample>> cells) {
        return cells.entrySet().stream()
                .flatMap(row -> row.getValue().keySet().stream().map(alpha -> new Hyperparameters(row.getKey(), alpha)))
                .max(Comparator.comparingDouble(
                        cell -> cells.get(cell.temperature()).get(cell.alpha()).mean()))
                .orElseThrow();
    }

    private static String accuracyAfter(Run run, int epoch) {
        return Arrays.stream(accuraciesAfter(List.of(run), epoch))
                .mapToObj(Sample::percent)
                .findFirst()
                .orElse("");
    }

    private static double[] accuraciesAfter(List<Run> runs, int epoch) {
        return runs.stream()
                .flatMap(run -> run.history().stream())
                .filter(result -> result.epoch() == epoch)
                .mapToDouble(EpochResult::testAccuracy)
                .toArray();
    }

    static String reading(List<Run> runs) {
        boolean byKeras = runs.stream().anyMatch(run -> !run.provenance().isOurs());
        return ", " + runs.get(0).settings().reading() + (byKeras ? ", trained by Keras" : "");
    }

    static String seeds(List<Run> runs) {
        List<Long> seeds = runs.stream()
                .map(run -> run.settings().seed())
                .distinct()
                .sorted()
                .toList();
        if (seeds.size() == 1) {
            return "One run per cell (seed " + seeds.get(0) + "): differences of a few tenths are chance.";
        }
        String list = seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
        boolean inEveryCell = runs.stream()
                .collect(Collectors.groupingBy(run -> run.settings().cell(), Collectors.counting()))
                .values()
                .stream()
                .allMatch(n -> n == seeds.size());
        return inEveryCell
                ? "Mean ± standard deviation over seeds " + list + ", with the 95 % interval of the mean (Student's t)."
                : "Seeds " + list
                        + ", not in every cell: mean ± standard deviation of a cell's own, with the 95 % interval of the"
                        + " mean (Student's t); without ± one run.";
    }

    static String text(OptionalDouble value) {
        return value.isPresent() ? Sample.percent(value.getAsDouble()) : "";
    }
}
