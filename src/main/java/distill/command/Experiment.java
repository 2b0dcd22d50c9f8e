package distill.command;

import distill.data.DataSet;
import distill.experiment.SavedModels;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.nn.Device;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Carries out what the questions of a task ask for. Device, data, weights and teacher are looked for when they are
 * first needed, and then named on the console.
 *
 * @param <P> what plans the task's trainings
 */
public final class Experiment<P> {

    private final RunOptions.Choices choices;
    private final Supplier<Device> deviceChoice;
    private final Answers answers;
    private final Search<P> search;
    private final Asked<P> questions;
    private Device device;
    private P plan;
    private Trainer trainer;
    private List<Run> stored;

    /** Trainings for one seed. */
    @FunctionalInterface
    public interface Asked<P> {
        List<Training> of(P plan, long seed) throws IOException;
    }

    /** Looks for data, weights and teacher, and says which it found. */
    @FunctionalInterface
    public interface Search<P> {
        Found<P> find() throws IOException;
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
     * @param questions all that the questions train for a seed, for the estimate of how long it takes
     */
    public Experiment(
            RunOptions.Choices choices,
            Supplier<Device> deviceChoice,
            Answers answers,
            Search<P> search,
            Asked<P> questions) {
        this.choices = choices;
        this.deviceChoice = deviceChoice;
        this.answers = answers;
        this.search = search;
        this.questions = questions;
    }

    /** Where to compute; says so when first asked. */
    public Device device() {
        if (device == null) {
            device = deviceChoice.get();
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
        if (plan == null) {
            Files.createDirectories(choices.out().resolve(choices.reading().task()));
            Files.createDirectories(SavedModels.FOLDER);
            Found<P> found = search.find();
            if (choices.tensorBoard() != null) {
                answers.note("TensorBoard: tensorboard --logdir " + choices.tensorBoard());
            }
            ConsoleProgress progress = ConsoleProgress.of(answers.out(), found.tested());
            RunStore store = new RunStore(choices.out());
            SavedModels models = new SavedModels(SavedModels.FOLDER, device());
            plan = found.plan();
            trainer = new Trainer(found.setup(), store, models, choices.listener(progress));
            List<Run> stored = store.runs(choices.reading().task());
            Stream<Settings> all = trainings(questions).stream()
                    .flatMap(training -> training.withWhatItRestsOn().stream())
                    .map(Training::settings);
            progress.expect(choices.toTrain(all, stored, models), stored);
        }
        return plan;
    }

    /** What carries trainings out. */
    public Trainer trainer() throws IOException {
        plan();
        return trainer;
    }

    /** The trainings of every seed, each once, in the order in which they are carried out. */
    public List<Training> trainings(Asked<P> asked) throws IOException {
        List<Training> all = new ArrayList<>();
        for (long seed : choices.seeds()) {
            all.addAll(asked.of(plan(), seed));
        }
        return all.stream().distinct().toList();
    }

    /** The runs of every seed's trainings, stored or trained now. */
    public List<Run> run(Asked<P> asked) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Training training : trainings(asked)) {
            runs.add(trainer.run(training));
        }
        return runs;
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
            stored = store().runs(choices.reading().task());
        }
        return stored;
    }
}
