package distill.task1;

import distill.command.Question;
import distill.experiment.Example;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.loss.LossInputs;
import distill.loss.TemperatureEffect;
import distill.metrics.Classification;
import distill.page.Cell;
import distill.page.Table;
import distill.report.Costs;
import distill.report.DistillationDiagram;
import distill.report.Marks;
import distill.report.MnistCharts;
import distill.report.Published;
import distill.report.TheoryCharts;
import distill.report.TheoryTables;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /** T and alpha of the students on a rare class: the report's of question 13. */
    private static final double TEMPERATURE = Published.EARLY_STOPPED_TEMPERATURE;

    private static final double ALPHA = Published.EARLY_STOPPED_ALPHA;

    /** The digit that Hinton, Vinyals and Dean 2015, section 3, kept from their student. */
    private static final int RARE_CLASS = 3;

    private static final int CLASSES = 10;
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
        List<Training> trainings = new ArrayList<>(List.of(plan.plainStudent("q7", seed)));
        trainings.addAll(plan.students("q5", experiment.temperatures(), experiment.alphas(), seed));
        trainings.add(plan.rarePlainStudent(RARE_CLASS, seed));
        trainings.add(rareStudent(plan, "q1", seed));
        if (!experiment.quick() && !experiment.hasGivenTeacher()) {
            trainings.add(rareStudent(plan, MnistPlan.TEACHER_OF_THE_SAME_IMAGES, seed));
        }
        return trainings;
    }

    @Override
    public void answer(Task1Experiment experiment) throws Exception {
        experiment.announce();
        experiment.heading("Question 1: the theory of distillation");
        List<Run> plain = experiment.plainStudents("q7");
        List<Run> students = experiment.students("q5", experiment.temperatures(), experiment.alphas());
        purpose(experiment, plain, students);
        if (experiment.trainsNothing()) {
            experiment.print(
                    "b and c are left out: they look at models, and --from has none, only what became of them.");
        } else {
            Run student = students.stream()
                    .filter(run -> run.settings().temperature() == experiment.explainedTemperature()
                            && run.settings().alpha() == experiment.explainedAlpha())
                    .findFirst()
                    .orElseThrow();
            knowledge(experiment, plain.get(0), student);
            temperature(experiment, plain.get(0));
        }
        balance(experiment, students);
        regularisation(experiment, plain, students);
    }

    private static void purpose(Task1Experiment experiment, List<Run> plain, List<Run> students) throws IOException {
        List<Run> teachers = experiment.hasGivenTeacher() ? List.of() : experiment.teachers();
        List<Run> runs = new ArrayList<>(plain);
        runs.addAll(students);
        runs.addAll(teachers);
        Table table = TheoryTables.purpose(teachers, plain, students);
        experiment.publish(experiment.fileName("q1-a-purpose", runs), table);
    }

    /** Knowledge as a mapping: how far networks of different weights map the same images to the same classes. */
    private static void knowledge(Task1Experiment experiment, Run plain, Run student) throws IOException {
        MnistModels models = experiment.models();
        double[] teacher = teacherLogits(experiment, plain);
        int[] teacherSays = Classification.largest(teacher, CLASSES);
        int[] labels = labels(models, teacherSays.length);
        int[] mistakes = IntStream.range(0, labels.length)
                .filter(i -> teacherSays[i] != labels[i])
                .toArray();
        List<Run> runs = List.of(plain, student);
        List<List<Cell>> rows = new ArrayList<>();
        for (Run run : runs) {
            double[] logits = models.testLogits(run, experiment.testImages());
            int[] says = Classification.largest(logits, CLASSES);
            TemperatureEffect effect =
                    TemperatureEffect.of(LossInputs.LOGITS, teacher, logits, CLASSES, 1, experiment.device());
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
        experiment.keep(fileName(experiment, "q1-b-knowledge", runs), table, table.csv());
    }

    private static void temperature(Task1Experiment experiment, Run plain) throws IOException {
        MnistModels models = experiment.models();
        double[] teacher = teacherLogits(experiment, plain);
        double[] after = models.testLogits(plain, experiment.testImages());
        double[] before = models.untrainedTestLogits(plain, experiment.testImages());
        List<TemperatureEffect> trained = effects(experiment, teacher, after, LIMIT_TEMPERATURES);
        List<TemperatureEffect> untrained = effects(experiment, teacher, before, LIMIT_TEMPERATURES);
        int[] labels = labels(models, after.length / CLASSES);
        double hardBefore =
                TemperatureEffect.hardGradient(experiment.lossInputs(), before, labels, CLASSES, experiment.device());
        double hardAfter =
                TemperatureEffect.hardGradient(experiment.lossInputs(), after, labels, CLASSES, experiment.device());

        List<Run> runs = List.of(plain);
        Marks marks = Marks.of(runs);
        Example example = models.testImage(SHOWN_IMAGE);
        String what = "test image " + example.index() + ", a " + example.label();
        List<TemperatureEffect> shown = effects(experiment, teacher, after, Published.TEMPERATURES);
        Table targets = TheoryTables.targets(shown, SHOWN_IMAGE, what, runs);
        experiment.keep(fileName(experiment, "q1-c-targets", runs), targets, targets.csv());
        experiment.publish(
                fileName(experiment, "q1-c-targets", runs),
                TheoryCharts.targets(shown, SHOWN_IMAGE, what + ", " + experiment.reading(), marks));

        Table limits = TheoryTables.limits(trained, runs);
        experiment.keep(fileName(experiment, "q1-c-limits", runs), limits, limits.csv());
        experiment.publish(
                fileName(experiment, "q1-c-entropy", runs),
                TheoryCharts.entropy(drawn(trained), experiment.reading().toString(), marks));

        Table gradients = TheoryTables.gradients(untrained, trained, hardBefore, hardAfter, runs);
        experiment.keep(fileName(experiment, "q1-c-gradients", runs), gradients, gradients.csv());
        experiment.publish(
                fileName(experiment, "q1-c-gradients", runs),
                TheoryCharts.gradients(
                        "Gradient of the distillation loss before training, " + experiment.reading(),
                        drawn(untrained),
                        hardBefore,
                        marks));
    }

    private static List<TemperatureEffect> drawn(List<TemperatureEffect> effects) {
        return effects.stream()
                .filter(effect -> effect.temperature() >= LOWEST_DRAWN && effect.temperature() <= HIGHEST_DRAWN)
                .toList();
    }

    private static List<TemperatureEffect> effects(
            Task1Experiment experiment, double[] teacher, double[] student, List<Double> temperatures) {
        return temperatures.stream()
                .map(t -> TemperatureEffect.of(
                        experiment.lossInputs(), teacher, student, CLASSES, t, experiment.device()))
                .toList();
    }

    private static void balance(Task1Experiment experiment, List<Run> students) throws IOException {
        for (Path file : DistillationDiagram.draw(
                experiment.reading(),
                Costs.teacher(experiment.reading(), 1).parameters(),
                Costs.student(experiment.reading(), 1).parameters(),
                experiment.folder().resolve("q1-d-distillation-" + experiment.readingInName()))) {
            experiment.print("  -> " + file);
        }
        experiment.publish(experiment.fileName("q1-d-alpha", students), MnistCharts.alphas(students));
    }

    private static void regularisation(Task1Experiment experiment, List<Run> plain, List<Run> students)
            throws IOException {
        Table gap = TheoryTables.gap(plain, students);
        experiment.publish(
                experiment.fileName(
                        "q1-e-gap",
                        Stream.concat(plain.stream(), students.stream()).toList()),
                gap);
        List<Run> runs = new ArrayList<>(experiment.varied(
                "q1", Role.STUDENT_PLAIN, (plan, seed) -> List.of(plan.rarePlainStudent(RARE_CLASS, seed))));
        runs.addAll(experiment.varied("q1", Role.STUDENT, (plan, seed) -> List.of(rareStudent(plan, "q1", seed))));
        if (!experiment.quick() && !experiment.hasGivenTeacher()) {
            String same = MnistPlan.TEACHER_OF_THE_SAME_IMAGES;
            runs.addAll(experiment.varied(same, Role.STUDENT, (plan, seed) -> List.of(rareStudent(plan, same, seed))));
            runs.addAll(
                    experiment.varied("q1", Role.TEACHER, (plan, seed) -> List.of(plan.rareTeacher(RARE_CLASS, seed))));
        }
        if (runs.isEmpty()) {
            experiment.print("The rare class is left out: the store has no run of it.");
            return;
        }
        Table table = TheoryTables.rareClass(runs, RARE_CLASS, Settings.RARE_EVERY);
        experiment.publish(experiment.fileName("q1-e-rare-class", runs, List.of(TEMPERATURE), List.of(ALPHA)), table);
        if (experiment.quick()) {
            experiment.print("A teacher that saw the class rarely, too, is trained without --quick.");
        }
    }

    private static Training rareStudent(MnistPlan plan, String question, long seed) {
        return plan.rareStudent(question, RARE_CLASS, TEMPERATURE, ALPHA, seed);
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

    /** T and alpha of the one student that is looked at stand in the table. */
    private static String fileName(Task1Experiment experiment, String name, List<Run> runs) {
        return experiment.fileName(
                name, runs, List.of(experiment.explainedTemperature()), List.of(experiment.explainedAlpha()));
    }
}
