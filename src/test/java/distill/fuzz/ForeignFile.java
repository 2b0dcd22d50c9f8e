package distill.fuzz;

import distill.command.PageAnswers;
import distill.command.TrainingStatus;
import distill.data.Mhist;
import distill.data.Mnist;
import distill.data.OrderFile;
import distill.data.RgbImage;
import distill.data.TinyMhist;
import distill.data.TinyMnist;
import distill.experiment.ModelLibrary;
import distill.experiment.SavedModels;
import distill.files.Folders;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.zoo.Architecture;
import distill.run.Json;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.weights.CheckFile;
import distill.weights.KerasFile;
import distill.weights.KerasModel;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/**
 * What is read that others may have written. Each is given bytes in place of one file, beside good ones where it wants
 * several, and returns or throws an {@link IOException} that names the file or its folder.
 */
enum ForeignFile {
    IDX_IMAGES {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(TinyMnist.idxFiles(2, 2).get(IMAGES));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            mnistWith(folder, IMAGES, content);
        }
    },

    IDX_LABELS {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(TinyMnist.idxFiles(2, 2).get(LABELS));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            mnistWith(folder, LABELS, content);
        }
    },

    GZIP {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(TinyMnist.gzip(TinyMnist.idxFiles(2, 2).get(IMAGES)));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            TinyMnist.write(folder, TinyMnist.idxFiles(2, 2));
            Files.delete(folder.resolve(IMAGES));
            Files.write(folder.resolve(IMAGES + ".gz"), content);
            Mnist.load(folder);
        }
    },

    NPZ {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(Files.readAllBytes(TinyMnist.writeNpz(folder.resolve("seed.npz"), TinyMnist.npyFiles(1))));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Mnist.load(Files.write(folder.resolve("mnist.npz"), content));
        }
    },

    NPY {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(
                    TinyMnist.npyFiles(1).get("x_test"), TinyMnist.npyFiles(2).get("x_test"));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Map<String, byte[]> arrays = TinyMnist.npyFiles(1);
            arrays.put("x_test", content);
            Mnist.load(TinyMnist.writeNpz(folder.resolve("mnist.npz"), arrays));
        }
    },

    CIFAR {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(new byte[2 * CIFAR_IMAGE]);
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            for (int batch = 1; batch <= 5; batch++) {
                byte[] images = new byte[CIFAR_IMAGE];
                images[0] = (byte) batch;
                Files.write(folder.resolve("data_batch_" + batch + ".bin"), images);
            }
            Files.write(folder.resolve("test_batch.bin"), content);
            Mnist.load(folder);
        }
    },

    CIFAR_NAMES {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Files.write(folder.resolve("batches.meta.txt"), content);
            CIFAR.read(folder, new byte[CIFAR_IMAGE]);
        }
    },

    ANNOTATIONS {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(Files.readAllBytes(TinyMhist.write(folder).resolve("annotations.csv")));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            if (Files.notExists(folder.resolve("images"))) {
                TinyMhist.write(folder);
            }
            Files.write(folder.resolve("annotations.csv"), content);
            Mhist.load(folder, new Mhist.Reading(8, 0, false));
        }
    },

    PNG {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(image("png", BufferedImage.TYPE_INT_RGB), image("png", BufferedImage.TYPE_BYTE_INDEXED));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            RgbImage.read(Files.write(folder.resolve("image.png"), content));
        }
    },

    JPEG {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(image("jpg", BufferedImage.TYPE_INT_RGB), image("jpg", BufferedImage.TYPE_BYTE_GRAY));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            RgbImage.read(Files.write(folder.resolve("image.jpg"), content));
        }
    },

    HDF5 {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(resource("small.weights.h5"), resource("small-keras1.h5"), resource("nested-model.h5"));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            KerasFile.read(Files.write(folder.resolve("weights.h5"), content), CPU);
        }
    },

    KERAS_ARCHIVE {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(resource("nested.keras"));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            KerasFile.read(Files.write(folder.resolve("model.keras"), content), CPU);
        }
    },

    /** The configuration in an archive whose weights are good, of which the network is built. */
    KERAS_CONFIGURATION {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(entry("small.keras", CONFIGURATION), entry("nested.keras", CONFIGURATION));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Path file = folder.resolve("model.keras");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry(CONFIGURATION));
                zip.write(content);
                zip.putNextEntry(new ZipEntry(WEIGHTS));
                zip.write(entry("small.keras", WEIGHTS));
            }
            KerasFile read = KerasFile.read(file, CPU);
            read.outputActivation();
            Network network = KerasModel.of(read, file.toString()).network();
            read.checkConfiguration(network, file.toString());
        }
    },

    CHECK_FILE {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            Path file = folder.resolve("seed.h5");
            try (WritableHdfFile check = HdfFile.write(file)) {
                check.putDataset("inputs", new float[][] {{1, 2, 3}, {4, 5, 6}});
                check.putDataset("outputs", new float[][] {{.5f, .5f}, {1, 0}});
                check.putAttribute("output_activation", "softmax");
            }
            return List.of(Files.readAllBytes(file));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            CheckFile.read(Files.write(folder.resolve("check.h5"), content));
        }
    },

    SAVED_MODEL {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(resource("small-saved-model/saved_model.pb"));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            savedModelWith(folder, "saved_model.pb", content);
        }
    },

    SAVED_MODEL_INDEX {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(resource("small-saved-model/variables/variables.index"));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            savedModelWith(folder, "variables/variables.index", content);
        }
    },

    ORDER {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of("0,1,2\n3,4,5\n".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            OrderFile.read(Files.write(folder.resolve("order"), content), 6);
        }
    },

    RUNS {
        @Override
        List<byte[]> seeds(Path folder) {
            Run teacher = Runs.run(Runs.settings("teacher", Role.TEACHER, null, null, 1), 98.9);
            return List.of((Json.write(teacher) + "\n" + Json.write(Runs.student(4, .5, 1, 98)) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Path file = Files.createDirectories(folder.resolve("task1")).resolve("runs.jsonl");
            Files.write(file, content);
            new RunStore(folder).runs("task1");
        }
    },

    HISTORY {
        @Override
        List<byte[]> seeds(Path folder) {
            Run run = Runs.student(4, .5, 1, 98);
            return List.of(Json.write(new SavedModels.Progress(run.settings(), run.history(), run.provenance()))
                    .getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Path epoch = Files.createDirectories(folder.resolve("training-0123/epoch-01"));
            Files.write(epoch.resolve("history.json"), content);
            ModelLibrary.begun(folder);
        }
    },

    IMPORTED {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(("{\"model\":\"mnist-teacher\",\"output_activation\":\"softmax\",\"dtype\":\"float32\","
                            + "\"source\":\"teacher.h5\",\"format\":\"Keras model (.h5)\",\"version\":null,"
                            + "\"matched\":\"by name\",\"weights_digest\":\"00\",\"date\":\"2026-01-01T00:00:00Z\"}")
                    .getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Path model = Files.createDirectories(folder.resolve("model"));
            Files.write(model.resolve("model.json"), content);
            new ModelLibrary(folder, CPU).imported(Architecture.MNIST_TEACHER);
        }
    },

    STATUS {
        @Override
        List<byte[]> seeds(Path folder) {
            TrainingStatus status = new TrainingStatus(
                    "elsewhere", 7, null, "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "test", 1, 2, 3, List.of());
            return List.of(Json.write(status).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Files.write(folder.resolve(".training-elsewhere-7-1.json"), content);
            TrainingStatus.of(folder);
        }
    },

    CONFIG_YAML {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of(
                    "epochs: 3\nalphas: [0.5, 0.9]\nquick: true\nlabel: a b # words\n".getBytes(StandardCharsets.UTF_8),
                    "label: &a 'x'\nalphas:\n  - 0.1\n  - .5\nearly-stopping: 2\n".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            OptionsCommand.run(Files.write(folder.resolve("options.yaml"), content));
        }
    },

    CONFIG_JSON {
        @Override
        List<byte[]> seeds(Path folder) {
            return List.of("{\"epochs\": 3, \"alphas\": [0.5, 0.9], \"quick\": true, \"label\": \"a b\"}"
                    .getBytes(StandardCharsets.UTF_8));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            OptionsCommand.run(Files.write(folder.resolve("options.json"), content));
        }
    },

    /** A line is the path of a file, or of a folder where its name has no dot; the files' contents take turns. */
    CLASS_FOLDERS {
        @Override
        List<byte[]> seeds(Path folder) {
            return Stream.of(
                            "a/0.png\na/1.png\nb/0.png\nb/1.png\n",
                            "train/a/0.png\ntrain/b/0.png\ntest/a/0.png\ntest/b/0.png\n",
                            "a/.x.png\nb\na/x/y.JPG\nc/ä.jpeg\n")
                    .map(tree -> tree.getBytes(StandardCharsets.UTF_8))
                    .toList();
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Path tree = folder.resolve("tree");
            Folders.delete(tree);
            makeTree(tree, content);
            Mnist.load(tree);
            Mhist.load(tree, new Mhist.Reading(8, 0, false));
        }
    },

    /** The configuration that is kept of a student of one's own. */
    STUDENT_CONFIGURATION {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(entry("small.keras", CONFIGURATION), entry("nested.keras", CONFIGURATION));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            KerasModel.of(Files.write(folder.resolve(CONFIGURATION), content));
        }
    },

    PAGE_TABLE {
        @Override
        List<byte[]> seeds(Path folder) throws IOException {
            return List.of(Files.readAllBytes(Path.of("results/task1/q9-faithfulness-as-written.json")));
        }

        @Override
        void read(Path folder, byte[] content) throws IOException {
            Files.write(folder.resolve("q9.json"), content);
            new PageAnswers(folder, false).table("q9");
        }
    };

    private static final String IMAGES = "t10k-images-idx3-ubyte";
    private static final String LABELS = "t10k-labels-idx1-ubyte";
    private static final int CIFAR_IMAGE = 1 + 3 * 32 * 32;
    private static final String CONFIGURATION = "config.json";
    private static final String WEIGHTS = "model.weights.h5";
    private static final Path KERAS = Path.of("src/test/resources/keras");
    private static final Device CPU = Device.cpu(1);

    /** Contents to begin with, the first of which is good. */
    abstract List<byte[]> seeds(Path folder) throws IOException;

    /** Reads such a file in an empty folder, or in one in which others were read before. */
    abstract void read(Path folder, byte[] content) throws IOException;

    /** {@code idx-images} */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A file by what {@link #label} says. */
    static ForeignFile labelled(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static void mnistWith(Path folder, String name, byte[] content) throws IOException {
        TinyMnist.write(folder, TinyMnist.idxFiles(2, 2));
        Files.write(folder.resolve(name), content);
        Mnist.load(folder);
    }

    /** Makes the tree that {@link #CLASS_FOLDERS} describes, without what no folder can hold. */
    private static void makeTree(Path tree, byte[] content) throws IOException {
        List<byte[]> contents = List.of(
                image("png", BufferedImage.TYPE_INT_RGB),
                image("png", BufferedImage.TYPE_BYTE_GRAY),
                image("jpg", BufferedImage.TYPE_INT_RGB),
                content);
        Files.createDirectories(tree);
        int number = 0;
        for (String line :
                new String(content, StandardCharsets.UTF_8).lines().limit(20).toList()) {
            try {
                Path path = tree.resolve(line).normalize();
                if (!path.startsWith(tree)) {
                    continue;
                }
                if (line.substring(line.lastIndexOf('/') + 1).contains(".")) {
                    Files.createDirectories(path.getParent());
                    Files.write(path, contents.get(number++ / 4 % contents.size()));
                } else {
                    Files.createDirectories(path);
                }
            } catch (InvalidPathException | FileSystemException e) {
                // No name that a file can have.
            }
        }
    }

    private static void savedModelWith(Path folder, String name, byte[] content) throws IOException {
        Path good = KERAS.resolve("small-saved-model");
        for (String file :
                List.of("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001")) {
            Path to = folder.resolve(file);
            Files.createDirectories(to.getParent());
            Files.write(to, file.equals(name) ? content : Files.readAllBytes(good.resolve(file)));
        }
        KerasFile.read(folder, CPU);
    }

    private static byte[] image(String format, int type) throws IOException {
        BufferedImage image = new BufferedImage(12, 9, type);
        for (int i = 0; i < 12; i++) {
            image.setRGB(i, i % 9, 0xff000000 | i * 0x15120f);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] resource(String name) throws IOException {
        return Files.readAllBytes(KERAS.resolve(name));
    }

    private static byte[] entry(String archive, String name) throws IOException {
        try (ZipFile zip = new ZipFile(KERAS.resolve(archive).toFile())) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        }
    }
}
