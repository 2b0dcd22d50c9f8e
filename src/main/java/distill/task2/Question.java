package distill.task2;

import distill.experiment.MhistPlan;
import distill.experiment.Training;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** A question of Task 2 as a command. */
@Command
abstract class Question implements Callable<Integer> {

    @ParentCommand
    private Task2 task2;

    /** Answers the question. */
    abstract void answer(Lab lab) throws Exception;

    /** What the question trains for one seed, but for what that rests on; nothing where it trains nothing. */
    List<Training> trainings(Lab lab, MhistPlan plan, long seed) {
        return List.of();
    }

    /** How the command line calls it: {@code task2 q2}. */
    String command() {
        return "task2 " + getClass().getAnnotation(Command.class).name();
    }

    /** What its command is described as. */
    String description() {
        return String.join(" ", getClass().getAnnotation(Command.class).description());
    }

    @Override
    public final Integer call() throws Exception {
        answer(task2.lab(List.of(this)));
        return 0;
    }
}
