// %% [markdown]
// # Task 1: knowledge distillation on MNIST
//
// The Task 1 notebook of the report's authors, cell by cell, in Java on this project's library: the same order, the same names, the same
// settings. How to run it, and its kernel "Java (distill)", is in the [README](README.md). `QUICK` below makes it a small cut that takes half a
// minute; nothing that is marked QUICK is to be compared with the report, and its numbers can be in another order than those of full runs, which
// are in [the report again](../docs/REPORT.md#task1-q5).
//
// The report can be read in two ways, and `READING` chooses: *as-written* is what the authors' program does, and gave the report's numbers;
// *as-described* is what the report's formulas say.
//
// **Where this differs from the authors' notebook:** a student at T = 4, alpha = 0.5 is trained beside the teacher, and is the one that
// questions 7 and 9 look at, where theirs look at the best of the grid and at the student that was trained last; the curve is drawn once.

// %% tags=["jshell"]
// Only jshell has this cell: in Jupyter the kernel shows figures.
int figures = 0;

void show(java.awt.image.BufferedImage figure) {
    var file = Path.of("runs", "notebooks", "Task1-%d.png".formatted(++figures));
    try {
        Files.createDirectories(file.getParent());
        javax.imageio.ImageIO.write(figure, "png", file.toFile());
    } catch (IOException e) {
        throw new UncheckedIOException(e);
    }
    System.out.println("Figure: " + file);
}

// %% active="ipynb"
// void show(java.awt.image.BufferedImage figure) {
//     org.rapaio.jupyter.kernel.global.Global.display(figure);
// }

// %%
import distill.cost.Cost;
import distill.data.*;
import distill.experiment.*;
import distill.explain.Rise;
import distill.loss.*;
import distill.nn.*;
import distill.page.Cell;
import distill.page.Table;
import distill.report.*;
import distill.run.*;
import distill.training.*;
import java.io.*;
import java.util.*;
import org.knowm.xchart.*;
import org.knowm.xchart.style.Styler;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

import static distill.nn.Activation.RELU;

void printf(String format, Object... arguments) {
    System.out.printf(format, arguments);
}

boolean QUICK = "1".equals(System.getenv("QUICK"));
Reading READING = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);
ReadingGraph GRAPH = new ReadingGraph(READING);

int BATCH_SIZE = 256;
int NUM_EPOCHS = QUICK ? 2 : 12;
double LEARNING_RATE = 1e-3;
double ALPHA = 0.5;
double TEMPERATURE = 4;
List<Double> TEMPERATURES = QUICK ? List.of(1.0, 4.0, 64.0) : List.of(1.0, 2.0, 4.0, 16.0, 32.0, 64.0);
List<Double> ALPHAS = QUICK ? List.of(0.1, 0.9) : List.of(0.1, 0.3, 0.5, 0.7, 0.9);
int N_MASKS = QUICK ? 200 : 1000;
List<Integer> TEACHER_EPOCHS = QUICK ? List.of(1, 2) : List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

Device DEVICE = Device.auto();

// %% [markdown]
// ## Load
//
// 60,000 + 10,000 images as `./reproduce task1` finds them; where there are none, drawn digits stand in, marked SYNTHETIC. Both readings train
// on pixels in [0, 1], shuffled anew for each epoch, in batches of 256 of which the last, smaller one is dropped.

// %%
var mnist = Mnist.load();
var train = QUICK ? mnist.train().first(2560) : mnist.train();
var test = QUICK ? mnist.test().first(1000) : mnist.test();

String ABOUT = READING + (QUICK ? ", QUICK" : "") + (mnist.origin().synthetic() ? ", SYNTHETIC" : "");
printf("%s: %,d training and %,d test images of %d x %d%n", ABOUT, train.size(), test.size(),
    train.height(), train.width());

// %% [markdown]
// ## Models (Question 2)
//
// A convolutional teacher and a fully connected student. As-written both end in a softmax, whose probabilities the losses then take for logits;
// as-described they end in the logits.

// %%
var names = new Network.Names();

var cnn = Network.sequential(names, Shape.of(28, 28, 1),
    new Conv2D(32, 3, RELU),
    new MaxPooling2D(2, 1),
    new Conv2D(64, 3, RELU),
    new MaxPooling2D(2, 2),
    new Flatten(),
    new Dropout(0.5),
    new Dense(128, RELU),
    new Dropout(0.5),
    new Dense(10, GRAPH.outputActivation()));

