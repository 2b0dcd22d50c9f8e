package distill.task1;

import distill.experiment.MnistPlan;
import distill.experiment.Training;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** A question of Task 1 as a command. */
@Command
abstract class Question implements Callable<Integer> {

    @ParentCommand
    private Task1 task1;

    /** Answers the question. */
    abstract void answer(Lab lab) throws Exception;

    /** What the question trains for one seed, but for teachers of its students; nothing where it trains nothing. */
    List<Training> trainings(Lab lab, MnistPlan plan, long seed) {
        return List.of();
    }

    /** How the command line calls it: {@code task1 q5}. */
    String command() {
        return "task1 " + getClass().getAnnotation(Command.class).name();
    }

    /** What its command is described as. */
    String description() {
        return String.join(" ", getClass().getAnnotation(Command.class).description());
    }

    @Override
    public final Integer call() throws Exception {
        answer(task1.lab(List.of(this)));
        return 0;
    }
}
