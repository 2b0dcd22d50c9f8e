package distill.command;

import distill.experiment.SavedModels;
import distill.experiment.TensorBoard;
import distill.experiment.TrainingListener;
import distill.loss.DistillationLoss;
import distill.loss.KnowledgeDistillation;
import distill.loss.LayerPair;
import distill.nn.Device;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Slip;
import distill.run.Steps;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** Options that both tasks have: what is trained, how often and where, and where what comes of it goes. */
public final class RunOptions {

    /** Options of trainings alone. A question whose runs come from a store ({@code --from}) does not use them. */
    public static final Set<String> OF_TRAINING = Set.of(
            "--adam",
            "--jobs",
            "--fresh",
            "--shard",
            "--tensorboard",
            "--data-dir",
            "--skip-bad",
            "--cache",
            "--weights",
            "--teacher-weights");

    /** Options that say how and where something is computed, kept and shown, but not what. */
    static final Set<String> HOW = Set.of(
            "--threads",
            "--device",
            "--jobs",
            "--out",
            "--from",
            "--shard",
            "--fresh",
            "--tensorboard",
            "--quiet",
            ConfigFile.OPTION,
            "--skip-bad",
            "--cache");

    /** The option that names the layers that a loss compares, which goes with {@code --loss}. */
    public static final String LOSS_LAYERS = "--loss-layers";

    private static final String BESIDE_THE_STORE = "";

    private enum OptimizerName {
        adam,
        sgd
    }

    @Option(
            names = "--variant",
            scope = ScopeType.INHERIT,
            paramLabel = "READING",
            converter = LabelConverter.Readings.class,
            defaultValue = "as-written",
            description = "as-written: what the report's programs do (default); as-described: what its text says.")
    private Variant variant;

    @Option(
            names = "--without",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "SLIP[,SLIP]",
            converter = LabelConverter.Slips.class,
            description = "Slips of the report's program that are taken away from the as-written reading. Task 1 has"
                    + " double-softmax and unnormalised-targets; Task 2 has logit-targets, imagenet-head, no-freezing,"
                    + " batch-statistics, raw-inputs, carried-students, scratch-temperature, resampled-report,"
                    + " partial-test, alpha-on-hard, eskd-rate, bessel.")
    private List<Slip> without = List.of();

    @Option(
            names = "--loss",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            converter = LabelConverter.Losses.class,
            completionCandidates = Candidates.Losses.class,
            defaultValue = Settings.Distillation.KD,
            description = "What students with distillation learn by: kd (the report's, default), dkd, dist, logit-mse,"
                    + " attention, hints or similarity; or those without: label-smoothing, or none (the report's). Others"
                    + " than the report's are marked and not compared with it: docs/losses.md.")
    private DistillationLoss loss;

    @Option(
            names = LOSS_LAYERS,
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "TEACHER=STUDENT[,TEACHER=STUDENT]",
            converter = LabelConverter.Layers.class,
            description =
                    "With --loss attention or hints: the layers of teacher and student that are compared, by their"
                            + " names (default: those that the loss finds). hints takes one pair. A name that is not there is told"
                            + " with the layers that are.")
    private List<LayerPair> lossLayers = List.of();

    @Option(
            names = "--adam",
            scope = ScopeType.INHERIT,
            paramLabel = "FORM",
            converter = LabelConverter.AdamForms.class,
            description =
                    "keras2: Adam as the report's programs ran it (default); keras3: as today's Keras computes it,"
                            + " which rounds differently.")
    private AdamForm adam;

    @Option(
            names = "--learning-rate",
            scope = ScopeType.INHERIT,
            paramLabel = "R",
            description =
                    "The optimiser's rate in each training, teachers' too; a fine phase has a tenth of it (default"
                            + " .001; in Task 2 .0001 for some trainings; another is marked and not compared with the report).")
    private Double learningRate;

