package distill.reproduce.task1;

import distill.reproduce.Reproduce;
import picocli.CommandLine.Command;

/** Question 3. */
@Command(name = "q3", description = "")
public final class Question3 extends Question {

    public static void main(String[] args) {
        Reproduce.main("task1", "q3", args);
    }

    @Override
    void answer(Lab lab) {
    }
}
