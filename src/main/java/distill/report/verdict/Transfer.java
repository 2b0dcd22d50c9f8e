package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.experiment.MhistPlan;
import distill.nn.zoo.BaseModel;
import distill.report.Marks;
import distill.report.PublishedMhist;
import distill.report.RunQuery;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Task 2: what pre-training and distillation do to the student's accuracy on MHIST, by the runs of its question 3. Runs
 * on other images are told beside it, and decide nothing.
 */
final class Transfer {

    private static final String PLACE = "Task 2, Question 3";
    private static final String BOTH =
            "Explain the effect of transfer learning and knowledge distillation in the performance of the student model."
                    + " [...] They do improve acc,";
    private static final String PRETRAINING =
            "Do pre-trained weights help the teacher and student models perform well on the MHIST dataset? [...] yes,";
    private static final String DISTILLATION =
            "Does knowledge transfer from the teacher to the student model increase the student's performance? [...] no,";
    private static final String WITH_KD = "student with KD less without, pre-trained";
    private static final String STUDENT = "student without KD, pre-trained less random";
    private static final String WITHOUT_KD = "student without KD";
    private static final String TEACHER = "teacher, pre-trained less random";
    private static final double TEMPERATURE = 4;
    /** In percent: a gain under this is none to speak of. */
    private static final double LITTLE = 1;

    private Transfer() {}

    /** Which student or teacher. */
    private record Trained(Role role, String start) {}

    /** Two cells of which one should be better. */
    private record Comparison(String name, Trained one, Trained other) {}

    private static final List<Comparison> COMPARISONS = List.of(
            new Comparison(
                    WITH_KD, new Trained(Role.STUDENT, "pre-trained"), new Trained(Role.STUDENT_PLAIN, "pre-trained")),
            new Comparison(
                    STUDENT, new Trained(Role.STUDENT_PLAIN, "pre-trained"), new Trained(Role.STUDENT_PLAIN, "random")),
            new Comparison(TEACHER, new Trained(Role.TEACHER, "pre-trained"), new Trained(Role.TEACHER, "random")));

    static List<Verdict> of(Variant reading, List<Run> runs) {
        Map<Trained, SortedMap<Long, Double>> cells = likeTheReport(reading, runs);
        Map<String, Estimate> differences = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        for (Comparison comparison : COMPARISONS) {
            double[] one = Evidence.values(cells.getOrDefault(comparison.one(), Collections.emptySortedMap()));
            double[] other = Evidence.values(cells.getOrDefault(comparison.other(), Collections.emptySortedMap()));
            if (one.length > 1 && other.length > 1) {
                Estimate difference = Estimate.ofMean(one).minus(Estimate.ofMean(other));
                differences.put(comparison.name(), difference);
                quantities.add(Quantity.percent(
                        comparison.name(),
                        Math.min(one.length, other.length),
                        difference.value(),
                        difference.interval(),
                        null));
            }
        }
        Map<String, Double> tests = new LinkedHashMap<>();
        differences.forEach((name, difference) -> tests.put(name, difference.p()));
        TestFamily family = TestFamily.of("Task 2 " + reading, tests);
        return List.of(
                improved(BOTH, reading, List.of(STUDENT, WITH_KD), differences, family, quantities),
                improved(PRETRAINING, reading, List.of(TEACHER, STUDENT), differences, family, quantities),
                notIncreased(reading, differences, family, quantities, elsewhere(reading, runs)));
    }

    private static Verdict improved(
            String statement,
            Variant reading,
            List<String> names,
            Map<String, Estimate> differences,
            TestFamily family,
            List<Quantity> quantities) {
        if (!differences.keySet().containsAll(names)) {
            return missing(statement, reading, List.of());
        }
        List<String> worse = names.stream()
                .filter(name -> family.rejects(name) && differences.get(name).value() < 0)
                .toList();
        boolean better = names.stream()
                .allMatch(name -> family.rejects(name) && differences.get(name).value() > 0);
        return new Verdict(
                statement,
                PLACE,
                reading.toString(),
                test() + " " + family.text(),
                family.decisive(names, worse),
                !worse.isEmpty() ? Outcome.DOES_NOT_HOLD : better ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD,
                names.stream().map(name -> sentence(name, differences, family)).reduce("", Transfer::joined),
                quantities);
    }

