package distill.task1;

import distill.command.Question;
import distill.command.Stored;
import distill.cost.Cost;
import distill.experiment.MnistPlan;
import distill.experiment.ReadingGraph;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.page.Cell;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Published;
import distill.run.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** Question 8: parameters and floating-point operations, by walking the graphs (Fig. 9). */
@Command(name = "q8", description = "Parameters and FLOPs, read off the graphs: Fig. 9.")
public final class Question8 extends Question<Task1Experiment, MnistPlan> {

    private static final int BATCH_SIZE = 256;

    public static void main(String[] args) {
        Task1.main("q8", args);
    }

    @Override
    public String title() {
        return "Parameters and operations";
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return stored.readings(this::answer);
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.answers().heading("Question 8: parameters and FLOPs");
        experiment.answers().publish("q8-" + experiment.reading().inName(), table(experiment.reading()), List.of());
    }

    /** Parameters and operations of a reading's networks; those of the report beside its own reading's. */
    private static Table table(Reading reading) {
        Activation output = new ReadingGraph(reading).outputActivation();
        Network.Names names = new Network.Names();
        Cost teacher = Cost.of(MnistTeacher.buildCnn(names, output), BATCH_SIZE);
        Cost student = Cost.of(MnistStudent.buildFc(names, output), BATCH_SIZE);
        boolean comparable = output == Activation.SOFTMAX;

        List<String> header = new ArrayList<>(List.of("", "teacher", "student with or without KD"));
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(row("parameters", teacher.parameters(), student.parameters()));
        if (comparable) {
            rows.add(Cell.published(
                    row("parameters, report", Published.TEACHER_PARAMETERS, Published.STUDENT_PARAMETERS)));
        }
        rows.add(List.of(Cell.text("FLOPs / 1e9"), giga(teacher.flops()), giga(student.flops())));
        if (comparable) {
            rows.add(Cell.published(List.of(
                    Cell.text("FLOPs / 1e9, report"), giga(Published.TEACHER_FLOPS), giga(Published.STUDENT_FLOPS))));
        }
        TreeSet<String> operations = new TreeSet<>(teacher.flopsByOperation().keySet());
        operations.addAll(student.flopsByOperation().keySet());
        for (String operation : operations) {
            rows.add(row(
                    "FLOPs of " + operation,
                    teacher.flopsByOperation().getOrDefault(operation, 0L),
                    student.flopsByOperation().getOrDefault(operation, 0L)));
        }
        List<String> notes = new ArrayList<>(List.of("Floating-point operations of one forward pass of " + BATCH_SIZE
                + " images, not operations per second."));
        notes.add(
                comparable
                        ? "The report's Fig. 9 has these numbers; its text misprints the teacher's as 5.6422779648 and calls the unit times/second."
                        : "Without the softmax at the end, which the report's networks have: 5 operations for each of 2,560 outputs fewer.");
        return new Table("Fig. 9: parameters and FLOPs, " + reading, header, rows, notes);
    }

    private static List<Cell> row(String name, long teacher, long student) {
        return List.of(Cell.text(name), Cell.number(teacher), Cell.number(student));
    }

    private static Cell giga(long flops) {
        return Cell.number(flops / 1e9, 9);
    }
}
