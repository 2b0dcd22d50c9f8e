package distill.report.verdict;

import static distill.report.verdict.Words.text;

import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.report.Published;
import distill.report.PublishedMhist;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Figures that no run is needed for: parameters, floating-point operations, and what the report misprints. */
final class Printed {

    private static final String QUESTION_8 = "Task 1, Question 8";
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
    private static final Claim NO_MORE_COMPUTATION = new Claim(
            "it'll not increase the times of floating computation, thus keeping the low complexity of the model training",
            QUESTION_8);
    private static final Claim CONVOLUTIONS = new Claim(
            "The teacher model has a much higher FLOPs than student models because the model is more complex and contains"
                    + " convolutional layer which needs large amount of floating computation.",
            QUESTION_8);
    private static final Claim CAPTION =
            new Claim("the caption of Fig. 5", "Teacher Model Testing Accuracy", "Task 1, Question 5, Fig. 5");
    private static final Claim PRINTED_OUT =
            new Claim("Then we print out the training accuracy stored with the code below.", "Task 1, Question 5");
    private static final Claim TRANSFER = new Claim(
            "in our approach, the MobileNetV2 have 3,540,986 parameters in total, while the ResNet 25,615,802"
                    + " parameters totally, which is a quite big difference of the size (weight).",
            "Task 2, Question 1 f");
    private static final String COUNTED = "Counted in the networks' graphs, with equality to the last digit.";
    private static final String READ_OFF = "Read off the report.";
    private static final int BATCH = Published.FLOPS_BATCH;
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;
    /** What a training step costs, in forward passes. */
    private static final int PASSES = 3;

    private static final int GIGA_DECIMALS = 9;
    private static final int MISPRINT_DECIMALS = 10;

    private Printed() {}

    static List<Verdict> of() {
        Cost teacher = teacher(BATCH);
        Cost student = Cost.of(MnistStudent.buildFc(new Network.Names(), Activation.SOFTMAX), BATCH);
        return List.of(
                caption(),
                printedOut(),
                figure9(teacher, student),
                misprint(teacher),
                unit(teacher),
                smaller(teacher, student),
                noMoreComputation(teacher, student),
                convolutions(teacher, student),
                transfer());
    }

    private static Cost teacher(int batch) {
        return Cost.of(MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX), batch);
    }

    private static Verdict caption() {
        return CAPTION.withoutRuns(
                READ_OFF,
                Outcome.NOT_SUPPORTED,
                "A misprint: the 30 numbers are Table I's, by temperature and alpha, of the students. The teacher's are in"
                        + " Fig. 4.",
                List.of());
    }

    private static Verdict printedOut() {
        return PRINTED_OUT.withoutRuns(
                READ_OFF,
                Outcome.NOT_SUPPORTED,
                "A slip of the text: what is printed is what train_and_evaluate returns, the accuracy on the test images,"
                        + " as the next sentence of the report and Table I say. Training accuracies are nowhere in it.",
                List.of());
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
                flops == Published.MISPRINTED_TEACHER_FLOPS ? Outcome.SUPPORTED : Outcome.NOT_SUPPORTED,
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
                proportional ? Outcome.NOT_SUPPORTED : Outcome.SUPPORTED,
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
                parameters > 1 && flops > 2 ? Outcome.SUPPORTED : Outcome.NOT_SUPPORTED,
                text(
                        "The student has %.2f times the teacher's parameters, and the teacher %.1f times the student's FLOPs.",
                        parameters, flops),
                List.of(
                        Quantity.plain("parameters, student over teacher", 0, parameters, 3),
                        Quantity.plain("FLOPs, teacher over student", 0, flops, 3)));
    }

    /** What the teacher adds to each step in which its student learns. */
    private static Verdict noMoreComputation(Cost teacher, Cost student) {
        double own = PASSES * (double) student.flops() / BATCH;
        double taught = own + (double) teacher.flops() / BATCH;
        return NO_MORE_COMPUTATION.withoutRuns(
                "Counted in the networks' graphs. A step without distillation is taken as " + PASSES
                        + " forward passes of the student, for its gradients cost about two; with distillation the"
                        + " report's program runs the teacher on the same images, forward, in every step.",
                taught > own ? Outcome.NOT_SUPPORTED : Outcome.SUPPORTED,
                text(
                        "A step with distillation does %.1f times the floating-point operations of one without: %.1f MFLOP an image in place of %.1f, for the teacher's %.1f are added. Only where the teacher's outputs were kept would it add next to nothing; what distillation leaves as it is is the student's own size and cost in use.",
                        taught / own, taught / MEGA, own / MEGA, (taught - own) / MEGA),
                List.of(
                        Quantity.plain("MFLOP an image of a step without distillation", 0, own / MEGA, 3),
                        Quantity.plain("MFLOP an image of a step with distillation", 0, taught / MEGA, 3)));
    }

    private static Verdict convolutions(Cost teacher, Cost student) {
        double share = (double) teacher.flopsByOperation().getOrDefault("Conv2D", 0L) / teacher.flops();
        double others = (double) student.flops() / teacher.flops();
        return CONVOLUTIONS.withoutRuns(
                COUNTED,
                share > others ? Outcome.SUPPORTED : Outcome.NOT_SUPPORTED,
                text(
                        "Convolutions do %.1f %% of the teacher's operations; all of the student's, which has none, are %.1f %% of them.",
                        100 * share, 100 * others),
                List.of(Quantity.plain("share of convolutions in the teacher's FLOPs", 0, share, 3)));
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
                others.isEmpty() ? Outcome.SUPPORTED : Outcome.NOT_SUPPORTED,
                (others.isEmpty()
                                ? "All " + quantities.size() + " numbers are counted again, "
                                : "Counted otherwise: " + others + ", ")
                        + how + ".",
                quantities);
    }
}
