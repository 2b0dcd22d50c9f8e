package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.interval;
import static distill.report.verdict.Words.margin;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;
import static distill.statistics.Rounded.signed;

import distill.experiment.MhistPlan;
import distill.nn.zoo.BaseModel;
import distill.report.Marks;
import distill.report.MhistTables;
import distill.report.PublishedMhist;
import distill.report.RunQuery;
import distill.report.verdict.Evidence.Cell;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Estimate;
import distill.statistics.SeedsNeeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Task 2: what pre-training and distillation do to the student on MHIST, by the runs of its question 3 and by the
 * measures that the assignment asks for, F1 and the area under the ROC curve. Runs on other images are named beside it,
 * and decide nothing.
 */
final class Transfer {

    private static final String PLACE = "Task 2, Question 3";
    private static final Claim BOTH = new Claim(
            "Explain the effect of transfer learning and knowledge distillation in the performance of the student model."
                    + " [...] They do improve acc,",
            PLACE);
    private static final Claim PRETRAINING = new Claim(
            "Do pre-trained weights help the teacher and student models perform well on the MHIST dataset? [...] yes,",
            PLACE);
    private static final Claim DISTILLATION = new Claim(
            "Does knowledge transfer from the teacher to the student model increase the student's performance? [...] no,",
            PLACE);
    private static final Claim WITHOUT_TRANSFER_LEARNING = new Claim(
            "using MHIST dataset with two pre-trained network, ResNet50V2 and MobileNetV2 without transfer learning",
            "Task 2, Question 2");
    private static final String TEST =
            "Welch's t tests of macro F1 and of ROC AUC on MHIST, in points of 100, the measures that the assignment asks"
                    + " for, of question 3's runs with the report's settings.";
    private static final Map<String, ToDoubleFunction<Run>> MEASURES = measures();
    private static final double HUNDRED = 100;
    private static final String WITH_KD = "student with KD less without, pre-trained";
    private static final String STUDENT = "student without KD, pre-trained less random";
    private static final String WITHOUT_KD = "student without KD";
    private static final String TEACHER = "teacher, pre-trained less random";
    private static final double TEMPERATURE = 4;
    private static final int WANTED = 5;

    private Transfer() {}

    private static Map<String, ToDoubleFunction<Run>> measures() {
        Map<String, ToDoubleFunction<Run>> measures = new LinkedHashMap<>();
        measures.put("macro F1", run -> HUNDRED * MhistTables.macroF1(run));
        measures.put("ROC AUC", run -> HUNDRED * run.evaluation().rocAuc());
        return measures;
    }

    /** What is compared, by each measure. */
    private static List<String> byMeasure(String... pairs) {
        return Arrays.stream(pairs)
                .flatMap(pair -> MEASURES.keySet().stream().map(measure -> measure + ", " + pair))
                .toList();
    }

    static List<Verdict> of(Variant reading, List<Run> runs) {
        List<Run> measured = likeTheReport(reading, runs).stream()
                .filter(run -> run.evaluation() != null && run.evaluation().rocAuc() != null)
                .toList();
        Map<String, Evidence> compared = new LinkedHashMap<>();
        MEASURES.forEach((name, measure) -> compared(reading, measured, measure)
                .forEach((pair, evidence) -> compared.put(name + ", " + pair, evidence)));
        Map<String, Estimate> differences = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        compared.forEach((name, pair) -> {
            if (pair.fewest() >= Evidence.LEAST_SEEDS) {
                differences.put(name, pair.difference());
                quantities.add(Quantity.percent(name, pair.fewest(), pair.difference(), null));
            }
        });
        TestFamily family = TestFamily.ofDifferences("Task 2 " + reading, differences);
        Evidence taught = compared.get(byMeasure(WITH_KD).get(0));
        return List.of(
                improved(BOTH, byMeasure(STUDENT, WITH_KD), compared, family, quantities),
                improved(PRETRAINING, byMeasure(TEACHER, STUDENT), compared, family, quantities),
                taught.fewest() >= Evidence.LEAST_SEEDS
                        ? notIncreased(taught, family, quantities)
                        : notRun(DISTILLATION, taught, elsewhere(reading, runs)));
    }

