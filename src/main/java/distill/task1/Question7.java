package distill.task1;

import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.Finding;
import distill.report.MnistTables;
import distill.report.Published;
import distill.run.Run;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;

/** Question 7: the student without distillation, and the comparison that the report makes. */
@Command(name = "q7", description = "The student without distillation, beside those of question 5 that are stored.")
public final class Question7 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q7", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        return List.of(plan.plainStudent("q7", seed));
    }

    @Override
    public String title() {
        return "The student without distillation";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return Finding.ofReadings(
                        stored.runs(Task1Experiment::plainStudents), stored.runs(Task1Experiment::storedStudents))
                .stream()
                .<Block>map(Document.Text::new)
                .toList();
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return stored.readings(missing("The store has no student without distillation."), this::answer);
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 7: the student without distillation");
        List<Run> plain = experiment.plainStudents();
        List<Run> students = experiment.storedStudents();
        if (plain.isEmpty()) {
            return;
        }
        experiment.publish(
                "q7",
                MnistTables.plainStudent(plain, students),
                MnistTables.csv(plain, s -> OptionalDouble.of(Published.PLAIN_STUDENT)),
                plain,
                students);
        experiment.writeEpochs("q7", plain);
    }
}
