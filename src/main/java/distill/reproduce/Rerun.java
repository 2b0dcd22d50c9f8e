package distill.reproduce;

import static distill.statistics.Rounded.signed;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import distill.command.ConsoleProgress;
import distill.command.KeptConfig;
import distill.command.StatusFile;
import distill.command.TeacherOutputsOption;
import distill.data.DataSet;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.experiment.GivenStudent;
import distill.experiment.GivenTeacher;
import distill.experiment.ImageNetWeights;
import distill.experiment.MhistPlan;
import distill.experiment.MnistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.SavedModels;
import distill.experiment.StartingWeights;
import distill.experiment.Trainer;
import distill.experiment.TrainingListener;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Slip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./reproduce rerun}: trains a stored run again from its settings and says whether the same weights come out.
 */
@Command(
        name = "rerun",
        description =
                "Repeats a stored run, or some that are drawn, from their settings and says whether the same weights come out.")
final class Rerun extends ConsoleCommand {

    private static final long CACHE_BYTES = 1 << 29;

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "The run's identity, or the beginning of it.")
    private String identity;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "In place of RUN: repeats N runs of the store, drawn at random.")
    private Integer sample;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "With --sample: another seed draws others (default 1).")
    private Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "The store that has it (default runs). Nothing is added.")
    private Path out;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the images are.")
    private Path dataDir;

    @Option(names = "--skip-bad", description = "Task 2: go on without bad rows, as the run did.")
    private boolean skipBad;

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "WHERE[,WHERE]",
            description =
                    "Task 2: the ImageNet weights that the run started from, where they are not found by themselves.")
    private List<String> weights = List.of();

    @Option(
            names = "--teacher",
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description = "The teacher, where the run learnt from one that was trained elsewhere.")
    private String teacher;

    @Mixin
    private TeacherOutputsOption teacherOutputs;

    @Option(
            names = "--student",
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description =
                    "The run's own student, where saved-models/ no longer has its network or the weights that it started from.")
    private String student;

    @Override
    public Integer call() throws IOException {
        teacherOutputs.check(this, teacher);
        check(identity != null ^ sample != null, "give RUN, the beginning of a run's identity, or --sample N");
        RunStore store = new RunStore(out);
        check(sample != null || seed == null, "--seed is for --sample, which draws runs; RUN has a seed of its own");
        if (sample == null) {
            return repeated(find(store), store) == Outcome.BROKEN ? 1 : 0;
        }
        check(sample > 0, "--sample takes a number from 1 on; found " + sample);
        check(
                teacher == null && student == null,
                "--teacher and --student are of one run: name it in place of --sample");
        return ofSample(store);
    }

    private long sampleSeed() {
        return Objects.requireNonNullElse(seed, 1L);
    }

    /** How a repeated run compares with the stored one. */
    private enum Outcome {
        SAME("gave the same weights, bit for bit"),
        OTHER("gave others, which was said beforehand to be possible"),
        BROKEN("gave others, which should not be"),
        REFUSED("could not be repeated");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }
    }

    /** Repeats runs of this program that are drawn from a store, and says of how many the weights came out again. */
    private int ofSample(RunStore store) throws IOException {
        Map<String, Run> latest = new TreeMap<>();
        for (String task : Settings.TASKS) {
            store.runs(task).stream()
                    .filter(run -> run.provenance().isOurs())
                    .forEach(run -> latest.put(run.identity(), run));
        }
        if (latest.isEmpty()) {
            throw new IOException(store.folder() + " has no run of this program: --out names another store");
        }
        List<Run> drawn = new ArrayList<>(latest.values());
        Collections.shuffle(drawn, new Random(sampleSeed()));
        drawn = drawn.subList(0, Math.min(sample, drawn.size()));
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (Run run : drawn) {
            printf("%n%s  %s%n", run.identity(), run.settings().label());
            Outcome outcome;
            try {
                outcome = repeated(run, store);
            } catch (IOException e) {
                println("Not repeated: " + e.getMessage());
                outcome = Outcome.REFUSED;
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
        printf(
                "%nOf %d runs of the %d in %s, drawn with the seed %d:%n",
                drawn.size(), latest.size(), out, sampleSeed());
        outcomes.forEach((outcome, count) -> printf("  %d %s%n", count, outcome.text));
        return outcomes.containsKey(Outcome.BROKEN) || outcomes.containsKey(Outcome.REFUSED) ? 1 : 0;
    }

    /** Repeats a stored run, and says what came of it. */
    private Outcome repeated(Run stored, RunStore store) throws IOException {
        Settings settings = stored.settings();
        if (!stored.provenance().isOurs()) {
            throw new IOException(
                    "the run was made by the programs of reference/, whose chance is another: repeat it there");
        }
        checkEnvironment(settings);
        Device device = Trainer.device(settings);
        if (device.gpu()) {
            Device.gpu(device.threads());
        }
        sayConfig(store, stored);
        Promise promise = Promise.of(stored.provenance(), Provenance.of("", false), device.gpu());
        println(promise.text());
        Run repeated = repeat(settings, store, device);
        print("stored:  ", stored);
        print("repeated:", repeated);
        if (repeated.weightsDigest().equals(stored.weightsDigest())) {
            println("The digests agree: the weights are the same, bit for bit.");
            return Outcome.SAME;
        }
        printf(
                "The digests differ; the test accuracy by %s points. ",
                signed(repeated.testAccuracy() - stored.testAccuracy()));
        println(
                promise.sameWeights()
                        ? "They should agree here; the commits are %s (stored) and %s (this program)."
                                .formatted(
                                        stored.provenance().commit(),
                                        repeated.provenance().commit())
                        : "That the weights would be the same was not promised, as said above.");
        return promise.sameWeights() ? Outcome.BROKEN : Outcome.OTHER;
    }

    /**
     * What can be said beforehand of a repeated run.
     *
     * @param sameWeights whether the weights are to be the same bit for bit
     * @param text why, or why not and what is to be expected then
     */
    record Promise(boolean sameWeights, String text) {

        /**
         * By where a run was made and where it is repeated.
         *
         * @param gpu whether it is computed on a GPU, of which provenance says nothing
         */
        static Promise of(Provenance then, Provenance here, boolean gpu) {
            String differences = Stream.of(
                            difference("on", then.cpu(), here.cpu()),
                            difference("with TensorFlow", then.tensorflow(), here.tensorflow()),
                            difference("with TensorFlow-Java", then.tensorflowJava(), here.tensorflowJava()))
                    .filter(difference -> !difference.isEmpty())
                    .collect(Collectors.joining(" and "));
            if (!differences.isEmpty()) {
                return new Promise(
                        false,
                        "The same weights cannot be promised: the run was made " + differences
                                + ". Where rounding differs, trainings drift apart, and accuracies differ as those of two"
                                + " seeds do.");
            }
            return gpu
                    ? new Promise(
                            false,
                            "The same weights can be promised on the kind of GPU alone that the run was made on, which the"
                                    + " store does not say.")
                    : new Promise(
                            true,
                            "The same weights are to come out, bit for bit: the run was made on %s with TensorFlow %s, as here."
                                    .formatted(then.cpu(), then.tensorflow()));
        }

        private static String difference(String how, String then, String here) {
            return then.equals(here) ? "" : "%s %s (here: %s)".formatted(how, then, here);
        }
    }

    /** Says where the file is kept that the run's options were taken from. */
    private void sayConfig(RunStore store, Run run) {
        String digest = run.provenance().config();
        if (digest != null) {
            Path folder = store.folder().resolve(run.settings().task());
            println("Its options came from a file with the SHA-256 " + digest
                    + KeptConfig.find(folder, digest)
                            .map(kept -> ", kept as " + kept + ".")
                            .orElse(", of which " + folder + " has no copy.")
                    + " What is trained is what the store says.");
        }
    }

    private void print(String name, Run run) {
        printf(
                "%s %s  test accuracy %.2f %%  train accuracy %.4f %%%n",
                name, run.weightsDigest(), run.testAccuracy(), run.trainAccuracy());
    }

    private Run repeat(Settings settings, RunStore store, Device device) throws IOException {
        DataSet data = settings.isTransfer() ? histology(settings) : digits(settings);
        println("Data: " + data.origin().description() + ", SHA-256 "
                + data.origin().digest());
        if (!data.origin().digest().equals(settings.data())) {
            throw new IOException(
                    "the run used other data (SHA-256 " + settings.data() + "): name their folder with --data-dir");
        }
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, device);
        List<StartingWeights> start =
                settings.pretrained() && !settings.isOfOwnStudent() ? List.of(imageNet(settings, library)) : List.of();
        ConsoleProgress progress = ConsoleProgress.of(console(), "test");
        try (StatusFile status = new StatusFile(store.folder(), progress, "test")) {
            SavedModels models = new SavedModels(SavedModels.FOLDER, device);
            if (student != null) {
                models.keep(ownStudent(settings, data, library));
            }
            Trainer trainer = new Trainer(
                    new Trainer.Setup(data, start, givenTeacher(settings, data, library), device, false),
                    store,
                    models,
                    TrainingListener.both(progress, status));
            return trainer.repeat(settings);
        }
    }

    private DataSet digits(Settings settings) throws IOException {
        DataSet whole = dataDir == null ? Mnist.load() : Mnist.load(dataDir);
        DataSet data = Mnist.withDigest(whole, settings.data()).orElse(whole);
        int images = settings.trainImages() + settings.stopping().keptBack();
        return images <= data.train().size()
                ? new DataSet(data.train().first(images), data.test(), data.origin())
                : data;
    }

    private DataSet histology(Settings settings) throws IOException {
        Mhist.Reading how = new Mhist.Reading(settings.images().imageSize(), CACHE_BYTES, skipBad);
        DataSet data = (dataDir == null ? Mhist.load(how) : Mhist.load(dataDir, how)).set();
        return new DataSet(
                MhistPlan.cut(data.train(), settings.quick()),
                MhistPlan.cut(data.test(), settings.quick()),
                data.origin());
    }

    /** The teacher that was named; null without one. */
    private GivenTeacher givenTeacher(Settings settings, DataSet data, ModelLibrary library) throws IOException {
        if (teacher == null) {
            return null;
        }
        return settings.isTransfer()
                ? GivenTeacher.ofTask2(
                        library,
                        teacher,
                        teacherOutputs.outputs(),
                        BaseModel.RESNET50V2,
                        settings.reading(),
                        settings.images().imageSize(),
                        data.train().classes().size())
                : GivenTeacher.ofTask1(
                        library, teacher, teacherOutputs.outputs(), settings.reading(), MnistPlan.spec(settings));
    }

    /** The student that was named, which must be the run's. */
    private GivenStudent ownStudent(Settings settings, DataSet data, ModelLibrary library) throws IOException {
        check(
                settings.isOfOwnStudent(),
                "--student is of runs whose student is a network of one's own, and that of this run is the report's");
        boolean keeps = settings.keptWeights() != null;
        GivenStudent given = settings.isTransfer()
                ? GivenStudent.ofTask2(
                        library,
                        student,
                        settings.images().imageSize(),
                        data.train().classes().size(),
                        keeps)
                : GivenStudent.ofTask1(library, student, MnistPlan.spec(settings), keeps);
        boolean same = given.architecture().equals(settings.architecture())
                && Objects.equals(given.startingWeights(), settings.keptWeights());
        if (!same) {
            throw new IOException(
                    "%s, with the digest %s of its layers%s, is not the student of %s: give the model that it was trained from"
                            .formatted(
                                    student,
                                    given.architecture(),
                                    given.weights() == null
                                            ? ""
                                            : " and " + given.startingWeights() + " of its weights",
                                    settings.label()));
        }
        return given;
    }

    private StartingWeights imageNet(Settings settings, ModelLibrary library) throws IOException {
        return StartingWeights.of(ImageNetWeights.find(
                library,
                weights,
                ImageNetWeights.KERAS_MODELS,
                BaseModel.of(settings.network()).architecture(settings.reading().has(Slip.IMAGENET_HEAD))));
    }

    private static void checkEnvironment(Settings settings) throws IOException {
        Settings.Computation stored = settings.computation();
        if (!Trainer.computes(settings)) {
            throw new IOException(
                    "the run was made by version %d of the computation, whose numbers this program does not give: check out the commit that its provenance names"
                            .formatted(stored.version()));
        }
        String now = Settings.Computation.oneDnn();
        if (!stored.onednn().equals(now)) {
            String set = stored.onednn().equals("default")
                    ? "unset TF_ENABLE_ONEDNN_OPTS and start distill.reproduce.Reproduce without the launcher"
                    : "set TF_ENABLE_ONEDNN_OPTS to " + (stored.onednn().equals("on") ? "1" : "0");
            throw new IOException(
                    "the run was made with oneDNN %s, here it is %s: %s".formatted(stored.onednn(), now, set));
        }
    }

    private Run find(RunStore store) throws IOException {
        check(!identity.isEmpty(), "RUN is the beginning of a run's identity, found nothing");
        List<Run> found = Stream.concat(store.runs(Settings.TASK1).stream(), store.runs(Settings.TASK2).stream())
                .filter(run -> run.identity().startsWith(identity))
                .sorted(Comparator.comparing(run -> run.provenance().isOurs()))
                .toList();
        if (found.isEmpty()) {
            throw new IOException(store.folder() + " has no run whose identity begins with " + identity
                    + ": ./reproduce runs --from " + store.folder() + " lists them, and --out names another store");
        }
        if (found.stream().map(Run::identity).distinct().count() > 1) {
            throw new IOException(identity + " is the beginning of several runs' identities: give more of it");
        }
        return found.get(found.size() - 1);
    }
}
