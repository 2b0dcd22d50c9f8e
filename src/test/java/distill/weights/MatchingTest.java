package distill.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Activation;
import distill.nn.Dense;
import distill.nn.Layer;
import distill.nn.Network;
import distill.weights.StoredLayer.StoredWeight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class MatchingTest {

    /** Dense layers of one input and one output each, of which {@code skipped} earlier ones used up names. */
    private static Network denses(int skipped, int count) {
        Network.Names names = new Network.Names();
        IntStream.range(0, skipped).forEach(i -> names.next("Dense"));
        Layer[] layers = new Layer[count];
        Arrays.fill(layers, new Dense(1, Activation.LINEAR));
        return Network.sequential(names, Shape.of(1), layers);
    }

    private static StoredWeight weight(String name, double value) {
        return new StoredWeight(name, Shape.of(1), "float32", new double[] {value});
    }

    /** A layer as a legacy file holds it, its kernel and bias of one value. */
    private static StoredLayer legacy(String name, double value) {
        return new StoredLayer(
                name,
                Optional.empty(),
                List.of(
                        new StoredWeight("kernel", Shape.of(1, 1), "float32", new double[] {value}),
                        weight("bias", value)));
    }

    /** A layer as a Keras 3 file holds it. */
    private static StoredLayer grouped(String name, String group, double value) {
        return new StoredLayer(
                name,
                Optional.of(group),
                List.of(new StoredWeight("0", Shape.of(1, 1), "float32", new double[] {value}), weight("1", value)));
    }

    private static KerasFile file(List<StoredLayer> layers) {
        return new KerasFile("test", Optional.empty(), Optional.empty(), layers);
    }

    private static Matching match(Network network, StoredLayer... layers) throws IOException {
        return Matching.of(file(List.of(layers)), network, "FILE");
    }

    /** The kernel's value in each of the network's layers. */
    private static double[] kernels(Matching matching) {
        return matching.weights().values().stream()
                .filter(weight -> weight.name().endsWith("/kernel"))
                .mapToDouble(weight -> weight.values()[0])
                .toArray();
    }

    /** Keras 3 names groups after a subclassed model's attributes, one of which it puts into the group layers. */
    @Test
    void layersOfASubclassedModelGoByNameWhateverItsAttributesAreCalled() throws IOException {
        Network network = denses(0, 3);
        Matching matching = match(
                network, grouped("dense_2", "dense_2", 3), grouped("dense_1", "fc2", 2), grouped("dense", "fc1", 1));
        assertEquals(Matching.By.NAME, matching.by());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(matching));
    }

    private static String refused(Network network, StoredLayer... layers) {
        String message =
                assertThrows(IOException.class, () -> match(network, layers)).getMessage();
        assertTrue(message.startsWith("FILE") && message.lines().count() == 1, message);
        return message;
    }

    @Test
    void layersOfTheNetworksOwnNamesAreMatchedByNameInWhateverOrderTheyStand() throws IOException {
        Network network = Fixtures.renamed(denses(0, 3), Map.of("dense", "in", "dense_1", "middle", "dense_2", "out"));
        Matching matching = match(network, legacy("out", 3), legacy("in", 1), legacy("middle", 2));
        assertEquals("by name", matching.by().toString());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(matching));
    }

    /** Keras numbers layers as they are made: of a functional model made last layer first, the first is dense_2. */
    @Test
    void namesThatKerasGaveDoNotDecideAgainstTheOrder() throws IOException {
        Matching matching = match(denses(0, 3), legacy("dense_2", 1), legacy("dense", 2), legacy("dense_1", 3));
        assertEquals("by the layers' order", matching.by().toString());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(matching));
        Matching grouped = match(
                denses(0, 3),
                grouped("dense_1", "dense", 1),
                grouped("dense_2", "dense_1", 2),
                grouped("dense", "dense_2", 3));
        assertEquals("by the layers' order", grouped.by().toString());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(grouped));
    }

    @Test
    void aWeightThatIsNoFloatingPointNumberIsRefused() {
        StoredLayer whole = new StoredLayer(
                "dense",
                Optional.empty(),
                List.of(new StoredWeight("kernel", Shape.of(1, 1), "int64", new double[1]), weight("bias", 1)));
        assertTrue(refused(denses(0, 1), whole).contains("weight dense/kernel is of type int64, expected float16"));
    }

    @Test
    void layersOfOtherNamesAreMatchedByTheirOrder() throws IOException {
        Matching matching = match(denses(0, 3), legacy("c", 1), legacy("b", 2), legacy("a", 3));
        assertEquals("by the layers' order", matching.by().toString());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(matching));
    }

    /** The file's dense_2 is its third layer, the network's its first: one name in common decides nothing. */
    @Test
    void aNameInCommonDoesNotOutweighTheOrder() throws IOException {
        Network network = denses(2, 3);
        assertEquals("dense_2", network.layers().get(0).name());
        Matching legacy = match(network, legacy("dense", 1), legacy("dense_1", 2), legacy("dense_2", 3));
        assertEquals(Matching.By.ORDER, legacy.by());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(legacy));
        Matching grouped = match(
                network,
                grouped("dense", "dense", 1),
                grouped("dense_1", "dense_1", 2),
                grouped("dense_2", "dense_2", 3));
        assertEquals(Matching.By.ORDER, grouped.by());
        assertArrayEquals(new double[] {1, 2, 3}, kernels(grouped));
    }

    @Test
    void theGroupsOfAKeras3FileAreCountedNotSpelt() throws IOException {
        // As HDF5 lists them: dense, dense_1, dense_10, dense_11, dense_2, ...
        List<StoredLayer> layers = new ArrayList<>(IntStream.range(0, 12)
                .mapToObj(i -> grouped("mine" + i, i == 0 ? "dense" : "dense_" + i, i))
                .toList());
        layers.sort(Comparator.comparing(layer -> layer.group().orElseThrow()));
        assertEquals("dense_10", layers.get(2).group().orElseThrow());
        Matching matching = Matching.of(file(layers), denses(0, 12), "FILE");
        assertEquals(Matching.By.ORDER, matching.by());
        assertArrayEquals(IntStream.range(0, 12).asDoubleStream().toArray(), kernels(matching));
    }

    @Test
    void theGroupsOfAKeras3FileAreMatchedClassByClass() throws Exception {
        // The file's names are first, conv2d, dense, dense_1; its groups, in alphabetical order, conv2d, conv2d_1, ...
        Network small = Fixtures.small(Activation.SOFTMAX, .5);
        Network ours = Fixtures.renamed(small, Map.of("first", "a", "conv2d", "b", "dense", "first", "dense_1", "d"));
        Matching matching =
                Matching.of(KerasFile.read(Fixtures.path("small.weights.h5"), Fixtures.DEVICE), ours, "FILE");
        assertEquals(Matching.By.ORDER, matching.by());
        var expected =
                Fixtures.weights(small, Fixtures.json("small").get("weights").get("float32"));
        for (int i = 0; i < expected.values().size(); i++) {
            assertArrayEquals(
                    expected.values().get(i).values(),
                    matching.weights().values().get(i).values());
        }
    }

    @Test
    void aNestedModelIsMatchedByNameOrNotAtAllWhereItsOrderIsNotTold() throws IOException {
        StoredLayer[] layers = {grouped("outside", "dense", 2), grouped("inside", "sequential/dense", 1)};
        Network network = denses(0, 2);
        Network named = Fixtures.renamed(network, Map.of("dense", "inside", "dense_1", "outside"));
        assertArrayEquals(new double[] {1, 2}, kernels(match(named, layers)));
        String message = refused(network, layers);
        assertTrue(
                message.contains(
                        "layers dense, sequential/dense in models within models, and does not tell their order"),
                message);
    }

    @Test
    void aMissingWeightIsNamed() {
        assertTrue(refused(denses(0, 3), legacy("dense", 1), legacy("dense_1", 2))
                .contains("has no weight dense_2/kernel of shape [1, 1]"));
        assertTrue(refused(denses(0, 3), legacy("a", 1), legacy("b", 2))
                .contains("has no weight dense_2/kernel of shape [1, 1]"));
        assertTrue(refused(denses(0, 1), new StoredLayer("dense", Optional.empty(), List.of(weight("bias", 1))))
                .contains("has no weight dense/kernel"));
        assertTrue(refused(denses(0, 2), grouped("x", "dense", 1)).contains("has no weight dense_1/kernel"));
        assertTrue(refused(denses(0, 1)).contains("has no weight dense/kernel of shape [1, 1]; it has none"));
    }

    @Test
    void aSurplusWeightIsNamed() {
        assertTrue(refused(denses(0, 1), legacy("dense", 1), legacy("dense_1", 2))
                .contains("has the weight dense_1/kernel of shape [1, 1], for which the network has no place"));
        assertTrue(refused(denses(0, 1), legacy("a", 1), legacy("b", 2)).contains("has the weight b/kernel"));
        assertTrue(refused(denses(0, 1), grouped("a", "dense", 1), grouped("b", "conv2d", 2))
                .contains("has the weight b/0 of shape [1, 1]"));
        StoredLayer three = new StoredLayer(
                "dense",
                Optional.empty(),
                List.of(
                        new StoredWeight("kernel", Shape.of(1, 1), "float32", new double[1]),
                        weight("bias", 1),
                        weight("scale", 1)));
        assertTrue(refused(denses(0, 1), three).contains("has the weight dense/scale of shape [1]"));
    }

    @Test
    void aWeightOfAnotherShapeIsNamedWithBothShapes() {
        StoredLayer wide = new StoredLayer(
                "dense",
                Optional.empty(),
                List.of(new StoredWeight("kernel", Shape.of(2, 1), "float32", new double[2]), weight("bias", 1)));
        assertTrue(refused(denses(0, 1), wide)
                .contains("weight dense/kernel has shape [2, 1], expected [1, 1] for dense/kernel"));
    }
}