var fc = Network.sequential(names, Shape.of(28, 28, 1),
    new Flatten(),
    new Dense(784, RELU),
    new Dense(784, RELU),
    new Dense(10, GRAPH.outputActivation()));

printf("%s%n%s", cnn.summary(), fc.summary());

// %% [markdown]
// ## Losses (Question 3)
//
// The distillation compares softened outputs: T² CE(targets, student / T). As-described the targets are softmax(v / T); as-written their
// denominator has one term only, so that they do not sum to 1. `distill.loss.Losses` has both, with the gradient that TensorFlow's fused
// cross-entropy gives.

// %%
LossFunction<TFloat32> computeTeacherLoss = LossFunction.teacher();

LossFunction<TFloat32> computeStudentLoss(double temperature, double alpha) {
    return LossFunction.student(GRAPH.softTargets(), temperature, alpha);
}

LossFunction<TFloat32> computePlainCrossEntropyLoss = LossFunction.plainStudent();

// %% [markdown]
// ## Train and evaluate (Question 4)
//
// TensorFlow-Java has no eager tape, so the step is a function that is put into a graph once, as `@tf.function` does it, and run for every
// batch. Each training draws its weights, its order and its dropout from a seed of its own. The readings do not differ here.

// %%
TrainingStep<TFloat32> trainStep(LossFunction<TFloat32> computeLoss, Adam optimizer) {
    return (tf, model, batch) -> {
        var logits = model.call(tf, batch.images(), batch.training());
        var loss = computeLoss.of(tf, batch.labels(), logits, batch.teacherOutputs());
        var gradients = GradientTape.gradient(tf, loss, model.trainableVariables());
        return new TrainingStep.Result<>(loss, optimizer.applyGradients(tf, gradients, model.trainableVariables()));
    };
}

long seed = 0;

CompiledModel<TFloat32> trainAndEvaluate(Network network, LossFunction<TFloat32> computeLoss,
        TeacherOutputs teacher, int epochs) throws IOException {
    var model = CompiledModel.compile(network, trainStep(computeLoss, Adam.of(LEARNING_RATE)), DEVICE);
    model.setWeights(network.initialWeights(++seed));
    var order = new EpochOrder(seed);
    long step = 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
        for (var batch : train.batches(order, epoch, BATCH_SIZE)) {
            model.trainOnBatch(batch, teacher.of(batch.indices()), seed, step++);
        }
        printf(" %.2f", model.evaluate(test));
    }
    printf(" %% (%s)%n", ABOUT);
    return model;
}

// %% [markdown]
// ## Teacher and student (Question 5)
//
// The test accuracy after each epoch; the last one counts, in both readings. The teacher is asked once for its outputs on all training images,
// in place of once in every step.

// %%
printf("Teacher:");
var teacher = trainAndEvaluate(cnn, computeTeacherLoss, TeacherOutputs.NONE, NUM_EPOCHS);
var teacherOutputs = TeacherOutputs.of(teacher, train);

printf("Student with KD:");
var student = trainAndEvaluate(fc, computeStudentLoss(TEMPERATURE, ALPHA), teacherOutputs, NUM_EPOCHS);

// %% [markdown]
// ## Temperature and alpha (Question 5, Table I)
//
// A new student for every pair. As in the report the best pair is the one with the highest test accuracy; alpha is on the distillation in both
// readings.

// %%
var header = new ArrayList<>(List.of("T"));
ALPHAS.forEach(alpha -> header.add("alpha " + alpha));
var rows = new ArrayList<List<Cell>>();
for (double temperature : TEMPERATURES) {
    var row = new ArrayList<>(List.of(Cell.number(temperature)));
    for (double alpha : ALPHAS) {
        printf("T = %.0f, alpha = %.1f:", temperature, alpha);
        try (var kd = trainAndEvaluate(fc, computeStudentLoss(temperature, alpha), teacherOutputs, NUM_EPOCHS)) {
            row.add(Cell.number(kd.evaluate(test), 2));
        }
    }
    rows.add(row);
}

printf("%n%s", new Table("Test accuracy in %, " + ABOUT, header, rows, List.of()).console());

// %% [markdown]
// ## Accuracy against temperature (Question 6, Fig. 7)
//
// New students at alpha 0.5. The report draws the curve with the temperatures as names, and so do we.

