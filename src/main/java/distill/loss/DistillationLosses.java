package distill.loss;

import java.util.List;

/** The distillation losses that settings can name. */
public final class DistillationLosses {

    private static final List<DistillationLoss> ALL =
            List.of(new KnowledgeDistillation(), new MseLogits(), new Similarity());

    private DistillationLosses() {}

    /**
     * A loss by its name.
     *
     * @throws IllegalArgumentException where there is none, with the names that there are
     */
    public static DistillationLoss named(String name) {
        return ALL.stream()
                .filter(loss -> loss.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no loss %s: %s".formatted(name, String.join(", ", names()))));
    }

    /** The names of all losses, the report's first. */
    public static List<String> names() {
        return ALL.stream().map(DistillationLoss::name).toList();
    }
}
