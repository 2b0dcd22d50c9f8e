package distill.reproduce;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import distill.command.DeviceOptions;
import distill.command.LabelConverter;
import distill.experiment.ModelLibrary;
import distill.experiment.SavedModels;
import distill.experiment.WeightsCheck;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.zoo.Architecture;
import distill.page.Cell;
import distill.page.Table;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code ./reproduce weights}: weights from Keras and to Keras. */
@Command(
        name = "weights",
        description = "Weights from Keras and to Keras.",
        subcommands = {
            WeightsCommand.Inspect.class,
            WeightsCommand.Summary.class,
            WeightsCommand.Import.class,
            WeightsCommand.ListImported.class,
            WeightsCommand.Export.class,
            WeightsCommand.Verify.class
        })
final class WeightsCommand extends ConsoleCommand {

    private static final String FILES = "A .h5, .weights.h5 or .keras file, or a SavedModel's folder.";

    /** What commands take that want a network. */
    static final String NAME_OR_FILE =
            "A model of saved-models/, or a whole model's .h5 or .keras file, which describes its network.";

    @Override
    public Integer call() {
        throw new ParameterException(commandLine(), "what is to be done? For example: weights inspect FILE");
    }

    /** Reading and writing files is not computing, so these commands leave other devices alone. */
    private static Device cpu() {
        return Device.cpu(Runtime.getRuntime().availableProcessors());
    }

    @Command(
            name = "inspect",
            description = "Shows a file's format, what wrote it, and every weight's name, shape, type and digest.")
    static final class Inspect extends ConsoleCommand {

        private static final int DIGEST_DIGITS = 16;

        @Parameters(paramLabel = "FILE", description = FILES)
        private Path file;

        @Override
        public Integer call() throws IOException {
            KerasFile found = KerasFile.read(file, cpu());
            List<List<Cell>> rows = new ArrayList<>();
            long numbers = 0;
            for (var layer : found.layers()) {
                for (var weight : layer.weights()) {
                    rows.add(Cell.texts(
                            layer.path(weight),
                            weight.shapeText(),
                            weight.dtype(),
                            layer.digest(weight).substring(0, DIGEST_DIGITS)));
                    numbers += weight.values().length;
                }
            }
            println(new Table(
                            file + ": " + found.format(),
                            List.of("weight", "shape", "type", "SHA-256"),
                            rows,
                            List.of("%s, %d weights, %d numbers."
                                    .formatted(found.version().orElse("Version unknown"), found.count(), numbers)))
                    .console());
            return 0;
        }
    }

    @Command(name = "summary", description = "Shows a network's layers as model.summary() of Keras does.")
    static final class Summary extends ConsoleCommand {

        @Parameters(
                paramLabel = "NAME|FILE",
                completionCandidates = Candidates.SavedModelNamesOrFiles.class,
                description = NAME_OR_FILE)
        private String model;

        @Override
        public Integer call() throws IOException {
            console()
                    .print(new ModelLibrary(SavedModels.FOLDER, cpu())
                            .findOrRead(model)
                            .network()
                            .summary());
            return 0;
        }
    }

    @Command(
            name = "import",
            description =
                    "Takes a file's network with its weights, or its weights as those of one of our networks, under a name.")
    static final class Import extends ConsoleCommand {

        @Parameters(paramLabel = "FILE", description = FILES)
        private Path file;

        @Option(
                names = "--model",
                paramLabel = "NETWORK",
                converter = ArchitectureConverter.class,
                description =
                        "Which network of ours the weights are of: ${COMPLETION-CANDIDATES} (default: the one that the file's own configuration describes).")
        private Architecture architecture;

        @Option(
                names = "--activation",
                paramLabel = "softmax|linear",
                converter = ActivationConverter.class,
                completionCandidates = OutputActivations.class,
                description =
                        "With --model: what follows the last layer (default: what the file says, or else softmax). Questions use their reading's.")
        private Activation activation;

        @Option(
                names = "--out",
                paramLabel = "saved-models/NAME",
                description = "Where to (default: saved-models/ and the file's name without its ending).")
        private Path target;

