package distill.report.verdict;

import static distill.report.verdict.Words.text;

import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.report.Hyperparameters;
import distill.report.Published;
import distill.report.PublishedMhist;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Figures that no run is needed for: parameters, floating-point operations, and what the report misprints. */
final class Printed {

    private static final String QUESTION_8 = "Task 1, Question 8";
    private static final Claim EXCHANGED = new Claim(
            "we think that the best alpha should be 16, and the best temperature is 0.9", "Task 1, Question 5");
    private static final Claim FIGURE_9 = new Claim(
            "teacher model: Parameter number:1011466 FLOPs:5.642779648 student model with KD: Parameter"
                    + " number:1238730 FLOPs:0.633838592 student model without KD: Parameter number:1238730"
                    + " FLOPs:0.633838592",
            QUESTION_8 + ", Fig. 9");
    private static final Claim MISPRINT =
            new Claim("the teacher model has 1011466 parameters and FLOPs is 5.6422779648", QUESTION_8);
    private static final Claim UNIT = new Claim("FLOPs(floating-point operations per second)", QUESTION_8);
    private static final Claim SMALLER = new Claim(
            "We find that student models have more parameters than teacher models, but student models' FLOPs is much"
                    + " smaller than teacher model.",
            QUESTION_8);
    private static final Claim TRANSFER = new Claim(
            "in our approach, the MobileNetV2 have 3,540,986 parameters in total, while the ResNet 25,615,802"
                    + " parameters totally, which is a quite big difference of the size (weight).",
            "Task 2, Question 1 f");
    private static final String COUNTED = "Counted in the networks' graphs, with equality to the last digit.";
    private static final int BATCH = Published.FLOPS_BATCH;
    private static final double GIGA = 1e9;
    private static final int GIGA_DECIMALS = 9;
    private static final int MISPRINT_DECIMALS = 10;

    private Printed() {}

    static List<Verdict> of() {
        Cost teacher = teacher(BATCH);
        Cost student = Cost.of(MnistStudent.buildFc(new Network.Names(), Activation.SOFTMAX), BATCH);
        return List.of(
                exchanged(),
                figure9(teacher, student),
                misprint(teacher),
                unit(teacher),
                smaller(teacher, student),
                transfer());
    }

