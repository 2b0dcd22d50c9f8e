package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Device;
import distill.weights.KerasFile;
import distill.weights.KerasModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Summaries of models whose layers do not stand in a row are Keras 2.8's, character for character. The Keras 2 that is
 * installed differs from it: its columns end elsewhere and are one character narrower, which is turned back here, and
 * its last lines have bytes and no commas.
 */
@Tag("python")
class SummaryParityTest {

    private static final String PYTHON =
            """
            import inspect, pathlib, sys
            import tf_keras as k
            from tf_keras.src.utils import layer_utils

            narrower = "cutoff -= 1\\n"
            source = inspect.getsource(layer_utils.print_summary)
            assert source.count(narrower) == 1
            scope = dict(vars(layer_utils))
            exec(source.replace(narrower, "cutoff -= 0\\n"), scope)
            folder = pathlib.Path(sys.argv[1])

            def write(name, model, shown):
                model.save(folder / (name + ".h5"))
                lines = []
                scope["print_summary"](shown, positions=[0.33, 0.55, 0.67, 1.0], print_fn=lines.append)
                (folder / (name + ".txt")).write_text("\\n".join(lines) + "\\n")

            def long_names():
                inputs = k.Input((8, 8, 3), name="input_1")
                a = k.layers.Conv2D(4, 3, padding="same", name="a_rather_long_name_of_a_convolution_that_breaks")(inputs)
                b = k.layers.Conv2D(4, 1, name="b")(inputs)
                both = k.layers.Concatenate(name="what_three_branches_give")([k.layers.Add()([a, b]), a, b])
                x = k.layers.GlobalAveragePooling2D()(k.layers.BatchNormalization()(both))
                return k.Model(inputs, k.layers.Dense(10)(x), name="branches")

            def within(nested):
                inputs = k.Input((8, 8, 3), name="input_1")
                layers = [k.layers.Conv2D(4, 3, padding="same", name="inside"), k.layers.ReLU(name="rectified")]
                x = k.Sequential([k.Input((8, 8, 3)), *layers], name="inner")(inputs) if nested else layers[1](layers[0](inputs))
                x = k.layers.Add(name="sum")([x, k.layers.Conv2D(4, 1, name="beside")(inputs)])
                return k.Model(inputs, k.layers.Dense(2, name="last")(k.layers.Flatten(name="flat")(x)), name="outer")

            branches = long_names()
            write("branches", branches, branches)
            # A model within is shown by its layers, as if they stood in its place.
            write("outer", within(True), within(False))
            """;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void askKeras() throws Exception {
        Python.assume();
        Python.run("-c", PYTHON, folder.toString());
    }

    private static String ours(String name) throws IOException {
        String file = folder.resolve(name + ".h5").toString();
        KerasFile content = KerasFile.read(Path.of(file), Device.cpu(2));
        return KerasModel.of(content, file).network().summary();
    }

    private static String kerass(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".txt")).replaceAll("(params: \\d+) \\(.*\\)", "$1");
    }

    @Test
    void ofBranchesAndLongNames() throws IOException {
        String ours = ours("branches");
        assertEquals(kerass("branches"), ours);
        assertTrue(ours.lines().skip(1).filter(line -> !line.contains("params")).allMatch(line -> line.length() >= 98));
    }

    @Test
    void ofAModelWithinAModelByTheLayersThatStandInItsPlace() throws IOException {
        assertEquals(kerass("outer"), ours("outer"));
    }
}
