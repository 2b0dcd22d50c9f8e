package distill.task1;

import distill.nn.Network;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import picocli.CommandLine.Command;

/** Question 2: the two networks as {@code model.summary()} shows them (Fig. 2 and 3). */
@Command(name = "q2", description = "The networks' summaries: Fig. 2 and 3.")
public final class Question2 extends Question {

    public static void main(String[] args) {
        Task1.main("q2", args);
    }

    @Override
    void answer(Lab lab) {
        lab.heading("Question 2: the networks");
        Network.Names names = new Network.Names();
        lab.print("\n===== Teacher Model =====");
        lab.print(MnistTeacher.buildCnn(names, lab.lossInputs().outputActivation())
                .summary());
        lab.print("\n===== Student Model =====");
        lab.print(
                MnistStudent.buildFc(names, lab.lossInputs().outputActivation()).summary());
    }
}
