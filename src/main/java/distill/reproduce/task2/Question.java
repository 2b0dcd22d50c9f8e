package distill.reproduce.task2;

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

    @Override
    public final Integer call() throws Exception {
        answer(task2.lab());
        return 0;
    }
}
