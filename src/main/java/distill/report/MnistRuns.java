package distill.report;

import distill.data.Mnist;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds in a store the runs of Task 1 that a command line means. Where the store has runs on several data sets, those
 * like its latest on MNIST, or else like its latest. Students of another loss than the report's are left out.
 *
 * @param all the store's runs in their order
 * @param query what the command line asks for
 */
public record MnistRuns(List<Run> all, Query query) {

    /**
     * What a command line asks for.
     *
     * @param variant the reading
     * @param without the slips that are taken away from it; null without any
     * @param epochs of each training, but for a teacher that is stopped early
     * @param seeds empty where any will do
     * @param givenTeacher identity of the teacher that takes the place of each seed's own; null where none does
     */
    public record Query(
            Variant variant, String without, boolean quick, int epochs, List<Long> seeds, String givenTeacher) {}

    /** The runs of one question and model; empty where there are none. */
    public List<Run> of(String question, Role role) {
        List<Run> matching = matching();
        return matching.isEmpty() ? List.of() : on(like(matching).data(), matching, question, role);
    }

    /** The runs of one question and model that were tested on the last training images; empty where there are none. */
    public List<Run> ofValidation(int images, String question, Role role) {
        List<Run> matching = matching();
        return matching.isEmpty()
                ? List.of()
                : on(Mnist.validationDigest(like(matching).data(), images), matching, question, role);
    }

    private List<Run> on(String data, List<Run> matching, String question, Role role) {
        List<Run> onData = matching.stream()
                .filter(run -> run.settings().data().equals(data))
                .toList();
        return latest(onData.stream()
                .filter(run -> {
                    Settings s = run.settings();
                    return s.question().equals(question)
                            && s.role() == role
                            && s.trainImages()
                                    == onData.get(onData.size() - 1).settings().trainImages()
                            && (s.teacher() == null || matchesTeacher(s));
                })
                .toList());
    }

    /**
     * The latest run of each cell and seed.
     *
     * @param sameModel of one question and model, in the order of the store
     */
    public static List<Run> latest(List<Run> sameModel) {
        Map<List<Object>, Run> latest = new LinkedHashMap<>();
        sameModel.forEach(
                run -> latest.put(List.of(run.settings().cell(), run.settings().seed()), run));
        return List.copyOf(latest.values());
    }

    private List<Run> matching() {
        return all.stream().filter(run -> matches(run.settings())).toList();
    }

    private boolean matches(Settings s) {
        return s.variant() == query.variant()
                && Objects.equals(s.without(), query.without())
                && s.quick() == query.quick()
                && s.isOfReportsLoss()
                && (s.epochs() == query.epochs() || s.trainsEarlyStoppedTeacher())
                && (query.seeds().isEmpty() || query.seeds().contains(s.seed()));
    }

    /** A student's teacher is the given one, or where none is given the seed's own. */
    private boolean matchesTeacher(Settings settings) {
        return query.givenTeacher() == null
                ? !settings.hasGivenTeacher()
                : query.givenTeacher().equals(settings.teacher());
    }

    /** The latest run on MNIST; where there is none, the latest. */
    private static Settings like(List<Run> runs) {
        return runs.stream()
                .map(Run::settings)
                .filter(settings -> settings.data().equals(Mnist.DIGEST))
                .reduce((earlier, later) -> later)
                .orElseGet(() -> runs.get(runs.size() - 1).settings());
    }
}
