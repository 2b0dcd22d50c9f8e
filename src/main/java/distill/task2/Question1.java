package distill.task2;

import distill.command.Question;
import distill.experiment.MhistPlan;
import picocli.CommandLine.Command;

/**
 * Question 1: transfer learning, residual blocks, ResNets, MobileNets, gradients and cost, each with something
 * computed. The answers themselves are in {@code docs/theory.md}.
 */
@Command(name = "q1", description = "Theory, a to f, each with something computed from real graphs: docs/theory.md.")
public final class Question1 extends Question<Task2Experiment, MhistPlan> {

    public static void main(String[] args) {
        Task2.main("q1", args);
    }

    @Override
    public void answer(Task2Experiment experiment) throws Exception {
        TheoryAnswers answers = experiment.theoryAnswers();
        TransferLearning.a(answers);
        ResNets.b(answers);
        ResNets.c(answers);
        MobileNets.d(answers);
        Gradients.e(answers, experiment.seed());
        MobileNets.f(answers);
    }
}
