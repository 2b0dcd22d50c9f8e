package distill.reproduce.task1;

import distill.reproduce.Reproduce;
import picocli.CommandLine.Command;

/** Question 8. */
@Command(name = "q8", description = "")
public final class Question8 extends Question {

    public static void main(String[] args) {
        Reproduce.main("task1", "q8", args);
    }

    @Override
    void answer(Lab lab) {
    }
}
