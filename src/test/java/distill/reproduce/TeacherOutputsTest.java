package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.Program;
import distill.data.Images;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.Flatten;
import distill.nn.Network;
import distill.run.Run;
import distill.run.RunStore;
import distill.weights.KerasFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** A SavedModel as teacher, and {@code --teacher-outputs}, from the command line to the files. */
class TeacherOutputsTest {

    private static final String OPTIONS = " --epochs 1 --device cpu --threads 2 --data-dir digits --out out";

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    /** One step of each training, on 300 drawn digits. */
    @Test
    void aSavedModelTeachesIsFoundByItsDigestAndIsRepeated() throws Exception {
        Images train = Mnist.generate(300, 20).train();
        TinyMnist.write(folder.resolve("digits"), TinyMnist.idxFiles(train, train.first(20)));
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(28, 28, 1),
                new Conv2D(2, 9, Activation.RELU),
                new Flatten(),
                new Dense(10, Activation.SOFTMAX));
        KerasFormat.SAVED_MODEL.write(
                folder.resolve("served"), network, network.initialWeights(1), TFloat32.class, Device.cpu(2));

        String printed = Launched.reproduce(folder, "task1 q6 --temperatures 4 --teacher served" + OPTIONS);
        assertTrue(
                printed.contains("served is run as it is: it is fed grey levels scaled to 0 to 1 (float32), and its"
                        + " outputs are taken for probabilities, for none is negative and those of an image sum to 1;"
                        + " --teacher-outputs logits says otherwise."),
                printed);
        List<Run> runs = new RunStore(folder.resolve("out")).runs("task1");
        assertEquals(1, runs.size(), "no teacher is trained");
        String teacher = runs.get(0).settings().teacher();
        assertTrue(printed.contains("Teacher: served, SHA-256 " + teacher), printed);

        String digest = teacher.substring(0, 8);
        assertEquals(
                0, run("task1 q6 --temperatures 4 --epochs 1 --teacher " + digest + " --from DIR/out --out DIR/again"));
        assertTrue(said.toString().contains("-teacher" + digest), said.toString());
        String repeat = "rerun " + runs.get(0).identity() + " --out DIR/out --data-dir DIR/digits";
        assertEquals(1, run(repeat));
        assertTrue(
                said.toString().contains("learnt from the teacher " + teacher + ": give the same one with --teacher"),
                said.toString());
        assertEquals(0, run(repeat + " --teacher DIR/served"), said.toString());
        assertTrue(said.toString().contains("The digests agree"), said.toString());
        assertEquals(1, run(repeat + " --teacher DIR/served --teacher-outputs logits"));
        assertTrue(said.toString().contains("give the same one with --teacher"), said.toString());
    }

    private int run(String line) {
        said.getBuffer().setLength(0);
        PrintWriter to = new PrintWriter(said);
        return Program.run(
                Reproduce.COMMANDS,
                to,
                to,
                line.replace("DIR", folder.toString()).split(" "));
    }
}
