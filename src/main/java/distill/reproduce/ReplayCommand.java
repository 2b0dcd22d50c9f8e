package distill.reproduce;

import distill.data.Mnist;
import distill.data.OrderFile;
import distill.experiment.ModelLibrary;
import distill.experiment.Replay;
import distill.experiment.SavedModels;
import distill.loss.Reading;
import distill.nn.Device;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.training.StepLoss;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./reproduce replay}: training without chance, step by step, to be held against Keras. */
@Command(
        name = "replay",
        description =
                "Trains from given weights on given batches and prints each step's loss before its update, means over the"
                        + " batch: loss, its cross-entropy part, its distillation part with T^2, before alpha."
                        + " reference/replay_keras.py takes the same arguments and writes the same.")
final class ReplayCommand implements Callable<Integer> {

    private enum Network {
        student,
        teacher
    }

    private enum Dtype {
        float32,
        float64
    }

    private static final String HEADER = "step,loss,hard,soft";

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
            converter = ReadingConverter.class,
            defaultValue = "as-written",
            description = "as-written (default) or as-described. It decides the networks' output activation.")
    private Reading reading;

    @Option(names = "--temperature", paramLabel = "T", description = "Temperature of the distillation.")
    private Double temperature;

    @Option(names = "--alpha", paramLabel = "A", description = "Weight of the distillation.")
    private Double alpha;

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
            description = "Dropout of a teacher that is trained (default .5): must be 0, for its masks are chance.")
    private double dropout;

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

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where MNIST is.")
    private Path dataDir;

    @Mixin
    private DeviceOptions deviceOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkOptions();
        PrintWriter out = spec.commandLine().getOut();
        Device device = deviceOptions.device(spec.commandLine());
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, device);
        Mnist data = Mnist.load(Optional.ofNullable(dataDir));
        List<int[]> batches = batches(data);
        Replay replay = replay(device);
        Weights start = train == Network.teacher
                ? library.find(teacher, Architecture.MNIST_TEACHER).weights()
                : library.find(student, Architecture.MNIST_STUDENT).weights();
        Optional<Weights> distilled = replay.trained() == Replay.Trained.STUDENT
                ? Optional.of(library.find(teacher, Architecture.MNIST_TEACHER).weights())
                : Optional.empty();
        StringBuilder lines = new StringBuilder(HEADER).append('\n');
        out.println(HEADER);
        Consumer<StepLoss> printer = new Consumer<>() {
            private int step;

            @Override
            public void accept(StepLoss loss) {
                step++;
                String line = String.join(
                        ",", Integer.toString(step), number(loss.loss()), number(loss.hard()), number(loss.soft()));
                lines.append(line).append('\n');
                out.println(line);
                out.flush();
            }
        };
        Replay.Outcome outcome = dtype == Dtype.float64
                ? replay.float64(start, distilled, data, batches, printer)
                : replay.float32(start, distilled, data, batches, printer);
        write(outcome, lines.toString(), device);
        return 0;
    }

    private void checkOptions() throws IOException {
        if (train == Network.teacher) {
            need(teacher, "--teacher");
            check(dropout == 0, "--train teacher needs --dropout 0, found " + dropout + ": dropout's masks are chance");
            check(!plain && student == null, "--train teacher takes no --student and no --plain");
            check(temperature == null && alpha == null, "--train teacher takes no --temperature and no --alpha");
        } else {
            need(student, "--student");
        }
        if (plain) {
            check(
                    teacher == null && temperature == null && alpha == null,
                    "--plain takes no --teacher, no --temperature and no --alpha");
        }
        if (train == Network.student && !plain) {
            need(teacher, "--teacher");
            need(temperature, "--temperature");
            need(alpha, "--alpha");
            check(
                    temperature > 0 && Double.isFinite(temperature),
                    "--temperature takes a number over 0, found " + temperature);
            check(alpha >= 0 && alpha <= 1, "--alpha takes a number from 0 to 1, found " + alpha);
        }
        if (save != null) {
            try {
                KerasFormat.H5.checkName(save);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--save: " + e.getMessage());
            }
        }
        List<Path> targets = Stream.of(csv, save, predictions)
                .filter(Objects::nonNull)
                .map(file -> file.toAbsolutePath().normalize())
                .toList();
        check(
                targets.stream().distinct().count() == targets.size(),
                "--csv, --save and --predictions need files of their own");
        for (Path file : targets) {
            if (Files.exists(file)) {
                throw new IOException(file + " is there already and was left alone: name another file");
            }
            if (!Files.isDirectory(file.getParent())) {
                throw new IOException("there is no folder " + file.getParent() + " for " + file.getFileName());
            }
        }
    }

    private List<int[]> batches(Mnist data) throws IOException {
        List<int[]> batches = OrderFile.read(order, data.train().size());
        int count = steps == null ? batches.size() : steps;
        if (count < 1 || count > batches.size()) {
            throw new IOException("%s has %d batches, found --steps %d".formatted(order, batches.size(), count));
        }
        return batches.subList(0, count);
    }

    private Replay replay(Device device) {
        return train == Network.teacher
                ? Replay.teacher(reading, device)
                : plain ? Replay.plainStudent(reading, device) : Replay.student(reading, temperature, alpha, device);
    }

    private void write(Replay.Outcome outcome, String lines, Device device) throws IOException {
        if (csv != null) {
            Files.writeString(csv, lines);
        }
        if (save != null) {
            outcome.model().write(KerasFormat.H5, save, device);
        }
        if (predictions != null) {
            Files.write(
                    predictions,
                    Arrays.stream(outcome.predictions())
                            .mapToObj(Integer::toString)
                            .toList());
        }
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

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
