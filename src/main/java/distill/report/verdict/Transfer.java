package distill.report.verdict;

import static distill.report.verdict.Words.count;
import static distill.report.verdict.Words.p;
import static distill.report.verdict.Words.text;

import distill.experiment.MhistPlan;
import distill.nn.zoo.BaseModel;
import distill.report.Marks;
import distill.report.PublishedMhist;
import distill.report.RunQuery;
import distill.report.verdict.Evidence.Cell;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Task 2: what pre-training and distillation do to the student's accuracy on MHIST, by the runs of its question 3. Runs
 * on other images are told beside it, and decide nothing.
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
            "Welch's t tests of the accuracy on MHIST, of question 3's runs with the report's settings.";
    private static final String WITH_KD = "student with KD less without, pre-trained";
    private static final String STUDENT = "student without KD, pre-trained less random";
    private static final String WITHOUT_KD = "student without KD";
    private static final String TEACHER = "teacher, pre-trained less random";
    private static final double TEMPERATURE = 4;

    private Transfer() {}

    static List<Verdict> of(Variant reading, List<Run> runs) {
        Map<String, Evidence> compared = compared(reading, likeTheReport(reading, runs));
        Map<String, Estimate> differences = new LinkedHashMap<>();
        List<Quantity> quantities = new ArrayList<>();
        compared.forEach((name, pair) -> {
            if (pair.fewest() > 1) {
                differences.put(name, pair.difference());
                quantities.add(Quantity.percent(name, pair.fewest(), pair.difference(), null));
            }
        });
        TestFamily family = TestFamily.ofDifferences("Task 2 " + reading, differences);
        Evidence taught = compared.get(WITH_KD);
        return List.of(
                improved(BOTH, List.of(STUDENT, WITH_KD), taught, family, quantities),
                improved(PRETRAINING, List.of(TEACHER, STUDENT), taught, family, quantities),
                taught.fewest() > 1
                        ? notIncreased(reading, family, quantities)
                        : untold(DISTILLATION, taught, elsewhere(reading, runs)));
    }

    /** Pairs of cells, of which the first should be the better. */
    private static Map<String, Evidence> compared(Variant reading, List<Run> runs) {
        Evidence plain = evidence(reading, runs, Role.STUDENT_PLAIN, "pre-trained");
        Map<String, Evidence> compared = new LinkedHashMap<>();
        compared.put(
                WITH_KD, evidence(reading, runs, Role.STUDENT, "pre-trained").and(plain));
        compared.put(STUDENT, plain.and(evidence(reading, runs, Role.STUDENT_PLAIN, "random")));
        compared.put(
                TEACHER,
                evidence(reading, runs, Role.TEACHER, "pre-trained")
                        .and(evidence(reading, runs, Role.TEACHER, "random")));
        return compared;
    }

    private static Evidence evidence(Variant reading, List<Run> runs, Role role, String start) {
        Stream<Run> cell = runs.stream()
                .filter(run ->
                        run.settings().role() == role && run.settings().start().equals(start));
        return new Evidence(reading, "task2 q3 --seeds 5", List.of(Cell.of(role + ", " + start, 0, 0, null, cell)));
    }

    private static Verdict untold(Claim claim, Evidence taught, List<Quantity> elsewhere) {
        String missing = "Two runs on MHIST's own images of each are needed: where those are, " + taught.command()
                + " makes them.";
        String other = elsewhere.isEmpty() ? "" : " What other images gave, listed below, says nothing about MHIST's.";
        return claim.untold(taught.reading(), TEST, missing + other, elsewhere);
    }

    private static Verdict improved(
            Claim claim, List<String> names, Evidence taught, TestFamily family, List<Quantity> quantities) {
        if (!family.differences().keySet().containsAll(names)) {
            return untold(claim, taught, List.of());
        }
        return new Verdict(
                claim,
                taught.reading().toString(),
                TEST + " " + family.text(),
                family.p(names),
                Outcome.of(!family.below(names).isEmpty(), family.above(names).equals(names)),
                names.stream().map(name -> sentence(name, family)).collect(Collectors.joining(" ")),
                quantities);
    }

    private static Verdict notIncreased(Variant reading, TestFamily family, List<Quantity> quantities) {
        return new Verdict(
                DISTILLATION,
                reading.toString(),
                TEST + " It holds where a gain of 1 % is excluded. " + family.text(),
                family.p(WITH_KD),
                Outcome.of(
                        !family.above(List.of(WITH_KD)).isEmpty(),
                        family.differences().get(WITH_KD).interval().high() < Quantity.LITTLE),
                sentence(WITH_KD, family)
                        + " The report's first answer, that both improve the accuracy, says the contrary.",
                quantities);
    }

    private static String sentence(String name, TestFamily family) {
        Estimate difference = family.differences().get(name);
        return text(
                "%s: %+.2f, 95 %% interval %s (%s after the correction).",
                Words.capital(name), difference.value(), difference.interval().signedText(), p(family.p(name)));
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
                .filter(run ->
                        !run.provenance().synthetic() && words(Stream.of(run)).contains(Marks.NOT_MHIST))
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
                students.forEach((name, of) -> quantities.add(Quantity.mean(
                        images + ": " + name,
                        Cell.of(name, 0, 0, null, of.stream()).runs(),
                        null)));
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
                        Quantity.plain("runs from pre-trained weights", written.size(), pretrained, 0)));
    }
}
