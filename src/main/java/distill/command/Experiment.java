package distill.command;

import distill.data.DataSet;
import distill.experiment.ModelLibrary;
import distill.experiment.SanityCheck;
import distill.experiment.SavedModels;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.experiment.TrainingListener;
import distill.loss.LayerPair;
import distill.nn.Device;
import distill.page.Chart;
import distill.page.Table;
import distill.report.Cells;
import distill.report.Marks;
import distill.report.RunQuery;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the questions of a task work with: the choices of the command line, the runs they ask for (trained, or found in
 * a store) and where their answers go. Device, data, weights and teacher are looked for when they are first needed, and
 * then named on the console.
 *
 * @param <P> what plans the task's trainings
 */
public abstract class Experiment<P> implements AutoCloseable {

    private final RunOptions.Choices choices;
    private final Answers answers;
    private final Set<String> said = new HashSet<>();
    private Asked<P> expected = (plan, seed) -> List.of();
    private Shard shard;
    private Device device;
    private Found<P> found;
    private Trainer trainer;
    private ConsoleProgress progress;
    private Work work = new Work();
    private StopLine stopLine;
    private StatusFile status;
    private List<Run> stored;

    /** Trainings for one seed. */
    @FunctionalInterface
    public interface Asked<P> {
        List<Training> of(P plan, long seed) throws IOException;
    }

    /**
     * What trainings have in common.
     *
     * @param tested the images that accuracies on the console are of, such as {@code test}
     */
    public record Found<P>(P plan, Trainer.Setup setup, String tested) {}

    /**
     * An experiment of which nothing is looked for yet.
     *
     * @param stored all runs of the task in the store that they come from, in their order; null where they are not read
     *     yet
     */
    protected Experiment(RunOptions.Choices choices, Answers answers, List<Run> stored) {
        this.choices = choices;
        this.answers = answers;
        this.stored = stored;
    }

    /** Looks for data, weights and teacher, and says which it found. */
    protected abstract Found<P> find() throws IOException;

    /** Plans trainings without a look at data and weights, so that their identities are of no use. */
    public abstract P planned();

    /** Which runs of another store are meant. */
    protected abstract RunQuery query() throws IOException;

    /** Temperatures of students where none are named. */
    protected abstract List<Double> usualTemperatures();

    /** Says beforehand what questions train, for the estimate of how long it takes. */
    public final void expect(Asked<P> trainings) {
        expected = trainings;
    }

    /**
     * Says beforehand what questions train, and which part of it.
     *
     * @param part null for all
     */
    final void expect(Shard part, Asked<P> trainings) {
        shard = part;
        expect(trainings);
    }

    /**
     * Trains the shard of what is expected, and says what came of it; tables would be of a part.
     *
     * @throws IOException where nothing is expected
     */
    final void trainShard() throws IOException {
        plan();
        answers.print(
                "%nShard %s: %d trainings".formatted(shard, trainings(expected).size()));
        for (Run run : runs(expected)) {
            answers.print(String.format(
                    Locale.ROOT, "  %-70s %6.2f %%", run.settings().label(), run.testAccuracy()));
        }
        answers.print("All are in %s. With the stores of all %d shards: ./reproduce merge DIR... --out ALL, then this"
                        .formatted(choices.out(), shard.count())
                + " command with --from ALL in place of --shard makes the tables.");
    }

    /** The choices that both tasks have. */
    protected RunOptions.Choices choices() {
        return choices;
    }

    /** What the steps of trainings have otherwise than the report's. */
    protected final Steps steps() {
        return choices.computing().steps();
    }

    /**
     * Checks that a training step has so many images.
     *
     * @param images of the training set
     * @throws IOException where there are fewer
     */
    protected final void checkBatchSize(int images) throws IOException {
        Integer size = steps().batchSize();
        if (size != null && size > images) {
            throw new IOException(
                    "--batch-size takes a number from 1 to %d, for there are no more training images; found %d"
                            .formatted(images, size));
        }
    }

    public Reading reading() {
        return choices.reading();
    }

    public boolean quick() {
        return choices.quick();
    }

    /** Temperatures of students. */
    public List<Double> temperatures() {
        return choices.temperatures().isEmpty() ? usualTemperatures() : choices.temperatures();
    }

    /** Where answers go. */
    public Answers answers() {
        return answers;
    }

    /** Where to compute; says so when first asked. */
    public Device device() {
        if (device == null) {
            device = choices.computing().device().get();
            answers.note(DeviceOptions.line(device));
        }
        return device;
    }

