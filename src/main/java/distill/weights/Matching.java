package distill.weights;

import distill.nn.DepthwiseConv2D;
import distill.nn.Network;
import distill.nn.Network.NamedLayer;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.weights.StoredLayer.StoredWeight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        Partners search = new Partners(source, file.layers(), layers);
        return search.goByName()
                ? new Matching(search.match(search.byName()), By.NAME)
                : new Matching(search.match(search.isGrouped() ? search.byClass() : search.inOrder()), By.ORDER);
    }

    private static <L> Set<String> names(List<L> layers, Function<L, String> name) {
        return layers.stream().map(name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Finds the layers of a file that go with those of a network.
     *
     * @param stored of the file
     * @param layers of the network, those that have weights
     */
    private record Partners(String source, List<StoredLayer> stored, List<NamedLayer> layers) {

        private static final int LISTED = 10;
        private static final Pattern NUMBER = Pattern.compile("_(\\d{1,9})$");

        private boolean isGrouped() {
            return stored.stream().allMatch(layer -> layer.group().isPresent());
        }

        /**
         * Whether one side has all names of the other. Where Keras gave the network's names, the file's have to come in
         * the network's order, too: Keras numbers layers as they are made, which need not be their order in the model.
         */
        private boolean goByName() throws IOException {
            Set<String> wanted = names(layers, NamedLayer::name);
            Set<String> found = names(stored, StoredLayer::name);
            return found.size() == stored.size()
                    && !found.isEmpty()
                    && (found.containsAll(wanted) || wanted.containsAll(found))
                    && (!layers.stream().allMatch(Partners::isNumbered) || areInOrder(wanted, found));
        }

        private boolean areInOrder(Set<String> wanted, Set<String> found) throws IOException {
            if (!isGrouped()) {
                return wanted.stream()
                        .filter(found::contains)
                        .toList()
                        .equals(found.stream().filter(wanted::contains).toList());
            }
            Set<String> classes =
                    names(layers, layer -> Network.Names.snakeCase(layer.layer().type()));
            if (!stored.stream().map(Partners::kind).allMatch(classes::contains)) {
                // The groups of a subclassed model are called after its attributes and tell no order.
                return found.equals(wanted);
            }
            Map<String, StoredLayer> byClass = byClass();
            return wanted.stream()
                    .filter(byClass::containsKey)
                    .allMatch(name -> byClass.get(name).name().equals(name) || !found.contains(name));
        }

        private Map<String, StoredLayer> byName() {
            Map<String, StoredLayer> partners = new LinkedHashMap<>();
            stored.forEach(layer -> partners.put(layer.name(), layer));
            return partners;
        }

        /** Whether a layer has the name that Keras gives where none is given: {@code dense_1}. */
        private static boolean isNumbered(NamedLayer layer) {
            return layer.name().matches(Network.Names.snakeCase(layer.layer().type()) + "(_\\d{1,9})?");
        }

        private Map<String, StoredLayer> inOrder() {
            Map<String, StoredLayer> partners = new LinkedHashMap<>();
            for (int i = 0; i < stored.size(); i++) {
                partners.put(i < layers.size() ? layers.get(i).name() : "a layer too many", stored.get(i));
            }
            return partners;
        }

        /** The n-th of a class in the file goes with the n-th in the network. */
        private Map<String, StoredLayer> byClass() throws IOException {
            Map<String, List<StoredLayer>> classes = stored.stream()
                    .collect(Collectors.groupingBy(Partners::kind, LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<String, List<StoredLayer>> members : classes.entrySet()) {
                members.setValue(numbered(members.getKey(), members.getValue()));
            }
            Map<String, StoredLayer> partners = new LinkedHashMap<>();
            for (NamedLayer layer : layers) {
                List<StoredLayer> left =
                        classes.get(Network.Names.snakeCase(layer.layer().type()));
                if (left != null && !left.isEmpty()) {
                    partners.put(layer.name(), left.remove(0));
                }
            }
            classes.values().stream()
                    .flatMap(List::stream)
                    .forEach(layer -> partners.put("a layer too many, " + layer.name(), layer));
            return partners;
        }

        /**
         * By the groups' numbers. Of models within models, where these start anew, by the numbers in the names that
         * Keras gave, if it did.
         */
        private List<StoredLayer> numbered(String kind, List<StoredLayer> members) throws IOException {
            boolean oneModel = names(members, Partners::model).size() <= 1;
            boolean automatic = members.stream().allMatch(layer -> layer.name().matches(kind + "(_\\d{1,9})?"))
                    && names(members, StoredLayer::name).size() == members.size();
            if (!oneModel && !automatic) {
                throw new IOException(
                        "%s has layers %s in models within models, and does not tell their order: save the model as .keras or .h5"
                                .formatted(
                                        source,
                                        members.stream()
                                                .map(layer -> layer.group().orElseThrow())
                                                .collect(Collectors.joining(", "))));
            }
            List<StoredLayer> sorted = new ArrayList<>(members);
            sorted.sort(Comparator.comparingInt(
                    layer -> number(oneModel ? layer.group().orElseThrow() : layer.name())));
            return sorted;
        }

        /** The model within the model that a layer is in. */
        private static String model(StoredLayer layer) {
            return layer.group().orElseThrow().replaceFirst("[^/]*$", "");
        }

        private static int number(String name) {
            Matcher number = NUMBER.matcher(name);
            return number.find() ? Integer.parseInt(number.group(1)) : 0;
        }

        private static String kind(StoredLayer layer) {
            String group = layer.group().orElseThrow();
            return NUMBER.matcher(group.substring(group.lastIndexOf('/') + 1)).replaceFirst("");
        }

        private Weights match(Map<String, StoredLayer> partners) throws IOException {
            Map<String, StoredLayer> left = new LinkedHashMap<>(partners);
            List<Weights.Weight> values = new ArrayList<>();
            for (NamedLayer layer : layers) {
                StoredLayer partner = left.remove(layer.name());
                for (WeightSpec spec : layer.weights()) {
                    String name = layer.name() + "/" + spec.name();
                    StoredWeight weight = Optional.ofNullable(partner)
                            .flatMap(found -> find(found, layer, spec))
                            .orElseThrow(() -> new IOException("%s has no weight %s of shape %s; it has %s"
                                    .formatted(source, name, spec.shape(), listed(partners))));
                    if (!weight.shape().equals(spec.shape())) {
                        throw new IOException("%s: weight %s has shape %s, expected %s for %s: is it another network?"
                                .formatted(source, partner.path(weight), weight.shape(), spec.shape(), name));
                    }
                    if (spec.trainable() && !weight.dtype().contains("float")) {
                        throw new IOException(
                                "%s: weight %s is of type %s, expected float16, bfloat16, float32 or float64"
                                        .formatted(source, partner.path(weight), weight.dtype()));
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
        private static Optional<StoredWeight> find(StoredLayer partner, NamedLayer layer, WeightSpec spec) {
            boolean named = layer.weights().stream()
                    .anyMatch(own -> partner.weights().stream().anyMatch(weight -> isNamed(weight, layer, own)));
            return named
                    ? partner.weights().stream()
                            .filter(weight -> isNamed(weight, layer, spec))
                            .findFirst()
                    : partner.weights().stream()
                            .skip(layer.weights().indexOf(spec))
                            .findFirst();
        }

        /** Keras 2 calls the kernel of a DepthwiseConv2D depthwise_kernel. */
        private static boolean isNamed(StoredWeight weight, NamedLayer layer, WeightSpec spec) {
            return weight.name().equals(spec.name())
                    || layer.layer() instanceof DepthwiseConv2D && weight.name().equals("depthwise_" + spec.name());
        }

        private IOException surplus(StoredLayer layer, StoredWeight weight) {
            return new IOException(
                    "%s has the weight %s of shape %s, for which the network has no place: is it another one?"
                            .formatted(source, layer.path(weight), weight.shape()));
        }

        private static String listed(Map<String, StoredLayer> partners) {
            if (partners.isEmpty()) {
                return "none";
            }
            int more = partners.size() - LISTED;
            return "the layers "
                    + partners.values().stream()
                            .limit(LISTED)
                            .map(StoredLayer::name)
                            .collect(Collectors.joining(", "))
                    + (more > 0 ? " and %d more".formatted(more) : "");
        }
    }
}
