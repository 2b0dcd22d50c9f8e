package distill.task2;

import distill.cost.Cost;
import distill.nn.zoo.BaseModel;
import distill.page.Cell;
import distill.page.Table;
import distill.report.Marks;
import distill.report.PublishedMhist;
import distill.run.Reading;
import distill.run.Slip;
import java.util.ArrayList;
import java.util.List;

/** Question 2, step 8: parameters and floating-point operations, by walking the graphs. */
public final class Costs {

    private static final int BATCH_SIZE = 32;

    private Costs() {}

    /**
     * Parameters and FLOPs of a reading's networks; the notebook's beside them where they have its head and
     * {@code marks} allow it.
     *
     * @param marks of what sets the networks apart from the report's
     */
    public static Table table(Reading reading, BaseModel teacherModel, int imageSize, Marks marks) {
        boolean head = reading.has(Slip.IMAGENET_HEAD);
        Cost teacher = Cost.of(teacherModel.withHead(imageSize, head).whole(), BATCH_SIZE);
        Cost student = Cost.of(BaseModel.MOBILENETV2.withHead(imageSize, head).whole(), BATCH_SIZE);
        boolean comparable = head && marks.comparable();
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(row("parameters", teacher.parameters(), student.parameters()));
        if (comparable) {
            rows.add(Cell.published(
                    row("parameters, notebook", PublishedMhist.TEACHER_PARAMETERS, PublishedMhist.STUDENT_PARAMETERS)));
        }
        rows.add(List.of(Cell.text("FLOPs / 1e9"), giga(teacher.flops()), giga(student.flops())));
        if (comparable) {
            rows.add(Cell.published(List.of(
                    Cell.text("FLOPs / 1e9, notebook"),
                    giga(PublishedMhist.TEACHER_FLOPS),
                    giga(PublishedMhist.STUDENT_FLOPS))));
        }
        return new Table(
                "Parameters and FLOPs, %s, %d x %d%s".formatted(reading, imageSize, imageSize, marks.suffix()),
                List.of("", teacherModel + " (teacher)", BaseModel.MOBILENETV2 + " (student)"),
                rows,
                List.of("Floating-point operations of one forward pass of " + BATCH_SIZE
                        + " images, not operations per second."));
    }

    private static List<Cell> row(String name, long teacher, long student) {
        return List.of(Cell.text(name), Cell.number(teacher), Cell.number(student));
    }

    private static Cell giga(long flops) {
        return Cell.number(flops / 1e9, 9);
    }
}
