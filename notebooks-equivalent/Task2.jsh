// %% [markdown]
// # Task 2: knowledge distillation on MHIST
//
// The Task 2 notebook of the report's authors, cell by cell, in Java on this project's library: the same order, the same names, the same
// settings. How to run it is in the [README](README.md). `QUICK` below makes it a small cut that takes half a minute; nothing that is marked
// QUICK is to be compared with the report. The project's own full runs are in `results/`.
//
// The report can be read in two ways, and `READING` chooses: *as-written* is what the authors' program does, and each thing that its text does
// not say is a `Quirk`; *as-described* is what the report's text says, and has none.

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
TransferReading READING = TransferReading.of(Reading.AS_WRITTEN, List.of());

int IMAGE_SIZE = QUICK ? 64 : 224;
int BATCH_SIZE = 32;
int INIT_EPOCH_NUM = QUICK ? 1 : 10;
int FINE_EPOCH_NUM = QUICK ? 1 : 25;
double ALPHA = 0.5;
List<Double> TEMPERATURES = QUICK ? List.of(1.0, 4.0) : List.of(1.0, 2.0, 4.0, 16.0, 32.0, 64.0);
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
var mhist = Mhist.load(Optional.empty(), IMAGE_SIZE, 1L << 30, false);
var train = QUICK ? mhist.train().first(64) : mhist.train();
var test = QUICK ? mhist.test().first(64) : mhist.test();

String ABOUT = READING + (QUICK ? ", QUICK" : "") + (mhist.origin().synthetic() ? ", SYNTHETIC" : mhist.origin().isMhist() ? "" : ", not MHIST");
printf("%s: %,d training and %,d test images, %s%n", ABOUT, train.size(), test.size(), train.classes());
for (int i = 0; i < 5; i++) {
    printf("%s%n", train.annotation(i));
}

show(MhistPreview.augmentations(train, new Augmentation(1, READING.augmentation())));

// %% [markdown]
// ## Models (Question 2, step 3)
//
// ResNet50V2 teaches MobileNetV2, both from ImageNet's weights where they are found. As-written two units stand on the 1000 logits of ImageNet;
// as-described on the pooled features.

// %%
var teacherNetwork = TEACHER.withHead(IMAGE_SIZE, READING.has(Quirk.IMAGENET_HEAD));
var studentNetwork = BaseModel.MOBILENETV2.withHead(IMAGE_SIZE, READING.has(Quirk.IMAGENET_HEAD));

Weights startingWeights(BaseModel base, BaseModel.WithHead network, long seed) throws IOException {
    var library = new ModelLibrary(SavedModels.FOLDER, DEVICE);
    var imagenet = ImageNetWeights.findIfAny(library, WEIGHTS, ImageNetWeights.KERAS_MODELS, base.architecture(READING.has(Quirk.IMAGENET_HEAD)));
    printf("%s: %,d parameters, %s weights%n", base, network.whole().parameters(), imagenet.isPresent() ? "ImageNet's" : "random");
    return network.initialWeights(imagenet.map(ImageNetWeights::weights), seed);
}

var teacherStart = startingWeights(TEACHER, teacherNetwork, 1);
var studentStart = startingWeights(BaseModel.MOBILENETV2, studentNetwork, 2);

// %% [markdown]
// ## Losses (step 4)
//
// As-written the soft targets are v / T without a softmax, alpha is on the cross-entropy, and the student without distillation trains
// T² CE(y, s / T); as-described the targets are softmax(v / T), alpha is on the distillation, and the other student trains CE(y, s).

// %%
LossFunction<TFloat32> computeTeacherLoss = (tf, labels, logits, teacher) ->
    Losses.computeTeacherLoss(tf, labels, logits);

LossFunction<TFloat32> computeStudentLoss(double temperature) {
    double alpha = READING.has(Quirk.ALPHA_ON_HARD) ? 1 - ALPHA : ALPHA;
    return (tf, labels, logits, teacher) ->
        Losses.computeStudentLoss(tf, READING.softTargets(), labels, teacher, logits, temperature, alpha);
}