    /** Pairs of cells, of which the first should be the better. */
    private static Map<String, Evidence> compared(Variant reading, List<Run> runs, ToDoubleFunction<Run> measure) {
        Evidence plain = evidence(reading, runs, measure, Role.STUDENT_PLAIN, "pre-trained");
        Map<String, Evidence> compared = new LinkedHashMap<>();
        compared.put(
                WITH_KD,
                evidence(reading, runs, measure, Role.STUDENT, "pre-trained").and(plain));
        compared.put(STUDENT, plain.and(evidence(reading, runs, measure, Role.STUDENT_PLAIN, "random")));
        compared.put(
                TEACHER,
                evidence(reading, runs, measure, Role.TEACHER, "pre-trained")
                        .and(evidence(reading, runs, measure, Role.TEACHER, "random")));
        return compared;
    }

    private static Evidence evidence(
            Variant reading, List<Run> runs, ToDoubleFunction<Run> measure, Role role, String start) {
        Stream<Run> cell = runs.stream()
                .filter(run ->
                        run.settings().role() == role && run.settings().start().equals(start));
        return new Evidence(
                reading, "task2 q3", WANTED, List.of(Cell.of(role + ", " + start, 0, 0, null, cell, measure)));
    }

    private static Verdict notRun(Claim claim, Evidence taught, List<Quantity> elsewhere) {
        boolean none = taught.cells().stream().allMatch(cell -> cell.n() == 0);
        String missing = none
                ? "MHIST's images were not available to us. " + Evidence.LEAST_SEEDS
                        + " seeds of each on them are needed: where they are, " + taught.command() + " makes them."
                : "On MHIST " + Evidence.LEAST_SEEDS + " seeds of each are needed, and not all are stored: "
                        + taught.command() + " makes them.";
        String other = elsewhere.isEmpty() ? "" : " What other images gave, listed below, says nothing about MHIST's.";
        return claim.notRun(taught.reading(), TEST, missing + other, elsewhere);
    }

    /** Whether all differences are over 0. */
    private static Verdict improved(
            Claim claim,
            List<String> names,
            Map<String, Evidence> compared,
            TestFamily family,
            List<Quantity> quantities) {
        Evidence least = names.stream()
                .map(compared::get)
                .min(Comparator.comparingInt(Evidence::fewest))
                .orElseThrow();
        if (!family.differences().keySet().containsAll(names)) {
            return notRun(claim, least, List.of());
        }
        Outcome outcome =
                Outcome.of(!family.below(names).isEmpty(), family.above(names).equals(names));
        int seeds = least.fewest();
        return new Verdict(
                claim,
                least.reading().toString(),
                TEST + " " + family.text(),
                family.p(names),
                outcome,
                names.stream().map(name -> sentence(name, family)).collect(Collectors.joining(" "))
                        + (outcome == Outcome.INCONCLUSIVE
                                ? Words.toSettle(
                                        wanted -> names.stream()
                                                .map(name -> SeedsNeeded.with(
                                                        family.differences().get(name),
                                                        compared.get(name).fewest(),
                                                        wanted))
                                                .allMatch(one -> one.p() * family.size() < TestFamily.LEVEL),
                                        seeds,
                                        least)
                                : ""),
                quantities);
    }

    private static Verdict notIncreased(Evidence taught, TestFamily family, List<Quantity> quantities) {
        List<String> names = byMeasure(WITH_KD);
        int seeds = taught.fewest();
        double most = most(names, family, seeds, seeds);
        List<String> above = family.above(names);
        Outcome outcome = Outcome.of(!above.isEmpty(), most < Quantity.LITTLE);
        return new Verdict(
                DISTILLATION,
                taught.reading().toString(),
                TEST + " Supported where a gain of " + margin(Quantity.LITTLE)
                        + " point is ruled out at 95 % by both, a margin of ours. " + family.text(),
                above.isEmpty()
                        ? family.p(names)
                        : above.stream().mapToDouble(family::p).min().orElseThrow(),
                outcome,
                names.stream().map(name -> sentence(name, family)).collect(Collectors.joining(" "))
                        + (above.isEmpty()
                                ? text(
                                        " A gain above %.2f is ruled out; with any margin above that it is supported.",
                                        most)
                                : "")
                        + (outcome == Outcome.INCONCLUSIVE
                                ? Words.toSettle(
                                        wanted -> most(names, family, seeds, wanted) < Quantity.LITTLE, seeds, taught)
                                : "")
                        + " The report's first answer, that both improve the accuracy, says the contrary.",
                quantities);
    }

    /** The highest end of the intervals, with so many seeds. */
    private static double most(List<String> names, TestFamily family, int seeds, int wanted) {
        return names.stream()
                .mapToDouble(name -> SeedsNeeded.with(family.differences().get(name), seeds, wanted)
                        .interval()
                        .high())
                .max()
                .orElseThrow();
    }