    /** Says which data was found, and loudly where it only stands in for the report's. */
    public void announce(DataSet.Origin data, String standIn) {
        answers.note("Data: " + data.description() + ", SHA-256 " + data.digest());
        if (data.synthetic()) {
            String frame = "*".repeat(72);
            answers.print(frame);
            answers.print("* %-68s *".formatted("SYNTHETIC: " + standIn));
            answers.print("* %-68s *".formatted("Nothing that follows can be compared with the report."));
            answers.print(frame);
        }
    }

    /** What plans trainings; looks for all that they need when first asked. */
    public P plan() throws IOException {
        if (found == null) {
            Files.createDirectories(choices.out().resolve(reading().task()));
            Files.createDirectories(SavedModels.FOLDER);
            for (Path folder : List.of(choices.out().resolve(reading().task()), SavedModels.FOLDER)) {
                if (!Files.isWritable(folder)) {
                    throw new IOException("no permission to write in " + folder
                            + ", where what is trained is kept; nothing was trained");
                }
            }
            found = find();
            progress = choices.quiet()
                    ? ConsoleProgress.quiet(answers.out(), found.tested())
                    : ConsoleProgress.of(answers.out(), found.tested());
            status = new StatusFile(choices.out(), progress, found.tested());
            RunStore store = new RunStore(choices.out());
            SavedModels models = new SavedModels(SavedModels.FOLDER, device());
            TrainingListener listener = TrainingListener.both(choices.listener(work, progress), status);
            trainer = new Trainer(found.setup(), store, models, listener, keepConfig());
            List<Run> stored = store.runs(reading().task());
            List<Training> all = trainings(expected);
            Stream<Settings> settings = all.stream()
                    .flatMap(training -> training.withWhatItRestsOn().stream())
                    .map(Training::settings);
            RunOptions.Choices.Lacking lacking = choices.lacking(settings, stored, models);
            sayWhatIsTaken(lacking.kept());
            if (choices.tensorBoard() != null) {
                answers.note(
                        !all.isEmpty() && lacking.toTrain().isEmpty()
                                ? "TensorBoard: nothing is left to train, so nothing is written (--fresh trains again)"
                                : "TensorBoard: tensorboard --logdir " + choices.tensorBoard());
            }
            progress.expect(lacking.toTrain(), stored);
            int jobs = choices.computing().jobs() == null
                    ? Trainer.usualJobs(reading().task(), device())
                    : choices.computing().jobs();
            if (jobs > 1) {
                answers.note("Trainings: %d at a time".formatted(jobs));
                progress.several(jobs, one -> trainer.placesHere(one, jobs));
                trainer.start(all, jobs);
            }
        }
        return found.plan();
    }

    /**
     * Keeps the file that options come from beside what is trained by it.
     *
     * @return its digest; null where there is none
     */
    private String keepConfig() throws IOException {
        if (choices.config() == null) {
            return null;
        }
        KeptConfig config = KeptConfig.of(choices.config());
        Path kept = config.keep(choices.out().resolve(reading().task()));
        answers.note("Options: %s, kept as %s, SHA-256 %s".formatted(choices.config(), kept, config.digest()));
        return config.digest();
    }

    /** Says which runs the store gets without a training, from weights that another store's command left. */
    private void sayWhatIsTaken(List<Settings> kept) {
        if (!kept.isEmpty()) {
            answers.note("Taken from saved-models, where they are trained already: %s%s (--fresh trains again)"
                    .formatted(kept.get(0).label(), kept.size() == 1 ? "" : " and %d more".formatted(kept.size() - 1)));
        }
    }

    /** What carries trainings out. */
    public Trainer trainer() throws IOException {
        plan();
        return trainer;
    }

    /**
     * The trainings of every seed or the shard's part of them, each once, in the order in which they are carried out.
     */
    public List<Training> trainings(Asked<P> asked) throws IOException {
        List<Training> all = new ArrayList<>();
        for (long seed : choices.seeds()) {
            all.addAll(asked.of(plan(), seed));
        }
        List<Training> once = all.stream().distinct().toList();
        if (shard == null) {
            return once;
        }
        if (once.isEmpty()) {
            throw new IOException("--shard: nothing is known beforehand that this command trains (what it chooses by"
                    + " results comes after them); start it without --shard");
        }
        return shard.of(once);
    }