    @Option(
            names = "--batch-size",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Images per step, in each training (default 256, in Task 2 32; another is marked and not"
                    + " compared with the report).")
    private Integer batchSize;

    @Option(
            names = "--optimizer",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            defaultValue = "adam",
            description =
                    "What trains: adam (default) in the form that --adam names, or sgd, Keras's stochastic gradient"
                            + " descent, which is marked and not compared with the report.")
    private OptimizerName optimizer;

    @Option(
            names = "--momentum",
            scope = ScopeType.INHERIT,
            paramLabel = "M",
            description = "With --optimizer sgd: its momentum, from 0 to 1 (default 0).")
    private Double momentum;

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
    private List<Double> temperatures = List.of();

    @Mixin
    private DeviceOptions deviceOptions;

    @Option(
            names = "--jobs",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Trainings at a time (default: in Task 1 one for each processor, as far as memory allows; in"
                    + " Task 2, and on a GPU, 1).")
    private Integer jobs;

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

    @Option(
            names = "--shard",
            scope = ScopeType.INHERIT,
            paramLabel = "K/N",
            description = "Train the K-th of N parts of what the command would train, each on a machine of its own, and"
                    + " make no tables: ./reproduce merge joins the stores.")
    private String shard;

    @Option(names = "--fresh", scope = ScopeType.INHERIT, description = "Train again, whatever is stored.")
    private boolean fresh;

    @Option(
            names = "--tensorboard",
            scope = ScopeType.INHERIT,
            arity = "0..1",
            paramLabel = "DIR",
            fallbackValue = BESIDE_THE_STORE,
            description = "Write what each epoch gives for TensorBoard, a folder for each training, under DIR (default:"
                    + " tensorboard in --out). The accuracy on the training images is then measured after every epoch.")
    private Path tensorBoard;

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            description = "Show results and errors only, not how trainings come along.")
    private boolean quiet;

    @Option(
            names = ConfigFile.OPTION,
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "Take options from FILE, in YAML or JSON: their names without dashes, each with its value, a list,"
                            + " or true or false. What stands on the command line, too, is taken from there.")
    private Path config;

    /**
     * How trainings are computed.
     *
     * @param device where, looked for when first used
     * @param adam the form of Adam, where it trains
     * @param steps what each training's steps have otherwise than the report's
     * @param jobs how many at a time; null where that is left to the machine
     */
    public record Computing(Supplier<Device> device, AdamForm adam, Steps steps, Integer jobs) {}

    /**
     * The choices, checked.
     *
     * @param quick whether a small cut is trained
     * @param seedsGiven whether the seeds were named; else {@code --from} takes all that it finds
     * @param temperatures in order; empty where they were left out
     * @param loss what students with distillation learn by, or where it has no teacher those without
     * @param from the store that runs come from; null where they are trained
     * @param tensorBoard where event files go; null for none
     * @param quiet whether only results are shown
     * @param config the file that options come from; null for none
     */
    public record Choices(
            Reading reading,
            boolean quick,
            List<Long> seeds,
            boolean seedsGiven,
            List<Double> temperatures,
            DistillationLoss loss,
            Path out,
            Path from,
            boolean fresh,
            Path tensorBoard,
            boolean quiet,
            Path config,
            Computing computing) {

        /** Threads that {@code ./reproduce list} tells times for. */
        public static final int LISTED_THREADS = 2;

        /**
         * The choices for which nothing is computed, of the report's losses.
         *
         * @param from null where no run is looked for
         */
        public static Choices stored(Reading reading, boolean quick, Path from) {
            Supplier<Device> none = () -> {
                throw new IllegalStateException("stored runs alone are looked at, so nothing is computed");
            };
            return new Choices(
                    reading,
                    quick,
                    List.of(1L),
                    false,
                    List.of(),
                    new KnowledgeDistillation(),
                    StoreFolder.RUNS,
                    from,
                    false,
                    null,
                    true,
                    null,
                    new Computing(none, AdamForm.KERAS2, Steps.REPORTS, 1));
        }

        /**
         * What a store lacks of some trainings.
         *
         * @param toTrain what will be trained
         * @param kept what is kept to its end in saved-models, so that the run is made of that
         */
        public record Lacking(List<Settings> toTrain, List<Settings> kept) {}

        /**
         * What a store lacks of some trainings; of those that are trained whatever is stored, all.
         *
         * @param stored the runs of the store
         */
        public Lacking lacking(Stream<Settings> trainings, Collection<Run> stored, SavedModels models)
                throws IOException {
            Set<String> known = stored.stream()
                    .filter(run -> run.provenance().isOurs())
                    .map(Run::identity)
                    .collect(Collectors.toSet());
            List<Settings> toTrain = new ArrayList<>();
            List<Settings> kept = new ArrayList<>();
            for (Settings training : trainings.distinct().toList()) {
                if (fresh) {
                    toTrain.add(training);
                } else if (!known.contains(training.identity())) {
                    (models.isWhole(training) ? kept : toTrain).add(training);
                }
            }
            return new Lacking(toTrain, kept);
        }

        /** Who hears of trainings. */
        TrainingListener listener(Work work, ConsoleProgress progress) {
            TrainingListener shown = TrainingListener.both(work, progress);
            return tensorBoard == null ? shown : TrainingListener.both(shown, new TensorBoard(tensorBoard));
        }
    }

    /**
     * The choices.
     *
     * @param task whose readings they name
     * @throws ParameterException where they make no sense
     */
    Choices choices(ConsoleCommand command, String task, boolean quick) {
        command.check(seeds == null || seeds >= 1, "--seeds takes a number from 1, found " + seeds);
        command.check(jobs == null || jobs >= 1, "--jobs takes a number from 1, found " + jobs);
        command.check(
                temperatures.stream().allMatch(t -> t > 0 && Double.isFinite(t)),
                "--temperatures takes numbers over 0, found " + temperatures);
        command.check(
                temperatures.isEmpty() || !loss.hasTeacher() || loss.hasTemperature(),
                "the loss %s has no temperature, so --temperatures cannot go with it".formatted(loss.name()));
        command.check(from == null || Files.isDirectory(from), StoreFolder.missing(from));
        long first = seed == null ? 1 : seed;
        int count = seeds == null ? 1 : seeds;
        command.check(first <= Long.MAX_VALUE - count, "--seed is too large: " + seed);
        return new Choices(
                reading(command.commandLine(), task, variant, without),
                quick,
                LongStream.range(first, first + count).boxed().toList(),
                seed != null || seeds != null,
                sorted(temperatures),
                loss(command),
                out,
                from,
                fresh,
                Path.of(BESIDE_THE_STORE).equals(tensorBoard) ? out.resolve("tensorboard") : tensorBoard,
                quiet,
                config,
                new Computing(
                        deviceOptions.whenUsed(command.commandLine()),
                        Objects.requireNonNullElse(adam, AdamForm.KERAS2),
                        steps(command),
                        jobs));
    }

    /** The loss, on the layers that were named. */
    private DistillationLoss loss(ConsoleCommand command) {
        try {
            return lossLayers.isEmpty() ? loss : loss.on(lossLayers);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), LOSS_LAYERS + ": " + e.getMessage(), e);
        }
    }

    private Steps steps(ConsoleCommand command) {
        boolean sgd = optimizer == OptimizerName.sgd;
        command.check(
                learningRate == null || learningRate > 0 && Double.isFinite(learningRate),
                "--learning-rate takes a number over 0, found " + learningRate);
        command.check(batchSize == null || batchSize >= 1, "--batch-size takes a number from 1, found " + batchSize);
        command.check(sgd || momentum == null, "--momentum is of SGD: give --optimizer sgd, too");
        command.check(!sgd || adam == null, "--adam is the form of Adam, so it cannot go with --optimizer sgd");
        command.check(
                momentum == null || momentum >= 0 && momentum <= 1,
                "--momentum takes a number from 0 to 1, found " + momentum);
        return new Steps(batchSize, learningRate, sgd ? Objects.requireNonNullElse(momentum, 0.) : null);
    }

    /** Whether runs are trained, and do not come from the store of {@code --from}. */
    boolean trains() {
        return from == null;
    }

    /** The shard that was chosen; null where the command is whole. */
    Shard shard(ConsoleCommand command) {
        try {
            return shard == null ? null : Shard.of(shard);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /**
     * The reading that options name.
     *
     * @throws ParameterException where it has no such slips
     */
    public static Reading reading(CommandLine command, String task, Variant variant, List<Slip> without) {
        try {
            return Reading.of(task, variant, without);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, "--without: " + e.getMessage(), e);
        }
    }

    /** Different values in their order. */
    public static List<Double> sorted(List<Double> values) {
        return values.stream().distinct().sorted().toList();
    }

    /** Seeds in their order: {@code 1-10} for consecutive numbers, else {@code 1,5}. */
    public static String range(List<Long> seeds) {
        long first = seeds.get(0);
        long last = seeds.get(seeds.size() - 1);
        return seeds.size() > 1 && last - first == seeds.size() - 1
                ? first + "-" + last
                : seeds.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
