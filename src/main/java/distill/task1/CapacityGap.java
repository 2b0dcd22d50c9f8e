package distill.task1;

import static distill.report.Published.EARLY_STOPPED_ALPHA;
import static distill.report.Published.EARLY_STOPPED_TEMPERATURE;

import distill.command.Answers;
import distill.command.StudentOptions;
import distill.command.TeacherOutputsOption;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.nn.zoo.MnistStudent;
import distill.report.CapacityTables;
import distill.report.Cells;
import distill.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /**
     * Options without a use where teachers are taken early: T and alpha are fixed, the student is the report's, a given
     * teacher has no epochs, and one that stops early has too few.
     */
    static final Set<String> FIXED = both(
            Set.of("--temperatures", "--alphas", "--teacher", TeacherOutputsOption.NAME),
            both(StudentOptions.NAMES, Task1.OF_EARLY_STOPPING));

    /** As {@link #FIXED}, with that of the students' width, which these questions choose themselves. */
    static final Set<String> FIXED_WITH_WIDTH = both(FIXED, Set.of("--width"));

    /** The report's width, and a quarter of it each time. */
    private static final List<Integer> WIDTHS = List.of(12, 49, 196, MnistStudent.WIDTH);

    private static final List<Integer> QUICK_WIDTHS = List.of(12, 196);

    private static Set<String> both(Set<String> one, Set<String> other) {
        return Stream.concat(one.stream(), other.stream()).collect(Collectors.toSet());
    }

    /** What a question that looks at students of these widths trains for one seed. */
    static List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed, List<Integer> widths) {
        if (experiment.hasGivenTeacher()) {
            return List.of();
        }
        List<Training> trainings = new ArrayList<>(plan.plainStudentsByWidth(widths, seed));
        trainings.addAll(students(plan, widths, seed));
        return trainings;
    }

    private static List<Training> students(MnistPlan plan, List<Integer> widths, long seed) {
        return plan.studentsByWidth(widths, EARLY_STOPPED_TEMPERATURE, EARLY_STOPPED_ALPHA, seed);
    }

    /** All widths, the greatest last. */
    static List<Integer> widths(Task1Experiment experiment) {
        return experiment.quick() ? QUICK_WIDTHS : WIDTHS;
    }

    /** The greatest alone. */
    static List<Integer> greatestWidth(Task1Experiment experiment) {
        return List.of(Collections.max(widths(experiment)));
    }

    /**
     * The runs: trained, of these widths, or found in another store, of any. Empty, after a line that says why, where
     * there can be none: a given teacher was not watched in its training, and another store may have none.
     */
    static Optional<CapacityGap> of(Task1Experiment experiment, List<Integer> widths) throws IOException {
        Answers answers = experiment.answers();
        if (experiment.hasGivenTeacher()) {
            answers.print("Left out: it looks at a teacher after each of its epochs, of which a given one has none.");
            return Optional.empty();
        }
        List<Run> plain = experiment.varied("q10", (plan, seed) -> plan.plainStudentsByWidth(widths, seed));
        List<Run> students = experiment.varied("q10", (plan, seed) -> students(plan, widths, seed));
        if (students.isEmpty() || plain.isEmpty()) {
            answers.print("Left out: the store has no students of several widths.");
            return Optional.empty();
        }
        List<Long> seeds =
                students.stream().map(run -> run.settings().seed()).distinct().toList();
        List<Run> teachers = experiment.teachers().stream()
                .filter(teacher -> seeds.contains(teacher.settings().seed()))
                .toList();
        if (teachers.isEmpty()) {
            answers.print("Left out: the store has no teacher of these students.");
            return Optional.empty();
        }
        CapacityGap gap = new CapacityGap(teachers, students, plain);
        experiment.sayWhatIsLeftOut(gap.runs());
        return Optional.of(gap);
    }

    /** All of them. */
    List<Run> runs() {
        return Cells.all(teachers, students, plain);
    }

    /** The students of the greatest width. */
    List<Run> widest() {
        int width =
                students.stream().mapToInt(run -> run.settings().width()).max().orElseThrow();
        return CapacityTables.ofWidth(students, width);
    }
}
