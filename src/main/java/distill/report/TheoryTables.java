package distill.report;

import static distill.run.Settings.number;

import distill.cost.Cost;
import distill.experiment.MnistPlan;
import distill.loss.TemperatureEffect;
import distill.metrics.ConfusionMatrix;
import distill.metrics.Distributions;
import distill.page.Cell;
import distill.page.Table;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of Task 1's question 1. All runs of a call are of one reading. */
public final class TheoryTables {

    private static final String OVER_SEEDS =
            "Mean ± standard deviation over seeds, with the 95 % interval of the mean. Where a row has several T or alpha, each"
                    + " seed's value is the mean of its runs, which share a teacher; seeds that lack some of them are left out."
                    + " Without ±: fewer than two seeds have them all, and it is the mean of the cells' means.";

    private static final String SCIENTIFIC = "%.2e";
    private static final String RATIO = "%.3g";

    private TheoryTables() {}

    /**
     * 1a: what distillation is to save.
     *
     * @param teachers none where a given one teaches
     */
    public static Table purpose(List<Run> teachers, List<Run> plain, List<Run> students) {
        List<Run> all =
                Stream.of(plain, students, teachers).flatMap(List::stream).toList();
        Marks marks = Marks.of(all);
        Cost student = Costs.student(all.get(0).settings().reading(), 1);
        List<List<Cell>> rows = new ArrayList<>();
        if (!teachers.isEmpty()) {
            rows.add(purposeRow("teacher", Costs.teacher(all.get(0).settings().reading(), 1), teachers));
        }
        rows.add(purposeRow("student without KD", student, plain));
        rows.add(purposeRow("students with KD, " + which(students, "all T and alpha"), student, students));
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Parameters and MFLOP: of one image, in one forward pass.");
        notes.add(OVER_SEEDS);
        return new Table(
                "1a: what distillation is to save" + reading(all) + marks.suffix(),
                List.of("", "parameters", "MFLOP", "runs", "test accuracy in %"),
                rows,
                notes);
    }

    private static List<Cell> purposeRow(String name, Cost cost, List<Run> runs) {
        return Cells.row(
                Cell.text(name),
                runs,
                Cell.number(cost.parameters(), "%,.0f"),
                Cell.number(cost.flops() / 1e6, 3),
                Cell.number(runs.size()),
                Cell.mean(MnistTables.meanOver(runs)));
    }

    /**
     * 1c: what the temperature does to the targets.
     *
     * @param effects on the same images
     * @param image the one whose targets are shown
     * @param what what the title calls it
     * @param trained whose marks the table carries
     */
    public static Table targets(List<TemperatureEffect> effects, int image, String what, List<Run> trained) {
        Marks marks = Marks.of(trained);
        List<String> header = new ArrayList<>(List.of("T"));
        for (int k = 0; k < effects.get(0).targets()[image].length; k++) {
            header.add(Integer.toString(k));
        }
        header.add("entropy");
        List<List<Cell>> rows = new ArrayList<>();
        for (TemperatureEffect effect : effects) {
            double[] targets = effect.targets()[image];
            List<Cell> row = new ArrayList<>(List.of(Cell.number(effect.temperature())));
            Arrays.stream(targets).forEach(target -> row.add(Cell.number(target, 4)));
            row.add(Cell.number(Distributions.entropy(targets), 4));
            rows.add(row);
        }
        return new Table(
                "1c: the teacher's soft targets of " + what + reading(trained) + marks.suffix(),
                header,
                rows,
                marks.notes());
    }

