package distill.reproduce;

import com.sun.management.OperatingSystemMXBean;
import distill.command.ConsoleCommand;
import distill.command.Program;
import distill.command.StoreFolder;
import distill.data.DataSet;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.experiment.ImageNetWeights;
import distill.experiment.SavedModels;
import distill.experiment.Trainer;
import distill.nn.Device;
import distill.nn.zoo.BaseModel;
import distill.report.PublishedMhist;
import distill.report.Wrapping;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.task1.Task1;
import distill.task2.Task2;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reproduce doctor}, and {@code ./reproduce} alone: what this machine has of all that the program uses. */
@Command(
        name = DoctorCommand.NAME,
        description =
                "Shows what is here: Java, memory, processors, TensorFlow's library, the device, images, pre-trained"
                        + " weights and stored runs, and says what to do where something is missing. Ends with 1 where something"
                        + " does not work. ./reproduce alone does the same.")
final class DoctorCommand extends ConsoleCommand {

    static final String NAME = "doctor";

    private static final String INDENT = " ".repeat(13);

    /** How much of a line of 80 characters is left beside the indent. */
    private static final int TEXT = 67;

    private static final double GIB = 1L << 30;
    private static final int SHOWN_CLASSES = 10;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Also shows what images of one's own are there for either task, or why they are not taken.")
    private Path dataDir;

    private int failed;

    /** Finds out what a line says. */
    @FunctionalInterface
    private interface Look {
        String text() throws IOException;
    }

    @Override
    public Integer call() {
        println(commandLine().getCommandSpec().root().version()[0]);
        line("Java", () -> Runtime.version() + " in " + System.getProperty("java.home"));
        line("Machine", DoctorCommand::machine);
        line("Folder", DoctorCommand::folder);
        if (line("TensorFlow", DoctorCommand::tensorFlow)) {
            line("Device", DoctorCommand::device);
        }
        line("MNIST", DoctorCommand::mnist);
        line("MHIST", DoctorCommand::mhist);
        if (dataDir != null) {
            images();
        }
        line("Weights", () -> weights(BaseModel.RESNET50V2));
        line("", () -> weights(BaseModel.MOBILENETV2));
        line("Runs", () -> store(StoreFolder.RUNS, "what is trained is stored there"));
        line("", () -> store(StoreFolder.RESULTS, "it comes with the program: start from the program's folder"));
        println(
                """

                What to try:
                  ./reproduce page --from results  the report again, from stored runs
                  ./reproduce task1 --quick        Task 1 in a small cut, in minutes
                  ./reproduce list                 all questions: how long, what is stored
                  ./reproduce --help               all commands""");
        return failed == 0 ? 0 : 1;
    }

    /** Prints a line, its name first, since finding out may take a while. False where something does not work. */
    private boolean line(String name, Look look) {
        return line(name, look, true);
    }

    /** @param needed whether what does not work is a failure */
    private boolean line(String name, Look look, boolean needed) {
        printf("%-13s", name);
        console().flush();
        boolean works = true;
        String text;
        try {
            text = look.text();
        } catch (IOException | IllegalStateException e) {
            text = (needed ? "DOES NOT WORK: " : "not for this task: ") + e.getMessage();
            works = false;
        } catch (LinkageError e) {
            text = "DOES NOT WORK: " + Program.message(e);
            works = false;
        }
        println(wrapped(text));
        failed += works || !needed ? 0 : 1;
        return works;
    }

    /** A text in lines that end where it has spaces, all below the beginning of the first. */
    static String wrapped(String text) {
        return text.lines()
                .flatMap(line -> Wrapping.lines(line, TEXT, "").stream())
                .collect(Collectors.joining("\n" + INDENT));
    }

    private static String machine() {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return String.format(
                Locale.ROOT,
                "%s %s, processors: %d, memory: %.1f GiB. Task 1 has %d trainings at a time (--jobs)",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                memory / GIB,
                Trainer.usualJobs(Settings.TASK1, cpu().asUsual()));
    }

