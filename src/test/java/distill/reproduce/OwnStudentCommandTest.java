package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.TinyMhist;
import distill.nn.Activation;
import distill.nn.Conv2D;
import distill.nn.Dense;
import distill.nn.Device;
import distill.nn.GlobalAveragePooling2D;
import distill.nn.Network;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.weights.KerasFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** A network of one's own as the student of Task 2, from the command line. */
class OwnStudentCommandTest {

    @TempDir
    private Path folder;

    @Test
    void itIsTrainedFoundInTheStoreAndRepeatedWithoutItsFile() throws Exception {
        TinyMhist.write(folder.resolve("own"));
        Network network = Network.sequential(
                new Network.Names(),
                Shape.of(32, 32, 3),
                new Conv2D(3, 3, Activation.RELU),
                new GlobalAveragePooling2D(),
                new Dense(2, Activation.SOFTMAX));
        Path file = folder.resolve("small.keras");
        KerasFormat.KERAS.write(file, network, network.initialWeights(1), TFloat32.class, Device.cpu(1));
        String options = "task2 q2 --part scratch --variant as-described --image-size 32 --epochs-initial 1"
                + " --epochs-fine 1 --student-weights keep";
        String printed = Launched.reproduce(
                folder, options + " --data-dir own --weights none --student small.keras --teacher-model mobilenetv2");
        assertTrue(printed.contains("Student: small.keras, SHA-256 of its layers "), printed);
        assertTrue(printed.contains("The initial phase trains its head alone: dense"), printed);
        Files.delete(file);

        Run run = new RunStore(folder.resolve("runs")).runs(Settings.TASK2).get(0);
        String digits = Settings.digits(run.settings().architecture());
        String kept = Settings.digits(run.settings().startingWeights());
        String mark = "OWN STUDENT " + digits + " FROM WEIGHTS " + kept;
        String table = Launched.reproduce(folder, options + " --from runs --student " + digits);
        assertTrue(table.contains(mark), table);
        assertTrue(table.contains("not compared with the report"), table);
        List<String> files;
        try (var written = Files.list(folder.resolve("runs/task2"))) {
            files = written.map(path -> path.getFileName().toString()).toList();
        }
        assertTrue(
                files.stream().anyMatch(name -> name.contains("-network" + digits + "-kept" + kept)), files.toString());

        String again = Launched.reproduce(folder, "rerun " + run.identity() + " --data-dir own");
        assertEquals(2, again.split(run.weightsDigest(), -1).length - 1, again);
    }
}
