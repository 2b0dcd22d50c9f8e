package distill.reproduce;

import static java.util.Objects.requireNonNullElse;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import distill.command.DeviceOptions;
import distill.command.LabelConverter;
import distill.command.RunOptions;
import distill.data.DataSet;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.data.OrderFile;
import distill.experiment.MnistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.Replay;
import distill.experiment.SavedModels;
import distill.files.WholeFile;
import distill.loss.DistillationLoss;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.nn.zoo.BaseModel;
import distill.nn.zoo.DataSpec;
import distill.report.PublishedMhist;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Variant;
import distill.training.StepLoss;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.Matching;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ./reproduce replay}: training without chance, step by step, to be held against Keras. */
@Command(
        name = "replay",
        description =
                "Trains from given weights on given batches and prints each step's loss before its update, means over the"
                        + " batch: loss, its cross-entropy part, its distillation part with T^2, before alpha."
                        + " The networks are Task 1's on MNIST, or with --model Task 2's on MHIST or a set in its layout,"
                        + " whose images are not augmented."
                        + " reference/replay_keras.py takes the same arguments and writes the same.")
final class ReplayCommand extends ConsoleCommand {

    private enum Network {
        student,
        teacher
    }

    private enum Dtype {
        float32,
        float64
    }

    private enum Phase {
        initial,
        fine
    }

    private static final String HEADER = "step,loss,hard,soft";
    private static final long IMAGE_CACHE = 512L << 20;

    @Option(names = "--student", paramLabel = "FILE", description = "The student's starting weights.")
    private String student;

    @Option(names = "--teacher", paramLabel = "FILE", description = "The teacher's weights.")
    private String teacher;

    @Option(
            names = "--order",
            required = true,
            paramLabel = "FILE.csv",
            description = "No header; one batch per line, the indices of its training images.")
    private Path order;

    @Option(
            names = "--variant",
            paramLabel = "READING",
            converter = LabelConverter.Readings.class,
            defaultValue = "as-written",
            description = "as-written (default) or as-described. In Task 1 it decides the networks' output activation.")
    private Variant variant;

