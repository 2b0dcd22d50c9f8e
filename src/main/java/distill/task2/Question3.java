package distill.task2;

import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MhistPlan;
import distill.experiment.Training;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.Cells;
import distill.report.MhistTables;
import distill.run.Run;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Question 3: what pre-training and distillation do to the student. */
@Command(name = "q3", description = "The student with and without pre-training and distillation, at T = 4.")
public final class Question3 extends Question<Task2Experiment, MhistPlan> {

    @Option(
            names = "--plan",
            description = "Train nothing: print every run to come with its epochs, steps, estimated time and memory,"
                    + " from a short measurement.")
    private boolean plan;

    public static void main(String[] args) {
        Task2.main("q3", args);
    }

    @Override
    public List<Training> trainings(Task2Experiment experiment, MhistPlan plan, long seed) {
        return plan.effects(seed);
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !option.equals("--temperatures")
                && !(plan && Question2.BESIDE_A_PLAN.contains(option))
                && super.uses(option, trains);
    }

    @Override
    public String name() {
        return super.name() + (plan ? " --plan" : "");
    }

    @Override
    public boolean plansOnly() {
        return plan;
    }

    @Override
    public String title() {
        return "Transfer learning and distillation";
    }

    @Override
    public List<Block> inShort(Stored<Task2Experiment> stored) {
        return List.of(new Document.Text(
                "The report's answers are about MHIST, and only runs on MHIST's own images can tell whether they hold. The"
                        + " tables have what runs on the images that are named under them gave. As-described runs from"
                        + " random weights of before 30 November 2026 could learn nothing, whatever the images: "
                        + "`docs/mhist.md#question-3-pre-training-and-distillation`."));
    }

    @Override
    public List<Block> page(Stored<Task2Experiment> stored) throws IOException {
        return stored.readings(missing("The store has no students with and without pre-training."), this::answer);
    }

    @Override
    public void answer(Task2Experiment experiment) throws IOException {
        experiment.answers().heading("Question 3: the effect of pre-training and of distillation");
        experiment.checkDrawn();
        if (plan) {
            experiment.printPlan(experiment.trainings(MhistPlan::effects));
            return;
        }
        List<Run> runs = experiment.runs(MhistPlan::effects);
        List<Run> students = experiment.found(
                runs.stream()
                        .filter(run -> run.settings().question().equals(MhistPlan.Q3))
                        .toList(),
                "the store has no students of question 3: train without --from first");
        if (students.isEmpty()) {
            return;
        }
        List<Run> teachers = experiment.teachersOf(runs).stream()
                .filter(teacher -> !runs.contains(teacher))
                .toList();
        experiment.publish("q3", runs, teachers, own -> MhistTables.effects(own, Cells.all(own, teachers)));
        experiment.answers().text(MhistTables.effectsInWords(runs));
    }
}
