// %% [markdown]
// # Task 2: knowledge distillation on MHIST
//
// The Task 2 notebook of the report's authors, cell by cell, in Java on this project's library: the same order, the same names, the same
// settings. How to run it, and its kernel "Java (distill)", is in the [README](README.md). `QUICK` below makes it a small cut that takes a
// minute: two epochs, small images, a small teacher. Nothing that is marked QUICK is to be compared with the report, and its curves show nothing
// but that they are drawn. The project's own runs are in [the report again](../docs/REPORT.md#task2-q2).
//
// The report can be read in two ways, and `READING` chooses: *as-written* is what the authors' program does, and each thing that its text does
// not say is a `Slip`; *as-described* is what the report's text says, and has none. Two slips are taken away here, for every measure is of
// all test images: the authors' accuracy leaves out the last, smaller batch, and their reports are of resampled images.
//
// **Where this differs from the authors' notebook:** curves are of the fine phase alone, theirs of the initial one, too; of the data five
// annotations and one image's augmentations are shown, of the networks their parameters; the teacher's output on one image is left out.

// %% tags=["jshell"]
// Only jshell has this cell: in Jupyter the kernel shows figures.
int figures = 0;

void show(java.awt.image.BufferedImage figure) {
    var file = Path.of("runs", "notebooks", "Task2-%d.png".formatted(++figures));
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
import distill.loss.*;
import distill.metrics.Classification;
import distill.nn.*;
import distill.nn.zoo.BaseModel;
import distill.report.Marks;
import distill.run.*;
import distill.training.*;
import java.io.*;
import java.util.*;
import org.knowm.xchart.*;
import org.knowm.xchart.style.Styler;
import org.tensorflow.types.TFloat32;

void printf(String format, Object... arguments) {
    System.out.printf(format, arguments);
}

boolean QUICK = "1".equals(System.getenv("QUICK"));
Reading READING = Reading.of(Settings.TASK2, Variant.AS_WRITTEN, List.of(Slip.PARTIAL_TEST, Slip.RESAMPLED_REPORT));
ReadingGraph GRAPH = new ReadingGraph(READING);

int IMAGE_SIZE = QUICK ? 64 : 224;
int BATCH_SIZE = 32;
int INIT_EPOCH_NUM = QUICK ? 1 : 10;
int FINE_EPOCH_NUM = QUICK ? 1 : 25;
double ALPHA = 0.5;
List<Double> TEMPERATURES = QUICK ? List.of(1.0, 4.0) : List.of(1.0, 2.0, 4.0, 16.0, 32.0, 64.0);
int ESKD_STUDENT_EPOCHS = QUICK ? 2 : 12;
List<Integer> TEACHER_EPOCHS = QUICK ? List.of(1, 2) : List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

// The quick cut has a small network teach.
BaseModel TEACHER = QUICK ? BaseModel.MOBILENETV2 : BaseModel.RESNET50V2;
// Files or folders of ImageNet's weights, beside the places where ./reproduce task2 looks.
List<String> WEIGHTS = List.of();

Device DEVICE = Device.auto();

// %% [markdown]
// ## Load
//
// MHIST, or another set of two classes in its layout, as `./reproduce task2` finds it; where there is none, drawn crypts stand in, marked
// SYNTHETIC. Training images are turned, sheared and flipped as Keras's `ImageDataGenerator` does it. As-written pixels are in [0, 1];
// as-described in [-1, 1], as the networks' weights want them.

// %%
var mhist = Mhist.load(IMAGE_SIZE);
var train = QUICK ? mhist.train().firstOfEachClass(64) : mhist.train();
var test = QUICK ? mhist.test().firstOfEachClass(64) : mhist.test();

printf("%s: %,d training and %,d test images, %s%n", mhist.origin().description(), train.size(), test.size(), train.classes());
for (var set : List.of(train, test)) {
    for (int i = 0; i < 5; i++) {
        printf("%s%n", set.annotations().get(i));
    }
}

show(MhistPreview.augmentations(train, new Augmentation(1, GRAPH.augmentation())));

// %% [markdown]
// ## Models (Question 2, step 2)
//
// ResNet50V2 teaches MobileNetV2 (in the quick form MobileNetV2 does), both from ImageNet's weights where they are found. As-written two units
// stand on the 1000 logits of ImageNet; as-described on the pooled features.

// %%
var teacherNetwork = TEACHER.withHead(IMAGE_SIZE, READING.has(Slip.IMAGENET_HEAD));
var studentNetwork = BaseModel.MOBILENETV2.withHead(IMAGE_SIZE, READING.has(Slip.IMAGENET_HEAD));

Optional<Weights> imagenet(BaseModel base) throws IOException {
    return ImageNetWeights.findIfAny(WEIGHTS, base.architecture(READING.has(Slip.IMAGENET_HEAD)), DEVICE).map(ImageNetWeights::weights);
}

var teacherWeights = imagenet(TEACHER);
var studentWeights = imagenet(BaseModel.MOBILENETV2);
var teacherStart = teacherWeights.map(base -> teacherNetwork.initialWeights(base, 1)).orElseGet(() -> teacherNetwork.whole().initialWeights(1));
var studentStart = studentWeights.map(base -> studentNetwork.initialWeights(base, 2)).orElseGet(() -> studentNetwork.whole().initialWeights(2));

boolean pretrained = teacherWeights.isPresent() && studentWeights.isPresent();
String ABOUT = READING.variant() + Marks.ofTransfer(READING, QUICK, mhist, TEACHER, pretrained).suffix();
printf("Teacher %s, %,d parameters; student %,d. %s%n", TEACHER, teacherNetwork.whole().parameters(),
    studentNetwork.whole().parameters(), ABOUT);

// %% [markdown]
// ## Losses (step 3)
//
// As-written the soft targets are v / T without a softmax, alpha is on the cross-entropy, and the student without distillation trains
// T² CE(y, s / T); as-described the targets are softmax(v / T), alpha is on the distillation, and the other student trains CE(y, s).

// %%
LossFunction<TFloat32> computeTeacherLoss = LossFunction.teacher();

LossFunction<TFloat32> computeStudentLoss(double temperature) {
    return GRAPH.studentLoss(temperature, ALPHA);
}

LossFunction<TFloat32> computeStudentScratchLoss(double temperature) {
    return GRAPH.plainStudentLoss(temperature);
}

// %% [markdown]
// ## Train and evaluate (step 4)
//
// The step is put into a graph once and run for every batch; the teacher sees the augmented images that its student sees. As-written batch
// normalisation is in training mode; as-described it keeps its statistics. The test accuracy is printed after each epoch.

// %%
TrainingStep<TFloat32> trainStep(LossFunction<TFloat32> computeLoss, Adam optimizer) {
    return (tf, model, batch) -> {
        var logits = model.call(tf, batch.images(), batch.training());
        var loss = computeLoss.of(tf, batch.labels(), logits, batch.teacherOutputs());
        var gradients = GradientTape.gradient(tf, loss, model.trainableVariables());
        return new TrainingStep.Result<>(loss, optimizer.applyGradients(tf, gradients, model.trainableVariables()));
    };
}

record Trained(Weights weights, Classification test) {}

long seed = 0;

Trained trainAndEvaluate(Network network, Weights weights, LossFunction<TFloat32> computeLoss,
        Optional<CompiledModel<TFloat32>> teacher, int epochs, double learningRate) throws IOException {
    try (var model = GRAPH.compile(network, trainStep(computeLoss, Adam.of(learningRate)), DEVICE)) {
        model.setWeights(weights);
        var order = new EpochOrder(++seed);
        var augmentation = new Augmentation(seed, GRAPH.augmentation());
        Classification measured = null;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            try (var batches = train.batches(order, epoch, BATCH_SIZE, augmentation)) {
                for (var batch : batches) {
                    var outputs = teacher.map(it -> TeacherOutputs.of(it, batch)).orElse(TeacherOutputs.NONE);
                    model.trainOnBatch(batch, outputs, 0, 0);
                }
            }
            measured = Classification.of(test.classes(), test.labels(), model.predict(test));
            printf(" %.2f", 100 * measured.accuracy());
        }
        printf(" %%%n");
        return new Trained(model.getWeights(), measured);
    }
}

