package distill.reproduce.task1;

import distill.reproduce.Reproduce;
import picocli.CommandLine.Command;

/** Question 4. */
@Command(name = "q4", description = "")
public final class Question4 extends Question {

    public static void main(String[] args) {
        Reproduce.main("task1", "q4", args);
    }

    @Override
    void answer(Lab lab) {
    }
}