    private static Cost teacher(int batch) {
        return Cost.of(MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX), batch);
    }

    private static Verdict exchanged() {
        Hyperparameters where = Hyperparameters.all().stream()
                .reduce((best, other) -> table1(other) > table1(best) ? other : best)
                .orElseThrow();
        return EXCHANGED.withoutRuns(
                "Read off the report's own Table I.",
                Outcome.DOES_NOT_HOLD,
                text(
                        "A misprint: the largest number of Table I, %.2f, is at %s; the two names are exchanged, and no alpha is over 1.",
                        table1(where), where),
                List.of(
                        Quantity.plain("temperature of the largest number", 0, where.temperature(), 0),
                        Quantity.plain("alpha of the largest number", 0, where.alpha(), 1)));
    }

    private static double table1(Hyperparameters place) {
        return Published.table1(place.temperature(), place.alpha()).orElseThrow();
    }

    private static Verdict figure9(Cost teacher, Cost student) {
        List<Quantity> quantities = new ArrayList<>();
        quantities.addAll(cost("the teacher", teacher, Published.TEACHER_PARAMETERS, Published.TEACHER_FLOPS));
        quantities.addAll(cost("the student", student, Published.STUDENT_PARAMETERS, Published.STUDENT_FLOPS));
        quantities.addAll(
                cost("the student without KD", student, Published.STUDENT_PARAMETERS, Published.STUDENT_FLOPS));
        return counted(
                FIGURE_9.on("the %d numbers of Fig. 9".formatted(quantities.size())),
                quantities,
                "for one forward pass of " + BATCH + " images");
    }

    private static List<Quantity> cost(String model, Cost ours, long parameters, long flops) {
        return List.of(
                Quantity.counted("parameters of " + model, ours.parameters(), parameters, 0),
                Quantity.counted("FLOPs / 1e9 of " + model, ours.flops() / GIGA, flops / GIGA, GIGA_DECIMALS));
    }

    private static Verdict misprint(Cost teacher) {
        double flops = teacher.flops() / GIGA;
        return MISPRINT.withoutRuns(
                COUNTED,
                flops == Published.MISPRINTED_TEACHER_FLOPS ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                text("A misprint: it is %.9f, as in the report's own Fig. 9; the text has a digit 2 too many.", flops),
                List.of(Quantity.counted(
                        "FLOPs / 1e9 of the teacher", flops, Published.MISPRINTED_TEACHER_FLOPS, MISPRINT_DECIMALS)));
    }

    private static Verdict unit(Cost teacher) {
        long twice = teacher(2 * BATCH).flops();
        long one = teacher(1).flops();
        boolean proportional = twice == 2 * teacher.flops() && teacher.flops() == BATCH * one;
        return UNIT.withoutRuns(
                "A rate would not depend on how many images are computed; a count is proportional to them.",
                proportional ? Outcome.DOES_NOT_HOLD : Outcome.HOLDS,
                text(
                        "The number is a count of operations, in units of 1e9 and for %d images at once: %d images have %.9f, one has %.9f. No time was measured, so neither this nor the text's times/second is its unit.",
                        BATCH, 2 * BATCH, twice / GIGA, one / GIGA),
                List.of(
                        teachersFlops("1 image", one),
                        teachersFlops(BATCH + " images", teacher.flops()),
                        teachersFlops(2 * BATCH + " images", twice)));
    }

    private static Quantity teachersFlops(String images, long flops) {
        return Quantity.plain("FLOPs / 1e9 of the teacher for " + images, 0, flops / GIGA, GIGA_DECIMALS);
    }

    private static Verdict smaller(Cost teacher, Cost student) {
        double parameters = (double) student.parameters() / teacher.parameters();
        double flops = (double) teacher.flops() / student.flops();
        return SMALLER.withoutRuns(
                COUNTED,
                parameters > 1 && flops > 2 ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                text(
                        "The student has %.2f times the teacher's parameters, and the teacher %.1f times the student's FLOPs.",
                        parameters, flops),
                List.of(
                        Quantity.plain("parameters, student over teacher", 0, parameters, 3),
                        Quantity.plain("FLOPs, teacher over student", 0, flops, 3)));
    }

    /** Task 2's networks. */
    private static Verdict transfer() {
        long teacher = whole(BaseModel.RESNET50V2, true);
        long student = whole(BaseModel.MOBILENETV2, true);
        return counted(
                TRANSFER,
                List.of(
                        Quantity.counted("parameters of the student", student, PublishedMhist.STUDENT_PARAMETERS, 0),
                        Quantity.counted("parameters of the teacher", teacher, PublishedMhist.TEACHER_PARAMETERS, 0)),
                text(
                        "with Dense(2) on ImageNet's 1000 logits; on the pooled features, as the text of Question 1 a has it, they would be %,d and %,d",
                        whole(BaseModel.MOBILENETV2, false), whole(BaseModel.RESNET50V2, false)));
    }

    static long whole(BaseModel model, boolean imagenetHead) {
        return model.withHead(PublishedMhist.IMAGE_SIZE, imagenetHead).whole().parameters();
    }

    private static Verdict counted(Claim claim, List<Quantity> quantities, String how) {
        String others = quantities.stream()
                .filter(quantity -> quantity.value() != quantity.report())
                .map(quantity -> quantity.name() + " " + quantity.text(quantity.value()))
                .collect(Collectors.joining(", "));
        return claim.withoutRuns(
                COUNTED,
                others.isEmpty() ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                (others.isEmpty()
                                ? "All " + quantities.size() + " numbers are counted again, "
                                : "Counted otherwise: " + others + ", ")
                        + how + ".",
                quantities);
    }
}
