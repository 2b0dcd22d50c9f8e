package distill.task1;

import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.nn.Network;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import picocli.CommandLine.Command;

/** Question 2: the two networks as {@code model.summary()} shows them (Fig. 2 and 3). */
@Command(name = "q2", description = "The networks' summaries: Fig. 2 and 3.")
public final class Question2 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q2", args);
    }

    @Override
    public void answer(Task1Experiment experiment) {
        experiment.heading("Question 2: the networks");
        Network.Names names = new Network.Names();
        experiment.print("\n===== Teacher Model =====");
        experiment.print(MnistTeacher.buildCnn(names, experiment.lossInputs().outputActivation())
                .summary());
        experiment.print("\n===== Student Model =====");
        experiment.print(MnistStudent.buildFc(names, experiment.lossInputs().outputActivation())
                .summary());
    }
}