    @Option(
            names = "--adam",
            paramLabel = "FORM",
            converter = LabelConverter.AdamForms.class,
            defaultValue = "keras3",
            description = "keras3 (default): Adam as today's Keras computes it; keras2: as Keras 2 did.")
    private AdamForm adam;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            description = "Train by SGD with this momentum, from 0 to 1, in Adam's place, at the same rate.")
    private Double momentum;

    @Option(names = "--temperature", paramLabel = "T", description = "Temperature of the distillation.")
    private Double temperature;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "Weight of the distillation; in Task 2 as-written of the cross-entropy, as there.")
    private Double alpha;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            converter = LabelConverter.Losses.class,
            completionCandidates = Candidates.Losses.class,
            defaultValue = Settings.Distillation.KD,
            description = "What the student learns by (default kd); with --plain none or label-smoothing.")
    private DistillationLoss loss;

    @Option(names = "--plain", description = "Train the student without distillation.")
    private boolean plain;

    @Option(
            names = "--train",
            paramLabel = "student|teacher",
            defaultValue = "student",
            description = "What is trained (default student). A teacher starts from --teacher.")
    private Network train;

    @Option(
            names = "--dropout",
            paramLabel = "RATE",
            defaultValue = "0.5",
            description =
                    "Dropout of a teacher that is trained (default .5): must be 0, for its masks are chance. Task 2's"
                            + " networks have none.")
    private double dropout;

    @Option(
            names = "--model",
            paramLabel = "NETWORK",
            converter = LabelConverter.BaseModels.class,
            description = "Task 2: the network that is trained, resnet50v2 or mobilenetv2. Its weights, and its"
                    + " teacher's, are files that Keras saved of the whole network, Dense(2) last.")
    private BaseModel model;

    @Option(
            names = "--teacher-model",
            paramLabel = "NETWORK",
            converter = LabelConverter.BaseModels.class,
            description = "Task 2: the network of its teacher (default resnet50v2).")
    private BaseModel teacherModel;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Task 2: height and width in pixels that images are resized to (default 224).")
    private Integer imageSize;

    @Option(
            names = "--phase",
            paramLabel = "initial|fine",
            description = "Task 2: the initial phase (default), or the fine one, at a tenth of the rate.")
    private Phase phase;

    @Option(
            names = "--without",
            split = ",",
            paramLabel = "SLIP[,SLIP]",
            converter = LabelConverter.Slips.class,
            description = "Slips of the task's program that are taken away from the as-written reading.")
    private List<Slip> without = List.of();

    @Option(names = "--steps", paramLabel = "N", description = "How many (default: every batch of the order).")
    private Integer steps;

    @Option(
            names = "--dtype",
            paramLabel = "float32|float64",
            defaultValue = "float32",
            description = "What to compute in (default float32).")
    private Dtype dtype;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write there, too, what is printed.")
    private Path csv;

    @Option(names = "--save", paramLabel = "FILE.h5", description = "Write the model after the last step.")
    private Path save;

    @Option(
            names = "--predictions",
            paramLabel = "FILE.csv",
            description = "Write the class of each test image after the last step, one per line.")
    private Path predictions;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where MNIST, or a set in MHIST's layout, is.")
    private Path dataDir;

    @Mixin
    private DeviceOptions deviceOptions;

    private final List<String> lines = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Reading reading =
                RunOptions.reading(commandLine(), model == null ? Settings.TASK1 : Settings.TASK2, variant, without);
        Role role = train == Network.teacher ? Role.TEACHER : plain ? Role.STUDENT_PLAIN : Role.STUDENT;
        checkOptions(reading, role);
        checkTargets();
        Device device = deviceOptions.device(commandLine());
        DataSet data = data();
        List<int[]> batches = batches(data.train().size());
        Replay task = model == null
                ? Replay.ofTask1(reading, role, temperature, alpha, device)
                : Replay.ofTask2(
                        reading,
                        role,
                        new Replay.Transfer(
                                model,
                                requireNonNullElse(teacherModel, BaseModel.RESNET50V2),
                                data.train().height(),
                                phase == Phase.fine),
                        temperature,
                        alpha,
                        device);
        Replay replay = (momentum == null ? task.with(adam) : task.withSgd(momentum)).with(loss);
        Weights start = role == Role.TEACHER
                ? weights(teacher, Architecture.MNIST_TEACHER, replay.networks().whole(), device)
                : weights(student, Architecture.MNIST_STUDENT, replay.networks().whole(), device);
        Weights distilled = role == Role.STUDENT
                ? weights(teacher, Architecture.MNIST_TEACHER, replay.networks().teacher(), device)
                : null;
        print(HEADER);
        Replay.Outcome outcome = replay.run(dtype.toString(), start, distilled, data, batches, this::printStep);
        write(outcome, device);
        return 0;
    }

    private DataSet data() throws IOException {
        if (model == null) {
            DataSet data = dataDir == null ? Mnist.load() : Mnist.load(dataDir);
            DataSpec spec = MnistPlan.spec(data.train());
            if (!spec.equals(DataSpec.MNIST)) {
                throw new IOException("replay takes images of %s, found %s".formatted(DataSpec.MNIST, spec));
            }
            return data;
        }
        Mhist.Reading how =
                new Mhist.Reading(requireNonNullElse(imageSize, PublishedMhist.IMAGE_SIZE), IMAGE_CACHE, false);
        DataSet data = (dataDir == null ? Mhist.load(how) : Mhist.load(dataDir, how)).set();
        int classes = data.train().classes().size();
        if (classes != BaseModel.MHIST_CLASSES) {
            throw new IOException(
                    "replay takes images in %d classes, found %d".formatted(BaseModel.MHIST_CLASSES, classes));
        }
        return data;
    }

    /** Weights that are named: in Task 1 a file or a model of the library, in Task 2 a file of the whole network. */
    private Weights weights(String file, Architecture architecture, distill.nn.Network network, Device device)
            throws IOException {
        return model == null
                ? new ModelLibrary(SavedModels.FOLDER, device)
                        .find(file, architecture)
                        .weights()
                : Matching.of(KerasFile.read(Path.of(file), device), network, file)
                        .weights();
    }

    private void printStep(StepLoss loss) {
        print(String.join(
                ",", Integer.toString(lines.size()), number(loss.loss()), number(loss.hard()), number(loss.soft())));
    }

    private void print(String line) {
        lines.add(line);
        println(line);
        console().flush();
    }

    private void checkOptions(Reading reading, Role role) {
        if (role == Role.TEACHER) {
            need(teacher, "--teacher");
            check(
                    model != null || dropout == 0,
                    "--train teacher needs --dropout 0, found " + dropout + ": dropout's masks are chance");
            check(!plain && student == null, "--train teacher takes no --student and no --plain");
            check(temperature == null && alpha == null, "--train teacher takes no --temperature and no --alpha");
            check(isReportsLoss(), "--train teacher takes no --loss");
        } else {
            need(student, "--student");
        }
        if (role == Role.STUDENT_PLAIN) {
            check(
                    isReportsLoss() || !loss.hasTeacher(),
                    "--plain is without distillation, so --loss takes none or label-smoothing");
        }
        if (role == Role.STUDENT_PLAIN && reading.has(Slip.SCRATCH_TEMPERATURE) && isReportsLoss()) {
            check(teacher == null && alpha == null, "--plain takes no --teacher and no --alpha");
            need(temperature, "--temperature");
        } else if (role == Role.STUDENT_PLAIN) {
            check(
                    teacher == null && temperature == null && alpha == null,
                    "--plain takes no --teacher, no --temperature and no --alpha");
        } else if (role == Role.STUDENT) {
            need(teacher, "--teacher");
            check(loss.hasTeacher(), "the loss %s is without distillation: give --plain, too".formatted(loss.name()));
            if (loss.hasTemperature()) {
                need(temperature, "--temperature");
            }
            check(
                    loss.hasTemperature() || temperature == null,
                    "the loss %s has no temperature, so --temperature cannot go with it".formatted(loss.name()));
            need(alpha, "--alpha");
            check(alpha >= 0 && alpha <= 1, "--alpha takes a number from 0 to 1, found " + alpha);
        }
        check(
                temperature == null || (temperature > 0 && Double.isFinite(temperature)),
                "--temperature takes a number over 0, found " + temperature);
        check(
                model != null || (teacherModel == null && imageSize == null && phase == null),
                "--teacher-model, --image-size and --phase are of Task 2, which needs --model");
        check(
                momentum == null || momentum >= 0 && momentum <= 1,
                "--momentum takes a number from 0 to 1, found " + momentum);
        check(momentum == null || adam == null, "--adam is of Adam, and with --momentum SGD trains: leave one out");
        check(
                imageSize == null || imageSize >= BaseModel.SMALLEST_IMAGE,
                "--image-size takes a number from " + BaseModel.SMALLEST_IMAGE + ", found " + imageSize);
    }

    private boolean isReportsLoss() {
        return Settings.Distillation.isReports(loss.name());
    }

    private void checkTargets() throws IOException {
        if (save != null) {
            try {
                KerasFormat.H5.checkName(save);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(commandLine(), "--save: " + e.getMessage());
            }
        }
        List<Path> targets = Stream.of(csv, save, predictions)
                .filter(Objects::nonNull)
                .map(file -> file.toAbsolutePath().normalize())
                .toList();
        check(Set.copyOf(targets).size() == targets.size(), "--csv, --save and --predictions need files of their own");
        for (Path file : targets) {
            if (Files.exists(file)) {
                throw new IOException(file + " is there already and was left alone: name another file");
            }
            if (!Files.isDirectory(file.getParent())) {
                throw new IOException("there is no folder " + file.getParent() + " for " + file.getFileName());
            }
        }
    }

    private List<int[]> batches(int images) throws IOException {
        List<int[]> batches = OrderFile.read(order, images);
        int count = requireNonNullElse(steps, batches.size());
        if (count < 1 || count > batches.size()) {
            throw new IOException("%s has %d batches, found --steps %d".formatted(order, batches.size(), count));
        }
        return batches.subList(0, count);
    }

    private void write(Replay.Outcome outcome, Device device) throws IOException {
        if (csv != null) {
            WholeFile.replace(csv, text(lines.stream()));
        }
        if (save != null) {
            outcome.model().write(KerasFormat.H5, save, device);
        }
        if (predictions != null) {
            WholeFile.replace(
                    predictions, text(Arrays.stream(outcome.predictions()).mapToObj(Integer::toString)));
        }
    }

    private static String text(Stream<String> lines) {
        return lines.map(line -> line + "\n").collect(Collectors.joining());
    }

    /** 15 significant digits in float64, 9 in float32: what tells neighbouring floats apart. */
    private String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        return new BigDecimal(value)
                .round(new MathContext(dtype == Dtype.float64 ? 15 : 9))
                .stripTrailingZeros()
                .toPlainString();
    }

    private void need(Object value, String option) {
        check(value != null, option + " is missing");
    }
}
