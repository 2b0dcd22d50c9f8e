package distill.report;

import static distill.run.Settings.number;

import distill.cost.Cost;
import distill.experiment.MnistPlan;
import distill.loss.TemperatureEffect;
import distill.metrics.ConfusionMatrix;
import distill.metrics.Distributions;
import distill.nn.zoo.DataSpec;
import distill.page.Cell;
import distill.page.Table;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.statistics.Sample;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The tables of Task 1's question 1. All runs of a call are of one reading. */
public final class TheoryTables {

    private static final String OVER_SEEDS =
            "Mean ± standard deviation over seeds, with the 95 % interval of the mean. Where a row has several T or alpha, each"
                    + " seed's value is the mean of its runs, which share a teacher; seeds that lack some of them are left out."
                    + " Without ±: fewer than two seeds have them all, and it is the mean of the cells' means.";

    /** As many columns as there are digits. */
    private static final int SHOWN_CLASSES = 10;

    private static final String SCIENTIFIC = "%.2e";
    private static final String RATIO = "%.3g";

    private TheoryTables() {}

    /**
     * 1a: what distillation is to save.
     *
     * @param teachers none where a given one teaches
     */
    public static Table purpose(List<Run> teachers, List<Run> plain, List<Run> students) {
        List<Run> all = Cells.all(plain, students, teachers);
        Reading reading = all.get(0).settings().reading();
        DataSpec data = MnistPlan.spec(all.get(0).settings());
        Cost teacher = Costs.teacher(reading, data, 1);
        Cost student = Costs.student(reading, data, 1);
        Map<String, List<Run>> groups = new LinkedHashMap<>();
        if (!teachers.isEmpty()) {
            groups.put("teacher", teachers);
        }
        groups.put("student without KD", plain);
        groups.put("students with KD, " + which(students, "all T and alpha"), students);
        return Columns.of(groups, all)
                .column("", row -> Cell.text(row.getKey()))
                .ofRuns("parameters", runs -> Cell.number((runs == teachers ? teacher : student).parameters(), "%,.0f"))
                .ofRuns("MFLOP", runs -> Cell.number((runs == teachers ? teacher : student).flops() / 1e6, 3))
                .ofRuns("seeds", runs -> Cell.number(MnistTables.meanOver(runs).n()))
                .ofRuns("test accuracy in %", runs -> Cell.mean(MnistTables.meanOver(runs)))
                .note("Parameters and MFLOP: of one image, in one forward pass.")
                .note(OVER_SEEDS)
                .table("1a: what distillation is to save", all);
    }

    /**
     * 1c: what the temperature does to the targets.
     *
     * @param effects on the same images
     * @param image the one whose targets are shown
     * @param what what the title calls it
     * @param classes the names of the classes; of many, those of the largest targets are shown
     * @param trained whose marks the table carries
     */
    public static Table targets(
            List<TemperatureEffect> effects, int image, String what, List<String> classes, List<Run> trained) {
        Columns<TemperatureEffect> table =
                Columns.of(effects, trained).column("T", effect -> Cell.number(effect.temperature()));
        TemperatureEffect first = effects.get(0);
        IntStream.range(0, classes.size())
                .boxed()
                .sorted(Comparator.comparing((Integer k) -> -first.targets()[image][k]))
                .limit(SHOWN_CLASSES)
                .sorted()
                .forEach(k -> table.column(classes.get(k), effect -> Cell.number(effect.targets()[image][k], 4)));
        if (classes.size() > SHOWN_CLASSES) {
            table.note("Of %d classes the %d with the largest targets at T = %s."
                    .formatted(classes.size(), SHOWN_CLASSES, number(first.temperature())));
        }
        return table.column("entropy", effect -> Cell.number(Distributions.entropy(effect.targets()[image]), 4))
                .table("1c: the teacher's soft targets of " + what, trained);
    }

    /** 1c: the means over many images, and where the targets go as T falls to 0 and rises without limit. */
    public static Table limits(List<TemperatureEffect> effects, List<Run> trained) {
        int images = effects.get(0).targets().length;
        int classes = effects.get(0).targets()[0].length;
        return Columns.of(effects, trained)
                .column("T", effect -> Cell.number(effect.temperature()))
                .column("largest", effect -> Cell.number(effect.largest(), 4))
                .column("entropy", effect -> Cell.number(effect.entropy(), 4))
                .column("of ln " + classes, effect -> Cell.number(effect.entropy() / Math.log(classes), 4))
                .column("to one-hot", effect -> Cell.number(effect.distanceToOneHot(), 4))
                .column("to uniform", effect -> Cell.number(effect.distanceToUniform(), 4))
                .column("sum", effect -> Cell.number(effect.sum(), 4))
                .note("Means over %d test images. Entropy in nats; at most ln %d = %s."
                        .formatted(
                                images,
                                classes,
                                Cell.number(Math.log(classes), 4).text()))
                .note("Distances are total variation: 0 is equal, 1 has nothing in common.")
                .note(
                        "Targets are scaled to add up to 1 for all columns but the last, which has what they add up to before.")
                .table("1c: soft targets and the limits of T", trained);
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
        Columns<Integer> table = Columns.of(
                        IntStream.range(0, untrained.size()).boxed().toList(), runs)
                .column("T", i -> Cell.number(untrained.get(i).temperature()));
        gradients(table, "before", untrained, untrainedHard);
        gradients(table, "after", trained, trainedHard);
        return table.note("Mean length over " + untrained.get(0).targets().length
                        + " test images of the gradient with respect to the student's logits z.")
                .note("Of the student loss, which T does not touch: %s before, %s after."
                        .formatted(
                                Cell.number(untrainedHard, SCIENTIFIC).text(),
                                Cell.number(trainedHard, SCIENTIFIC).text()))
                .table(
                        "1c: the gradient of the distillation loss, student without KD before and after its training",
                        runs);
    }

