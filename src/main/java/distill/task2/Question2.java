package distill.task2;

import distill.command.Question;
import distill.experiment.MhistPlan;
import distill.experiment.Training;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Question 2: the report's steps 3 to 8 and 13 on MHIST. */
@Command(name = "q2", description = "Steps 3 to 8 and 13 of the report on MHIST, or some of them.")
public final class Question2 extends Question<Task2Experiment, MhistPlan> {

    @Option(
            names = "--part",
            split = ",",
            paramLabel = "PART[,PART]",
            description = "data, models, losses, teacher, sweep (students with distillation by temperature), scratch"
                    + " (students without), cost, eskd (early-stopped teachers), collapse (which slips the authors'"
                    + " collapsed student needs), or all, which is all but collapse (default).")
    private Set<Part> parts = Set.of(Part.all);

    @Option(
            names = "--plan",
            description = "Train nothing: print every run to come with its epochs, steps, estimated time and memory,"
                    + " from a short measurement.")
    private boolean plan;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Task2.main("q2", args);
    }

    /** One part of it. */
    static Question2 of(Part part) {
        Question2 question = new Question2();
        question.parts = Set.of(part);
        return question;
    }

    @Override
    public String name() {
        return super.name()
                + (parts.contains(Part.all) ? "" : " --part " + parts.iterator().next());
    }

    @Override
    public String description() {
        return parts.contains(Part.collapse)
                ? "Which slips the authors' collapsed student needs."
                : super.description();
    }

    @Override
    public List<Training> trainings(Task2Experiment experiment, MhistPlan common, long seed) {
        return wanted(experiment).stream()
                .flatMap(part -> part.trainings(common, experiment.temperatures(), seed).stream())
                .toList();
    }

    @Override
    public void answer(Task2Experiment experiment) throws Exception {
        Set<Part> wanted = wanted(experiment);
        List<Part> left = parts.contains(Part.all)
                ? Part.ALL.stream().filter(part -> !wanted.contains(part)).toList()
                : List.of();
        if (!left.isEmpty()) {
            experiment.answers().print("Left out, for teachers of their own are trained for them: " + left);
        }
        if (plan) {
            experiment.printPlan(experiment.trainings((common, seed) -> trainings(experiment, common, seed)));
            return;
        }
        for (Part part : wanted) {
            part.answer(experiment);
            if (part == Part.scratch && wanted.contains(Part.sweep)) {
                Part.drawTogether(experiment);
            }
        }
    }

    /** The parts in their order; where a teacher is given, all are those that train none. */
    private Set<Part> wanted(Task2Experiment experiment) {
        boolean all = parts.contains(Part.all);
        Set<Part> wanted = new TreeSet<>(all ? Part.ALL : parts);
        if (experiment.hasGivenTeacher()) {
            List<Part> teaching =
                    wanted.stream().filter(Part.TRAINING_TEACHERS::contains).toList();
            if (!all && !teaching.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--part %s trains teachers of its own: leave --teacher out".formatted(teaching.get(0)));
            }
            teaching.forEach(wanted::remove);
        }
        return wanted;
    }
}
