package distill.task2;

import distill.command.PageAnswers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MhistPlan;
import distill.page.Document;
import distill.page.Document.Block;
import java.io.IOException;
import java.util.List;
import java.util.Set;
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
    public boolean uses(String option, boolean trains) {
        return Set.of("--quick", "--seed", "--threads", "--device", "--out", "--quiet")
                .contains(option);
    }

    @Override
    public String title() {
        return "Theory";
    }

    @Override
    public List<Block> inShort(Stored<Task2Experiment> stored) throws IOException {
        return List.of(
                new Document.Terms(
                        List.of(
                                new Document.Term(
                                        "a. Transfer learning",
                                        "A network that was trained on many images keeps its convolutions and gets a new last layer. In feature extraction that layer alone is trained; in fine-tuning the rest follows, at a low rate, and batch normalisation stays in inference."),
                                new Document.Term(
                                        "b. Residual block",
                                        "A block whose input is added to its result, y = F(x) + x, so that its layers learn only how the result should differ from the input."),
                                new Document.Term(
                                        "c. ResNet V1, V2",
                                        "V2 normalises and activates before each convolution, and nothing follows the sum. Where the two stride is Keras's choice, no difference of the architectures."),
                                new Document.Term(
                                        "d. MobileNet V1, V2",
                                        "V1 replaces a convolution by a depthwise one and one of 1 x 1. V2 adds linear bottlenecks and shortcuts between the narrow ends of its blocks."),
                                new Document.Term(
                                        "e. Gradients",
                                        "With shortcuts the product of derivatives becomes a sum, whose first term hands on the last block's gradient at any depth. They are not the only remedy: He's initialisation keeps the gradient as well, before training."),
                                new Document.Term(
                                        "f. Light?",
                                        "Yes, in parameters and more so in operations, for a depthwise convolution does little at each place. In memory for what its layers put out, and in time, the difference is smaller."))),
                new Document.Text(
                        "Derivations, and where the report's answers are wrong or thin: `docs/theory.md#task-2-question-1`."));
    }

    @Override
    public List<Block> page(Stored<Task2Experiment> stored) throws IOException {
        PageAnswers answers = stored.answers();
        answers.table("q1-a-transfer-learning");
        answers.table("q1-b-residual-block");
        answers.picture(
                "q1-b-residual-block",
                "The residual block of ResNet50 and ResNet50V2",
                "The layers of one block in order, with the shortcut around them and without it, for both versions.");
        answers.table("q1-c-resnet-v1-v2");
        answers.picture(
                "q1-c-strides",
                "Where the two versions stride",
                "The stacks of blocks of both networks with the heights of their outputs: the first version halves them at"
                        + " the beginning of a stack, the second at its end.");
        answers.table("q1-d-mobilenet-v1-v2");
        answers.picture(
                "q1-d-mobilenet-blocks",
                "The blocks of MobileNet and MobileNetV2",
                "The layers of a block of each: the second widens, filters and narrows, with a shortcut where shapes allow.");
        answers.table("q1-e-gradients");
        answers.picture(
                "q1-e-gradient-by-depth",
                "The gradient at the first block against that at the last, by depth",
                "The ratio by the number of blocks, for networks of residual blocks with and without their shortcuts, and"
                        + " with and without batch normalisation.");
        answers.table("q1-f-cost");
        answers.table("q1-f-separable");
        List<Block> blocks = answers.take();
        return blocks.isEmpty() ? List.of(missing("The store has nothing computed for this question.")) : blocks;
    }

    @Override
    public void answer(Task2Experiment experiment) throws IOException {
        experiment.answers().heading("Question 1: theory");
        TheoryAnswers answers = experiment.theoryAnswers();
        answers.doing("Timing steps of feature extraction and of fine-tuning");
        TransferLearning.a(answers);
        answers.doing("Building and drawing ResNets and MobileNets");
        ResNets.b(answers);
        ResNets.c(answers);
        MobileNets.d(answers);
        answers.doing("Computing gradients of networks of several depths");
        Gradients.e(answers, experiment.seed());
        answers.doing("Counting what networks cost");
        MobileNets.f(answers);
    }
}