    /**
     * The runs of every seed's trainings, stored or trained now. Where nothing is trained: the runs of the store that
     * are of the same questions and roles and have the options of the command line.
     */
    public List<Run> runs(Asked<P> asked) throws IOException {
        List<Run> runs = new ArrayList<>();
        if (trainsNothing()) {
            Set<List<Object>> kinds = asked.of(planned(), choices.seeds().get(0)).stream()
                    .map(training -> kind(training.settings()))
                    .collect(Collectors.toSet());
            runs.addAll(stored(settings -> kinds.contains(kind(settings))));
            work.use(runs);
            return runs;
        }
        List<Training> trainings = trainings(asked);
        progress.watch(true);
        try {
            for (Training training : trainings) {
                runs.add(trainer.run(training));
            }
        } finally {
            progress.watch(false);
        }
        work.use(runs);
        warn(runs);
        return runs;
    }

    /** Counts what this experiment trains and looks at as another one's. */
    protected final void worksFor(Experiment<P> other) {
        work = other.work;
    }

    /** From now on a signal that stops the program makes it say what is kept. */
    final void openStopLine() {
        stopLine = StopLine.of(work, choices.out(), choices.fresh());
    }

    /** Whether students like this one tell what distillation does, where a command looks at some of them. */
    protected abstract boolean compares(Settings settings);

    /** What the command ends with; empty where it looked at no run. */
    final Optional<ClosingSummary> summary() throws IOException {
        List<Run> used = work.used();
        if (used.isEmpty()) {
            return Optional.empty();
        }
        List<Run> alike = stored(this::compares);
        Set<String> identities = used.stream().map(Run::identity).collect(Collectors.toSet());
        boolean compares = alike.stream().anyMatch(run -> identities.contains(run.identity()));
        List<Run> compared = compares ? alike : used;
        Marks marks = Marks.of(Cells.all(compared, RunQuery.teachersOf(compared, stored())));
        return Optional.of(new ClosingSummary(
                work.trained(), used, compared, marks, work.seconds(), store().folder(), choices.out()));
    }

    /** Says which of the runs that tables are about to show have learnt nothing, as far as what is stored tells. */
    private void warn(List<Run> runs) {
        List<String> failed = runs.stream()
                .filter(run -> SanityCheck.of(run).isPresent())
                .map(run -> run.settings().label())
                .toList();
        if (!failed.isEmpty()) {
            answers.print("%nWARNING: runs that predict one class for all test images, or whose loss did not move: %s"
                    .formatted(String.join(", ", failed)));
        }
    }

    /** Stops what is being trained. */
    @Override
    public void close() {
        if (stopLine != null) {
            stopLine.close();
        }
        if (trainer != null) {
            trainer.close();
            status.close();
        }
    }

    /** Runs; of a store's only those at the temperatures that were asked for, and those without one. */
    protected final List<Run> atTemperatures(List<Run> runs) {
        List<Double> asked = choices.temperatures();
        return runs.stream()
                .filter(run -> asked.isEmpty()
                        || run.settings().temperature() == null
                        || asked.contains(run.settings().temperature()))
                .toList();
    }

    private static List<Object> kind(Settings settings) {
        return List.of(settings.question(), settings.role());
    }

    /** Alphas that options name; empty where they name none, or the task has no such option. */
    protected List<Double> alphasNamed() {
        return List.of();
    }

    /**
     * Says once what the store has besides an answer's runs, of the same questions and roles, and options leave out:
     * other alphas, temperatures and seeds.
     */
    public final void sayWhatIsLeftOut(List<Run> runs) throws IOException {
        boolean named = choices.seedsGiven()
                || !choices.temperatures().isEmpty()
                || !alphasNamed().isEmpty();
        if (!trainsNothing() || !named) {
            return;
        }
        RunQuery any = query().ofAnySeedAndTemperature();
        List<Settings> taken = runs.stream().map(Run::settings).toList();
        for (List<Object> kind : taken.stream().map(Experiment::kind).distinct().toList()) {
            Predicate<Settings> ofKind = settings -> kind(settings).equals(kind);
            List<Settings> own = taken.stream().filter(ofKind).toList();
            List<Settings> all =
                    any.find(stored(), ofKind).stream().map(Run::settings).toList();
            List<String> left = new ArrayList<>();
            if (!alphasNamed().isEmpty()) {
                addLeft(left, "alpha = %s (--alphas)", others(all, own, Settings::alpha));
            }
            if (!choices.temperatures().isEmpty()) {
                addLeft(left, "T = %s (--temperatures)", others(all, own, Settings::temperature));
            }
            List<Long> seeds = others(all, own, Settings::seed);
            if (choices.seedsGiven() && !seeds.isEmpty()) {
                left.add((seeds.size() == 1 ? "seed " : "seeds ") + RunOptions.range(seeds) + " (--seed, --seeds)");
            }
            String line =
                    "Left out of %s, though stored: %s.".formatted(own.get(0).trained(), String.join(", ", left));
            if (!left.isEmpty() && said.add(line)) {
                answers.print(line);
            }
        }
    }

