package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.weights.Fixtures;
import distill.weights.KerasFile;
import distill.weights.KerasFormat;
import distill.weights.StoredLayer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands on a network that is none of ours, but described by the file that Keras saved. */
class OwnNetworkTest {

    private static final String FILE = Fixtures.path("nested-model.h5").toString();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Program.run(Reproduce.COMMANDS, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private String imported() {
        String model = folder.resolve("model").toString();
        assertEquals(0, run("weights", "import", FILE, "--out", model), err.toString());
        return model;
    }

    @Test
    void aFileIsImportedWithTheNetworkThatItDescribes() throws IOException {
        String model = imported();
        assertEquals(
                "%s (Keras legacy HDF5, whole model, Keras 3.15.1) is now %s: a Keras model nested, linear at its end, float32, matched by name."
                        .formatted(FILE, model),
                out.toString().lines().findFirst().orElseThrow());
        assertTrue(Files.exists(Path.of(model, "config.json")));
    }

    @ParameterizedTest
    @EnumSource(KerasFormat.class)
    void itIsExportedInEveryFormatWithItsOwnNames(KerasFormat format) throws IOException {
        String target = folder.resolve(
                        switch (format) {
                            case H5 -> "again.h5";
                            case WEIGHTS_H5 -> "again.weights.h5";
                            case KERAS -> "again.keras";
                            case SAVED_MODEL -> "again";
                        })
                .toString();
        assertEquals(
                0,
                run("weights", "export", imported(), "--format", format.toString(), "--out", target),
                err.toString());
        KerasFile before = KerasFile.read(Path.of(FILE), Fixtures.DEVICE);
        KerasFile after = KerasFile.read(Path.of(target), Fixtures.DEVICE);
        assertEquals(
                before.layers().stream().map(StoredLayer::name).sorted().toList(),
                after.layers().stream().map(StoredLayer::name).sorted().toList());
    }

    @Test
    void aFileAndWhatWasImportedHaveOneSummaryAndOneCost() {
        String model = imported();
        for (String command : new String[] {"summary", "cost"}) {
            String fromFile = shown(command, FILE);
            assertEquals(fromFile, shown(command, model).replace("model, a", FILE + ", a"), command);
        }
        // Two layers of 5 inputs and 4 outputs, 4 and 2: 2 * (20 + 8) for the products and 6 for the biases.
        String cost = shown("cost", FILE);
        assertTrue(cost.contains("FLOPs of one forward pass"), cost);
        assertTrue(cost.lines().anyMatch(line -> line.matches(".*all\\s+.*62.*")), cost);
        assertTrue(cost.contains("34 parameters, of which 34 are trainable."), cost);
        String summary = shown("summary", FILE);
        assertTrue(summary.startsWith("Model: \"nested\""), summary);
        assertTrue(summary.contains("inside (Dense)") && summary.contains("Total params: 34"), summary);
    }

    private String shown(String command, String model) {
        assertEquals(0, command.equals("cost") ? run("cost", model) : run("weights", command, model), err.toString());
        return out.toString();
    }

    @Test
    void aFileWithoutAConfigurationSaysWhatToDo() {
        String file = Fixtures.path("nested.weights.h5").toString();
        String said =
                "error: " + file + " (Keras weights (.weights.h5)) has no configuration that says which network its"
                        + " weights are of: save the whole model (model.save), or name one of our networks with --model";
        for (String[] command : new String[][] {
            {"weights", "import", file, "--out", folder.resolve("none").toString()},
            {"weights", "summary", file},
            {"cost", file}
        }) {
            assertEquals(1, run(command));
            assertEquals(said, err.toString().strip());
        }
    }

    @Test
    void anActivationIsOfOurNetworksAlone() {
        assertEquals(2, run("weights", "import", FILE, "--activation", "softmax"));
        assertTrue(
                err.toString()
                        .startsWith(
                                "error: --activation goes with --model: a file's own configuration says what follows the last layer"),
                err.toString());
    }
}