LossFunction<TFloat32> computeStudentScratchLoss(double temperature) {
    return READING.has(Quirk.SCRATCH_TEMPERATURE)
        ? (tf, labels, logits, teacher) -> Losses.computeStudentScratchLoss(tf, labels, logits, temperature)
        : (tf, labels, logits, teacher) -> Losses.computePlainCrossEntropyLoss(tf, labels, logits);
}

// %% [markdown]
// ## Train and evaluate (step 5)
//
// The step is put into a graph once and run for every batch; the teacher sees the augmented images that its student sees. As-written batch
// normalisation is in training mode; as-described it keeps its statistics. The accuracy is of all test images, once each: the authors' program
// leaves out the last, smaller batch.

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

Trained trainAndEvaluate(Network network, Weights weights, LossFunction<TFloat32> computeLoss, Optional<CompiledModel<TFloat32>> teacher, int epochs, double learningRate) throws IOException {
    var step = trainStep(computeLoss, Adam.of(learningRate));
    try (var model = CompiledModel.compile(network, READING.inputs(), READING.phase(), step, TFloat32.class, DEVICE)) {
        model.setWeights(weights);
        var order = new EpochOrder(++seed);
        var augmentation = new Augmentation(seed, READING.augmentation());
        Classification measured = null;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            try (var batches = ImageBatches.augmented(train, order.allBatches(epoch, train.size(), BATCH_SIZE), augmentation, epoch, DEVICE.threads())) {
                while (batches.hasNext()) {
                    var batch = batches.next();
                    var teacherOutputs = teacher.map(t -> t.predictOnBatch(batch.pixels()));
                    model.trainOnBatch(batch.pixels(), batch.labels(), teacherOutputs, 0, 0);
                }
            }
            measured = Classification.of(test.classes(), test.labels(), model.predict(test));
            printf(" %.2f", 100 * measured.accuracy());
        }
        printf(" %% (%s)%n", ABOUT);
        return new Trained(model.getWeights(), measured);
    }
}

/** The initial phase, and the fine one at a tenth of its rate. */
Trained transfer(String name, BaseModel.WithHead network, Weights weights, LossFunction<TFloat32> computeLoss, Optional<CompiledModel<TFloat32>> teacher, double learningRate) throws IOException {
    printf(name + ", initial:");
    var initial = trainAndEvaluate(network.trained(!READING.has(Quirk.NO_FREEZING)), weights, computeLoss, teacher, INIT_EPOCH_NUM, learningRate);
    printf(name + ", fine:");
    return trainAndEvaluate(network.whole(), initial.weights(), computeLoss, teacher, FINE_EPOCH_NUM, learningRate / 10);
}

CompiledModel<TFloat32> asTeacher(Weights weights) {
    var model = CompiledModel.of(teacherNetwork.whole(), READING.inputs(), TFloat32.class, DEVICE);
    model.setWeights(weights);
    return model;
}

// %% [markdown]
// ## Teacher (step 6)
//
// 10 epochs at 1e-4, then 25 at 1e-5. As-written everything trains from the first step; as-described the base is frozen in the initial phase.

// %%
var teacher = transfer("Teacher", teacherNetwork, teacherStart, computeTeacherLoss, Optional.empty(), 1e-4);

// %% [markdown]
// ## Students, with and without distillation, by temperature (steps 6 and 7)
//
// Rates 1e-3 and 1e-4. As-written both students keep their weights from one temperature to the next; as-described each starts afresh.

// %%
var studentsKd = new TreeMap<Double, Trained>();
var studentsNokd = new TreeMap<Double, Trained>();

