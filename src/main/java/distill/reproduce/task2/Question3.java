package distill.reproduce.task2;

import picocli.CommandLine.Command;

/** Question 3: what pre-training and distillation do to the student. */
@Command(name = "q3", description = "The student with and without pre-training and distillation.")
public final class Question3 extends Question {

    @Override
    void answer(Lab lab) throws Exception {
        for (long seed : lab.seeds()) {
            lab.runs(plan -> plan.effects(seed));
        }
    }
}
