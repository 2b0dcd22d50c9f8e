package distill.report;

import distill.experiment.MhistPlan;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Finds in a store the runs of Task 2 that a command line means. What it leaves open (which images, this program or
 * Keras, pre-trained weights or random ones, which temperatures students were carried through) is as in the store's
 * latest run on MHIST, or else in its latest, so that no table mixes what was trained apart. Of several runs of a cell
 * and seed the latest is taken. Students of another loss than the report's are left out.
 *
 * @param all the store's runs in their order
 * @param query what the command line asks for
 */
public record MhistRuns(List<Run> all, Query query) {

    /**
     * What a command line asks for.
     *
     * @param variant the reading
     * @param without the slips that are taken away from it; null without any
     * @param seeds empty where any will do
     * @param temperatures empty where any will do
     * @param teacherNetwork the own teachers'
     * @param givenTeacher identity of the teacher that takes their place; null where none does
     */
    public record Query(
            Variant variant,
            String without,
            boolean quick,
            List<Long> seeds,
            List<Double> temperatures,
            int epochsInitial,
            int epochsFine,
            int imageSize,
            boolean augmentation,
            String teacherNetwork,
            String givenTeacher) {}

    /**
     * The runs that taught some students, as far as they are stored; each once.
     *
     * @param all the store's runs in their order
     */
    public static List<Run> teachersOf(Collection<Run> students, Collection<Run> all) {
        Map<String, Run> byIdentity = new LinkedHashMap<>();
        all.forEach(run -> byIdentity.put(run.identity(), run));
        return students.stream()
                .map(run -> run.settings().teacher())
                .filter(Objects::nonNull)
                .distinct()
                .map(byIdentity::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The runs of one part; empty where there are none. */
    public List<Run> of(Predicate<Settings> part) {
        Map<String, Run> byIdentity = new LinkedHashMap<>();
        all.forEach(run -> byIdentity.put(run.identity(), run));
        List<Run> matching = all.stream()
                .filter(run -> run.evaluation() != null
                        && part.test(run.settings())
                        && matches(run.settings())
                        && hasOwnTeacher(run.settings(), byIdentity))
                .toList();
        if (matching.isEmpty()) {
            return List.of();
        }
        Run like = like(matching);
        // Question 3 compares them.
        boolean bothStarts =
                matching.stream().anyMatch(run -> run.settings().question().equals(MhistPlan.Q3));
        List<Run> onSameData = matching.stream()
                .filter(run -> run.settings().data().equals(like.settings().data())
                        && run.settings().trainImages() == like.settings().trainImages()
                        && run.provenance().isOurs() == like.provenance().isOurs())
                .toList();
        List<Run> alike = onSameData.stream()
                .filter(run -> {
                    Settings latest =
                            like(ofModel(onSameData, run.settings().role())).settings();
                    return (bothStarts || start(run.settings(), byIdentity).equals(start(latest, byIdentity)))
                            && teachersStart(run.settings(), byIdentity).equals(teachersStart(latest, byIdentity));
                })
                .toList();
        Map<List<Object>, Run> latest = new LinkedHashMap<>();
        for (Run run : alike) {
            Settings s = run.settings();
            if (isOfTheChain(s, alike, byIdentity)) {
                latest.put(List.of(s.cell(), s.seed(), start(s, byIdentity)), run);
            }
        }
        return List.copyOf(latest.values());
    }

    private boolean matches(Settings settings) {
        Settings.Schedule schedule = settings.schedule();
        boolean phases = schedule.epochsInitial() == null
                || schedule.epochsInitial() == query.epochsInitial() && schedule.epochsFine() == query.epochsFine();
        // The table of collapsed students has rows of several readings.
        boolean reading = isOfCollapse(settings)
                || settings.variant() == query.variant() && Objects.equals(settings.without(), query.without());
        return reading
                && phases
                && (query.seeds().isEmpty() || query.seeds().contains(settings.seed()))
                && settings.quick() == query.quick()
                && settings.isOfReportsLoss()
                && settings.images().imageSize() == query.imageSize()
                && settings.augmented() == query.augmentation();
    }

    private static boolean isOfCollapse(Settings settings) {
        return settings.question().startsWith(MhistPlan.COLLAPSE);
    }

    /**
     * Whether a teacher is of the network that was asked for, and a student's teacher the given one, or where none is
     * given its seed's own. One that the store does not have may be.
     */
    private boolean hasOwnTeacher(Settings settings, Map<String, Run> byIdentity) {
        if (isOfCollapse(settings)) {
            return true;
        }
        if (settings.role() == Role.TEACHER) {
            return settings.network().equals(query.teacherNetwork());
        }
        if (settings.teacher() == null) {
            return true;
        }
        if (query.givenTeacher() != null) {
            return query.givenTeacher().equals(settings.teacher());
        }
        if (!byIdentity.containsKey(settings.teacher())) {
            return !settings.hasGivenTeacher();
        }
        Settings teacher = byIdentity.get(settings.teacher()).settings();
        return teacher.role() == Role.TEACHER
                && teacher.seed() == settings.seed()
                && teacher.network().equals(query.teacherNetwork())
                && Objects.equals(teacher.teacherEpochs(), settings.teacherEpochs());
    }

    /** The latest on MHIST; where there is none, the latest. */
    private static Run like(List<Run> runs) {
        return runs.stream()
                .filter(run -> !Marks.of(List.of(run)).words().contains(Marks.NOT_MHIST)
                        && !run.provenance().synthetic())
                .reduce((earlier, later) -> later)
                .orElseGet(() -> runs.get(runs.size() - 1));
    }

    private static List<Run> ofModel(Collection<Run> runs, Role role) {
        return runs.stream().filter(run -> run.settings().role() == role).toList();
    }

    /** What kind of weights a run started from; a carried student what the first of its chain did. */
    private static String start(Settings settings, Map<String, Run> byIdentity) {
        List<Settings> chain = chain(settings, byIdentity);
        return chain.get(0).start();
    }

    private static String teachersStart(Settings settings, Map<String, Run> byIdentity) {
        return settings.teacher() == null || !byIdentity.containsKey(settings.teacher())
                ? ""
                : start(byIdentity.get(settings.teacher()).settings(), byIdentity);
    }

    /** The runs that a carried student went through, itself last, as far as the store has them. */
    private static List<Settings> chain(Settings settings, Map<String, Run> byIdentity) {
        List<Settings> chain = new ArrayList<>(List.of(settings));
        while (chain.get(0).carried() && byIdentity.containsKey(chain.get(0).startingWeights())) {
            chain.add(0, byIdentity.get(chain.get(0).startingWeights()).settings());
        }
        return chain;
    }

    /**
     * Whether a student went through those temperatures that come before its own: of the ones that were asked for, or
     * else of the longest chain, among equal ones the latest.
     */
    private boolean isOfTheChain(Settings settings, List<Run> alike, Map<String, Run> byIdentity) {
        boolean carriedThrough =
                alike.stream().map(Run::settings).anyMatch(other -> isSameChain(other, settings) && other.carried());
        if (!carriedThrough) {
            return true;
        }
        List<Double> longest = alike.stream()
                .map(Run::settings)
                .filter(other -> isSameChain(other, settings))
                .map(other -> temperatures(chain(other, byIdentity)))
                .max(Comparator.comparing(List::size))
                .orElseThrow();
        List<Double> asked = isOfCollapse(settings) || query.temperatures().isEmpty() ? longest : query.temperatures();
        List<Double> own = temperatures(chain(settings, byIdentity));
        return own.size() <= asked.size() && asked.subList(0, own.size()).equals(own);
    }

    private static boolean isSameChain(Settings one, Settings other) {
        return one.question().equals(other.question()) && one.role() == other.role() && one.seed() == other.seed();
    }

    private static List<Double> temperatures(List<Settings> chain) {
        return chain.stream().map(Settings::temperature).toList();
    }
}
