package distill.weights;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import distill.nn.Device;
import distill.nn.Model;
import distill.nn.Network;
import distill.nn.Phase;
import distill.nn.Variable;
import distill.nn.Weights;
import distill.weights.StoredLayer.StoredWeight;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject.ObjectReference;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * A TensorFlow SavedModel: what {@code model.save} of Keras 2 and {@code model.export} of Keras 3 write, and what
 * {@link KerasFormat#SAVED_MODEL} does. It can be asked for its variables, or be run as it is.
 *
 * <p>Keras lists a model's variables at its root, under {@code variables}, in the model's order. Two graphs of objects
 * lead there: that in {@code saved_model.pb} tells a variable's name, type and shape, that in the checkpoint tells the
 * key of its values. A SavedModel without such graphs is of TensorFlow 1's kind, as TensorFlow-Java writes it: the
 * variables of its graph are in the checkpoint under their names.
 *
 * @param folder that holds {@code saved_model.pb}
 * @param device where to open sessions
 */
public record SavedModel(Path folder, Device device) {

    private static final String GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH";
    private static final String LIST = "variables";
    private static final String PROGRAM = "saved_model.pb";
    private static final long MOST_PROGRAM = 1L << 30;
    private static final String SAVED_NAMES = "SaveV2/tensor_names";
    private static final String RESOURCE = "VarHandleOp";

    /** What makes a variable: the first as TensorFlow 2 has them, the others of TensorFlow 1. */
    private static final Set<String> VARIABLES = Set.of(RESOURCE, "VariableV2", "Variable");

    private static final Map<DataType, Class<? extends TNumber>> FLOATS = Map.of(
            DataType.DT_HALF, TFloat16.class,
            DataType.DT_BFLOAT16, TBfloat16.class,
            DataType.DT_FLOAT, TFloat32.class,
            DataType.DT_DOUBLE, TFloat64.class);

    private static final Map<DataType, String> DTYPES = Map.of(
            DataType.DT_HALF, "float16",
            DataType.DT_BFLOAT16, "bfloat16",
            DataType.DT_FLOAT, "float32",
            DataType.DT_DOUBLE, "float64");

    private record Stored(String name, String key, DataType type, Shape shape) {}

    /** Whether there is a SavedModel in a folder. */
    public static boolean isAt(Path folder) {
        return Files.isRegularFile(folder.resolve(PROGRAM));
    }

    /**
     * The variables of the SavedModel as layers with weights; those that are not of a floating type, such as the state
     * of a random generator, are left out.
     *
     * @throws IOException where it is damaged, or does not tell its variables
     */
    public KerasFile variables() throws IOException {
        MetaGraphDef program = program();
        List<Stored> stored;
        try {
            stored = program.hasObjectGraphDef() ? listed(program.getObjectGraphDef()) : named(program);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(folder + " is damaged: it speaks of objects that it does not hold", e);
        }
        for (Stored variable : stored) {
            KerasFile.numbers(folder + ", weight " + variable.name(), variable.shape());
        }
        String version = program.getMetaInfoDef().getTensorflowVersion();
        return new KerasFile(
                "SavedModel of " + writer(program),
                Optional.of(version).filter(v -> !v.isEmpty()).map("TensorFlow "::concat),
                Optional.empty(),
                layers(stored));
    }

    private static String writer(MetaGraphDef program) {
        if (!program.hasObjectGraphDef()) {
            return program.getMetaInfoDef().getTensorflowVersion().startsWith("1.")
                    ? "TensorFlow 1"
                    : "TensorFlow-Java";
        }
        SavedObject root = program.getObjectGraphDef().getNodes(0);
        return root.getUserObject().getIdentifier().startsWith("_tf_keras") ? "Keras 2" : "Keras 3";
    }

    /**
     * Runs the signature {@code serving_default}, which takes one tensor and gives one. The SavedModel is a program,
     * and whoever runs it trusts who made it.
     *
     * @param inputs (batch, input shape), row by row
     * @param shape of the inputs with the batch
     * @return the outputs row by row
     * @throws IOException where the model has no such signature or cannot be loaded
     */
    public double[] predict(double[] inputs, Shape shape) throws IOException {
        try (ServedModel model = ServedModel.open(folder, device)) {
            return model.predict(inputs, shape);
        }
    }

    /**
     * What tells it from others that give other outputs: a SHA-256 over the files of {@code saved_model.pb},
     * {@code variables} and {@code assets}. One that was saved again may have another, though it computes the same.
     */
    public String digest() throws IOException {
        List<Path> files = new ArrayList<>(List.of(folder.resolve(PROGRAM)));
        for (String part : List.of("assets", "variables")) {
            if (Files.isDirectory(folder.resolve(part))) {
                try (Stream<Path> found = Files.walk(folder.resolve(part))) {
                    found.filter(Files::isRegularFile).sorted().forEach(files::add);
                }
            }
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
                digest.update((name + ' ' + Files.size(file) + '\n').getBytes(StandardCharsets.UTF_8));
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Writes it as {@link KerasFormat#SAVED_MODEL} says. */
    <T extends TFloating> void write(Network network, Weights weights, Class<T> dtype) throws IOException {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model<T> model = network.build(tf, dtype);
            Placeholder<T> images = tf.withName("images")
                    .placeholder(dtype, Placeholder.shape(network.input().prepend(Shape.UNKNOWN_SIZE)));
            Operand<T> outputs = model.call(tf, images, Phase.inference());
            addSaver(tf, model, dtype);
            try (Session session = device.open(graph)) {
                model.setWeights(session, weights);
                SavedModelBundle.exporter(folder.toString())
                        .withTags(SavedModelBundle.DEFAULT_TAG)
                        .withSession(session)
                        .withSignature(Signature.builder(ServedModel.SIGNATURE)
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
    private static <T extends TFloating> void addSaver(Ops graph, Model<T> model, Class<T> dtype) {
        Ops tf = graph.withSubScope("save");
        Placeholder<TString> file = tf.withName("filename").placeholder(TString.class);
        int n = model.variables().size();
        Operand<TString> names =
                tf.array(model.variables().stream().map(Variable::name).toArray(String[]::new));
        Operand<TString> slices = Checkpoint.noSlices(tf, n);
        List<Operand<?>> values =
                new ArrayList<>(model.variables().stream().map(Variable::value).toList());
        Op save = tf.train.save(file, names, slices, values);
        tf.withControlDependencies(List.of(save)).withName("control_dependency").identity(file);
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

    private MetaGraphDef program() throws IOException {
        check(folder);
        try (InputStream in = Files.newInputStream(folder.resolve(PROGRAM))) {
            // As a stream, so that memory is taken as messages arrive.
            var program = org.tensorflow.proto.SavedModel.parseFrom(in);
            return program.getMetaGraphsList().stream()
                    .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(SavedModelBundle.DEFAULT_TAG))
                    .findFirst()
                    .orElseThrow(() -> new IOException(folder + " has no graph with the tag serve"));
        } catch (InvalidProtocolBufferException e) {
            throw KerasFile.damaged(folder.resolve(PROGRAM).toString(), e);
        } catch (OutOfMemoryError e) {
            throw KerasFile.tooLarge(folder.resolve(PROGRAM).toString(), e);
        }
    }

    /**
     * Checks what TensorFlow's library does not: that {@code saved_model.pb} is no larger than a graph may be, which
     * has its weights elsewhere, or some as constants, and where the checkpoint's index leads.
     */
    static void check(Path folder) throws IOException {
        Path program = folder.resolve(PROGRAM);
        if (Files.size(program) > MOST_PROGRAM) {
            throw new IOException("%s has %d bytes, more than the %d that a graph may have"
                    .formatted(program, Files.size(program), MOST_PROGRAM));
        }
        CheckpointIndex.check(folder.resolve("variables").resolve("variables.index"));
    }

    private List<Stored> listed(SavedObjectGraph objects) throws IOException {
        TrackableObjectGraph checkpoint = objectGraph();
        List<Stored> stored = new ArrayList<>();
        int list = named(LIST, objects.getNodes(0).getChildrenList())
                .orElseThrow(() -> new IOException(folder + " has no list of variables at its root: was it saved by"
                        + " Keras's model.save (2) or model.export (3)?"));
        int keys = named(LIST, checkpoint.getNodes(0).getChildrenList())
                .orElseThrow(() -> new IOException(folder + ": its checkpoint does not list the model's variables"));
        List<ObjectReference> variables = objects.getNodes(list).getChildrenList();
        for (int i = 0; i < variables.size(); i++) {
            String number = Integer.toString(i);
            SavedVariable variable = named(number, variables)
                    .map(node -> objects.getNodes(node).getVariable())
                    .orElseThrow(() -> new IOException(folder + " does not hold variable " + number + " of its list"));
            String key = named(number, checkpoint.getNodes(keys).getChildrenList())
                    .map(checkpoint::getNodes)
                    .filter(node -> node.getAttributesCount() == 1)
                    .map(node -> node.getAttributes(0).getCheckpointKey())
                    .orElseThrow(() -> new IOException(
                            folder + ": its checkpoint does not hold " + variable.getName() + ", which it lists"));
            if (FLOATS.containsKey(variable.getDtype())) {
                stored.add(new Stored(variable.getName(), key, variable.getDtype(), shape(variable.getShape())));
            }
        }
        return stored;
    }

    private static Optional<Integer> named(String name, List<ObjectReference> children) {
        return children.stream()
                .filter(child -> child.getLocalName().equals(name))
                .map(ObjectReference::getNodeId)
                .findFirst();
    }

    /** Variables of TensorFlow 1 are named by their nodes; some, such as those of metrics, are not saved. */
    private List<Stored> named(MetaGraphDef program) throws IOException {
        List<NodeDef> nodes = program.getGraphDef().getNodeList();
        Set<String> saved = nodes.stream()
                .filter(node -> node.getOp().equals("Const") && node.getName().endsWith(SAVED_NAMES))
                .flatMap(
                        node -> node
                                .getAttrOrDefault("value", AttrValue.getDefaultInstance())
                                .getTensor()
                                .getStringValList()
                                .stream())
                .map(ByteString::toStringUtf8)
                .collect(Collectors.toSet());
        List<Stored> stored = new ArrayList<>();
        for (NodeDef node : nodes) {
            DataType type = node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance())
                    .getType();
            if (!VARIABLES.contains(node.getOp()) || !FLOATS.containsKey(type)) {
                continue;
            }
            String name = node.getOp().equals(RESOURCE)
                    ? attribute(node, "shared_name").getS().toStringUtf8()
                    : node.getName();
            if (saved.isEmpty() || saved.contains(name)) {
                stored.add(new Stored(
                        name, name, type, shape(attribute(node, "shape").getShape())));
            }
        }
        if (stored.isEmpty()) {
            throw new IOException(
                    folder + " holds no variables that are numbers: it has no weights, or they are constants"
                            + " of its graph, which this program does not read");
        }
        return stored;
    }

    private AttrValue attribute(NodeDef node, String name) throws IOException {
        if (!node.containsAttr(name)) {
            throw new IOException("%s: its variable %s has no %s, expected one that TensorFlow wrote"
                    .formatted(folder, node.getName(), name));
        }
        return node.getAttrOrThrow(name);
    }

    private static Shape shape(TensorShapeProto shape) {
        return shape.getUnknownRank()
                ? Shape.unknown()
                : Shape.of(shape.getDimList().stream()
                        .mapToLong(TensorShapeProto.Dim::getSize)
                        .toArray());
    }

    private TrackableObjectGraph objectGraph() throws IOException {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<?> restored = tf.train
                    .restore(
                            tf.constant(checkpoint().toString()),
                            tf.array(GRAPH_KEY),
                            Checkpoint.noSlices(tf, 1),
                            List.of(TString.class))
                    .tensors()
                    .get(0);
            try (Session session = device.open(graph);
                    Result result = session.runner().fetch(restored).run()) {
                // Read as bytes: as text it would change.
                return TrackableObjectGraph.parseFrom(
                        ((TString) result.get(0)).asBytes().getObject());
            }
        } catch (TensorFlowException | InvalidProtocolBufferException e) {
            throw KerasFile.damaged(folder.resolve("variables").toString(), e);
        }
    }

    private Path checkpoint() {
        return folder.resolve("variables").resolve("variables");
    }

    private List<StoredLayer> layers(List<Stored> variables) throws IOException {
        Map<String, List<StoredWeight>> layers = new LinkedHashMap<>();
        try {
            List<Weights.Weight> found = Checkpoint.restore(
                    checkpoint(),
                    device,
                    variables.stream().map(Stored::key).toList(),
                    variables.stream()
                            .map(variable -> FLOATS.get(variable.type()))
                            .toList());
            for (int i = 0; i < found.size(); i++) {
                Stored variable = variables.get(i);
                Weights.Weight weight = found.get(i);
                if (!weight.shape().equals(variable.shape())) {
                    throw new IOException("%s, weight %s is said to have the shape %s, and has %s"
                            .formatted(folder, variable.name(), variable.shape(), weight.shape()));
                }
                int slash = variable.name().lastIndexOf('/');
                String own = variable.name().substring(slash + 1);
                layers.computeIfAbsent(variable.name().substring(0, Math.max(slash, 0)), name -> new ArrayList<>())
                        .add(new StoredWeight(own, weight.shape(), DTYPES.get(variable.type()), weight.values()));
            }
        } catch (TensorFlowException e) {
            throw KerasFile.damaged(folder.resolve("variables").toString(), e);
        }
        return layers.entrySet().stream()
                .map(layer -> new StoredLayer(
                        layer.getKey().substring(layer.getKey().lastIndexOf('/') + 1),
                        Optional.empty(),
                        layer.getValue()))
                .toList();
    }
}
