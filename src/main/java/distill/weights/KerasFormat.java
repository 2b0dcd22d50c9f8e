package distill.weights;

import distill.nn.Device;
import distill.nn.Labels;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.Phase;
import distill.nn.Variable;
import distill.nn.Weights;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/** The formats in which Keras takes a network from us. */
public enum KerasFormat {

    /**
     * A legacy HDF5 file of the whole model: {@code load_model} and {@code load_weights} of Keras 2 and 3 read it. Its
     * configuration has to fit into an attribute of 64 kB.
     */
    H5("h5", ".h5") {
        @Override
        void writeTo(Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device) {
            try (WritableHdfFile file = HdfFile.write(target)) {
                describe(file);
                file.putAttribute("model_config", KerasConfig.legacy(network));
                WritableGroup root = file.putGroup("model_weights");
                describe(root);
                Map<NamedLayer, List<Weights.Weight>> layers = byLayer(network, weights);
                root.putAttribute(
                        "layer_names",
                        layers.keySet().stream().map(NamedLayer::name).toArray(String[]::new));
                layers.forEach((layer, values) -> {
                    WritableGroup group = root.putGroup(layer.name());
                    group.putAttribute(
                            "weight_names",
                            values.stream().map(weight -> weight.name() + ":0").toArray(String[]::new));
                    WritableGroup inner = group.putGroup(layer.name());
                    for (Weights.Weight weight : values) {
                        inner.putDataset(ownName(weight) + ":0", array(weight, dtype));
                    }
                });
            }
        }

        /** The version is that of the layout. Without one Keras takes a file for one of Keras 1. */
        private void describe(WritableGroup group) {
            group.putAttribute("keras_version", "2.8.0");
            group.putAttribute("backend", "tensorflow");
        }
    },

    /** A file of weights alone, which {@code load_weights} of Keras 3 reads. */
    WEIGHTS_H5("weights-h5", ".weights.h5") {
        @Override
        void writeTo(Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device) {
            try (WritableHdfFile file = HdfFile.write(target)) {
                // Layers without weights are left out: libhdf5 cannot read a file that ends in jHDF's empty group.
                WritableGroup layers = file.putGroup("layers");
                Network.Names names = new Network.Names();
                byLayer(network, weights).forEach((layer, values) -> {
                    WritableGroup variables =
                            layers.putGroup(names.next(layer.layer().type())).putGroup("vars");
                    variables.putAttribute("name", layer.name());
                    for (int i = 0; i < values.size(); i++) {
                        variables.putDataset(Integer.toString(i), array(values.get(i), dtype));
                    }
                });
            }
        }
    },

    /** A Keras 3 archive: configuration and weights. */
    KERAS("keras", ".keras") {
        @Override
        void writeTo(Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device)
                throws IOException {
            Path inner = target.resolveSibling(target.getFileName() + ".weights");
            try (OutputStream out = Files.newOutputStream(target);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                WEIGHTS_H5.writeTo(inner, network, weights, dtype, device);
                String date = DateTimeFormatter.ofPattern("yyyy-MM-dd@HH:mm:ss")
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now());
                entry(zip, "metadata.json", text("{\"keras_version\": \"3.0.0\", \"date_saved\": \"" + date + "\"}"));
                entry(zip, "config.json", text(KerasConfig.archive(network)));
                entry(zip, "model.weights.h5", Files.readAllBytes(inner));
            } finally {
                Files.deleteIfExists(inner);
            }
        }