try (var model = asTeacher(teacher.weights())) {
    var kd = studentStart;
    var nokd = studentStart;
    for (double temperature : TEMPERATURES) {
        String t = "T = %.0f".formatted(temperature);
        studentsKd.put(temperature, transfer(t + ", with KD", studentNetwork, kd, computeStudentLoss(temperature), Optional.of(model), 1e-3));
        studentsNokd.put(temperature, transfer(t + ", without", studentNetwork, nokd, computeStudentScratchLoss(temperature), Optional.empty(), 1e-3));
        if (READING.has(Quirk.CARRIED_STUDENTS)) {
            kd = studentsKd.get(temperature).weights();
            nokd = studentsNokd.get(temperature).weights();
        }
    }
}

// %% [markdown]
// ## F1 and accuracy against temperature
//
// What the authors' notebook calls F1 in its curves is accuracy; here are both. F1 is the mean over the classes.

// %%
void plot(String title, String xTitle, List<? extends Number> x, String yTitle, Map<String, List<Double>> curves) {
    var chart = new CategoryChartBuilder().theme(Styler.ChartTheme.Matlab).width(640).height(400)
        .title(title + ", " + ABOUT).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line).setOverlapped(true)
        .setYAxisDecimalPattern("0.0#").setLegendPosition(Styler.LegendPosition.OutsideS);
    curves.forEach((name, y) -> chart.addSeries(name, x, y));
    show(BitmapEncoder.getBufferedImage(chart));
}

List<Double> f1(Map<Double, Trained> students) {
    return students.values().stream().map(trained -> trained.test().report().macroAverage().f1()).toList();
}

List<Double> accuracy(Map<Double, Trained> students) {
    return students.values().stream().map(trained -> 100 * trained.test().accuracy()).toList();
}

plot("F1 vs. temperature", "temperature", TEMPERATURES, "macro F1", new TreeMap<>(Map.of("with KD", f1(studentsKd), "without KD", f1(studentsNokd))));
plot("Accuracy vs. temperature", "temperature", TEMPERATURES, "test accuracy (%)", new TreeMap<>(Map.of("with KD", accuracy(studentsKd), "without KD", accuracy(studentsNokd))));

// %% [markdown]
// ## Classification reports (step 7)
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
for (var network : List.of(teacherNetwork, studentNetwork)) {
    var cost = Cost.of(network.whole(), BATCH_SIZE);
    printf("%-12s %,11d parameters, %.9f GFLOPs for a batch of %d images of %d x %d%n", network.base().name(), cost.parameters(), cost.flops() / 1e9, BATCH_SIZE, IMAGE_SIZE, IMAGE_SIZE);
}

// %% [markdown]
// ## Early-stopped teachers (step 13)
//
// One phase with everything trained, T = 4, alpha = 0.5. As-written the rate is 1e-3 and a student trains as long as its teacher; as-described
// the rate is 1e-4 and every student trains 12 epochs.

// %%
double rate = READING.has(Quirk.ESKD_RATE) ? 1e-3 : 1e-4;
var earlyStopped = new TreeMap<Integer, Trained>();
for (int i : TEACHER_EPOCHS) {
    printf("Teacher of %d epochs:", i);
    var stopped = trainAndEvaluate(teacherNetwork.whole(), teacherStart, computeTeacherLoss, Optional.empty(), i, rate);
    printf("  its student:");
    try (var model = asTeacher(stopped.weights())) {
        int epochs = READING.has(Quirk.ESKD_RATE) ? i : TEACHER_EPOCHS.size();
        earlyStopped.put(i, trainAndEvaluate(studentNetwork.whole(), studentStart, computeStudentLoss(4), Optional.of(model), epochs, rate));
    }
}

plot("Test accuracy vs. teacher's epochs", "epochs of the teacher", TEACHER_EPOCHS, "test accuracy (%)", Map.of("student", earlyStopped.values().stream().map(trained -> 100 * trained.test().accuracy()).toList()));

// %% tags=["jshell"]
printf("Finished.%n");
/exit
