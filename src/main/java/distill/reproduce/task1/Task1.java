package distill.reproduce.task1;

import distill.loss.Reading;
import distill.reproduce.DeviceOptions;
import distill.reproduce.ReadingConverter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./reproduce task1}: all questions in order, or one of them. */
@Command(
        name = "task1",
        description = "Task 1, MNIST: all questions in order, or the one that is named.",
        subcommands = {
            Question1.class,
            Question2.class,
            Question3.class,
            Question4.class,
            Question5.class,
            Question6.class,
            Question7.class,
            Question8.class,
            Question9.class,
            Question10.class,
            Question11.class,
            Question12.class,
            Question13.class
        })
public final class Task1 implements Callable<Integer> {

    @Option(
            names = "--variant",
            scope = ScopeType.INHERIT,
            paramLabel = "READING",
            converter = ReadingConverter.class,
            defaultValue = "as-written",
            description = "as-written: what the report's programs do (default); as-described: what its formulas say.")
    private Reading reading;

    @Option(
            names = "--quick",
            scope = ScopeType.INHERIT,
            description = "A small, honest cut, marked QUICK: " + Lab.QUICK_IMAGES
                    + " training images, 2 epochs, T = 1, 4, 64, alpha = .1, .9.")
    private boolean quick;

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Where all chance comes from (default 1).")
    private Long seed;

    @Option(
            names = "--seeds",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Repeat with N seeds, from --seed on.")
    private Integer seeds;

    @Option(
            names = "--temperatures",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "T",
            description = "Temperatures (default 1,2,4,16,32,64).")
    private List<Double> temperatures;

    @Option(
            names = "--alphas",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "A",
            description = "Weights of the distillation loss in question 5 (default .1,.3,.5,.7,.9).")
    private List<Double> alphas;

    @Option(
            names = "--epochs",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description =
                    "Epochs of each training (default 12; other numbers are marked and not compared with the report).")
    private Integer epochs;

    @Mixin
    private DeviceOptions deviceOptions;

    @Option(
            names = "--data-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description =
                    "Where MNIST's IDX files are. Default: $MNIST_DIR, data/mnist, ../shared/mnist, Keras's cache, else a download.")
    private Path dataDir;

    @Option(
            names = "--out",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "The run store, and where tables and plots go (default runs).")
    private Path out;

    @Option(
            names = "--from",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Train nothing: tables and plots from the runs of this store.")
    private Path from;

    @Option(names = "--fresh", scope = ScopeType.INHERIT, description = "Train again, whatever is stored.")
    private boolean fresh;

    @Option(
            names = "--teacher",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME|FILE",
            description =
                    "A teacher that was trained elsewhere: a model of saved-models/, or a file that Keras saved. The students' results are marked.")
    private String teacher;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Lab lab = lab();
        lab.announce();
        for (Question question : List.of(
                new Question1(),
                new Question2(),
                new Question3(),
                new Question4(),
                new Question5(),
                new Question6(),
                new Question7(),
                new Question8(),
                new Question9(),
                new Question10(),
                new Question11(),
                new Question12(),
                new Question13())) {
            question.answer(lab);
        }
        return 0;
    }

    /** What the questions work with, after a check of the options. */
    Lab lab() {
        check(seeds == null || seeds >= 1, "--seeds takes a number from 1, found " + seeds);
        check(epochs == null || epochs >= 1, "--epochs takes a number from 1, found " + epochs);
        check(
                temperatures == null || temperatures.stream().allMatch(t -> t > 0 && Double.isFinite(t)),
                "--temperatures takes numbers over 0, found " + temperatures);
        check(
                alphas == null || alphas.stream().allMatch(a -> a >= 0 && a <= 1),
                "--alphas takes numbers from 0 to 1, found " + alphas);
        check(from == null || !fresh, "--from trains nothing, so --fresh cannot go with it");
        long first = seed == null ? 1 : seed;
        int count = seeds == null ? 1 : seeds;
        check(first <= Long.MAX_VALUE - count, "--seed is too large: " + seed);
        return new Lab(
                new Lab.Choices(
                        reading,
                        quick,
                        Optional.ofNullable(epochs),
                        Optional.ofNullable(temperatures).map(Task1::sorted),
                        Optional.ofNullable(alphas).map(Task1::sorted),
                        LongStream.range(first, first + count).boxed().toList(),
                        seed != null || seeds != null,
                        Optional.ofNullable(dataDir),
                        out,
                        Optional.ofNullable(from),
                        fresh,
                        Optional.ofNullable(teacher)),
                deviceOptions.whenUsed(spec.commandLine()),
                spec.commandLine().getOut());
    }

    private static List<Double> sorted(List<Double> values) {
        return values.stream().distinct().sorted().toList();
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
