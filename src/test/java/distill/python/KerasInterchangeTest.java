package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Mnist;
import distill.data.TinyMnist;
import distill.experiment.ModelLibrary;
import distill.experiment.ModelLibrary.StoredModel;
import distill.experiment.Replay;
import distill.experiment.WeightsCheck;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Inference;
import distill.nn.zoo.Architecture;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Variant;
import distill.weights.KerasFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** Files go from this program to Keras and back: equal outputs on both sides. */
@Tag("python")
class KerasInterchangeTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final int IMAGES = 256;
    private static final double TOLERANCE = 1e-5;
    private static final String HEADER = "| file | largest difference |";
    private static DataSet data;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findPythonAndData() throws IOException {
        Python.assume();
        data = Mnist.load();
        Python.assumeMnist(data);
    }

    /** A network after 20 steps of training on MNIST. */
    private static StoredModel trained(Replay replay) throws IOException {
        List<int[]> batches =
                new EpochOrder(1).batches(1, data.train().size(), 64).subList(0, 20);
        return replay.run(
                        "float32",
                        replay.network().initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1L)),
                        null,
                        data,
                        batches,
                        loss -> {})
                .model();
    }

    /** What we compute for the first test images. */
    private static double[] outputs(StoredModel model) throws IOException {
        ImageBatch batch = data.test().batch(TinyMnist.range(0, IMAGES));
        double[] pixels = new double[batch.bytes().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (batch.bytes()[i] & 0xff) * (1f / 255f);
        }
        return Inference.predict(model.network(), model.weights(), TFloat32.class, pixels, DEVICE);
    }

    @Test
    void kerasGivesOurOutputsFromEachFormatThatWeWrite() throws Exception {
        Map<String, StoredModel> models = new LinkedHashMap<>();
        models.put(
                "build_cnn",
                trained(Replay.ofTask1(
                        Reading.of(Settings.TASK1, Variant.AS_WRITTEN), Role.TEACHER, null, null, DEVICE)));
        models.put(
                "build_fc",
                trained(Replay.ofTask1(
                        Reading.of(Settings.TASK1, Variant.AS_DESCRIBED), Role.STUDENT_PLAIN, null, null, DEVICE)));
        List<Map<String, String>> jobs = new ArrayList<>();
        for (Map.Entry<String, StoredModel> entry : models.entrySet()) {
            Map<KerasFormat, Path> files = new LinkedHashMap<>();
            files.put(KerasFormat.H5, folder.resolve(entry.getKey() + ".h5"));
            files.put(KerasFormat.WEIGHTS_H5, folder.resolve(entry.getKey() + ".weights.h5"));
            files.put(KerasFormat.KERAS, folder.resolve(entry.getKey() + ".keras"));
            files.put(KerasFormat.SAVED_MODEL, folder.resolve(entry.getKey() + "-saved-model"));
            for (Map.Entry<KerasFormat, Path> file : files.entrySet()) {
                entry.getValue().write(file.getKey(), file.getValue(), DEVICE);
                List<String> ways =
                        switch (file.getKey()) {
                            case H5 -> List.of("load_model", "load_model of Keras 2", "load_weights");
                            case WEIGHTS_H5 -> List.of("load_weights");
                            case KERAS -> List.of("load_model");
                            case SAVED_MODEL -> List.of("saved_model");
                        };
                for (String how : ways) {
                    jobs.add(Map.of(
                            "file", file.getValue().toString(),
                            "how", how,
                            "network", entry.getKey(),
                            "activation", entry.getValue().output().kerasName(),
                            "out", folder.resolve(jobs.size() + ".csv").toString()));
                }
            }
        }
        Python.run("src/test/python/predict.py", Python.json(jobs));
        List<String> rows = new ArrayList<>();
        for (Map<String, String> job : jobs) {
            double[] expected = outputs(models.get(job.get("network")));
            double[] found = Python.csv(Path.of(job.get("out"))).stream()
                    .flatMapToDouble(java.util.Arrays::stream)
                    .toArray();
            assertEquals(expected.length, found.length, job.toString());
            double largest = 0;
            for (int i = 0; i < found.length; i++) {
                assertEquals(expected[i], found[i], TOLERANCE, job.toString());
                largest = Math.max(largest, Math.abs(expected[i] - found[i]));
            }
            rows.add(row("ours: " + Path.of(job.get("file")).getFileName() + ", " + job.get("how"), largest));
        }
        Python.record(HEADER, rows);
    }

    private static String row(String what, double difference) {
        return String.format(Locale.ROOT, "| %s | %.1e |", what, difference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void weGiveKerassOutputsFromEachFormatThatKeras3AndKeras2Write(String legacy) throws Exception {
        Python.run(Map.of("TF_USE_LEGACY_KERAS", legacy), "src/test/python/make_models.py", folder.toString());
        ModelLibrary library = new ModelLibrary(folder.resolve("saved-models"), DEVICE);
        List<String> rows = new ArrayList<>();
        for (Architecture architecture : List.of(Architecture.MNIST_TEACHER, Architecture.MNIST_STUDENT)) {
            String name = architecture.toString().replace("mnist-", "");
            Path check = folder.resolve(name + "-check.h5");
            // Files without a configuration do not tell that the student ends in logits.
            Activation output = name.equals("student") ? Activation.LINEAR : null;
            for (String ending : List.of(".h5", ".weights.h5", ".keras", "-saved-model")) {
                if (legacy.equals("1") && name.equals("student") && ending.equals(".weights.h5")) {
                    // Keras 2 writes neither names nor the order of a model within a model into this one.
                    continue;
                }
                Path file = folder.resolve(name + ending);
                library.importFile(file, architecture, output, library.folder().resolve(name + ending));
                WeightsCheck imported = WeightsCheck.of(library, name + ending, null, check);
                assertTrue(imported.equal() && imported.agreeing() == imported.examples(), imported.toString());
                rows.add(row(
                        "Keras " + (legacy.equals("1") ? 2 : 3) + "'s: " + name + ending,
                        imported.largestDifference()));
            }
            WeightsCheck served = WeightsCheck.of(
                    library, folder.resolve(name + "-saved-model").toString(), null, check);
            assertTrue(served.equal(), served.toString());
            rows.add(row(
                    "Keras " + (legacy.equals("1") ? 2 : 3) + "'s: " + name + "-saved-model, run as it is",
                    served.largestDifference()));
        }
        Python.record(HEADER, rows);
        assertEquals(
                legacy.equals("1") ? 7 : 8,
                Files.list(library.folder()).filter(Files::isDirectory).count());
    }
}