    /** 1c: the means over many images, and where the targets go as T falls to 0 and rises without limit. */
    public static Table limits(List<TemperatureEffect> effects, List<Run> trained) {
        Marks marks = Marks.of(trained);
        int images = effects.get(0).targets().length;
        int classes = effects.get(0).targets()[0].length;
        List<List<Cell>> rows = effects.stream()
                .map(effect -> List.of(
                        Cell.number(effect.temperature()),
                        Cell.number(effect.largest(), 4),
                        Cell.number(effect.entropy(), 4),
                        Cell.number(effect.entropy() / Math.log(classes), 4),
                        Cell.number(effect.distanceToOneHot(), 4),
                        Cell.number(effect.distanceToUniform(), 4),
                        Cell.number(effect.sum(), 4)))
                .toList();
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Means over " + images + " test images. Entropy in nats; at most ln " + classes + " = "
                + four(Math.log(classes)) + ".");
        notes.add("Distances are total variation: 0 is equal, 1 has nothing in common.");
        notes.add(
                "Targets are scaled to add up to 1 for all columns but the last, which has what they add up to before.");
        return new Table(
                "1c: soft targets and the limits of T" + reading(trained) + marks.suffix(),
                List.of("T", "largest", "entropy", "of ln " + classes, "to one-hot", "to uniform", "sum"),
                rows,
                notes);
    }

    /**
     * 1c: the length of the distillation loss's gradient, of a student before its training and after it.
     *
     * @param untrained at some temperatures
     * @param trained at the same
     * @param untrainedHard the length of the student loss's gradient before
     * @param trainedHard and after
     */
    public static Table gradients(
            List<TemperatureEffect> untrained,
            List<TemperatureEffect> trained,
            double untrainedHard,
            double trainedHard,
            List<Run> runs) {
        Marks marks = Marks.of(runs);
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < untrained.size(); i++) {
            TemperatureEffect before = untrained.get(i);
            TemperatureEffect after = trained.get(i);
            rows.add(List.of(
                    Cell.number(before.temperature()),
                    Cell.number(before.gradientWithoutSquare(), SCIENTIFIC),
                    Cell.number(before.gradient(), SCIENTIFIC),
                    Cell.number(before.gradient() / untrainedHard, RATIO),
                    Cell.number(after.gradientWithoutSquare(), SCIENTIFIC),
                    Cell.number(after.gradient(), SCIENTIFIC),
                    Cell.number(after.gradient() / trainedHard, RATIO)));
        }
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Mean length over " + untrained.get(0).targets().length
                + " test images of the gradient with respect to the student's logits z.");
        notes.add("Of the student loss, which T does not touch: " + scientific(untrainedHard) + " before, "
                + scientific(trainedHard) + " after.");
        return new Table(
                "1c: the gradient of the distillation loss, student without KD before and after its training"
                        + reading(runs) + marks.suffix(),
                List.of(
                        "T",
                        "before: without T\u00b2",
                        "before: with T\u00b2",
                        "before: / student loss's",
                        "after: without T\u00b2",
                        "after: with T\u00b2",
                        "after: / student loss's"),
                rows,
                notes);
    }

    /**
     * 1e: accuracy on the training images less that on the test images, with and without distillation.
     *
     * @param students of question 5
     */
    public static Table gap(List<Run> plain, List<Run> students) {
        List<Run> all = Stream.concat(plain.stream(), students.stream()).toList();
        Marks marks = Marks.of(all);
        List<List<Cell>> rows = new ArrayList<>();
        Map<String, List<Run>> groups = new LinkedHashMap<>();
        groups.put("without KD", plain);
        if (onlyCell(students).isEmpty()) {
            groups.putAll(by(students, "T = ", Settings::temperature));
            groups.putAll(by(students, "alpha = ", Settings::alpha));
        }
        groups.put("with KD, " + which(students, "all"), students);
        groups.forEach((name, runs) -> rows.add(gapRow(name, runs, plain)));
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(OVER_SEEDS);
        notes.add("Last column: 95 % by Welch's t, where both have several seeds.");
        return new Table(
                "1e: training accuracy, test accuracy and their difference, in %" + reading(all) + marks.suffix(),
                List.of("", "runs", "training", "test", "difference", "less than without KD by"),
                rows,
                notes);
    }

    /** The runs by a setting, in its order. */
    private static Map<String, List<Run>> by(List<Run> runs, String name, Function<Settings, Double> setting) {
        return new TreeMap<>(runs.stream().collect(Collectors.groupingBy(run -> setting.apply(run.settings()))))
                .entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> name + number(entry.getKey()),
                                Map.Entry::getValue,
                                (one, other) -> one,
                                LinkedHashMap::new));
    }

    /** What the table says of which students these are. */
    private static String which(List<Run> students, String all) {
        return onlyCell(students).map(Hyperparameters::toString).orElse(all);
    }

    /** The temperature and alpha of all; empty where they have several. */
    private static Optional<Hyperparameters> onlyCell(List<Run> students) {
        List<Hyperparameters> cells = students.stream()
                .map(run -> new Hyperparameters(
                        run.settings().temperature(), run.settings().alpha()))
                .distinct()
                .toList();
        return cells.size() == 1 ? Optional.of(cells.get(0)) : Optional.empty();
    }

    private static List<Cell> gapRow(String name, List<Run> runs, List<Run> plain) {
        Sample gap = MnistTables.meanOver(runs, TheoryTables::gap);
        Sample plainGap = MnistTables.meanOver(plain, TheoryTables::gap);
        return Cells.row(
                Cell.text(name),
                runs,
                Cell.number(runs.size()),
                Cell.mean(MnistTables.meanOver(runs, Run::trainAccuracy)),
                Cell.mean(MnistTables.meanOver(runs)),
                Cell.mean(gap),
                runs == plain ? Cell.NONE : difference(plainGap, gap));
    }

    private static double gap(Run run) {
        return run.trainAccuracy() - run.testAccuracy();
    }

    /**
     * 1e: networks that saw few images of one class.
     *
     * @param runs of question 1, each with the confusion matrix of the test images
     * @param rareClass the class
     * @param every of which one image of so many was used
     */
    public static Table rareClass(List<Run> runs, int rareClass, int every) {
        Marks marks = Marks.of(runs);
        List<Run> plain = where(runs, run -> run.settings().role() == Role.STUDENT_PLAIN);
        Map<String, List<Run>> groups = new LinkedHashMap<>();
        groups.put("student without KD", plain);
        groups.put(
                "student with KD, teacher of all images",
                where(runs, run -> run.settings().role() == Role.STUDENT && !sameImages(run)));
        groups.put("student with KD, teacher of the same images", where(runs, TheoryTables::sameImages));
        groups.put(
                "teacher of the same images", where(runs, run -> run.settings().role() == Role.TEACHER));
        groups.values().removeIf(List::isEmpty);
        List<List<Cell>> rows = groups.entrySet().stream()
                .map(group -> rareRow(group.getKey(), group.getValue(), plain, rareClass))
                .toList();
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add("Of class " + rareClass + " one training image of " + every + " is used, of the others all.");
        notes.add("Difference: accuracy on those training images less that on all test images.");
        notes.add(
                "Mean ± standard deviation over seeds, with the 95 % interval of the mean. Last column: 95 % by Welch's t, where there are several.");
        return new Table(
                "1e: class " + rareClass + " is rare in training, accuracy in %" + reading(runs) + marks.suffix(),
                List.of(
                        "",
                        "runs",
                        "test",
                        "class " + rareClass,
                        "other classes",
                        "difference",
                        "class " + rareClass + ", more than without KD by"),
                rows,
                notes);
    }

    private static boolean sameImages(Run run) {
        return run.settings().question().equals(MnistPlan.TEACHER_OF_THE_SAME_IMAGES);
    }

    private static List<Cell> rareRow(String name, List<Run> runs, List<Run> plain, int rareClass) {
        Sample recall = Cells.sample(runs, run -> recall(run, rareClass));
        return Cells.row(
                Cell.text(name),
                runs,
                Cell.number(runs.size()),
                Cell.mean(Cells.sample(runs)),
                Cell.mean(recall),
                Cell.mean(Cells.sample(runs, run -> recallOfOthers(run, rareClass))),
                Cell.mean(Cells.sample(runs, TheoryTables::gap)),
                runs == plain ? Cell.NONE : difference(recall, Cells.sample(plain, run -> recall(run, rareClass))));
    }

    private static double recall(Run run, int rareClass) {
        ConfusionMatrix confusion = run.evaluation().matrix();
        return 100. * confusion.right(rareClass) / confusion.support(rareClass);
    }

    private static double recallOfOthers(Run run, int rareClass) {
        ConfusionMatrix confusion = run.evaluation().matrix();
        double right = confusion.accuracy() * confusion.total() - confusion.right(rareClass);
        return 100. * right / (confusion.total() - confusion.support(rareClass));
    }

    /** {@code +0.12 (+0.03 to +0.21)}; without an interval where one has a single run. */
    static Cell difference(Sample a, Sample b) {
        return a.n() > 1 && b.n() > 1
                ? Cell.difference(a.estimate().minus(b.estimate()))
                : Cell.number(a.mean() - b.mean(), Cell.SIGNED);
    }

    private static List<Run> where(List<Run> runs, Predicate<Run> condition) {
        return runs.stream().filter(condition).toList();
    }

    static String reading(List<Run> runs) {
        return ", " + runs.get(0).settings().reading();
    }

    private static String four(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, SCIENTIFIC, value);
    }
}
