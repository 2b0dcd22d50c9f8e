package distill.reproduce.task1;

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

    @Override
    public final Integer call() throws Exception {
        answer(task1.lab());
        return 0;
    }
}
