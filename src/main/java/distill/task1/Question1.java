package distill.task1;

import static distill.report.Published.EARLY_STOPPED_ALPHA;
import static distill.report.Published.EARLY_STOPPED_TEMPERATURE;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.command.StudentOptions;
import distill.experiment.Example;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.loss.LossInputs;
import distill.loss.TemperatureEffect;
import distill.metrics.Classification;
import distill.nn.zoo.DataSpec;
import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Costs;
import distill.report.DistillationDiagram;
import distill.report.Marks;
import distill.report.MnistCharts;
import distill.report.Published;
import distill.report.TheoryCharts;
import distill.report.TheoryTables;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/**
 * Question 1: the theory of distillation, a to e, each with something computed from trained networks. The answers
 * themselves are in {@code docs/theory.md}.
 */
@Command(
        name = "q1",
        description =
                "Theory of distillation, a to e, each with something computed from real networks: docs/theory.md.")
public final class Question1 extends Question<Task1Experiment, MnistPlan> {

    /** The digit that Hinton, Vinyals and Dean 2015, section 3, kept from their student. */
    private static final int RARE_CLASS = 3;

    private static final int SHOWN_IMAGE = 0;
    private static final List<Double> LIMIT_TEMPERATURES =
            List.of(.01, .1, .25, .5, 1., 2., 4., 8., 16., 32., 64., 1e3, 1e6);
    private static final double LOWEST_DRAWN = .25;
    private static final double HIGHEST_DRAWN = 64;