    private static Verdict notIncreased(
            Variant reading,
            Map<String, Estimate> differences,
            TestFamily family,
            List<Quantity> quantities,
            List<Quantity> elsewhere) {
        if (!differences.containsKey(WITH_KD)) {
            return missing(DISTILLATION, reading, elsewhere);
        }
        Estimate gain = differences.get(WITH_KD);
        Outcome outcome = family.rejects(WITH_KD) && gain.value() > 0
                ? Outcome.DOES_NOT_HOLD
                : gain.interval().high() < LITTLE ? Outcome.HOLDS : Outcome.CANNOT_BE_TOLD;
        return new Verdict(
                DISTILLATION,
                PLACE,
                reading.toString(),
                test() + " It holds where a gain of 1 % is excluded. " + family.text(),
                family.p(WITH_KD),
                outcome,
                sentence(WITH_KD, differences, family)
                        + " The report's first answer, that both improve the accuracy, says the contrary.",
                quantities);
    }

    private static Verdict missing(String statement, Variant reading, List<Quantity> elsewhere) {
        String command = "`./reproduce task2 q3 --seeds 5"
                + (reading == Variant.AS_WRITTEN ? "`" : " --variant " + reading + "`");
        return Verdict.untold(
                statement,
                PLACE,
                reading.toString(),
                test(),
                "Two runs on MHIST's own images of each are needed: where those are, " + command + " makes them."
                        + (elsewhere.isEmpty()
                                ? ""
                                : " What other images gave, listed below, says nothing about MHIST's."),
                elsewhere);
    }

    private static String test() {
        return "Welch's t tests of the accuracy on MHIST, of question 3's runs with the report's settings.";
    }

    private static String joined(String text, String sentence) {
        return text.isEmpty() ? sentence : text + " " + sentence;
    }

    private static String sentence(String name, Map<String, Estimate> differences, TestFamily family) {
        Estimate difference = differences.get(name);
        return text(
                "%s%s: %+.2f, 95 %% interval %s (%s after the correction).",
                name.substring(0, 1).toUpperCase(Locale.ROOT),
                name.substring(1),
                difference.value(),
                difference.interval().signedText(),
                p(family.p(name)));
    }

    /** Question 3's accuracies in percent by seed, of a reading with all its slips, on MHIST as the report has it. */
    private static Map<Trained, SortedMap<Long, Double>> likeTheReport(Variant reading, List<Run> runs) {
        Map<Trained, SortedMap<Long, Double>> cells = new LinkedHashMap<>();
        of(reading, runs, List.of(MhistPlan.Q3, Settings.SHARED_TEACHER)).forEach(run -> {
            List<Run> teacher = RunQuery.teachersOf(List.of(run), runs);
            List<String> words = words(Stream.concat(Stream.of(run), teacher.stream()));
            words.remove(Marks.RANDOM_WEIGHTS);
            if (words.isEmpty() && !words(teacher.stream()).contains(Marks.RANDOM_WEIGHTS)) {
                cells.computeIfAbsent(trained(run), role -> new TreeMap<>())
                        .put(run.settings().seed(), run.testAccuracy());
            }
        });
        return cells;
    }

    private static List<String> words(Stream<Run> runs) {
        return new ArrayList<>(Marks.of(runs.toList()).words());
    }

    private static Trained trained(Run run) {
        return new Trained(run.settings().role(), run.settings().start());
    }

    /** The whole runs of a reading with all its slips, at T = 4 or without distillation. */
    private static Stream<Run> of(Variant reading, List<Run> runs, List<String> questions) {
        return runs.stream().filter(run -> {
            Settings settings = run.settings();
            return questions.contains(settings.question())
                    && settings.variant() == reading
                    && settings.isTransfer()
                    && settings.without() == null
                    && settings.teacherEpochs() == null
                    && (settings.temperature() == null || settings.temperature() == TEMPERATURE)
                    && !settings.quick()
                    && run.provenance().isOurs();
        });
    }