    private static String sentence(String name, TestFamily family) {
        Estimate difference = family.differences().get(name);
        return text(
                "%s: %s points (%s, %s after the correction).",
                Words.capital(name), signed(difference.value()), interval(difference.interval()), p(family.p(name)));
    }

    /** Question 3's runs of a reading with all its slips, on MHIST as the report has it. */
    private static List<Run> likeTheReport(Variant reading, List<Run> runs) {
        return of(reading, runs, List.of(MhistPlan.Q3, Settings.SHARED_TEACHER))
                .filter(run -> {
                    List<Run> teacher = RunQuery.teachersOf(List.of(run), runs);
                    List<String> words = words(Stream.concat(Stream.of(run), teacher.stream()));
                    words.remove(Marks.RANDOM_WEIGHTS);
                    return words.isEmpty() && !words(teacher.stream()).contains(Marks.RANDOM_WEIGHTS);
                })
                .toList();
    }

    private static List<String> words(Stream<Run> runs) {
        return new ArrayList<>(Marks.of(runs.toList()).words());
    }

    /** The whole runs of a reading with all its slips, at T = 4 or without distillation. */
    private static Stream<Run> of(Variant reading, List<Run> runs, List<String> questions) {
        return runs.stream().filter(run -> {
            Settings settings = run.settings();
            return questions.contains(settings.question())
                    && settings.variant() == reading
                    && settings.isTransfer()
                    && settings.without() == null
                    && settings.isOfReportsLoss()
                    && settings.teacherEpochs() == null
                    && (settings.temperature() == null || settings.temperature() == TEMPERATURE)
                    && !settings.quick()
                    && !settings.standsStill()
                    && run.provenance().isOurs();
        });
    }

    /** Students with and without distillation on other images, where both are stored. */
    private static List<Quantity> elsewhere(Variant reading, List<Run> runs) {
        Map<String, Map<String, List<Run>>> groups = new TreeMap<>();
        of(reading, runs, List.of(MhistPlan.Q3, MhistPlan.SWEEP))
                .filter(run -> !run.provenance().synthetic()
                        && run.evaluation() != null
                        && run.evaluation().rocAuc() != null
                        && words(Stream.of(run)).contains(Marks.NOT_MHIST))
                .forEach(run -> {
                    List<String> images = words(Stream.of(run));
                    images.remove(Marks.ANOTHER_TEACHER);
                    List<String> own =
                            words(Stream.concat(Stream.of(run), RunQuery.teachersOf(List.of(run), runs).stream()));
                    own.removeAll(images);
                    images.addAll(
                            List.of(run.provenance().data(), run.settings().start()));
                    String name = (run.settings().role() == Role.STUDENT ? "student with KD" : WITHOUT_KD)
                            + new Marks(own).suffix();
                    groups.computeIfAbsent(String.join(", ", images), key -> new TreeMap<>())
                            .computeIfAbsent(name, key -> new ArrayList<>())
                            .add(run);
                });
        List<Quantity> quantities = new ArrayList<>();
        groups.forEach((images, students) -> {
            if (students.size() > 1 && students.containsKey(WITHOUT_KD)) {
                students.forEach((name, of) -> MEASURES.forEach((measure, value) -> quantities.add(Quantity.mean(
                        images + ": " + measure + " of the " + name,
                        Cell.of(name, 0, 0, null, of.stream(), value).runs(),
                        null))));
            }
        });
        return quantities;
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
        return WITHOUT_TRANSFER_LEARNING.withoutRuns(
                "Against the report's own Question 1 a, which calls transfer learning \"also known as using pre-trained"
                        + " models\", and against the parameters that it prints.",
                Outcome.of(teacher == PublishedMhist.TEACHER_PARAMETERS, false),
                text(
                        "The sentence contradicts itself, for pre-trained networks are transfer learning; and the printed %,d parameters are ImageNet's network with its 1000 classes and %,d for two more outputs. What it left out is freezing. Of the %s of that reading at T = 4, questions 2 and 3, %d start from pre-trained weights.",
                        PublishedMhist.TEACHER_PARAMETERS, head, count(written.size(), "run"), pretrained),
                List.of(
                        Quantity.counted(
                                "parameters of ResNet50V2 with ImageNet's 1000 classes and Dense(2)",
                                teacher,
                                PublishedMhist.TEACHER_PARAMETERS,
                                0),
                        Quantity.plain("runs from pre-trained weights", 0, pretrained, 0)));
    }
}
