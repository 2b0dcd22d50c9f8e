package distill.reproduce.task1;

import distill.experiment.MnistPlan;
import distill.experiment.Run;
import distill.experiment.Settings;
import distill.nn.zoo.MnistStudent;
import distill.report.CapacityTables;
import distill.report.Published;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What questions 10 to 12 share: students of several widths, each under one teacher as it was after each epoch of its
 * training.
 *
 * @param teachers of each seed, trained to the end
 * @param students with distillation
 * @param plain of the same widths, without
 */
record CapacityGap(List<Run> teachers, List<Run> students, List<Run> plain) {

    /** The report's T and alpha of question 13. */
    static final double TEMPERATURE = Published.EARLY_STOPPED_TEMPERATURE;

    static final double ALPHA = Published.EARLY_STOPPED_ALPHA;

    /** The report's width, and a quarter of it each time. */
    static final List<Integer> WIDTHS = List.of(12, 49, 196, MnistStudent.WIDTH);

    private static final List<Integer> QUICK_WIDTHS = List.of(12, 196);

    /** What the questions train for one seed. */
    static List<Settings> trainings(Lab lab, MnistPlan plan, long seed) {
        return lab.hasGivenTeacher()
                ? List.of()
                : Stream.concat(
                                plan.plainStudentsByWidth(widths(lab), seed).stream(),
                                plan.studentsByWidth(widths(lab), TEMPERATURE, ALPHA, seed).stream())
                        .toList();
    }

    private static List<Integer> widths(Lab lab) {
        return lab.quick() ? QUICK_WIDTHS : WIDTHS;
    }

    /**
     * The runs, trained or found. Empty, after a line that says why, where there can be none: a given teacher was not
     * watched in its training, and another store may have none.
     */
    static Optional<CapacityGap> of(Lab lab) throws IOException {
        if (lab.hasGivenTeacher()) {
            lab.print("Left out: it looks at a teacher after each of its epochs, of which a given one has none.");
            return Optional.empty();
        }
        List<Integer> widths = widths(lab);
        List<Run> plain =
                lab.varied("q10", Settings.STUDENT_PLAIN, (plan, seed) -> plan.plainStudentsByWidth(widths, seed));
        List<Run> students = lab.varied(
                "q10", Settings.STUDENT, (plan, seed) -> plan.studentsByWidth(widths, TEMPERATURE, ALPHA, seed));
        if (students.isEmpty() || plain.isEmpty()) {
            lab.print("Left out: the store has no students of several widths.");
            return Optional.empty();
        }
        List<Long> seeds =
                students.stream().map(run -> run.settings().seed()).distinct().toList();
        return Optional.of(new CapacityGap(
                lab.teachers().stream()
                        .filter(teacher -> seeds.contains(teacher.settings().seed()))
                        .toList(),
                students,
                plain));
    }

    /** A file's name without its ending. */
    String fileName(Lab lab, String name) {
        return lab.fileName(name, students, List.of(TEMPERATURE), List.of(ALPHA));
    }

    /** The students of the greatest width. */
    List<Run> widest() {
        int width = students.stream()
                .mapToInt(run -> run.settings().variation().width())
                .max()
                .orElseThrow();
        return CapacityTables.ofWidth(students, width);
    }
}