    /** Students with and without distillation on other images, where both are stored. */
    private static List<Quantity> elsewhere(Variant reading, List<Run> runs) {
        Map<String, Map<String, SortedMap<Long, Double>>> groups = new TreeMap<>();
        of(reading, runs, List.of(MhistPlan.Q3, MhistPlan.SWEEP))
                .filter(run ->
                        !run.provenance().synthetic() && words(Stream.of(run)).contains(Marks.NOT_MHIST))
                .forEach(run -> {
                    List<String> common = words(Stream.of(run));
                    common.remove(Marks.ANOTHER_TEACHER);
                    List<String> own =
                            words(Stream.concat(Stream.of(run), RunQuery.teachersOf(List.of(run), runs).stream()));
                    own.removeAll(common);
                    String group = "%s, %s, %s"
                            .formatted(
                                    String.join(", ", common),
                                    run.provenance().data(),
                                    run.settings().start());
                    String name = (run.settings().role() == Role.STUDENT ? "student with KD" : WITHOUT_KD)
                            + (own.isEmpty() ? "" : " [" + String.join(", ", own) + "]");
                    groups.computeIfAbsent(group, key -> new TreeMap<>())
                            .computeIfAbsent(name, key -> new TreeMap<>())
                            .put(run.settings().seed(), run.testAccuracy());
                });
        List<Quantity> quantities = new ArrayList<>();
        groups.forEach((group, byName) -> {
            if (byName.size() > 1 && byName.containsKey(WITHOUT_KD)) {
                byName.forEach((name, bySeed) -> quantities.add(elsewhere(group + ": " + name, bySeed)));
            }
        });
        return quantities;
    }

    private static Quantity elsewhere(String name, SortedMap<Long, Double> bySeed) {
        double[] values = Evidence.values(bySeed);
        return Quantity.percent(
                name,
                values.length,
                Arrays.stream(values).average().orElseThrow(),
                values.length < 2 ? null : Estimate.ofMean(values).interval(),
                null);
    }

    /** Question 2 speaks of pre-trained networks without transfer learning. */
    static Verdict withoutTransferLearning(List<Run> runs) {
        List<Run> written = of(
                        Variant.AS_WRITTEN, runs, List.of(Settings.SHARED_TEACHER, MhistPlan.SWEEP, MhistPlan.Q3))
                .toList();
        long pretrained =
                written.stream().filter(run -> run.settings().pretrained()).count();
        long teacher = Printed.whole(BaseModel.RESNET50V2, true);
        long head = teacher
                - BaseModel.RESNET50V2
                        .withHead(PublishedMhist.IMAGE_SIZE, true)
                        .base()
                        .parameters();
        boolean imagenetHead = teacher == PublishedMhist.TEACHER_PARAMETERS;
        return new Verdict(
                "using MHIST dataset with two pre-trained network, ResNet50V2 and MobileNetV2 without transfer learning",
                "Task 2, Question 2",
                "",
                "Against the report's own Question 1 a, which calls transfer learning \"also known as using pre-trained"
                        + " models\", and against the parameters that it prints.",
                null,
                imagenetHead ? Outcome.DOES_NOT_HOLD : Outcome.CANNOT_BE_TOLD,
                text(
                        "The sentence contradicts itself, for pre-trained networks are transfer learning; and the printed %,d parameters are ImageNet's network with its 1000 classes and %,d for two more outputs. What it left out is freezing. Of the %s of that reading at T = 4, questions 2 and 3, %d start from pre-trained weights.",
                        PublishedMhist.TEACHER_PARAMETERS, head, count(written.size(), "run"), pretrained),
                List.of(
                        new Quantity(
                                "parameters of ResNet50V2 with ImageNet's 1000 classes and Dense(2)",
                                0,
                                teacher,
                                null,
                                (double) PublishedMhist.TEACHER_PARAMETERS,
                                0),
                        Quantity.plain("runs from pre-trained weights", written.size(), pretrained, 0)));
    }
}
