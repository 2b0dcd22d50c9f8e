package distill.weights;

import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.weights.StoredLayer.StoredWeight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which of a file's weights are which of a network's. Where the file's layers have the network's names, by name. Where
 * they have others (Keras numbers the layers of all models of a session on), by the order of the layers that have
 * weights; a Keras 3 file has no order but one for each class of layer, which its groups number, in each model of its
 * own where models are nested. Shapes are checked in either case.
 *
 * @param weights the file's values under the network's names
 * @param by what decided
 */
public record Matching(Weights weights, By by) {

    /** What decided which weight is which. */
    public enum By {
        NAME,
        ORDER;

        /** {@code by name} or {@code by the layers' order}. */
        @Override
        public String toString() {
            return this == NAME ? "by name" : "by the layers' order";
        }
    }

    /**
     * Matches.
     *
     * @param source what errors call the file
     * @throws IOException where a weight is missing, is one too many or has another shape; names it
     */
    public static Matching of(KerasFile file, Network network, String source) throws IOException {
        List<NamedLayer> layers = network.layers().stream()
                .filter(layer -> !layer.weights().isEmpty())
                .toList();
        Set<String> wanted = names(layers, NamedLayer::name);
        Set<String> found = names(file.layers(), StoredLayer::name);
        boolean byName = found.size() == file.layers().size()
                && !found.isEmpty()
                && (found.containsAll(wanted) || wanted.containsAll(found));
        boolean grouped = file.layers().stream().allMatch(layer -> layer.group().isPresent());
        if (!byName && grouped) {
            checkOneModel(file.layers(), network, source);
        }
        Matcher matcher = new Matcher(source, network.name());
        Map<String, StoredLayer> partners = byName
                ? matcher.keyed(file.layers(), StoredLayer::name)
                : grouped ? matcher.byClass(file.layers(), layers) : matcher.inOrder(file.layers(), layers);
        return new Matching(matcher.match(layers, partners), byName ? By.NAME : By.ORDER);
    }

    /** Two groups of one name are in two models, and what comes first is not told. */
    private static void checkOneModel(List<StoredLayer> layers, Network network, String source) throws IOException {
        Map<String, String> groups = new LinkedHashMap<>();
        for (StoredLayer layer : layers) {
            String other = groups.put(layer.group().orElseThrow(), layer.name());
            if (other != null) {
                throw new IOException(("%s holds models within models, and does not tell the order of %s and %s: its"
                                + " layers need the names of %s to be matched (or save it as .h5)")
                        .formatted(source, other, layer.name(), network.name()));
            }
        }
    }

    private static <L> Set<String> names(List<L> layers, Function<L, String> name) {
        return layers.stream().map(name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private record Matcher(String source, String network) {

        private Map<String, StoredLayer> keyed(List<StoredLayer> layers, Function<StoredLayer, String> key) {
            Map<String, StoredLayer> keyed = new LinkedHashMap<>();
            layers.forEach(layer -> keyed.put(key.apply(layer), layer));
            return keyed;
        }

        private Map<String, StoredLayer> inOrder(List<StoredLayer> stored, List<NamedLayer> layers) {
            Map<String, StoredLayer> partners = new LinkedHashMap<>();
            for (int i = 0; i < stored.size(); i++) {
                partners.put(i < layers.size() ? layers.get(i).name() : "a layer too many", stored.get(i));
            }
            return partners;
        }

        /** The n-th of a class in the file goes with the n-th in the network. */
        private Map<String, StoredLayer> byClass(List<StoredLayer> stored, List<NamedLayer> layers) {
            Map<String, List<StoredLayer>> classes = stored.stream()
                    .sorted((a, b) -> Integer.compare(number(a), number(b)))
                    .collect(Collectors.groupingBy(
                            Matcher::kind, LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
            Map<String, StoredLayer> partners = new LinkedHashMap<>();
            for (NamedLayer layer : layers) {
                List<StoredLayer> left = classes.getOrDefault(
                        Network.Names.snakeCase(layer.layer().type()), new ArrayList<>());
                if (!left.isEmpty()) {
                    partners.put(layer.name(), left.remove(0));
                }
            }
            classes.values().stream()
                    .flatMap(List::stream)
                    .forEach(layer -> partners.put("a layer too many, " + layer.name(), layer));
            return partners;
        }

        private static int number(StoredLayer layer) {
            String number = layer.group().orElseThrow().replaceFirst("^.*_(?=\\d+$)", "");
            return number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0;
        }

        private static String kind(StoredLayer layer) {
            return layer.group().orElseThrow().replaceFirst("_\\d+$", "");
        }

        private Weights match(List<NamedLayer> layers, Map<String, StoredLayer> partners) throws IOException {
            Map<String, StoredLayer> left = new LinkedHashMap<>(partners);
            List<Weights.Weight> values = new ArrayList<>();
            for (NamedLayer layer : layers) {
                StoredLayer partner = left.remove(layer.name());
                for (int i = 0; i < layer.weights().size(); i++) {
                    WeightSpec spec = layer.weights().get(i);
                    String name = layer.name() + "/" + spec.name();
                    StoredWeight weight =
                            partner == null ? null : find(partner, layer, i).orElse(null);
                    if (weight == null) {
                        throw new IOException("%s has no weight %s of shape %s, which %s needs; it has %s"
                                .formatted(source, name, spec.shape(), network, listed(partners)));
                    }
                    if (!weight.shape().equals(spec.shape())) {
                        throw new IOException(
                                "%s: weight %s has shape %s, expected %s for %s of %s: is it another network?"
                                        .formatted(
                                                source,
                                                partner.path(weight),
                                                weight.shape(),
                                                spec.shape(),
                                                name,
                                                network));
                    }
                    values.add(new Weights.Weight(name, spec.shape(), weight.values()));
                }
                if (partner != null
                        && partner.weights().size() > layer.weights().size()) {
                    throw surplus(partner, partner.weights().get(layer.weights().size()));
                }
            }
            for (StoredLayer layer : left.values()) {
                throw surplus(layer, layer.weights().get(0));
            }
            return new Weights(List.copyOf(values));
        }

        /** By its own name where the file tells it, else by its number in the layer. */
        private static Optional<StoredWeight> find(StoredLayer partner, NamedLayer layer, int index) {
            Set<String> named = names(partner.weights(), StoredWeight::name);
            boolean known = layer.weights().stream().map(WeightSpec::name).anyMatch(named::contains);
            if (known) {
                String name = layer.weights().get(index).name();
                return partner.weights().stream()
                        .filter(weight -> weight.name().equals(name))
                        .findFirst();
            }
            return partner.weights().stream().skip(index).findFirst();
        }

        private IOException surplus(StoredLayer layer, StoredWeight weight) {
            return new IOException("%s has the weight %s of shape %s, for which %s has no place: is it another network?"
                    .formatted(source, layer.path(weight), weight.shape(), network));
        }

        private static String listed(Map<String, StoredLayer> partners) {
            return partners.isEmpty()
                    ? "none"
                    : "the layers "
                            + partners.values().stream().map(StoredLayer::name).collect(Collectors.joining(", "));
        }
    }
}
