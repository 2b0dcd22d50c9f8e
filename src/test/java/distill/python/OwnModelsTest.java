package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.experiment.ModelLibrary;
import distill.experiment.WeightsCheck;
import distill.nn.Device;
import distill.reproduce.Launched;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.weights.KerasFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Keras user's whole way: networks of one's own devising are trained in Python, brought, one teaches, another learns,
 * and what was learnt goes back to Python.
 */
@Tag("python")
class OwnModelsTest {

    private static final Device DEVICE = Device.cpu(2);

    @TempDir
    private Path folder;

    @BeforeAll
    static void findPython() {
        Python.assume();
    }

    @Test
    void oneTeachesAnotherAndKerasHasTheOutputsOfWhatWasLearnt() throws Exception {
        Python.run("src/test/python/own_models.py", "make", folder.toString());
        Images train = Mnist.generate(400, 50).train();
        TinyMnist.write(folder.resolve("digits"), TinyMnist.idxFiles(train, train.first(50)));
        String imported = Launched.reproduce(folder, "weights import row.keras");
        assertTrue(imported.contains("saved-models/row: a Keras model row, softmax at its end"), imported);

        String line = " --variant as-described --epochs 1 --batch-size 64 --data-dir digits --out ";
        String distilled = Launched.reproduce(
                folder,
                "task1 q5 --teacher row --student branches.keras --temperatures 4 --alphas .5" + line + "drawn");
        Settings drawn = learnt("drawn");
        String mark = "OWN STUDENT " + Settings.digits(drawn.architecture());
        assertTrue(distilled.contains(mark), distilled);

        Launched.reproduce(
                folder,
                "task1 q5 --teacher branches.keras --student nested.keras --student-weights keep --loss similarity"
                        + " --alphas .5" + line + "kept");
        Launched.reproduce(folder, "task1 q7 --student nested.keras" + line + "plain");
        checkInPython(List.of(drawn, learnt("kept"), learnt("plain")));
    }

    /** The settings of the only run of a store. */
    private Settings learnt(String store) throws Exception {
        List<Run> runs = new RunStore(folder.resolve(store)).runs(Settings.TASK1);
        assertEquals(1, runs.size(), runs.toString());
        return runs.get(0).settings();
    }

    private void checkInPython(List<Settings> students) throws Exception {
        ModelLibrary library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        List<String> arguments = new ArrayList<>(List.of("src/test/python/own_models.py", "check"));
        for (Settings student : students) {
            Path file = folder.resolve(student.identity() + ".keras");
            library.find(student.label()).write(KerasFormat.KERAS, file, DEVICE);
            arguments.add(file.toString());
        }
        Python.run(arguments.toArray(String[]::new));
        for (Settings student : students) {
            Path check = folder.resolve(student.identity() + ".keras-check.h5");
            WeightsCheck result = WeightsCheck.of(library, student.label(), null, check);
            assertTrue(result.equal() && result.examples() == 16, result.toString());
        }
    }
}