    private static void addLeft(List<String> left, String words, List<Double> values) {
        if (!values.isEmpty()) {
            left.add(words.formatted(values.stream().map(Settings::number).collect(Collectors.joining(", "))));
        }
    }

    /** The values that all have and a part of them has not, in order. */
    private static <V extends Comparable<V>> List<V> others(
            List<Settings> all, List<Settings> part, Function<Settings, V> value) {
        Set<V> taken = part.stream().map(value).collect(Collectors.toSet());
        return all.stream()
                .map(value)
                .filter(one -> one != null && !taken.contains(one))
                .distinct()
                .sorted()
                .toList();
    }

    /** The runs of a part of {@link #store()} that have the options of the command line. */
    public List<Run> stored(Predicate<Settings> part) throws IOException {
        return query().find(stored(), part);
    }

    /**
     * The runs, if there are any. The page goes on without.
     *
     * @param missing what is said elsewhere, where there are none
     * @throws IOException with that
     */
    public List<Run> found(List<Run> runs, String missing) throws IOException {
        if (runs.isEmpty() && !answers.goOnWithoutRuns()) {
            RunQuery query = query();
            throw new IOException(missing + begun(query::asks));
        }
        return runs;
    }

    /**
     * What is said, behind what a store lacks, of trainings that were begun and have not ended; nothing where there are
     * none.
     *
     * @param asked which trainings are meant
     */
    public static String begun(Predicate<Settings> asked) throws IOException {
        List<String> begun = ModelLibrary.begun(SavedModels.FOLDER).stream()
                .filter(progress -> asked.test(progress.settings()))
                .map(progress -> "%s, %d of %d epochs"
                        .formatted(
                                progress.settings().label(),
                                progress.epochs(),
                                progress.settings().epochs()))
                .toList();
        return begun.isEmpty()
                ? ""
                : "; begun, and kept in %s: %s. The command that began it goes on there when it is started again"
                        .formatted(SavedModels.FOLDER, String.join("; ", begun));
    }

    /** Whether the runs come from the store that {@code --from} names, and nothing is trained. */
    public boolean trainsNothing() {
        return choices.from() != null;
    }

    /** The store that the runs come from: the one that {@code --from} names, else the one that runs are written to. */
    public RunStore store() {
        return new RunStore(trainsNothing() ? choices.from() : choices.out());
    }

    /** All runs of the task in {@link #store()}, in their order. */
    public List<Run> stored() throws IOException {
        if (stored == null || !trainsNothing()) {
            stored = store().runs(reading().task());
        }
        return stored;
    }

    /**
     * A file's name without its ending: the reading, and whatever tells these runs from what the report did with seed
     * 1.
     */
    public abstract String fileName(String name, List<Run> runs);

    /**
     * Publishes a table of runs in a file named after them.
     *
     * @param csv the table's own cells, or what it is made of
     * @param runs what it is made of
     */
    @SafeVarargs
    public final void publish(String name, Table table, String csv, List<Run>... runs) throws IOException {
        List<Run> all = Cells.all(runs);
        answers.publish(fileName(name, all), table, csv, all);
        sayWhatIsLeftOut(all);
    }

    /** As {@link #publish(String, Table, String, List[])}, with the table's own cells as CSV. */
    @SafeVarargs
    public final void publish(String name, Table table, List<Run>... runs) throws IOException {
        publish(name, table, table.csv(), runs);
    }

    /** Keeps a table that stored runs alone do not give in a file named after the runs that were looked at. */
    public final void keep(String name, Table table, List<Run> runs) throws IOException {
        answers.keep(fileName(name, runs), table, table.csv());
    }

    /** Draws a chart of runs in files named after them. */
    public final void draw(String name, Chart chart, List<Run> runs) throws IOException {
        answers.draw(fileName(name, runs), chart);
    }

    /** What says of a question's runs that another loss than the report's was chosen: {@code ", loss dkd"}. */
    protected final String lossInWords() {
        String name = choices.loss().name();
        String layers = LayerPair.text(choices.loss().named());
        return Settings.Distillation.isReports(name) ? "" : ", loss " + name + (layers == null ? "" : " on " + layers);
    }
}
