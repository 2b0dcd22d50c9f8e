package distill.report;

import distill.data.Mnist;
import distill.experiment.MhistPlan;
import distill.loss.DistillationLoss;
import distill.loss.LayerPair;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a command line asks of a store's runs. What it leaves open (which images, and in Task 2 this program or Keras,
 * pre-trained weights or random ones, which temperatures students were carried through) is as in the store's latest run
 * on the report's images, or else in its latest, so that no table mixes what was trained apart. Of several runs of a
 * cell and seed the latest is taken. Runs that {@linkplain Settings#standsStill stand still} stand in for those that
 * learn where a store has none of these. Students of another loss than the one that is asked for are left out.
 *
 * @param seeds empty where any will do
 * @param temperatures empty where any will do
 * @param options whether a training has the options that only its task has, such as numbers of epochs
 * @param teacherNetwork the own teachers'; null in Task 1, which has one
 * @param givenTeacher identity of the teacher that takes their place; null where none does
 * @param loss what students with distillation learnt by, or where it has no teacher those without; others learnt by the
 *     report's
 * @param validationImages how many of the last training images the runs are tested on; 0 for the test images
 */
public record RunQuery(
        Reading reading,
        boolean quick,
        List<Long> seeds,
        List<Double> temperatures,
        Predicate<Settings> options,
        String teacherNetwork,
        String givenTeacher,
        DistillationLoss loss,
        int validationImages) {

    /**
     * The runs that taught some students, as far as they are stored; each once.
     *
     * @param all the store's runs in their order
     */
    public static List<Run> teachersOf(Collection<Run> students, Collection<Run> all) {
        Map<String, Run> byIdentity = RunTable.byIdentity(all);
        return students.stream()
                .map(run -> run.settings().teacher())
                .filter(Objects::nonNull)
                .distinct()
                .map(byIdentity::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * The runs of one part, such as a question's students; empty where there are none.
     *
     * @param all the store's runs of the task in their order
     */
    public List<Run> find(List<Run> all, Predicate<Settings> part) {
        Map<String, Settings> stored = new HashMap<>();
        all.forEach(run -> stored.put(run.identity(), run.settings()));
        boolean learnt = all.stream().anyMatch(run -> run.settings().model().trainedStatistics() != null);
        List<Run> withOptions = all.stream()
                .filter(run ->
                        asks(run.settings()) && !(learnt && run.settings().standsStill()))
                .toList();
        List<Run> matching = withOptions.stream()
                .filter(run -> (run.evaluation() != null || !run.settings().isTransfer())
                        && part.test(run.settings())
                        && hasOwnTeacher(run.settings(), stored))
                .toList();
        if (matching.isEmpty()) {
            return List.of();
        }
        boolean transfer = teacherNetwork != null;
        // Task 1 has one set of images for all its questions, Task 2 one for each part.
        List<Run> basis = transfer ? matching : withOptions;
        Run like = like(basis);
        String data = validationImages == 0
                ? like.settings().data()
                : Mnist.validationDigest(like.settings().data(), validationImages);
        int trainImages = basis.stream()
                .map(Run::settings)
                .filter(settings -> settings.data().equals(data))
                .reduce((earlier, later) -> later)
                .map(Settings::trainImages)
                .orElse(0);
        List<Run> onSameData = matching.stream()
                .filter(run -> run.settings().data().equals(data)
                        && run.settings().trainImages() == trainImages
                        && (!transfer
                                || run.provenance().isOurs()
                                        == like.provenance().isOurs()))
                .toList();
        // Question 3 of Task 2 compares them.
        boolean bothStarts =
                matching.stream().anyMatch(run -> run.settings().question().equals(MhistPlan.Q3));
        Map<Role, Settings> latestOf = onSameData.stream()
                .collect(Collectors.groupingBy(
                        run -> run.settings().role(),
                        Collectors.collectingAndThen(
                                Collectors.toList(), runs -> like(runs).settings())));
        List<Run> alike = onSameData.stream()
                .filter(run -> {
                    Settings latest = latestOf.get(run.settings().role());
                    return (bothStarts || Objects.equals(start(run.settings(), stored), start(latest, stored)))
                            && Objects.equals(teachersStart(run.settings(), stored), teachersStart(latest, stored));
                })
                .toList();
        return latest(
                alike.stream()
                        .filter(run -> isOfTheChain(run.settings(), alike, stored))
                        .toList(),
                stored);
    }

    /** The latest run of each cell and seed of runs of one question and role, in the order of the store. */
    public static List<Run> latest(List<Run> runs) {
        return latest(runs, Map.of());
    }

    private static List<Run> latest(List<Run> runs, Map<String, Settings> stored) {
        Map<List<Object>, Run> latest = new LinkedHashMap<>();
        for (Run run : runs) {
            Settings s = run.settings();
            latest.put(Arrays.asList(s.cell(), s.seed(), start(s, stored)), run);
        }
        return List.copyOf(latest.values());
    }

    /** The same of any seed and temperature. */
    public RunQuery ofAnySeedAndTemperature() {
        return new RunQuery(
                reading, quick, List.of(), List.of(), options, teacherNetwork, givenTeacher, loss, validationImages);
    }

    /** Whether a training has the reading, the seed and the options that are asked for. */
    public boolean asks(Settings settings) {
        // The table of collapsed students has rows of several readings.
        return (isOfCollapse(settings) || settings.reading().equals(reading))
                && (seeds.isEmpty() || seeds.contains(settings.seed()))
                && settings.quick() == quick
                && isOfLoss(settings)
                && options.test(settings);
    }

    private boolean isOfLoss(Settings settings) {
        boolean chosen =
                !isOfCollapse(settings) && settings.role() == (loss.hasTeacher() ? Role.STUDENT : Role.STUDENT_PLAIN);
        return chosen
                ? settings.loss().equals(loss.name())
                        && Objects.equals(settings.lossLayers(), LayerPair.text(loss.named()))
                : settings.isOfReportsLoss();
    }

    /** Whether a training is one of those that tell which slips the authors' collapsed student needs. */
    public static boolean isOfCollapse(Settings settings) {
        return settings.question().startsWith(MhistPlan.COLLAPSE);
    }

    /**
     * Whether a teacher is of the network that was asked for, and a student's teacher the given one, or where none is
     * given its seed's own. One that the store does not have may be.
     */
    private boolean hasOwnTeacher(Settings settings, Map<String, Settings> stored) {
        if (isOfCollapse(settings)) {
            return true;
        }
        if (settings.role() == Role.TEACHER) {
            return Objects.equals(settings.network(), teacherNetwork);
        }
        if (settings.teacher() == null) {
            return true;
        }
        if (givenTeacher != null) {
            return givenTeacher.equals(settings.teacher());
        }
        if (!settings.isTransfer() || !stored.containsKey(settings.teacher())) {
            return !settings.hasGivenTeacher();
        }
        Settings teacher = stored.get(settings.teacher());
        return teacher.role() == Role.TEACHER
                && teacher.seed() == settings.seed()
                && teacher.network().equals(teacherNetwork)
                && Objects.equals(teacher.teacherEpochs(), settings.teacherEpochs());
    }

    /** The latest on the report's images; where there is none, the latest. */
    private static Run like(List<Run> runs) {
        return runs.stream()
                .filter(run -> run.settings().isTransfer()
                        ? Marks.isOnMhist(run)
                        : run.settings().data().equals(Mnist.DIGEST))
                .reduce((earlier, later) -> later)
                .orElseGet(() -> runs.get(runs.size() - 1));
    }

    /** What kind of weights a run started from; a carried student what the first of its chain did. */
    private static String start(Settings settings, Map<String, Settings> stored) {
        return chain(settings, stored).get(0).start();
    }

    private static String teachersStart(Settings settings, Map<String, Settings> stored) {
        return settings.teacher() == null || !stored.containsKey(settings.teacher())
                ? ""
                : Objects.requireNonNullElse(start(stored.get(settings.teacher()), stored), "");
    }

    /** The runs that a carried student went through, itself last, as far as the store has them. */
    private static List<Settings> chain(Settings settings, Map<String, Settings> stored) {
        List<Settings> chain = new ArrayList<>(List.of(settings));
        while (chain.get(0).carried() && stored.containsKey(chain.get(0).startingWeights())) {
            chain.add(0, stored.get(chain.get(0).startingWeights()));
        }
        return chain;
    }

    /**
     * Whether a student went through those temperatures that come before its own: of the ones that were asked for, or
     * else of the longest chain, among equal ones the latest.
     */
    private boolean isOfTheChain(Settings settings, List<Run> alike, Map<String, Settings> stored) {
        List<Settings> sameChain = alike.stream()
                .map(Run::settings)
                .filter(other -> isSameChain(other, settings))
                .toList();
        if (sameChain.stream().noneMatch(Settings::carried)) {
            return true;
        }
        List<Double> longest = sameChain.stream()
                .map(other -> temperatures(chain(other, stored)))
                .max(Comparator.comparing(List::size))
                .orElseThrow();
        List<Double> asked = isOfCollapse(settings) || temperatures.isEmpty() ? longest : temperatures;
        List<Double> own = temperatures(chain(settings, stored));
        return own.size() <= asked.size() && asked.subList(0, own.size()).equals(own);
    }

    private static boolean isSameChain(Settings one, Settings other) {
        return one.question().equals(other.question()) && one.role() == other.role() && one.seed() == other.seed();
    }

    private static List<Double> temperatures(List<Settings> chain) {
        return chain.stream().map(Settings::temperature).toList();
    }
}
