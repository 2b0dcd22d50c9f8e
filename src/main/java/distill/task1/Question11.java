package distill.task1;

import distill.experiment.Fidelity;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.loss.TemperatureEffect;
import distill.page.Table;
import distill.report.CapacityTables;
import distill.report.Marks;
import distill.report.TheoryCharts;
import distill.run.Run;
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
public final class Question11 extends Question {

    private static final int CLASSES = 10;

    public static void main(String[] args) {
        Task1.main("q11", args);
    }

    @Override
    List<Training> trainings(Lab lab, MnistPlan plan, long seed) {
        return CapacityGap.trainings(lab, plan, seed, CapacityGap.widths(lab));
    }

    @Override
    void answer(Lab lab) throws Exception {
        lab.announce();
        lab.heading("Question 11: why an early-stopped teacher may help");
        if (lab.trainsNothing()) {
            lab.print("Left out: it looks at models, and --from has none, only what became of them.");
            return;
        }
        Optional<CapacityGap> found = CapacityGap.of(lab, CapacityGap.widths(lab));
        if (found.isEmpty()) {
            return;
        }
        CapacityGap gap = found.get();
        MnistModels models = lab.models();
        Map<Integer, List<Double>> entropies = new TreeMap<>();
        List<Fidelity> fidelities = new ArrayList<>();
        for (Run teacher : gap.teachers()) {
            long seed = teacher.settings().seed();
            for (int epochs = 1; epochs <= lab.epochs(); epochs++) {
                double[] logits = models.teacherTestLogits(seed, epochs, lab.testImages());
                entropies
                        .computeIfAbsent(epochs, e -> new ArrayList<>())
                        .add(TemperatureEffect.of(
                                        lab.lossInputs(),
                                        logits,
                                        logits,
                                        CLASSES,
                                        CapacityGap.TEMPERATURE,
                                        lab.device())
                                .entropy());
                for (Run student : gap.students()) {
                    if (student.settings().seed() == seed && student.settings().teacherEpochs() == epochs) {
                        fidelities.add(Fidelity.of(
                                lab.lossInputs(),
                                student.settings(),
                                logits,
                                models.testLogits(student, lab.testImages()),
                                CLASSES,
                                lab.device()));
                    }
                }
            }
        }
        Table table = CapacityTables.fidelity(gap.teachers(), entropies, fidelities, gap.students());
        String name = gap.fileName(lab, "q11-fidelity");
        lab.keep(name, table, table.csv());
        lab.publish(
                name,
                TheoryCharts.byTeacherEpochs(
                        "Divergence of students from their teacher, " + lab.reading(),
                        "nats",
                        CapacityTables.divergences(fidelities),
                        Marks.of(gap.students())));
    }
}