/** The initial phase, and the fine one at a tenth of its rate. */
Trained transfer(String name, BaseModel.WithHead network, Weights weights, LossFunction<TFloat32> computeLoss,
        Optional<CompiledModel<TFloat32>> teacher, double learningRate) throws IOException {
    var first = network.trained(!READING.has(Slip.NO_FREEZING));
    printf("%s, initial:", name);
    var initial = trainAndEvaluate(first, weights, computeLoss, teacher, INIT_EPOCH_NUM, learningRate);
    printf("%s, fine:", name);
    return trainAndEvaluate(network.whole(), initial.weights(), computeLoss, teacher, FINE_EPOCH_NUM, learningRate / 10);
}

// %% [markdown]
// ## Teacher (step 5)
//
// 10 epochs at 1e-4, then 25 at 1e-5. As-written everything trains from the first step; as-described the base is frozen in the initial phase.

// %%
printf("Test accuracy after each epoch, %s%n", ABOUT);
var teacher = transfer("Teacher", teacherNetwork, teacherStart, computeTeacherLoss, Optional.empty(), 1e-4);

// %% [markdown]
// ## Students, with and without distillation, by temperature (steps 5 to 7)
//
// 1e-3 in the initial phase, 1e-4 in the fine one. As-written both students keep their weights from one temperature to the next; as-described
// each starts afresh, and the one without distillation, which has no temperature, is trained once.

// %%
printf("Test accuracy after each epoch, %s%n", ABOUT);
var studentsKd = new TreeMap<Double, Trained>();
var studentsNokd = new TreeMap<Double, Trained>();

