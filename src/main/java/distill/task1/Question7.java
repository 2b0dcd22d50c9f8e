package distill.task1;

import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.report.MnistTables;
import distill.report.Published;
import distill.run.Run;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
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
    public void answer(Task1Experiment experiment) throws Exception {
        experiment.announce();
        experiment.heading("Question 7: the student without distillation");
        List<Run> plain = experiment.plainStudents("q7");
        List<Run> students = experiment.storedStudents("q5");
        experiment.publish(
                experiment.fileName(
                        "q7", Stream.concat(plain.stream(), students.stream()).toList()),
                MnistTables.plainStudent(plain, students),
                MnistTables.csv(plain, s -> OptionalDouble.of(Published.PLAIN_STUDENT)));
    }
}
