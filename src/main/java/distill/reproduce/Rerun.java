package distill.reproduce;

import distill.command.Candidates;
import distill.command.ConsoleProgress;
import distill.data.DataSet;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.experiment.GivenTeacher;
import distill.experiment.ImageNetWeights;
import distill.experiment.MhistPlan;
import distill.experiment.ModelLibrary;
import distill.experiment.SavedModels;
import distill.experiment.StartingWeights;
import distill.experiment.Trainer;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Slip;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./reproduce rerun}: trains a stored run again from its settings and says whether the same weights come out.
 */
@Command(
        name = "rerun",
        description = "Repeats a stored run from its settings and says whether the same weights come out.")
final class Rerun implements Callable<Integer> {

    private static final List<String> TASKS = List.of("task1", "task2");
    private static final long CACHE_BYTES = 1 << 29;

    @Parameters(paramLabel = "RUN", description = "The run's identity, or the beginning of it.")
    private String identity;

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

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        RunStore store = new RunStore(out);
        Run stored = find(store);
        Settings settings = stored.settings();
        if (!stored.provenance().isOurs()) {
            throw new IOException(
                    "the run was made by the programs of reference/, whose chance is another: repeat it there");
        }
        checkEnvironment(settings);
        Device device = settings.computation().device().equals("gpu")
                ? Device.gpu(settings.computation().threads())
                : Device.cpu(settings.computation().threads());
        Run repeated = repeat(settings, store, device, console);
        boolean agree = repeated.weightsDigest().equals(stored.weightsDigest());
        console.printf(
                Locale.ROOT,
                "stored:   %s  test accuracy %.2f %%  train accuracy %.4f %%%n",
                stored.weightsDigest(),
                stored.testAccuracy(),
                stored.trainAccuracy());
        console.printf(
                Locale.ROOT,
                "repeated: %s  test accuracy %.2f %%  train accuracy %.4f %%%n",
                repeated.weightsDigest(),
                repeated.testAccuracy(),
                repeated.trainAccuracy());
        console.println(verdict(agree, stored, repeated));
        console.flush();
        return agree || !sameMachine(stored.provenance(), repeated.provenance()) ? 0 : 1;
    }

    private Run repeat(Settings settings, RunStore store, Device device, PrintWriter console) throws IOException {
        DataSet data = settings.isTransfer() ? histology(settings) : digits(settings);
        console.println("Data: " + data.origin().description() + ", SHA-256 "
                + data.origin().digest());
        if (!data.origin().digest().equals(settings.data())) {
            throw new IOException(
                    "the run used other data (SHA-256 " + settings.data() + "): name their folder with --data-dir");
        }
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, device);
        List<StartingWeights> start = settings.pretrained() ? List.of(imageNet(settings, library)) : List.of();
        Trainer trainer = new Trainer(
                new Trainer.Setup(data, start, givenTeacher(settings, library), device, false),
                store,
                new SavedModels(SavedModels.FOLDER, device),
                ConsoleProgress.of(console, "test"));
        return trainer.repeat(settings);
    }

    private DataSet digits(Settings settings) throws IOException {
        DataSet data = dataDir == null ? Mnist.load() : Mnist.load(dataDir);
        return settings.trainImages() <= data.train().size()
                ? new DataSet(data.train().first(settings.trainImages()), data.test(), data.origin())
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
    private GivenTeacher givenTeacher(Settings settings, ModelLibrary library) throws IOException {
        if (teacher == null) {
            return null;
        }
        return settings.isTransfer()
                ? GivenTeacher.ofTask2(
                        library,
                        teacher,
                        BaseModel.RESNET50V2,
                        settings.reading(),
                        settings.images().imageSize())
                : GivenTeacher.ofTask1(library, teacher, settings.reading());
    }

    private StartingWeights imageNet(Settings settings, ModelLibrary library) throws IOException {
        return StartingWeights.of(ImageNetWeights.find(
                library,
                weights,
                ImageNetWeights.KERAS_MODELS,
                BaseModel.of(settings.network()).architecture(settings.reading().has(Slip.IMAGENET_HEAD))));
    }

    private static String verdict(boolean agree, Run stored, Run repeated) {
        if (agree) {
            return "The digests agree: the weights are the same, bit for bit.";
        }
        String difference = String.format(
                Locale.ROOT,
                "The digests differ; the test accuracy by %+.2f points. ",
                repeated.testAccuracy() - stored.testAccuracy());
        return difference
                + (sameMachine(stored.provenance(), repeated.provenance())
                        ? "Processor and library versions are the same, so they should agree (commits: stored %s, this %s)."
                                .formatted(
                                        stored.provenance().commit(),
                                        repeated.provenance().commit())
                        : "The run was made on " + stored.provenance().cpu() + " with TensorFlow "
                                + stored.provenance().tensorflow()
                                + ", this is " + repeated.provenance().cpu() + " with "
                                + repeated.provenance().tensorflow()
                                + ": rounding differs there.");
    }

    private static boolean sameMachine(Provenance a, Provenance b) {
        return a.cpu().equals(b.cpu())
                && a.tensorflow().equals(b.tensorflow())
                && a.tensorflowJava().equals(b.tensorflowJava());
    }

    private static void checkEnvironment(Settings settings) throws IOException {
        int current = Trainer.currentVersion(settings);
        if (settings.computation().version() != current) {
            throw new IOException(
                    "the run was made by version %d of the computation, this program has version %d: check out the commit that"
                                    .formatted(settings.computation().version(), current)
                            + " its provenance names");
        }
        String now = Settings.Computation.oneDnn();
        if (!settings.computation().onednn().equals(now)) {
            String set = settings.computation().onednn().equals("default")
                    ? "unset TF_ENABLE_ONEDNN_OPTS and start distill.reproduce.Reproduce without the launcher"
                    : "set TF_ENABLE_ONEDNN_OPTS to "
                            + (settings.computation().onednn().equals("on") ? "1" : "0");
            throw new IOException("the run was made with oneDNN %s, here it is %s: %s"
                    .formatted(settings.computation().onednn(), now, set));
        }
    }

    private Run find(RunStore store) throws IOException {
        if (identity.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "RUN is the beginning of a run's identity, found nothing");
        }
        List<Run> found = new ArrayList<>();
        for (String task : TASKS) {
            found.addAll(store.runs(task));
        }
        found.removeIf(run -> !run.identity().startsWith(identity));
        found.sort(Comparator.comparing(run -> run.provenance().isOurs()));
        if (found.isEmpty()) {
            throw new IOException(store.folder() + " has no run whose identity begins with " + identity
                    + ": ./reproduce page shows them at its end, and --out names another store");
        }
        if (found.stream().map(Run::identity).distinct().count() > 1) {
            throw new IOException(identity + " is the beginning of several runs' identities: give more of it");
        }
        return found.get(found.size() - 1);
    }
}
