package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.DataSpec;
import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import distill.page.Document;
import distill.page.Document.Block;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Question 2: the two networks as {@code model.summary()} shows them (Fig. 2 and 3). */
@Command(name = "q2", description = "The networks' summaries: Fig. 2 and 3.")
public final class Question2 extends Question<Task1Experiment, MnistPlan> {

    public static void main(String[] args) {
        Task1.main("q2", args);
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return Set.of("--variant", "--without", "--data-dir", "--quiet").contains(option);
    }

    @Override
    public String title() {
        return "The networks";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(new Document.Text(
                "The report's Fig. 2 and 3 print 1,011,466 and 1,238,730 parameters, and the same layers"
                        + " and shapes. The student has more parameters than its teacher."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        Network.Names names = new Network.Names();
        return List.of(
                new Document.Code(
                        "Fig. 2: the teacher",
                        MnistTeacher.buildCnn(names, Activation.SOFTMAX).summary()),
                new Document.Code(
                        "Fig. 3: the student",
                        MnistStudent.buildFc(names, Activation.SOFTMAX).summary()));
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        Answers answers = experiment.answers();
        Network.Names names = new Network.Names();
        Activation output = experiment.lossInputs().outputActivation();
        DataSpec data = experiment.dataSpec();
        answers.heading("Question 2: the networks" + experiment.networkMarks().suffix());
        answers.detail("\n===== Teacher Model =====");
        answers.detail(MnistTeacher.buildCnn(names, data, output).summary());
        answers.detail("\n===== Student Model =====");
        answers.detail(
                MnistStudent.buildFc(names, data, MnistStudent.WIDTH, output).summary());
        answers.print("The last layer of both has %s (%s), which a summary does not show."
                .formatted(
                        output == Activation.SOFTMAX ? "a softmax" : "no softmax: its outputs are logits",
                        experiment.reading()));
    }
}