try (var model = GRAPH.model(teacherNetwork.whole(), teacher.weights(), DEVICE)) {
    var kd = studentStart;
    var nokd = studentStart;
    for (double t : TEMPERATURES) {
        studentsKd.put(t, transfer("T = %.0f, with KD".formatted(t), studentNetwork, kd,
            computeStudentLoss(t), Optional.of(model), 1e-3));
        if (READING.has(Slip.SCRATCH_TEMPERATURE) || studentsNokd.isEmpty()) {
            studentsNokd.put(t, transfer("T = %.0f, without".formatted(t), studentNetwork, nokd,
                computeStudentScratchLoss(t), Optional.empty(), 1e-3));
        } else {
            studentsNokd.put(t, studentsNokd.firstEntry().getValue());
        }
        if (READING.has(Slip.CARRIED_STUDENTS)) {
            kd = studentsKd.get(t).weights();
            nokd = studentsNokd.get(t).weights();
        }
    }
}

// %% [markdown]
// ## F1 and accuracy against temperature
//
// What the authors' notebook calls F1 in its curves is accuracy; here are both. F1 is the mean over the classes.

// %%
void plot(String title, String xTitle, List<? extends Number> x, String yTitle, Map<String, List<Double>> curves) {
    var chart = new CategoryChartBuilder().theme(Styler.ChartTheme.Matlab).width(900).height(400)
        .title(title).xAxisTitle(xTitle + ", " + ABOUT).yAxisTitle(yTitle).build();
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line).setOverlapped(true)
        .setYAxisMin(0.0).setYAxisDecimalPattern("0.##").setLegendPosition(Styler.LegendPosition.OutsideS);
    curves.forEach((name, y) -> chart.addSeries(name, x, y));
    show(BitmapEncoder.getBufferedImage(chart));
}

List<Double> f1(Map<Double, Trained> students) {
    return students.values().stream().map(trained -> trained.test().report().macroAverage().f1()).toList();
}

List<Double> accuracy(Map<?, Trained> students) {
    return students.values().stream().map(trained -> 100 * trained.test().accuracy()).toList();
}

plot("F1 vs. temperature", "temperature", TEMPERATURES, "macro F1",
    new TreeMap<>(Map.of("with KD", f1(studentsKd), "without KD", f1(studentsNokd))));
plot("Accuracy vs. temperature", "temperature", TEMPERATURES, "test accuracy (%)",
    new TreeMap<>(Map.of("with KD", accuracy(studentsKd), "without KD", accuracy(studentsNokd))));

// %% [markdown]
// ## Classification reports
//
// Of all test images, and as scikit-learn prints them. The authors' are of the first images of as many shuffled batches as there are test images.

// %%
printf("Teacher, %s, AUC %.3f%n%s%n", ABOUT, teacher.test().rocAuc().orElse(Double.NaN), teacher.test().report().text());
studentsKd.forEach((temperature, kd) ->
    printf("Student with KD, T = %.0f, %s, AUC %.3f%n%s%n", temperature, ABOUT, kd.test().rocAuc().orElse(Double.NaN), kd.test().report().text()));

// %% [markdown]
// ## Parameters and FLOPs (step 8)
//
// Floating-point operations of one forward pass of a batch; not per second. As-described the networks lack the 1000 logits.

// %%
var networks = new TreeMap<>(Map.of("student", studentNetwork, "teacher", teacherNetwork));
networks.forEach((role, network) -> {
    var cost = Cost.of(network.whole(), BATCH_SIZE);
    printf("%s: %,d parameters, %.9f GFLOPs for a batch of %d images of %d x %d%n", role, cost.parameters(),
        cost.flops() / 1e9, BATCH_SIZE, IMAGE_SIZE, IMAGE_SIZE);
});
printf("%s%n", ABOUT);

// %% [markdown]
// ## Early-stopped teachers (step 13)
//
// One phase with everything trained, T = 4, alpha = 0.5. As-written the rate is 1e-3 and a student trains as long as its teacher. The report's
// text says nothing of this; as-described the rate is 1e-4 and every student trains 12 epochs, which is our choice.

// %%
printf("Test accuracy after each epoch, %s%n", ABOUT);
double rate = READING.has(Slip.ESKD_RATE) ? 1e-3 : 1e-4;
var earlyStopped = new TreeMap<Integer, Trained>();
for (int i : TEACHER_EPOCHS) {
    printf("Teacher, epochs 1 to %d:", i);
    var stopped = trainAndEvaluate(teacherNetwork.whole(), teacherStart, computeTeacherLoss, Optional.empty(), i, rate);
    printf("  its student:");
    try (var model = GRAPH.model(teacherNetwork.whole(), stopped.weights(), DEVICE)) {
        int epochs = READING.has(Slip.ESKD_RATE) ? i : ESKD_STUDENT_EPOCHS;
        earlyStopped.put(i, trainAndEvaluate(studentNetwork.whole(), studentStart,
            computeStudentLoss(4), Optional.of(model), epochs, rate));
    }
}

plot("Test accuracy vs. teacher's epochs", "epochs of the teacher", TEACHER_EPOCHS, "test accuracy (%)",
    Map.of("student", accuracy(earlyStopped)));

// %% tags=["jshell"]
printf("Finished.%n");
/exit
