package distill.loss;

import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/** A layer of the student, and the layer of its teacher that a loss compares it with. */
public record ComparedLayers(NamedLayer student, NamedLayer teacher) {

    /** What enters the last layer of each. */
    static ComparedLayers beforeLast(Network student, Network teacher) {
        return new ComparedLayers(beforeLast(student), beforeLast(teacher));
    }

    private static NamedLayer beforeLast(Network network) {
        NamedLayer last = network.layers().get(network.layers().size() - 1);
        return network.layers().get(last.inbound().get(0));
    }

    /**
     * The layers whose maps have the same height and width in both networks, the largest maps first. Of each size a
     * network with shortcuts has the last sum (Keras's {@code Add}), where a group of residual blocks ends; another
     * network has the last layer. A map of one place is none.
     */
    static List<ComparedLayers> ofSameSize(Network student, Network teacher) {
        Map<List<Long>, NamedLayer> teachers = maps(teacher);
        List<ComparedLayers> pairs = new ArrayList<>();
        maps(student).forEach((size, layer) -> {
            if (teachers.containsKey(size)) {
                pairs.add(new ComparedLayers(layer, teachers.get(size)));
            }
        });
        return pairs;
    }

    private static Map<List<Long>, NamedLayer> maps(Network network) {
        List<NamedLayer> all = network.layers().stream()
                .filter(layer -> layer.output().numDimensions() == 3
                        && layer.output().get(0) * layer.output().get(1) > 1)
                .toList();
        List<NamedLayer> sums =
                all.stream().filter(layer -> layer.layer().type().equals("Add")).toList();
        Map<List<Long>, NamedLayer> bySize = new LinkedHashMap<>();
        (sums.isEmpty() ? all : sums)
                .forEach(layer ->
                        bySize.put(List.of(layer.output().get(0), layer.output().get(1)), layer));
        return bySize;
    }

    /**
     * Layers by their names.
     *
     * @throws IllegalArgumentException where a network has no such layer, with those that it has
     */
    static List<ComparedLayers> named(List<LayerPair> pairs, Network student, Network teacher) {
        return pairs.stream()
                .map(pair -> new ComparedLayers(
                        find("student", student, pair.student()), find("teacher", teacher, pair.teacher())))
                .toList();
    }

    private static NamedLayer find(String whose, Network network, String name) {
        return network.layers().stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the %s has no layer %s; its layers are %s"
                        .formatted(
                                whose,
                                name,
                                network.layers().stream()
                                        .map(ComparedLayers::described)
                                        .collect(Collectors.joining(", ")))));
    }

    /** Whether both put out maps of the same height and width. */
    boolean haveSamePlaces() {
        Shape one = student.output();
        Shape other = teacher.output();
        return one.numDimensions() == 3
                && other.numDimensions() == 3
                && one.get(0) == other.get(0)
                && one.get(1) == other.get(1);
    }

    /** Whether both put out a vector for each image. */
    boolean areVectors() {
        return student.output().numDimensions() == 1 && teacher.output().numDimensions() == 1;
    }

    /** Both with their shapes, as an error says what was found. */
    String described() {
        return "%s of the teacher and %s of the student".formatted(described(teacher), described(student));
    }

    /** The layers of a network that have maps, or all of them where none has: names, each with its shape. */
    static String described(Network network) {
        Map<List<Long>, NamedLayer> maps = maps(network);
        return (maps.isEmpty() ? network.layers() : maps.values())
                .stream().map(ComparedLayers::described).collect(Collectors.joining(", "));
    }

    private static String described(NamedLayer layer) {
        return layer.name()
                + Arrays.stream(layer.output().asArray())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(" x ", " (", ")"));
    }
}