    public static void main(String[] args) {
        Task1.main("q1", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        List<Training> trainings = new ArrayList<>();
        trainings.add(plan.plainStudent("q7", seed));
        trainings.addAll(plan.students("q5", experiment.temperatures(), experiment.alphas(), seed));
        trainings.add(plan.rarePlainStudent(rareClass(plan), seed));
        trainings.add(rareStudent(plan, "q1", seed));
        if (hasRareTeacher(experiment)) {
            trainings.add(rareStudent(plan, MnistPlan.TEACHER_OF_THE_SAME_IMAGES, seed));
        }
        return trainings;
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !Task1.OF_EARLY_STOPPING.contains(option)
                && !StudentOptions.NAMES.contains(option)
                && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "Theory";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Terms(
                        List.of(
                                new Document.Term(
                                        "a. Purpose",
                                        "To get what a large network has learnt into one that is cheap to use. The report's student does a fraction of its teacher's operations, but has more parameters."),
                                new Document.Term(
                                        "b. Knowledge",
                                        "Not weights, but the mapping from images to outputs. What labels lack is in the wrong answers: that a 2 looks more like a 3 than like a 7."),
                                new Document.Term(
                                        "c. Temperature",
                                        "T divides the logits before the softmax. Towards 0 the targets become one-hot, towards infinity uniform; in between small probabilities count. The gradient falls as 1 / T\u00b2, which the factor T\u00b2 in the loss makes up for."),
                                new Document.Term(
                                        "d. Balance",
                                        "alpha is the weight of the teacher's targets, 1 - alpha that of the labels. Labels are right but say one thing; the teacher is sometimes wrong but says ten."),
                                new Document.Term(
                                        "e. Regularisation",
                                        "Yes, in this sense: targets from a model that generalises keep the student from fitting the training images as closely. The tables below have the gap between training and test accuracy with and without distillation."))),
                new Document.Text(
                        "Derivations, and where the report's answers are wrong or thin: `docs/theory.md#task-1-question-1`."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return stored.readings(missing("The store has nothing computed for this question."), this::answer);
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 1: the theory of distillation");
        List<Run> plain = experiment.plainStudents();
        List<Run> students = experiment.students();
        purpose(experiment, plain, students);
        if (experiment.trainsNothing()) {
            experiment.kept(
                    "b and c are left out: they look at models, and --from has none, only what became of them.",
                    "q1-b-knowledge",
                    "q1-c-targets",
                    "q1-c-limits",
                    "q1-c-gradients");
        } else {
            Run student = students.stream()
                    .filter(run -> experiment.explained().are(run.settings()))
                    .findFirst()
                    .orElseThrow();
            knowledge(experiment, plain.get(0), student);
            temperature(experiment, plain.get(0));
        }
        balance(experiment, students);
        regularisation(experiment, plain, students);
    }

    private static void purpose(Task1Experiment experiment, List<Run> plain, List<Run> students) throws IOException {
        if (plain.isEmpty() || students.isEmpty()) {
            return;
        }
        List<Run> teachers = experiment.hasGivenTeacher() ? List.of() : experiment.teachers();
        Table table = TheoryTables.purpose(teachers, plain, students);
        experiment.publish("q1-a-purpose", table, teachers, plain, students);
    }

    /** Knowledge as a mapping: how far networks of different weights map the same images to the same classes. */
    private static void knowledge(Task1Experiment experiment, Run plain, Run student) throws IOException {
        experiment.answers().note("Comparing what teacher and students put out for the test images");
        MnistModels models = experiment.models();
        int classes = models.classes().size();
        double[] teacher = teacherLogits(experiment, plain);
        int[] teacherSays = Classification.largest(teacher, classes);
        int[] labels = labels(models, teacherSays.length);
        int[] mistakes = IntStream.range(0, labels.length)
                .filter(i -> teacherSays[i] != labels[i])
                .toArray();
        List<Run> runs = List.of(plain, student);
        List<List<Cell>> rows = new ArrayList<>();
        for (Run run : runs) {
            double[] logits = models.testLogits(run, experiment.testImages());
            int[] says = Classification.largest(logits, classes);
            TemperatureEffect effect =
                    TemperatureEffect.of(LossInputs.LOGITS, teacher, logits, classes, 1, experiment.device());
            long copied = IntStream.of(mistakes)
                    .filter(i -> says[i] == teacherSays[i])
                    .count();
            rows.add(List.of(
                    Cell.text(run.settings().role() == Role.STUDENT ? "with KD" : "without KD"),
                    Cell.number(100 * Classification.agreement(says, labels), 2),
                    Cell.number(100 * Classification.agreement(says, teacherSays), 2),
                    new Cell.Share(copied, mistakes.length),
                    Cell.number(effect.divergence(), 4)));
        }
        Marks marks = Marks.of(runs);
        List<String> notes = new ArrayList<>(marks.notes());
        notes.add(labels.length + " test images. With KD: " + student.settings().label() + ".");
        notes.add("Divergence of the student's probabilities, softmax(z), from the teacher's, softmax(v), in nats.");
        Table table = new Table(
                "1b: do two networks map images alike? " + experiment.reading() + marks.suffix(),
                List.of("student", "right, %", "as the teacher, %", "the teacher's mistakes repeated", "divergence"),
                rows,
                notes);
        experiment.keep("q1-b-knowledge", table, runs);
    }

    private static void temperature(Task1Experiment experiment, Run plain) throws IOException {
        MnistModels models = experiment.models();
        int classes = models.classes().size();
        double[] teacher = teacherLogits(experiment, plain);
        double[] after = models.testLogits(plain, experiment.testImages());
        double[] before = models.untrainedTestLogits(plain, experiment.testImages());
        List<TemperatureEffect> trained = effects(experiment, teacher, after, LIMIT_TEMPERATURES);
        List<TemperatureEffect> untrained = effects(experiment, teacher, before, LIMIT_TEMPERATURES);
        int[] labels = labels(models, after.length / classes);
        LossInputs inputs = experiment.lossInputs();
        double hardBefore = TemperatureEffect.hardGradient(inputs, before, labels, classes, experiment.device());
        double hardAfter = TemperatureEffect.hardGradient(inputs, after, labels, classes, experiment.device());

        List<Run> runs = List.of(plain);
        Marks marks = Marks.of(runs);
        String reading = experiment.reading().toString();
        Example example = models.testImage(SHOWN_IMAGE);
        String what = "test image " + example.index() + ", a " + example.className();
        List<TemperatureEffect> shown = effects(experiment, teacher, after, Published.TEMPERATURES);
        experiment.keep("q1-c-targets", TheoryTables.targets(shown, SHOWN_IMAGE, what, models.classes(), runs), runs);
        experiment.draw("q1-c-targets", TheoryCharts.targets(shown, SHOWN_IMAGE, what + ", " + reading, marks), runs);
        experiment.keep("q1-c-limits", TheoryTables.limits(trained, runs), runs);
        experiment.draw("q1-c-entropy", TheoryCharts.entropy(drawn(trained), reading, marks), runs);
        experiment.keep(
                "q1-c-gradients", TheoryTables.gradients(untrained, trained, hardBefore, hardAfter, runs), runs);
        String title = "Gradient of the distillation loss before training, " + reading;
        experiment.draw("q1-c-gradients", TheoryCharts.gradients(title, drawn(untrained), hardBefore, marks), runs);
    }

    private static List<TemperatureEffect> drawn(List<TemperatureEffect> effects) {
        return effects.stream()
                .filter(effect -> effect.temperature() >= LOWEST_DRAWN && effect.temperature() <= HIGHEST_DRAWN)
                .toList();
    }

    private static List<TemperatureEffect> effects(
            Task1Experiment experiment, double[] teacher, double[] student, List<Double> temperatures)
            throws IOException {
        List<TemperatureEffect> effects = new ArrayList<>();
        for (double t : temperatures) {
            int classes = experiment.dataSpec().classes();
            effects.add(
                    TemperatureEffect.of(experiment.lossInputs(), teacher, student, classes, t, experiment.device()));
        }
        return effects;
    }

    private static void balance(Task1Experiment experiment, List<Run> students) throws IOException {
        Reading reading = experiment.reading();
        DataSpec data = students.isEmpty()
                ? experiment.dataSpec()
                : MnistPlan.spec(students.get(0).settings());
        long teacher = Costs.teacher(reading, data, 1).parameters();
        long student = Costs.student(reading, data, 1).parameters();
        Answers answers = experiment.answers();
        answers.picture(
                experiment.networksName("q1-d-distillation", data),
                "Fig. 1: distillation, " + reading,
                "Teacher and student side by side: images go through both, soft targets from the teacher and labels"
                        + " meet the student's outputs in the two losses, whose weighted sum trains the student.",
                file -> DistillationDiagram.draw(reading, data, teacher, student, file));
        if (!students.isEmpty()) {
            experiment.draw("q1-d-alpha", MnistCharts.alphas(students), students);
        }
    }

    private static void regularisation(Task1Experiment experiment, List<Run> plain, List<Run> students)
            throws IOException {
        if (!plain.isEmpty() && !students.isEmpty()) {
            experiment.publish("q1-e-gap", TheoryTables.gap(plain, students), plain, students);
        }
        List<Run> runs = new ArrayList<>(
                experiment.varied("q1", (plan, seed) -> List.of(plan.rarePlainStudent(rareClass(plan), seed))));
        runs.addAll(experiment.varied("q1", (plan, seed) -> List.of(rareStudent(plan, "q1", seed))));
        if (hasRareTeacher(experiment)) {
            String same = MnistPlan.TEACHER_OF_THE_SAME_IMAGES;
            runs.addAll(experiment.varied(same, (plan, seed) -> List.of(rareStudent(plan, same, seed))));
            runs.addAll(experiment.varied("q1", (plan, seed) -> List.of(plan.rareTeacher(rareClass(plan), seed))));
        }
        if (runs.stream().noneMatch(run -> run.settings().role() == Role.STUDENT_PLAIN)) {
            experiment.answers().print("The rare class is left out: the store has no run of it.");
            return;
        }
        int rare = runs.get(0).settings().rareClass();
        experiment.publish("q1-e-rare-class", TheoryTables.rareClass(runs, rare, Settings.RARE_EVERY), runs);
        if (experiment.quick()) {
            experiment.answers().print("A teacher that saw the class rarely, too, is trained without --quick.");
        }
    }

    /** The class that is rare: that digit, or the last of fewer classes. */
    private static int rareClass(MnistPlan plan) {
        return Math.min(RARE_CLASS, plan.spec().classes() - 1);
    }

    /** Whether a teacher of the same images is trained, too. */
    private static boolean hasRareTeacher(Task1Experiment experiment) {
        return !experiment.quick() && !experiment.hasGivenTeacher();
    }

    private static Training rareStudent(MnistPlan plan, String question, long seed) {
        return plan.rareStudent(question, rareClass(plan), EARLY_STOPPED_TEMPERATURE, EARLY_STOPPED_ALPHA, seed);
    }

    private static double[] teacherLogits(Task1Experiment experiment, Run student) throws IOException {
        return experiment
                .models()
                .teacherTestLogits(student.settings().seed(), experiment.epochs(), experiment.testImages());
    }

    private static int[] labels(MnistModels models, int n) throws IOException {
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = models.testImage(i).label();
        }
        return labels;
    }
}
