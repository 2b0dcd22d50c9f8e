package distill.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trainings shared out among machines that know nothing of each other. A shard has trainings that stand one after the
 * other, with all that they rest on, so that few teachers are trained by two shards; where one ends is chosen so that
 * the longest shard is as short as can be by the times of steps in {@code docs/performance.md}. These and the order of
 * the trainings alone decide, and nothing that is stored, so that every machine finds the same shards.
 */
public final class Shards {

    /** Halvings of the time that the longest shard may take. */
    private static final int HALVINGS = 50;

    private final Map<Training, Double> seconds = new HashMap<>();
    private final List<List<Training>> units;

    private Shards(Collection<Training> trainings) {
        Set<Training> all = new LinkedHashSet<>();
        Set<Training> restedOn = new HashSet<>();
        for (Training training : trainings) {
            List<Training> needed = training.withWhatItRestsOn();
            all.addAll(needed);
            restedOn.addAll(needed.subList(0, needed.size() - 1));
        }
        EpochTimes times = EpochTimes.from(List.of());
        all.forEach(training -> times.know(training.settings()));
        all.forEach(training -> seconds.put(
                training,
                Trainer.usualShare(training.settings(), 2)
                        * times.estimate(training.settings()).seconds()));
        units = trainings.stream()
                .distinct()
                .filter(training -> !restedOn.contains(training))
                .map(Training::withWhatItRestsOn)
                .toList();
    }

    /**
     * The trainings of each shard, each after those that it rests on; no shard is empty.
     *
     * @param trainings all, of which some may rest on others
     * @param count how many shards
     * @throws IllegalArgumentException where there are more shards than trainings on which no other rests
     */
    public static List<List<Training>> of(Collection<Training> trainings, int count) {
        Shards shards = new Shards(trainings);
        if (count > shards.units.size()) {
            throw new IllegalArgumentException(
                    "%d shards are too many: the trainings to share out, without those that others rest on, are %d"
                            .formatted(count, shards.units.size()));
        }
        double least = 0;
        double most =
                shards.seconds.values().stream().mapToDouble(value -> value).sum();
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (least + most) / 2;
            if (shards.filled(count, middle).size() > count) {
                least = middle;
            } else {
                most = middle;
            }
        }
        return shards.filled(count, most);
    }

    /**
     * Shards that take no longer than {@code limit} seconds, but for one whose only training does; at least
     * {@code count}.
     */
    private List<List<Training>> filled(int count, double limit) {
        List<List<Training>> shards = new ArrayList<>();
        Set<Training> shard = new LinkedHashSet<>();
        double load = 0;
        for (int i = 0; i < units.size(); i++) {
            boolean oneForEach = units.size() - i == count - shards.size() - 1;
            double more = load;
            for (Training training : units.get(i)) {
                more += shard.contains(training) ? 0 : seconds.get(training);
            }
            if (!shard.isEmpty() && (oneForEach || more > limit)) {
                shards.add(List.copyOf(shard));
                shard.clear();
                more = units.get(i).stream().mapToDouble(seconds::get).sum();
            }
            shard.addAll(units.get(i));
            load = more;
        }
        shards.add(List.copyOf(shard));
        return shards;
    }
}
