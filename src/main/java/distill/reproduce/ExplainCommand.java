package distill.reproduce;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import distill.command.DeviceOptions;
import distill.experiment.ModelLibrary;
import distill.experiment.NetworkExplanations;
import distill.experiment.NetworkExplanations.Method;
import distill.experiment.NetworkExplanations.Pixels;
import distill.experiment.SavedModels;
import distill.files.WholeFile;
import distill.nn.Device;
import distill.report.ExplanationFigure;
import distill.report.ExplanationTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code ./reproduce explain}: question 9's maps of any network and any images. */
@Command(
        name = "explain",
        description = "Makes explanation maps (RISE, LIME, Grad-CAM) of what a network sees in images: a figure and a"
                + " CSV file for each. Question 9 has them of the report's networks.")
final class ExplainCommand extends ConsoleCommand {

    private static final int MASKS = 4000;

    /** What of an image's name stands above a figure that is as narrow as one of a digit. */
    private static final int LONGEST_TITLE = 40;

    /** So much of a network's name stands in its figures' names. */
    private static final int LONGEST_NETWORK = 100;

    @Parameters(
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description = WeightsCommand.NAME_OR_FILE)
    private String model;

    @Option(
            names = "--image",
            required = true,
            split = ",",
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "PNG or JPEG files. Each is resized to what the network takes.")
    private List<Path> images = List.of();

    @Option(
            names = "--class",
            paramLabel = "N",
            description = "The class to explain, counted from 0 (default: the one that the network predicts for each"
                    + " image).")
    private Integer target;

    @Option(
            names = "--method",
            split = ",",
            paramLabel = "NAME[,NAME]",
            converter = Methods.class,
            completionCandidates = MethodNames.class,
            description = "rise, lime, grad-cam (default: all). Grad-CAM looks at the network's last layer with places;"
                    + " a network without one has no such map.")
    private Set<Method> methods = new LinkedHashSet<>();

    @Option(
            names = "--masks",
            paramLabel = "N",
            description = "Masks of RISE, each of which the network is shown (default " + MASKS + ").")
    private int masks = MASKS;

    @Option(
            names = "--pixels",
            paramLabel = "RANGE",
            converter = Ranges.class,
            completionCandidates = RangeNames.class,
            description = "What the network takes for the grey levels 0 to 255: 0..1, -1..1 or 0..255. Default: of a"
                    + " network that was trained here, what it was trained on; 0..255 of one that begins with a Rescaling"
                    + " by less than .1, or a Normalization; 0..1 of others.")
    private Pixels pixels;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the figures go (default explanations).")
    private Path out = Path.of("explanations");

    @Mixin
    private DeviceOptions deviceOptions;

    /** Turns {@code grad-cam} into the method. */
    static final class Methods implements ITypeConverter<Method> {

        @Override
        public Method convert(String label) {
            try {
                return Method.of(label);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Turns {@code 0..255} into the range. */
    static final class Ranges implements ITypeConverter<Pixels> {

        @Override
        public Pixels convert(String label) {
            try {
                return Pixels.of(label);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** What {@code --method} takes. */
    static final class MethodNames extends ArrayList<String> {

        MethodNames() {
            EnumSet.allOf(Method.class).forEach(method -> add(method.toString()));
        }
    }

    /** What {@code --pixels} takes. */
    static final class RangeNames extends ArrayList<String> {

        RangeNames() {
            EnumSet.allOf(Pixels.class).forEach(range -> add(range.toString()));
        }
    }

    @Override
    public Integer call() throws IOException {
        check(masks >= 1, "--masks takes a number from 1, found " + masks);
        Set<String> names = new LinkedHashSet<>();
        for (Path image : images) {
            check(
                    names.add(stem(image)),
                    "--image: two files are called %s, and their figures would be, too".formatted(stem(image)));
            Path figure = out.resolve(figure(image) + ".png");
            check(
                    images.stream().noneMatch(other -> isSame(other, figure)),
                    "--out: the figure of %s would take the place of the image %s".formatted(image, figure));
        }
        Device device = deviceOptions.device(commandLine());
        ModelLibrary library = new ModelLibrary(SavedModels.FOLDER, device);
        try (NetworkExplanations network = NetworkExplanations.open(library, model, pixels, device)) {
            check(
                    target == null || target >= 0 && target < network.classes(),
                    "--class takes a number from 0 to %d, found %d".formatted(network.classes() - 1, target));
            Set<Method> asked = methods.isEmpty() ? EnumSet.allOf(Method.class) : EnumSet.copyOf(methods);
            println("The network is given pixels of %s.".formatted(network.pixels()));
            if (asked.contains(Method.GRAD_CAM)) {
                sayGradCam(network, asked);
            }
            for (Path image : images) {
                explain(network, image, asked);
            }
        }
        return 0;
    }

    private void sayGradCam(NetworkExplanations network, Set<Method> asked) throws IOException {
        if (network.gradCamLayer().isPresent()) {
            println("Grad-CAM looks at %s, the last layer with places."
                    .formatted(network.gradCamLayer().get()));
            return;
        }
        String why = "Grad-CAM has nothing to look at: %s has no convolutions, so that no layer of it has places";
        asked.remove(Method.GRAD_CAM);
        if (asked.isEmpty()) {
            throw new IOException(why.formatted(model) + "; --method rise and lime need none");
        }
        println(why.formatted(model) + ". It is left out.");
    }

    private void explain(NetworkExplanations network, Path image, Set<Method> asked) throws IOException {
        say("%s: %s%s"
                .formatted(
                        image,
                        asked.stream().map(Method::toString).collect(Collectors.joining(", ")),
                        asked.contains(Method.RISE) ? " with %,d masks".formatted(masks) : ""));
        NetworkExplanations.OfImage explained = network.explain(image, target, asked, masks);
        Path path = out.resolve(figure(image));
        String name = image.getFileName().toString();
        String title = name.length() > LONGEST_TITLE ? name.substring(0, LONGEST_TITLE) + "..." : name;
        List<Path> files = new ArrayList<>(ExplanationFigure.draw(explained, title, path));
        Path csv = path.resolveSibling(path.getFileName() + ".csv");
        WholeFile.replace(csv, ExplanationTables.mapsCsv(List.of(explained.explained())));
        files.add(csv);
        double[] probabilities = explained.explained().probabilities();
        printf(
                "  class %d has the probability %.4f: %s%n",
                explained.explained().target(),
                probabilities[explained.explained().target()],
                files.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }

    /** What an image's figures are called: after the image, the network, and the class that was named. */
    private String figure(Path image) {
        String network = stem(Path.of(model));
        return stem(image) + "-" + network.substring(0, Math.min(LONGEST_NETWORK, network.length()))
                + (target == null ? "" : "-class" + target);
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** The name of a file without its ending. */
    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }
}
