package distill.report;

import distill.data.Mnist;
import distill.experiment.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What sets runs apart from the report's settings, in words for every table and file. Marked runs are never compared
 * with the report.
 *
 * @param words such as {@code QUICK}, {@code SYNTHETIC}; empty for runs like the report's
 */
public record Marks(List<String> words) {

    /** The marks of some runs. */
    public static Marks of(Collection<Run> runs) {
        List<String> words = new ArrayList<>();
        if (any(runs, run -> run.settings().quick())) {
            words.add("QUICK");
        }
        if (any(runs, run -> run.provenance().synthetic())) {
            words.add("SYNTHETIC");
        } else if (any(runs, run -> !run.settings().data().equals(Mnist.DIGEST))) {
            words.add("NOT MNIST");
        }
        if (any(runs, run -> run.settings().hasGivenTeacher())) {
            words.add("ANOTHER TEACHER");
        }
        TreeSet<Integer> epochs =
                runs.stream().map(run -> run.settings().epochs()).collect(Collectors.toCollection(TreeSet::new));
        epochs.remove(Published.EPOCHS);
        if (!epochs.isEmpty()) {
            words.add(epochs.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " EPOCHS");
        }
        TreeSet<Integer> images =
                runs.stream().map(run -> run.settings().trainImages()).collect(Collectors.toCollection(TreeSet::new));
        if (!words.contains("SYNTHETIC")
                && !words.contains("NOT MNIST")
                && images.stream().anyMatch(n -> n < Published.TRAIN_IMAGES)) {
            words.add(images.first() + " TRAINING IMAGES");
        }
        return new Marks(List.copyOf(words));
    }

    /** Whether the runs can be compared with the report. */
    public boolean comparable() {
        return words.isEmpty();
    }

    /** {@code " [QUICK, 2 EPOCHS]"}, or nothing. */
    public String suffix() {
        return words.isEmpty() ? "" : " [" + String.join(", ", words) + "]";
    }

    /** The sentence that a marked table carries; none for runs like the report's. */
    public List<String> notes() {
        return words.isEmpty() ? List.of() : List.of(String.join(", ", words) + ": not compared with the report.");
    }

    private static boolean any(Collection<Run> runs, Predicate<Run> predicate) {
        return runs.stream().anyMatch(predicate);
    }
}
