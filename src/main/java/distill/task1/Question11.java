package distill.task1;

import distill.command.Question;
import distill.command.Stored;
import distill.experiment.Fidelity;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.loss.LossInputs;
import distill.loss.TemperatureEffect;
import distill.nn.Device;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.CapacityTables;
import distill.report.Marks;
import distill.report.Published;
import distill.report.TheoryCharts;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/**
 * Question 11: why stopping the teacher early may help: is it simpler, and its student nearer to it? The answer is in
 * {@code docs/theory.md}.
 */
@Command(
        name = "q11",
        description = "Why an early-stopped teacher may help: its targets' entropy, and how near its students come.")
public final class Question11 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q11", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        return CapacityGap.trainings(experiment, plan, seed, CapacityGap.widths(experiment));
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !CapacityGap.FIXED_WITH_WIDTH.contains(option) && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "How early stopping helps";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Text(
                        "The idea is that an early teacher is a simpler function, which a student can follow more closely. Two things can be measured: whether the teacher's targets become harder with its epochs, and how far the student stays from them. Nearness is not accuracy: a student that is farther from a better teacher may still be the better one. Derivation and findings: `docs/theory.md#task-1-question-11`."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return stored.readings(
                missing("The store has nothing on how near students come to their teacher."), this::answer);
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        experiment.announce("Question 11: why an early-stopped teacher may help");
        if (experiment.trainsNothing()) {
            experiment.kept(
                    "Left out: it looks at models, and --from has none, only what became of them.", "q11-fidelity");
            return;
        }
        Optional<CapacityGap> found = CapacityGap.of(experiment, CapacityGap.widths(experiment));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        experiment.answers().note("Comparing what teacher and students put out for the test images");
        MnistModels models = experiment.models();
        LossInputs inputs = experiment.lossInputs();
        Device device = experiment.device();
        double temperature = Published.EARLY_STOPPED_TEMPERATURE;
        Map<Integer, List<Double>> entropies = new TreeMap<>();
        List<Fidelity> fidelities = new ArrayList<>();
        for (Run teacher : gap.teachers()) {
            long seed = teacher.settings().seed();
            for (int epochs = 1; epochs <= experiment.epochs(); epochs++) {
                double[] logits = models.teacherTestLogits(seed, epochs, experiment.testImages());
                TemperatureEffect effect = TemperatureEffect.of(
                        inputs, logits, logits, models.classes().size(), temperature, device);
                entropies.computeIfAbsent(epochs, e -> new ArrayList<>()).add(effect.entropy());
                for (Run run : gap.students()) {
                    Settings student = run.settings();
                    if (student.seed() == seed && student.teacherEpochs() == epochs) {
                        double[] own = models.testLogits(run, experiment.testImages());
                        fidelities.add(Fidelity.of(
                                inputs,
                                student,
                                temperature,
                                logits,
                                own,
                                models.classes().size(),
                                device));
                    }
                }
            }
        }
        Table table = CapacityTables.fidelity(gap.teachers(), entropies, fidelities, gap.students());
        experiment.keep("q11-fidelity", table, gap.students());
        experiment.draw(
                "q11-fidelity",
                TheoryCharts.byTeacherEpochs(
                        "Divergence of students from their teacher, " + experiment.reading(),
                        "nats",
                        CapacityTables.divergences(fidelities),
                        Marks.of(gap.students())),
                gap.students());
    }
}