    private static String folder() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        if (!Files.isWritable(here)) {
            throw new IOException(here + " cannot be written to, and " + StoreFolder.RUNS + "/ and "
                    + SavedModels.FOLDER + "/ are made where the program is started: start it in a folder of yours");
        }
        return here + ": " + StoreFolder.RUNS + "/ and " + SavedModels.FOLDER + "/ are looked for and made here";
    }

    private static String tensorFlow() {
        Provenance provenance = Provenance.of("", false);
        return "%s, TensorFlow-Java %s; this program's commit: %s"
                .formatted(provenance.tensorflow(), provenance.tensorflowJava(), provenance.commit());
    }

    private static String device() {
        return Device.auto().gpu()
                ? "a CUDA device"
                : "the CPU: TensorFlow finds no CUDA device. docs/tensorflow-java.md says how to build for one";
    }

    private static Device cpu() {
        return Device.cpu(Runtime.getRuntime().availableProcessors());
    }

    private static String mnist() throws IOException {
        Optional<DataSet> found = Mnist.find();
        return found.isPresent()
                ? found.get().origin().description()
                : "none in " + String.join(", ", Mnist.PLACES) + ": 11 MB are downloaded to data/mnist when a training"
                        + " first needs them. Without a network put the four files there; else drawn digits stand in";
    }

    private static String mhist() throws IOException {
        Optional<String> place = Mhist.place();
        return place.isPresent()
                ? "in " + place.get()
                : "none in " + String.join(", ", Mhist.PLACES)
                        + ": drawn images stand in for Task 2. MHIST must be asked" + " for: docs/mhist.md";
    }

    /** Lines of what the folder of images has for either task; it fails where neither takes them. */
    private void images() {
        boolean first = line("Task 1", () -> described(Task1.images(dataDir), ""), false);
        line(
                "Task 2",
                () -> described(
                        Task2.images(dataDir).set(),
                        ", which Task 2 resizes to %d x %d (--image-size)"
                                .formatted(PublishedMhist.IMAGE_SIZE, PublishedMhist.IMAGE_SIZE)),
                !first);
    }

    private String described(DataSet set, String resized) {
        List<String> classes = set.train().classes();
        return "%s: %s, %d + %d images%s, %d classes: %s%s"
                .formatted(
                        dataDir,
                        set.origin().name(),
                        set.train().size(),
                        set.test().size(),
                        resized.isEmpty() ? " of " + set.train().inPixels() : resized,
                        classes.size(),
                        String.join(", ", classes.subList(0, Math.min(SHOWN_CLASSES, classes.size()))),
                        classes.size() > SHOWN_CLASSES ? ", ..." : "");
    }

    private static String weights(BaseModel network) throws IOException {
        Optional<ImageNetWeights> found = ImageNetWeights.findIfAny(List.of(), network.architecture(true), cpu());
        return found.isPresent()
                ? network + ": " + found.get().source()
                : "%s: none for Task 2. --weights none starts it from random ones. Or fetch\n%s\ninto %s"
                        .formatted(
                                network,
                                ImageNetWeights.address(network.architecture(true)),
                                ImageNetWeights.KERAS_MODELS);
    }

    /** @param absent what is said of a folder that is not there */
    static String store(Path folder, String absent) throws IOException {
        if (!Files.isDirectory(folder)) {
            return folder + "/: not here; " + absent;
        }
        List<String> tasks = new ArrayList<>();
        for (String task : Settings.TASKS) {
            List<Run> runs = new RunStore(folder).runs(task);
            long quick = runs.stream().filter(run -> run.settings().quick()).count();
            tasks.add("%s %d runs%s".formatted(task, runs.size(), quick == 0 ? "" : ", " + quick + " of them QUICK"));
        }
        return folder + "/: " + String.join("; ", tasks);
    }
}
