package distill.command;

import distill.experiment.GivenStudent;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.util.Optional;

/**
 * A network of one's own that is to be the student.
 *
 * @param name of a model or a file, or with {@code --from} the beginning of its digest
 * @param keepsWeights whether trainings start from its weights; else they are drawn
 */
public record OwnStudent(String name, boolean keepsWeights) {

    /**
     * What settings call it.
     *
     * @param architecture the digest of its layers: {@link Settings.Model#architecture}
     * @param weights the digest of those that it keeps; null where they are drawn
     */
    public record Digests(String architecture, String weights) {

        /** Those of a model that was found. */
        public static Digests of(GivenStudent given) {
            return new Digests(given.architecture(), given.startingWeights());
        }
    }

    /**
     * What runs of a store call it; empty where none has such a student.
     *
     * @throws IOException where several have, or none of these kept its weights and this one is to
     */
    public Optional<Digests> stored(RunStore store, String task) throws IOException {
        Optional<String> architecture = store.student(task, name);
        if (architecture.isEmpty()) {
            return Optional.empty();
        }
        String weights = keepsWeights
                ? store.keptWeights(task, architecture.get())
                        .orElseThrow(() -> new IOException("%s has no run of the student %s that kept its weights"
                                .formatted(store.folder(task), name)))
                : null;
        return Optional.of(new Digests(architecture.get(), weights));
    }

    /** Says which was found. */
    public String found(Digests digests) {
        return "Student: %s, SHA-256 of its layers %s, weights %s"
                .formatted(
                        name,
                        digests.architecture(),
                        digests.weights() == null ? "drawn from the seed" : "kept, SHA-256 " + digests.weights());
    }
}
