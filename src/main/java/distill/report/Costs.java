package distill.report;

import distill.cost.Cost;
import distill.experiment.ReadingGraph;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.page.Cell;
import distill.page.Table;
import distill.run.Reading;
import distill.run.Slip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** What the report's networks cost: parameters and floating-point operations, by walking their graphs. */
public final class Costs {

    private static final int TASK2_BATCH = 32;

    private static final Pair REPORT = Pair.published(
            Published.TEACHER_PARAMETERS,
            Published.TEACHER_FLOPS,
            Published.STUDENT_PARAMETERS,
            Published.STUDENT_FLOPS);

    private static final Pair NOTEBOOK = Pair.published(
            PublishedMhist.TEACHER_PARAMETERS,
            PublishedMhist.TEACHER_FLOPS,
            PublishedMhist.STUDENT_PARAMETERS,
            PublishedMhist.STUDENT_FLOPS);

    private Costs() {}

    /** What a teacher costs, and what its students cost, with distillation and without. */
    private record Pair(Cost teacher, Cost student) {

        static Pair published(long teacherParameters, long teacherFlops, long studentParameters, long studentFlops) {
            return new Pair(
                    new Cost(teacherParameters, Map.of("all", teacherFlops)),
                    new Cost(studentParameters, Map.of("all", studentFlops)));
        }

        List<Cell> row(String name, Function<Cost, Cell> value) {
            return List.of(Cell.text(name), value.apply(teacher), value.apply(student));
        }

        List<Cell> parameters(String name) {
            return row(name, cost -> Cell.number(cost.parameters()));
        }

        List<Cell> flops(String name) {
            return row(name, cost -> Cell.number(cost.flops() / 1e9, 9));
        }

        /** The table's rows, with the published numbers below ours where they can be compared. */
        List<List<Cell>> rows(boolean comparable, Pair published, String whose) {
            List<List<Cell>> rows = new ArrayList<>(List.of(parameters("parameters"), flops("FLOPs / 1e9")));
            if (comparable) {
                rows.add(1, Cell.published(published.parameters("parameters, " + whose)));
                rows.add(Cell.published(published.flops("FLOPs / 1e9, " + whose)));
            }
            return rows;
        }
    }

    /** A teacher of Task 1 on a batch of so many images. */
    public static Cost teacher(Reading reading, DataSpec data, int batch) {
        Activation output = new ReadingGraph(reading).outputActivation();
        return Cost.of(MnistTeacher.buildCnn(new Network.Names(), data, output), batch);
    }

    /** A student of Task 1 on a batch of so many images. */
    public static Cost student(Reading reading, DataSpec data, int batch) {
        Activation output = new ReadingGraph(reading).outputActivation();
        return Cost.of(MnistStudent.buildFc(new Network.Names(), data, MnistStudent.WIDTH, output), batch);
    }

    /**
     * Fig. 9: the networks of a reading of Task 1, and the report's numbers where they end in its softmax and are for
     * MNIST.
     *
     * @param data what they are built for
     * @param marks of what sets them apart from the report's
     */
    public static Table ofTask1(Reading reading, DataSpec data, Marks marks) {
        Pair costs =
                new Pair(teacher(reading, data, Published.FLOPS_BATCH), student(reading, data, Published.FLOPS_BATCH));
        boolean softmax = new ReadingGraph(reading).outputActivation() == Activation.SOFTMAX;
        boolean comparable = softmax && marks.comparable();
        List<List<Cell>> rows = costs.rows(comparable, REPORT, "report");
        TreeSet<String> operations =
                new TreeSet<>(costs.teacher().flopsByOperation().keySet());
        operations.addAll(costs.student().flopsByOperation().keySet());
        operations.forEach(operation -> rows.add(costs.row(
                "FLOPs of " + operation,
                cost -> Cell.number(cost.flopsByOperation().getOrDefault(operation, 0L)))));
        return new Table(
                "Fig. 9: parameters and FLOPs, " + reading + marks.suffix(),
                List.of("", "teacher", "student with or without KD"),
                rows,
                List.of(
                        note(Published.FLOPS_BATCH),
                        comparable
                                ? "The report's Fig. 9 has these numbers; its text misprints the teacher's as 5.6422779648 and calls the unit times/second."
                                : softmax
                                        ? marks.notes().get(0)
                                        : String.format(
                                                Locale.ROOT,
                                                "Without the softmax at the end, which the report's networks have: 5 operations for each of %,d outputs fewer.",
                                                Published.FLOPS_BATCH * data.classes())));
    }

    /**
     * Question 2 of Task 2, step 8: the networks of a reading, and the notebook's numbers where they have its head and
     * {@code marks} allow it.
     *
     * @param classes units of the last layer
     * @param marks of what sets the networks apart from the report's
     */
    public static Table ofTask2(Reading reading, BaseModel teacher, int imageSize, int classes, Marks marks) {
        boolean head = reading.has(Slip.IMAGENET_HEAD);
        Pair costs = new Pair(
                Cost.of(teacher.withHead(imageSize, head, classes).whole(), TASK2_BATCH),
                Cost.of(BaseModel.MOBILENETV2.withHead(imageSize, head, classes).whole(), TASK2_BATCH));
        return new Table(
                "Parameters and FLOPs, %s, %d x %d%s".formatted(reading, imageSize, imageSize, marks.suffix()),
                List.of("", teacher + " (teacher)", BaseModel.MOBILENETV2 + " (student)"),
                costs.rows(head && marks.comparable(), NOTEBOOK, "notebook"),
                List.of(note(TASK2_BATCH)));
    }

    private static String note(int batch) {
        return "Floating-point operations of one forward pass of " + batch + " images, not operations per second.";
    }
}