// %%
var accuracies = new ArrayList<Double>();
for (double temperature : TEMPERATURES) {
    printf("T = %.0f:", temperature);
    try (var kd = trainAndEvaluate(fc, computeStudentLoss(temperature, ALPHA), teacherOutputs, NUM_EPOCHS)) {
        accuracies.add(kd.evaluate(test));
    }
}

void plot(String title, String xTitle, List<? extends Number> x, List<Double> accuracies) {
    var chart = new CategoryChartBuilder().theme(Styler.ChartTheme.Matlab).width(640).height(400)
        .title(title + ", " + ABOUT).xAxisTitle(xTitle).yAxisTitle("test accuracy (%)").build();
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line)
        .setYAxisDecimalPattern("0.0#").setLegendVisible(false);
    chart.addSeries("student with KD", x, accuracies);
    show(BitmapEncoder.getBufferedImage(chart));
}

plot("Student test accuracy vs. temperature", "temperature", TEMPERATURES, accuracies);

// %% [markdown]
// ## Student from scratch (Question 7)
//
// The same network and settings without a teacher. As-written its cross-entropy is of a softmax of a softmax, as its teacher's is.

// %%
printf("Student without KD:");
var scratch = trainAndEvaluate(fc, computePlainCrossEntropyLoss, TeacherOutputs.NONE, NUM_EPOCHS);

printf("%s: teacher %.2f %%, student with KD %.2f %%, without %.2f %%%n", ABOUT, teacher.evaluate(test),
    student.evaluate(test), scratch.evaluate(test));

// %% [markdown]
// ## Parameters and FLOPs (Question 8)
//
// Floating-point operations of one forward pass of a batch; not per second, as the report has it. As-described the softmax at the end is missing.

// %%
var networks = new TreeMap<>(Map.of("student", fc, "teacher", cnn));
networks.forEach((role, network) -> {
    var cost = Cost.of(network, BATCH_SIZE);
    printf("%s: %,d parameters, %.9f GFLOPs for a batch of %d%n", role, cost.parameters(), cost.flops() / 1e9, BATCH_SIZE);
});

// %% [markdown]
// ## Explanation (Question 9)
//
// RISE in the course's form, on the image at index 3 of the first training batch (theirs is another: the orders differ): how much each pixel
// speaks for the true class. The masks are the same for the three networks, so where all three are sure under every mask, their maps show the
// masks and look the same. Probabilities are behind a softmax in both readings. More on maps is in [docs/explanations.md](../docs/explanations.md).

// %%
int index = new EpochOrder(1).batches(1, train.size(), BATCH_SIZE).get(0)[3];
var example = Example.of("train", train, index);
var rise = Rise.of(Rise.Form.COURSE, N_MASKS, 1);

Explainers.Explained explain(String name, CompiledModel<TFloat32> trained) {
    try (var model = new ExplainedModel(name, trained.network(), trained.getWeights(), DEVICE)) {
        var map = rise.explain(model, example.image(), example.label());
        return new Explainers.Explained(name, model.probabilities(example.image().pixels(), 1), example.label(), Map.of("RISE", map));
    }
}

var maps = List.of(
    explain("teacher", teacher),
    explain("student with KD", student),
    explain("student without KD", scratch));
show(ExplanationFigure.image(example, maps, ABOUT));

// %% [markdown]
// ## Early-stopped teachers (Question 13, Table III)
//
// A new teacher of i epochs for each i, and a new student of all epochs. The report says T = 4 and alpha = 0.5. The authors' notebook also
// goes on with the teacher that it has, which is left out here, and would take the T at which its grid ended.

// %%
var earlyStopped = new ArrayList<Double>();
for (int i : TEACHER_EPOCHS) {
    printf("Teacher, epochs 1 to %d:", i);
    try (var stopped = trainAndEvaluate(cnn, computeTeacherLoss, TeacherOutputs.NONE, i)) {
        printf("  its student:");
        var outputs = TeacherOutputs.of(stopped, train);
        try (var kd = trainAndEvaluate(fc, computeStudentLoss(TEMPERATURE, ALPHA), outputs, NUM_EPOCHS)) {
            earlyStopped.add(kd.evaluate(test));
        }
    }
}

plot("Student test accuracy vs. teacher's epochs", "epochs of the teacher", TEACHER_EPOCHS, earlyStopped);

// %% tags=["jshell"]
printf("Finished.%n");
/exit
