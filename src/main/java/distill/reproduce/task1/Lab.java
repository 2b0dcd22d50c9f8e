package distill.reproduce.task1;

import distill.data.Mnist;
import distill.experiment.MnistExperiment;
import distill.experiment.Run;
import distill.experiment.RunStore;
import distill.experiment.SavedModels;
import distill.experiment.Settings;
import distill.loss.Reading;
import distill.nn.Device;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.Table;
import distill.reproduce.ConsoleProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the questions of Task 1 work with: the choices of the command line, the runs they ask for (trained, or found in a store) and where
 * their answers go.
 */
final class Lab {

    /** Training images of {@code --quick}. */
    static final int QUICK_IMAGES = 24_000;

    private static final int QUICK_EPOCHS = 2;
    private static final double QUICK_TEACHER_FLOOR = 90;
    private static final double QUICK_STUDENT_FLOOR = 85;
    private static final String TASK = "task1";

    /**
     * The command line's choices.
     *
     * @param epochs     where given
     * @param seedsGiven whether the seeds were named; else {@code --from} takes all that it finds
     */
    record Choices(
            Reading reading, boolean quick, Optional<Integer> epochs, List<Double> temperatures, List<Double> alphas, List<Long> seeds,
            boolean seedsGiven, Optional<Path> dataDir, Path out, Optional<Path> from, boolean fresh) {

        int trainedEpochs() {
            return epochs.orElse(quick ? QUICK_EPOCHS : Published.EPOCHS);
        }
    }

    private final Choices choices;
    private final Supplier<Device> deviceChoice;
    private final PrintWriter out;
    private Device device;
    private MnistExperiment experiment;

    Lab(Choices choices, Supplier<Device> deviceChoice, PrintWriter out) {
        this.choices = choices;
        this.deviceChoice = deviceChoice;
        this.out = out;
    }

    Reading reading() {
        return choices.reading();
    }

    List<Double> temperatures() {
        return choices.temperatures();
    }

    List<Double> alphas() {
        return choices.alphas();
    }

    /** Where to compute; says so when first asked. */
    Device device() {
        if (device == null) {
            device = deviceChoice.get();
            print("Device: %s, %d threads".formatted(device.gpu() ? "CUDA" : "CPU", device.threads()));
        }
        return device;
    }

    /** Finds the data and the device, and says which, once; nothing where the runs come from another store. */
    void announce() throws IOException {
        if (experiment != null || choices.from().isPresent()) {
            return;
        }
        folder();
        Mnist data = Mnist.load(choices.dataDir());
        print("Data: " + data.origin().description() + ", SHA-256 " + data.origin().digest());
        if (data.origin().synthetic()) {
            print("""
                    ************************************************************************
                    * SYNTHETIC: no MNIST was found, so drawn digits stand in for it.      *
                    * Nothing that follows can be compared with the report.                *
                    ************************************************************************""");
        }
        int images = choices.quick() ? Math.min(QUICK_IMAGES, data.train().size()) : data.train().size();
        experiment = new MnistExperiment(
                new MnistExperiment.Plan(choices.reading(), choices.trainedEpochs(), images, choices.quick(), device(), choices.fresh()),
                data, new RunStore(choices.out()), new SavedModels(Path.of("saved-models"), device()),
                new ConsoleProgress(out, System.console() != null));
    }

    /** Announces a question. */
    void heading(String title) {
        out.printf("%n%s%n%s%n", title, "-".repeat(title.length()));
        out.flush();
    }

    void print(String text) {
        out.println(text);
        out.flush();
    }

    /** The teacher of each seed. */
    List<Run> teachers() throws IOException {
        List<Run> runs = new ArrayList<>();
        if (choices.from().isPresent()) {
            runs.addAll(stored("teacher", "teacher", "the teacher"));
        } else {
            for (long seed : choices.seeds()) {
                runs.add(experiment().teacher(seed));
            }
        }
        checkFloor(runs, QUICK_TEACHER_FLOOR);
        return runs;
    }

    /** The students of a question, for each seed, temperature and alpha. */
    List<Run> students(String question, List<Double> temperatures, List<Double> alphas) throws IOException {
        List<Run> runs = new ArrayList<>();
        if (choices.from().isPresent()) {
            runs.addAll(stored(question, "student", "question " + question.substring(1)).stream()
                    .filter(run -> temperatures.contains(run.settings().temperature()) && alphas.contains(run.settings().alpha())).toList());
        } else {
            for (long seed : choices.seeds()) {
                for (double temperature : temperatures) {
                    for (double alpha : alphas) {
                        runs.add(experiment().student(question, temperature, alpha, seed));
                    }
                }
            }
        }
        checkFloor(runs, QUICK_STUDENT_FLOOR);
        return runs;
    }