        private byte[] text(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
        }
    },

    /**
     * A SavedModel whose signature {@code serving_default} takes {@code images}, (batch, input shape) as the network
     * takes them, and gives {@code output_0}.
     */
    SAVED_MODEL("saved-model", "") {
        @Override
        void writeTo(Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device)
                throws IOException {
            export(target, network, weights, dtype, device);
        }

        private <T extends TFloating> void export(
                Path target, Network network, Weights weights, Class<T> dtype, Device device) throws IOException {
            try (Graph graph = new Graph()) {
                Ops tf = Ops.create(graph);
                Model<T> model = network.build(tf, dtype);
                Placeholder<T> images = tf.withName("images")
                        .placeholder(dtype, Placeholder.shape(network.input().prepend(Shape.UNKNOWN_SIZE)));
                Operand<T> outputs = model.call(tf, images, Phase.inference());
                addSaver(tf, model, dtype);
                try (Session session = device.open(graph)) {
                    model.setWeights(session, weights);
                    SavedModelBundle.exporter(target.toString())
                            .withTags(SavedModelBundle.DEFAULT_TAG)
                            .withSession(session)
                            .withSignature(Signature.builder("serving_default")
                                    .methodName("tensorflow/serving/predict")
                                    .input("images", images)
                                    .output("output_0", outputs)
                                    .build())
                            .export();
                }
            }
        }

        /**
         * The operations, under the names by which TensorFlow-Java finds them, that save and restore the variables: the
         * ones that it would add itself leave out resource variables.
         */
        private <T extends TFloating> void addSaver(Ops graph, Model<T> model, Class<T> dtype) {
            Ops tf = graph.withSubScope("save");
            Placeholder<TString> file = tf.withName("filename").placeholder(TString.class);
            int n = model.variables().size();
            Operand<TString> names =
                    tf.array(model.variables().stream().map(Variable::name).toArray(String[]::new));
            Operand<TString> slices = tf.array(Collections.nCopies(n, "").toArray(String[]::new));
            List<Operand<?>> values = new ArrayList<>(
                    model.variables().stream().map(Variable::value).toList());
            Op save = tf.train.save(file, names, slices, values);
            tf.withControlDependencies(List.of(save))
                    .withName("control_dependency")
                    .identity(file);
            List<Class<? extends TType>> types = Collections.nCopies(n, dtype);
            var restored = tf.train.restore(file, names, slices, types);
            List<Op> assigned = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                assigned.add(model.variables()
                        .get(i)
                        .assign(tf, restored.tensors().get(i).expect(dtype)));
            }
            tf.withControlDependencies(assigned).withName("restore_all").noOp();
        }
    };

    private final String label;
    private final String ending;

    KerasFormat(String label, String ending) {
        this.label = label;
        this.ending = ending;
    }

    /**
     * Checks a file's name, for Keras tells the format by it.
     *
     * @throws IllegalArgumentException where Keras would take the file for another format
     */
    public void checkName(Path file) {
        boolean weights = file.toString().endsWith(WEIGHTS_H5.ending);
        if (!file.toString().endsWith(ending) || (this == H5 && weights)) {
            throw new IllegalArgumentException("Keras looks for the format %s only in names that end in %s%s, found %s"
                    .formatted(label, ending, this == H5 ? " and not in " + WEIGHTS_H5.ending : "", file));
        }
    }

    /**
     * The format with a label.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static KerasFormat of(String label) {
        return Labels.find("formats", values(), label);
    }

    /** {@code weights-h5} */
    @Override
    public String toString() {
        return label;
    }

    /**
     * Writes a network with its weights. The file, or for a SavedModel the folder, is whole or not there.
     *
     * @param target where to; the folder it is in is made where it is missing
     * @param weights of this network
     * @param dtype TFloat32 or TFloat64: what the weights are stored as, and what a SavedModel computes in
     * @param device where to open the session that writes a SavedModel
     * @throws IOException where there is something at {@code target}, or it cannot be written
     */
    public void write(Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device)
            throws IOException {
        if (Files.exists(target)) {
            throw new IOException(target + " is there already and was left alone: name another file");
        }
        Path absolute = target.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Path temporary = absolute.resolveSibling(
                "." + absolute.getFileName() + ".tmp-" + ProcessHandle.current().pid());
        try {
            writeTo(temporary, network, weights, dtype, device);
            Files.move(temporary, absolute);
        } catch (TensorFlowException | io.jhdf.exceptions.HdfException e) {
            throw new IOException("cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            Folders.delete(temporary);
        }
    }

    abstract void writeTo(
            Path target, Network network, Weights weights, Class<? extends TFloating> dtype, Device device)
            throws IOException;

    /** The layers that have weights, in order, with their weights. */
    private static Map<NamedLayer, List<Weights.Weight>> byLayer(Network network, Weights weights) {
        Map<NamedLayer, List<Weights.Weight>> layers = new LinkedHashMap<>();
        int next = 0;
        for (NamedLayer layer : network.layers()) {
            int count = layer.weights().size();
            if (count > 0) {
                layers.put(layer, weights.values().subList(next, next + count));
            }
            next += count;
        }
        return layers;
    }

    private static String ownName(Weights.Weight weight) {
        return weight.name().substring(weight.name().lastIndexOf('/') + 1);
    }

    /** A weight as Java's array of arrays of its rank, which jHDF takes. */
    private static Object array(Weights.Weight weight, Class<? extends TFloating> dtype) {
        int[] shape = Arrays.stream(weight.shape().asArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        Object array = Array.newInstance(dtype == TFloat64.class ? double.class : float.class, shape);
        fill(array, weight.values(), 0);
        return array;
    }

    private static int fill(Object array, double[] values, int from) {
        int next = from;
        if (array instanceof float[] floats) {
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[next++];
            }
        } else if (array instanceof double[] doubles) {
            System.arraycopy(values, from, doubles, 0, doubles.length);
            next += doubles.length;
        } else {
            for (Object row : (Object[]) array) {
                next = fill(row, values, next);
            }
        }
        return next;
    }
}
