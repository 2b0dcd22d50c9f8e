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

/** Figures that no run is needed for: parameters, floating-point operations, and what the report misprints. */
final class Printed {

    private static final String QUESTION_8 = "Task 1, Question 8";
    private static final String COUNTED = "Counted in the networks' graphs, with equality to the last digit.";
    private static final int BATCH = Published.FLOPS_BATCH;
    private static final double GIGA = 1e9;
    private static final int GIGA_DECIMALS = 9;
    private static final int MISPRINT_DECIMALS = 10;

    private Printed() {}

    static List<Verdict> of() {
        Cost teacher = cost(teacher(), BATCH);
        Cost student = cost(student(), BATCH);
        return List.of(
                exchanged(), figure9(teacher, student), misprint(teacher), unit(teacher), smaller(teacher, student));
    }

    private static Network teacher() {
        return MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);
    }

    private static Network student() {
        return MnistStudent.buildFc(new Network.Names(), Activation.SOFTMAX);
    }

    private static Cost cost(Network network, int batch) {
        return Cost.of(network, batch);
    }

    private static Verdict exchanged() {
        double best = Hyperparameters.all().stream()
                .mapToDouble(place ->
                        Published.table1(place.temperature(), place.alpha()).orElseThrow())
                .max()
                .orElseThrow();
        Hyperparameters where = Hyperparameters.all().stream()
                .filter(place ->
                        Published.table1(place.temperature(), place.alpha()).orElseThrow() == best)
                .findFirst()
                .orElseThrow();
        return new Verdict(
                "we think that the best alpha should be 16, and the best temperature is 0.9",
                "Task 1, Question 5",
                "",
                "Read off the report's own Table I.",
                null,
                Outcome.DOES_NOT_HOLD,
                text(
                        "A misprint: the largest number of Table I, %.2f, is at %s; the two names are exchanged, and no alpha is over 1.",
                        best, where),
                List.of(
                        Quantity.plain("temperature of the largest number", 0, where.temperature(), 0),
                        Quantity.plain("alpha of the largest number", 0, where.alpha(), 1)));
    }

    private static Verdict figure9(Cost teacher, Cost student) {
        List<Quantity> quantities = List.of(
                parameters("parameters of the teacher", teacher.parameters(), Published.TEACHER_PARAMETERS),
                giga("FLOPs / 1e9 of the teacher", teacher.flops(), Published.TEACHER_FLOPS / GIGA),
                parameters("parameters of the student", student.parameters(), Published.STUDENT_PARAMETERS),
                giga("FLOPs / 1e9 of the student", student.flops(), Published.STUDENT_FLOPS / GIGA),
                parameters("parameters of the student without KD", student.parameters(), Published.STUDENT_PARAMETERS),
                giga("FLOPs / 1e9 of the student without KD", student.flops(), Published.STUDENT_FLOPS / GIGA));
        return counted(
                "the %d numbers of Fig. 9".formatted(quantities.size()),
                "teacher model: Parameter number:1011466 FLOPs:5.642779648 student model with KD: Parameter"
                        + " number:1238730 FLOPs:0.633838592 student model without KD: Parameter number:1238730"
                        + " FLOPs:0.633838592",
                QUESTION_8 + ", Fig. 9",
                quantities,
                "for one forward pass of " + BATCH + " images");
    }

    private static Verdict misprint(Cost teacher) {
        return new Verdict(
                "the teacher model has 1011466 parameters and FLOPs is 5.6422779648",
                QUESTION_8,
                "",
                COUNTED,
                null,
                teacher.flops() / GIGA == Published.MISPRINTED_TEACHER_FLOPS ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                text(
                        "A misprint: it is %.9f, as in the report's own Fig. 9; the text has a digit 2 too many.",
                        teacher.flops() / GIGA),
                List.of(new Quantity(
                        "FLOPs / 1e9 of the teacher",
                        0,
                        teacher.flops() / GIGA,
                        null,
                        Published.MISPRINTED_TEACHER_FLOPS,
                        MISPRINT_DECIMALS)));
    }

    private static Verdict unit(Cost teacher) {
        long twice = cost(teacher(), 2 * BATCH).flops();
        long one = cost(teacher(), 1).flops();
        boolean proportional = twice == 2 * teacher.flops() && teacher.flops() == BATCH * one;
        return new Verdict(
                "FLOPs(floating-point operations per second)",
                QUESTION_8,
                "",
                "A rate would not depend on how many images are computed; a count is proportional to them.",
                null,
                proportional ? Outcome.DOES_NOT_HOLD : Outcome.HOLDS,
                text(
                        "The number is a count of operations, in units of 1e9 and for %d images at once: %d images have %.9f, one has %.9f. No time was measured, so neither this nor the text's times/second is its unit.",
                        BATCH, 2 * BATCH, twice / GIGA, one / GIGA),
                List.of(
                        Quantity.plain("FLOPs / 1e9 of the teacher for 1 image", 0, one / GIGA, GIGA_DECIMALS),
                        Quantity.plain(
                                "FLOPs / 1e9 of the teacher for " + BATCH + " images",
                                0,
                                teacher.flops() / GIGA,
                                GIGA_DECIMALS),
                        Quantity.plain(
                                "FLOPs / 1e9 of the teacher for " + 2 * BATCH + " images",
                                0,
                                twice / GIGA,
                                GIGA_DECIMALS)));
    }

    private static Verdict smaller(Cost teacher, Cost student) {
        double parameters = (double) student.parameters() / teacher.parameters();
        double flops = (double) teacher.flops() / student.flops();
        return new Verdict(
                "We find that student models have more parameters than teacher models, but student models' FLOPs is much"
                        + " smaller than teacher model.",
                QUESTION_8,
                "",
                COUNTED,
                null,
                parameters > 1 && flops > 2 ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                text(
                        "The student has %.2f times the teacher's parameters, and the teacher %.1f times the student's FLOPs.",
                        parameters, flops),
                List.of(
                        Quantity.plain("parameters, student over teacher", 0, parameters, 3),
                        Quantity.plain("FLOPs, teacher over student", 0, flops, 3)));
    }

    /** Task 2's networks. */
    static List<Verdict> ofTransfer() {
        long teacher = whole(BaseModel.RESNET50V2, true);
        long student = whole(BaseModel.MOBILENETV2, true);
        List<Quantity> quantities = List.of(
                parameters("parameters of the student", student, PublishedMhist.STUDENT_PARAMETERS),
                parameters("parameters of the teacher", teacher, PublishedMhist.TEACHER_PARAMETERS));
        return List.of(counted(
                "",
                "in our approach, the MobileNetV2 have 3,540,986 parameters in total, while the ResNet 25,615,802"
                        + " parameters totally, which is a quite big difference of the size (weight).",
                "Task 2, Question 1 f",
                quantities,
                text(
                        "with Dense(2) on ImageNet's 1000 logits; on the pooled features, as the text of Question 1 a has it, they would be %,d and %,d",
                        whole(BaseModel.MOBILENETV2, false), whole(BaseModel.RESNET50V2, false))));
    }

    static long whole(BaseModel model, boolean imagenetHead) {
        return model.withHead(PublishedMhist.IMAGE_SIZE, imagenetHead).whole().parameters();
    }

    private static Verdict counted(
            String numbers, String statement, String place, List<Quantity> quantities, String how) {
        List<String> others = new ArrayList<>();
        for (Quantity quantity : quantities) {
            if (quantity.value() != quantity.report()) {
                others.add(quantity.name() + " " + quantity.text(quantity.value()));
            }
        }
        return new Verdict(
                numbers,
                statement,
                place,
                "",
                COUNTED,
                null,
                others.isEmpty() ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                (others.isEmpty()
                                ? "All " + quantities.size() + " numbers are counted again, "
                                : "Counted otherwise: " + String.join(", ", others) + ", ")
                        + how + ".",
                quantities);
    }

    private static Quantity parameters(String name, long ours, long report) {
        return new Quantity(name, 0, ours, null, (double) report, 0);
    }

    private static Quantity giga(String name, long flops, double report) {
        return new Quantity(name, 0, flops / GIGA, null, report, GIGA_DECIMALS);
    }
}
