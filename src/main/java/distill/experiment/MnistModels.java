package distill.experiment;

import distill.data.EpochOrder;
import distill.nn.Network;
import distill.nn.Weights;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the questions of Task 1 that look at trained networks ask of them. Weights that are not kept are trained again.
 *
 * @param trainer what trains, and has the images
 * @param plan the trainings
 */
public record MnistModels(Trainer trainer, MnistPlan plan) {

    /** The logits of a run's network, before its last activation, of the first {@code n} test images. */
    public double[] testLogits(Run run, int n) throws IOException {
        return testLogits(run.settings(), trainer.weights(training(run)), n);
    }

    private Training training(Run run) {
        return MnistPlan.of(run.settings(), trainer.device());
    }

    /** The logits of a run's network before its training, of the first {@code n} test images. */
    public double[] untrainedTestLogits(Run run, int n) throws IOException {
        Settings settings = run.settings();
        return testLogits(settings, trainer.network(settings).initialWeights(settings.stream("weights")), n);
    }

    /**
     * The logits of the teacher of a seed, or of the one that was given, of the first {@code n} test images.
     *
     * @param epochs after how many epochs of its training; of a given teacher nothing else than its end is known
     */
    public double[] teacherTestLogits(long seed, int epochs, int n) throws IOException {
        if (trainer.givenTeacher() != null) {
            return trainer.testLogits(trainer.givenTeacher(), firstTestImages(n));
        }
        Training teacher = plan.teacher(seed);
        return testLogits(teacher.settings(), trainer.weightsAfter(epochs, teacher), n);
    }

    private double[] testLogits(Settings settings, Weights weights, int n) throws IOException {
        return trainer.testLogits(settings, weights, firstTestImages(n));
    }

    private int[] firstTestImages(int n) {
        return IntStream.range(0, Math.min(n, trainer.data().test().size())).toArray();
    }

    /**
     * What Question 9 explains: the given teacher or else the students' seed's, the student, and the one without
     * distillation. Whoever asks closes the models.
     */
    public List<ExplainedModel> explainedModels(Run student, Run plainStudent) throws IOException {
        Network studentNetwork = trainer.network(student.settings());
        Weights distilled = trainer.weights(training(student));
        Weights plain = trainer.weights(training(plainStudent));
        List<ExplainedModel> models = new ArrayList<>();
        try {
            models.add(explainedTeacher(student));
            models.add(new ExplainedModel("student with KD", studentNetwork, distilled, trainer.device()));
            models.add(new ExplainedModel("student without KD", studentNetwork, plain, trainer.device()));
            return models;
        } catch (IOException | RuntimeException e) {
            models.forEach(ExplainedModel::close);
            throw e;
        }
    }

    private ExplainedModel explainedTeacher(Run student) throws IOException {
        String name = "teacher";
        GivenTeacher given = trainer.givenTeacher();
        if (given != null && given.served() != null) {
            return ExplainedModel.of(name, given.served(), trainer.device());
        }
        Weights weights = trainer.teacherWeights(training(student));
        Network network = given != null
                ? given.network()
                : TrainedNetwork.of(plan.teacher(student.settings().seed()).settings())
                        .whole();
        return new ExplainedModel(name, network, weights, trainer.device());
    }

    /** The indices of the training images that the seed's teacher saw first, in its order. */
    public int[] firstBatch(long seed) {
        Settings teacher = plan.teacher(seed).settings();
        return new EpochOrder(teacher.stream("order"))
                .batches(1, trainer.data().train().size(), teacher.schedule().batchSize())
                .get(0);
    }

    /** The names of the images' classes. */
    public List<String> classes() {
        return trainer.data().train().classes();
    }

    /**
     * A training image.
     *
     * @throws IllegalArgumentException where there is none of that index
     */
    public Example trainImage(int index) throws IOException {
        return Example.of("train", trainer.data().train(), index);
    }

    /**
     * A test image.
     *
     * @throws IllegalArgumentException where there is none of that index
     */
    public Example testImage(int index) throws IOException {
        return Example.of("test", trainer.data().test(), index);
    }

    /** {@code n} test images, or all where there are fewer, drawn without replacement by the seed. */
    public List<Example> testImages(int n, long seed) throws IOException {
        int[] order = new EpochOrder(seed).permutation(1, trainer.data().test().size());
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < Math.min(n, order.length); i++) {
            examples.add(testImage(order[i]));
        }
        return examples;
    }
}
