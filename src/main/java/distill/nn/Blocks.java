package distill.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/** Parts of networks, and networks without their shortcuts. */
public final class Blocks {

    private Blocks() {}

    /**
     * The part of a network from one layer to another, as a network. What its layers take from outside is its input.
     *
     * @throws IllegalArgumentException where there is no such layer, or the part takes more than one thing from outside
     */
    public static Network between(Network network, String first, String last) {
        int from = network.indexOf(first);
        int to = network.indexOf(last);
        Set<Integer> outside = new HashSet<>();
        List<Network.NamedLayer> layers = new ArrayList<>();
        for (Network.NamedLayer layer : network.layers().subList(from, to + 1)) {
            List<Integer> inbound = new ArrayList<>();
            for (int source : layer.inbound()) {
                if (source < from) {
                    outside.add(source);
                }
                inbound.add(source < from ? Network.INPUT : source - from);
            }
            layers.add(with(layer, List.copyOf(inbound)));
        }
        if (outside.size() != 1) {
            throw new IllegalArgumentException("%s to %s of %s takes %d things from outside, not one"
                    .formatted(first, last, network.name(), outside.size()));
        }
        return new Network(first + "..." + last, layers.get(0).input(), List.copyOf(layers));
    }

    /**
     * A network without the shortcuts around its blocks: every {@link Add} is taken out, and what took its sum takes
     * the last of its summands, which in the networks here is the block's result. The layers of a shortcut go with it.
     */
    public static Network withoutShortcuts(Network network) {
        List<Network.NamedLayer> all = network.layers();
        Set<Integer> needed = new HashSet<>();
        for (int layer = all.size() - 1; layer != Network.INPUT; layer = lastOnly(all, layer)) {
            needed.add(layer);
        }
        Map<Integer, Integer> moved = new HashMap<>(Map.of(Network.INPUT, Network.INPUT));
        List<Network.NamedLayer> layers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!needed.contains(i)) {
                continue;
            }
            int source = moved.get(lastOnly(all, i));
            if (!(all.get(i).layer() instanceof Add)) {
                layers.add(with(all.get(i), List.of(source)));
                source = layers.size() - 1;
            }
            moved.put(i, source);
        }
        return new Network(network.name() + "_without_shortcuts", network.input(), List.copyOf(layers));
    }

    /** What a layer takes when shortcuts are gone. */
    private static int lastOnly(List<Network.NamedLayer> layers, int layer) {
        List<Integer> inbound = layers.get(layer).inbound();
        return inbound.get(inbound.size() - 1);
    }

    private static Network.NamedLayer with(Network.NamedLayer layer, List<Integer> inbound) {
        List<Shape> inputs = layer.inputs();
        return new Network.NamedLayer(
                layer.name(),
                inbound,
                inputs.subList(inputs.size() - inbound.size(), inputs.size()),
                layer.layer(),
                layer.trainable());
    }
}