        @Override
        public Integer call() throws IOException {
            check(
                    architecture != null || activation == null,
                    "--activation goes with --model: a file's own configuration says what follows the last layer");
            String name = file.toAbsolutePath().normalize().getFileName().toString();
            Path to = target == null
                    ? SavedModels.FOLDER.resolve(name.replaceFirst("(\\.weights)?\\.(h5|hdf5|keras)$", ""))
                    : target;
            ModelLibrary.Imported imported =
                    new ModelLibrary(SavedModels.FOLDER, cpu()).importFile(file, architecture, activation, to);
            printf(
                    "%s (%s%s) is now %s: a %s, %s at its end, %s, matched %s.%nSHA-256 of the weights: %s%n",
                    file,
                    imported.format(),
                    imported.version() == null ? "" : ", " + imported.version(),
                    to,
                    imported.model(),
                    imported.outputActivation(),
                    imported.dtype(),
                    imported.matched(),
                    imported.weightsDigest());
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the models that were imported.")
    static final class ListImported extends ConsoleCommand {

        @Override
        public Integer call() throws IOException {
            List<List<Cell>> rows = new ArrayList<>();
            new ModelLibrary(SavedModels.FOLDER, cpu())
                    .imported()
                    .forEach((name, model) -> rows.add(Cell.texts(
                            name,
                            model.model(),
                            model.outputActivation(),
                            model.dtype(),
                            model.source(),
                            model.date())));
            println(
                    rows.isEmpty()
                            ? "no model was imported into " + SavedModels.FOLDER + ": ./reproduce weights import FILE"
                            : new Table(
                                            "Imported models in " + SavedModels.FOLDER,
                                            List.of("name", "network", "ends in", "type", "from", "imported (UTC)"),
                                            rows,
                                            List.of())
                                    .console());
            return 0;
        }
    }

    @Command(name = "export", description = "Writes a model of saved-models/ as a file that Keras reads.")
    static final class Export extends ConsoleCommand {

        @Parameters(
                paramLabel = "NAME",
                completionCandidates = Candidates.SavedModelNames.class,
                description =
                        "An imported model, or a training's folder in saved-models/ or the beginning of its name.")
        private String name;

        @Option(
                names = "--format",
                required = true,
                paramLabel = "FORMAT",
                converter = FormatConverter.class,
                description =
                        "h5 (whole model, Keras 2 and 3), weights-h5 (weights, Keras 3), keras (Keras 3) or saved-model.")
        private KerasFormat format;

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to; must not exist.")
        private Path target;

        @Override
        public Integer call() throws IOException {
            try {
                format.checkName(target);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(commandLine(), e.getMessage());
            }
            ModelLibrary.StoredModel model = new ModelLibrary(SavedModels.FOLDER, cpu()).find(name);
            model.write(format, target, cpu());
            printf(
                    "%s, a %s with %s at its end, is now %s (%s, %s).%n",
                    model.name(), model.architecture(), model.output().kerasName(), target, format, model.dtype());
            return 0;
        }
    }

    @Command(
            name = "verify",
            description =
                    "Holds a model's outputs against those that Keras gave: the largest difference may be 1e-5 of the largest output, or 1e-5 where that is less than 1.")
    static final class Verify extends ConsoleCommand {

        @Parameters(
                paramLabel = "NAME|FILE",
                completionCandidates = Candidates.SavedModelNamesOrFiles.class,
                description =
                        "A model of saved-models/, a whole model's file, another file with --model, or a SavedModel, which is run as it is: a program of whoever made it.")
        private String model;

        @Option(
                names = "--check",
                required = true,
                paramLabel = "CHECK.h5",
                description = "Inputs and outputs, as reference/export_keras_models.py writes them.")
        private Path check;

        @Option(
                names = "--model",
                paramLabel = "NETWORK",
                converter = ArchitectureConverter.class,
                description = "Which network a file's weights are of: ${COMPLETION-CANDIDATES}.")
        private Architecture architecture;

        @Mixin
        private DeviceOptions deviceOptions;

        @Override
        public Integer call() throws IOException {
            WeightsCheck result = WeightsCheck.of(
                    new ModelLibrary(SavedModels.FOLDER, deviceOptions.device(commandLine())),
                    model,
                    architecture,
                    check);
            printf(
                    "%s: %d examples, largest difference %.2g, allowed %.2g, %d of %d with the same largest output: %s%n",
                    result.what(),
                    result.examples(),
                    result.largestDifference(),
                    result.allowed(),
                    result.agreeing(),
                    result.examples(),
                    result.equal() ? "equal" : "NOT equal");
            return result.equal() ? 0 : 1;
        }
    }

    static final class OutputActivations extends ArrayList<String> {

        OutputActivations() {
            super(List.of(Activation.SOFTMAX.kerasName(), Activation.LINEAR.kerasName()));
        }
    }

    static final class ArchitectureConverter extends LabelConverter<Architecture> {

        ArchitectureConverter() {
            super(Architecture::of);
        }
    }

    static final class FormatConverter extends LabelConverter<KerasFormat> {

        FormatConverter() {
            super(KerasFormat::of);
        }
    }

    static final class ActivationConverter implements ITypeConverter<Activation> {

        @Override
        public Activation convert(String name) {
            return Activation.of(name)
                    .filter(Activation::endsClassifier)
                    .orElseThrow(() -> new TypeConversionException("it is softmax or linear, found " + name));
        }
    }
}