    private static void gradients(
            Columns<Integer> table, String when, List<TemperatureEffect> effects, double studentLoss) {
        table.column(when + ": without T\u00b2", i -> Cell.number(effects.get(i).gradientWithoutSquare(), SCIENTIFIC))
                .column(when + ": with T\u00b2", i -> Cell.number(effects.get(i).gradient(), SCIENTIFIC))
                .column(
                        when + ": / student loss's",
                        i -> Cell.number(effects.get(i).gradient() / studentLoss, RATIO));
    }

    /**
     * 1e: accuracy on the training images less that on the test images, with and without distillation.
     *
     * @param students of question 5
     */
    public static Table gap(List<Run> plain, List<Run> students) {
        List<Run> all = Cells.all(plain, students);
        Map<String, List<Run>> groups = new LinkedHashMap<>();
        groups.put("without KD", plain);
        if (Cells.bySetting(students, Hyperparameters::of).size() > 1) {
            Cells.bySetting(students, Settings::temperature).forEach((temperature, runs) -> {
                if (temperature != null) {
                    groups.put("T = " + number(temperature), runs);
                }
            });
            Cells.bySetting(students, Settings::alpha)
                    .forEach((alpha, runs) -> groups.put("alpha = " + number(alpha), runs));
        }
        groups.put("with KD, " + which(students, "all"), students);
        Sample plainGap = MnistTables.meanOver(plain, TheoryTables::gap);
        return Columns.of(groups, all)
                .column("", row -> Cell.text(row.getKey()))
                .ofRuns("seeds", runs -> Cell.number(MnistTables.meanOver(runs).n()))
                .ofRuns("training", runs -> Cell.mean(MnistTables.meanOver(runs, Run::trainAccuracy)))
                .ofRuns("test", runs -> Cell.mean(MnistTables.meanOver(runs)))
                .ofRuns("difference", runs -> Cell.mean(MnistTables.meanOver(runs, TheoryTables::gap)))
                .ofRuns(
                        "less than without KD by",
                        runs -> runs == plain
                                ? Cell.NONE
                                : Cells.difference(plainGap, MnistTables.meanOver(runs, TheoryTables::gap)))
                .note(OVER_SEEDS)
                .note("Last column: 95 % by Welch's t, where both have several seeds.")
                .table("1e: training accuracy, test accuracy and their difference, in %", all);
    }

    /** What the table says of which students these are: their temperature and alpha, where they have one cell only. */
    private static String which(List<Run> students, String all) {
        Set<Hyperparameters> cells =
                Cells.bySetting(students, Hyperparameters::of).keySet();
        return cells.size() == 1 ? Cells.list(cells) : all;
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
        String name = "class " + runs.get(0).evaluation().matrix().classes().get(rareClass);
        return Columns.of(groups, runs)
                .column("", row -> Cell.text(row.getKey()))
                .ofRuns("seeds", own -> Cell.number(own.size()))
                .ofRuns("test", own -> Cell.mean(Cells.sample(own)))
                .ofRuns(name, own -> Cell.mean(recall(own, rareClass)))
                .ofRuns("other classes", own -> Cell.mean(Cells.sample(own, run -> recallOfOthers(run, rareClass))))
                .ofRuns("difference", own -> Cell.mean(Cells.sample(own, TheoryTables::gap)))
                .ofRuns(
                        name + ", more than without KD by",
                        own -> own == plain
                                ? Cell.NONE
                                : Cells.difference(recall(own, rareClass), recall(plain, rareClass)))
                .note("Of " + name + " one training image of " + every + " is used, of the others all.")
                .note("Difference: accuracy on those training images less that on all test images.")
                .note(
                        "Mean ± standard deviation over seeds, with the 95 % interval of the mean. Last column: 95 % by Welch's t, where there are several.")
                .table("1e: " + name + " is rare in training, accuracy in %", runs);
    }

    private static boolean sameImages(Run run) {
        return run.settings().question().equals(MnistPlan.TEACHER_OF_THE_SAME_IMAGES);
    }

    private static Sample recall(List<Run> runs, int rareClass) {
        return Cells.sample(runs, run -> {
            ConfusionMatrix confusion = run.evaluation().matrix();
            return 100. * confusion.right(rareClass) / confusion.support(rareClass);
        });
    }

    private static double recallOfOthers(Run run, int rareClass) {
        ConfusionMatrix confusion = run.evaluation().matrix();
        double right = confusion.accuracy() * confusion.total() - confusion.right(rareClass);
        return 100. * right / (confusion.total() - confusion.support(rareClass));
    }

    private static List<Run> where(List<Run> runs, Predicate<Run> condition) {
        return runs.stream().filter(condition).toList();
    }
}