    /** The students without distillation of a question, for each seed. */
    List<Run> plainStudents(String question) throws IOException {
        List<Run> runs = new ArrayList<>();
        if (choices.from().isPresent()) {
            runs.addAll(stored(question, "student-plain", "question " + question.substring(1)));
        } else {
            for (long seed : choices.seeds()) {
                runs.add(experiment().plainStudent(question, seed));
            }
        }
        checkFloor(runs, QUICK_STUDENT_FLOOR);
        return runs;
    }

    /** The stored runs of another question that are like this one's; nothing is trained. */
    List<Run> alreadyStored(String question, String model) throws IOException {
        Path folder = choices.from().orElse(choices.out());
        Map<List<Object>, Run> latest = new LinkedHashMap<>();
        for (Run run : new RunStore(folder).runs(TASK)) {
            Settings s = run.settings();
            Predicate<Settings> like = x -> x.question().equals(question) && x.model().equals(model)
                    && x.variant().equals(choices.reading().toString()) && x.quick() == choices.quick()
                    && x.epochs() == choices.trainedEpochs()
                    && (choices.from().isPresent() && !choices.seedsGiven() || choices.seeds().contains(x.seed()));
            if (like.test(s)) {
                latest.put(List.of(s.seed(), String.valueOf(s.temperature()), String.valueOf(s.alpha())), run);
            }
        }
        return List.copyOf(latest.values());
    }

    /** Prints a table of runs and writes it as Markdown, with the runs themselves as CSV: {@code OUT/task1/NAME-READING.md}. */
    void publish(String name, List<Run> runs, Table table) throws IOException {
        publish(fileName(name, runs), table, MnistTables.csv(runs));
    }

    /** Prints a table and writes it as {@code OUT/task1/FILE.md}, with {@code csv} beside it. */
    void publish(String file, Table table, String csv) throws IOException {
        print(table.console());
        Path markdown = folder().resolve(file + ".md");
        Files.writeString(markdown, table.markdown());
        Files.writeString(markdown.resolveSibling(file + ".csv"), csv);
        print("  -> " + markdown + " and .csv");
    }

    /** Where this task's tables and plots go; made where it is missing. */
    Path folder() throws IOException {
        return Files.createDirectories(choices.out().resolve(TASK));
    }

    /** A file's name without its ending: the reading, and whatever tells these runs from the report's. */
    String fileName(String name, List<Run> runs) {
        StringBuilder file = new StringBuilder(name).append('-').append(choices.reading());
        if (choices.quick()) {
            file.append("-quick");
        }
        if (runs.stream().anyMatch(run -> run.provenance().synthetic())) {
            file.append("-synthetic");
        }
        choices.epochs().filter(epochs -> epochs != Published.EPOCHS).ifPresent(epochs -> file.append("-epochs").append(epochs));
        if (!choices.quick() && !choices.temperatures().equals(Published.TEMPERATURES)) {
            file.append("-T").append(choices.temperatures().stream().map(Settings::number).collect(Collectors.joining("-")));
        }
        if (!choices.quick() && !choices.alphas().equals(Published.ALPHAS)) {
            file.append("-alpha").append(choices.alphas().stream().map(Settings::number).collect(Collectors.joining("-")));
        }
        List<Long> seeds = runs.stream().map(run -> run.settings().seed()).distinct().sorted().toList();
        if (!seeds.equals(List.of(1L))) {
            file.append("-seeds").append(seeds.stream().map(String::valueOf).collect(Collectors.joining("-")));
        }
        return file.toString();
    }

    private List<Run> stored(String question, String model, String what) throws IOException {
        List<Run> runs = alreadyStored(question, model);
        if (runs.isEmpty()) {
            throw new IOException(String.format(Locale.ROOT, "%s has no run of %s (%s%s, %d epochs): run it without --from first",
                    new RunStore(choices.from().orElseThrow()).file(TASK), what, choices.reading(), choices.quick() ? ", QUICK" : "",
                    choices.trainedEpochs()));
        }
        return runs;
    }

    private MnistExperiment experiment() throws IOException {
        announce();
        return experiment;
    }

    /** A quick run on real MNIST that ends under its floor is no cut of the experiment but a broken one. */
    private void checkFloor(List<Run> runs, double floor) {
        for (Run run : runs) {
            if (run.settings().quick() && run.settings().data().equals(Mnist.DIGEST) && run.testAccuracy() < floor) {
                throw new IllegalStateException(String.format(Locale.ROOT,
                        "QUICK: %s ended at %.2f %%, expected at least %.0f %%: something is wrong with the training",
                        run.settings().label(), run.testAccuracy(), floor));
            }
        }
    }
}
