package distill.task1;

import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.loss.KnowledgeDistillation;
import distill.loss.LabelSmoothing;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.ControlTable;
import distill.report.Finding;
import distill.report.FirstEpochs;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.SlipAblation;
import distill.run.Reading;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Question 7: the student without distillation, and the comparison that the report makes. */
@Command(name = "q7", description = "The student without distillation, beside those of question 5 that are stored.")
public final class Question7 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q7", args);
    }

    @Option(
            names = "--controls",
            description = "Train controls, too, that tell whether distillation is a regulariser: a student of smoothed"
                    + " labels, and at T = 16, alpha .9 one of the seed's own teacher and one of the next seed's.")
    private boolean controls;

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        List<Training> trainings = new ArrayList<>(List.of(plan.plainStudent("q7", seed)));
        if (controls && !experiment.hasGivenTeacher()) {
            trainings.addAll(controls(plan, seed));
        }
        return trainings;
    }

    private static List<Training> controls(MnistPlan plan, long seed) {
        MnistPlan kd = plan.withLoss(new KnowledgeDistillation());
        double temperature = Published.BEST_TEMPERATURE;
        double alpha = Published.BEST_ALPHA;
        return List.of(
                plan.withLoss(new LabelSmoothing()).plainStudent("q7", seed),
                kd.student("q5", temperature, alpha, seed),
                kd.studentOfAnotherTeacher(temperature, alpha, seed));
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
        List<Block> readings = stored.readings(missing("The store has no student without distillation."), this::answer);
        List<Run> first =
                FirstEpochs.students(stored.setups().get(0).experiment().stored());
        return Stored.joined(
                readings,
                first.isEmpty() ? List.of() : List.of(new Document.Sheet(FirstEpochs.table(first), List.of())));
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 7: the student without distillation");
        check(
                !controls || !experiment.hasGivenTeacher(),
                "--controls has students of two teachers of ours, so --teacher cannot go with it");
        check(
                !controls || !experiment.trainsNothing(),
                "--from trains nothing, so --controls cannot go with it: controls that are stored are shown without it");
        if (controls) {
            experiment.runs(Question7::controls);
        }
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
        if (plain.get(0).settings().isOfReportsLoss()) {
            publishControls(experiment, plain);
        }
    }

    private static void publishControls(Task1Experiment experiment, List<Run> plain) throws IOException {
        List<Run> stored = experiment.stored();
        List<Run> beside = ControlTable.runs(plain, stored);
        if (!beside.isEmpty()) {
            experiment.publish("q7-controls", ControlTable.of(plain, stored), beside);
        }
        if (experiment.reading().equals(Reading.of(Settings.TASK1, Variant.AS_WRITTEN))) {
            Optional<SlipAblation> ablation = SlipAblation.of(plain, stored);
            if (ablation.isPresent()) {
                List<Run> runs = ablation.get().runs();
                experiment.publish("q7-slips", ablation.get().effects(), runs);
                experiment.publish("q7-slips-cells", ablation.get().cells(), runs);
            }
        }
    }
}
