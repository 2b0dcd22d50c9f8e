package distill.task1;

import static distill.report.Published.EARLY_STOPPED_ALPHA;
import static distill.report.Published.EARLY_STOPPED_TEMPERATURE;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Cell;
import distill.page.Chart;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Cells;
import distill.report.EarlyStoppedTables;
import distill.report.EarlyStoppedTables.Way;
import distill.report.Finding;
import distill.report.MnistCharts;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.training.EarlyStopping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Question 13: students of early-stopped teachers (Table III, Fig. 10) at T = 4, alpha .5. As the report does it, each
 * number of epochs has a new teacher; in the single trajectory each seed's teacher teaches as it was after each of its
 * epochs, so that the students of a seed differ by the number of epochs and not by the teacher, and no teacher is
 * trained.
 *
 * <p>Two ways to stop early are options: the rule that the report proposes for the teacher, and distillation for the
 * student's first epochs only, "early-stopped knowledge distillation" (Cho and Hariharan, On the efficacy of knowledge
 * distillation, ICCV 2019).
 */
@Command(
        name = "q13",
        description = "Students of early-stopped teachers: Table III, Fig. 10; with the report's rule to stop one, and"
                + " with distillation that stops.")
public final class Question13 extends Question<Task1Experiment, MnistPlan> {

    @Option(
            names = "--single-trajectory",
            description = "Take the teachers from each seed's own, as it was after each epoch; none is trained anew.")
    private boolean singleTrajectory;

    @Option(
            names = "--stop-when-loss-change-below",
            split = ",",
            paramLabel = "X",
            description =
                    "Stop each seed's teacher when its mean training loss changes by less than X from one epoch to"
                            + " the next, beside plain KD.")
    private List<Double> limits = List.of();

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "With that: N such changes in a row are needed (default 1).")
    private Integer patience;

    @Option(
            names = "--min-epochs",
            paramLabel = "N",
            description = "With that: no teacher stops before epoch N (default 1).")
    private Integer minEpochs;

    @Option(
            names = "--distil-until-epoch",
            split = ",",
            paramLabel = "N",
            description =
                    "Distil during the student's first N epochs, then learn from the labels alone, beside plain KD.")
    private List<Integer> untils = List.of();

    public static void main(String[] args) {
        Task1.main("q13", args);
    }

    /** In the form of {@code --single-trajectory}. */
    static Question13 singleTrajectory() {
        Question13 question = new Question13();
        question.singleTrajectory = true;
        return question;
    }

    @Override
    public String name() {
        return super.name() + (singleTrajectory ? " --single-trajectory" : "");
    }

    @Override
    public String description() {
        return singleTrajectory
                ? "The same with each seed's own teacher as it was after each epoch."
                : super.description();
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        if (experiment.hasGivenTeacher()) {
            return List.of();
        }
        List<Training> trainings = new ArrayList<>();
        if (singleTrajectory || !hasWays()) {
            String question =
                    singleTrajectory || experiment.quick() ? MnistPlan.SINGLE_TRAJECTORY : MnistPlan.EARLY_STOPPED;
            trainings.addAll(plan.earlyStoppedStudents(question, EARLY_STOPPED_TEMPERATURE, EARLY_STOPPED_ALPHA, seed));
        }
        if (hasWays()) {
            trainings.add(plan.earlyStoppedStudent(
                    MnistPlan.SINGLE_TRAJECTORY,
                    experiment.epochs(),
                    EARLY_STOPPED_TEMPERATURE,
                    EARLY_STOPPED_ALPHA,
                    seed));
        }
        for (int until : untils) {
            trainings.add(plan.studentDistilledUntil(until, EARLY_STOPPED_TEMPERATURE, EARLY_STOPPED_ALPHA, seed));
        }
        return trainings;
    }

    /** Whether plain distillation stands beside ways to stop early. */
    private boolean hasWays() {
        return !limits.isEmpty() || !untils.isEmpty();
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !CapacityGap.FIXED.contains(option) && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "Early-stopped teachers";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        List<Block> blocks = new ArrayList<>();
        sentence(stored, MnistPlan.EARLY_STOPPED, "With a new teacher for each number of epochs, as in the report. ")
                .ifPresent(blocks::add);
        sentence(stored, MnistPlan.SINGLE_TRAJECTORY, "With each seed's teacher as it was after each of its epochs. ")
                .ifPresent(blocks::add);
        blocks.add(new Document.Text("Derivation and findings: `docs/theory.md#task-1-question-13`."));
        return blocks;
    }

    private static Optional<Block> sentence(Stored<Task1Experiment> stored, String question, String teachers)
            throws IOException {
        Map<String, List<Run>> students = stored.runs(experiment -> experiment.earlyStoppedStudents(question));
        return students.isEmpty()
                ? Optional.empty()
                : Optional.of(new Document.Text(teachers
                        + Finding.overRange(
                                students,
                                settings -> settings.teacherEpochs().doubleValue(),
                                "under the teacher of epoch")));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        List<Block> found = Stored.joined(
                stored.readings(Question13::newTeachers),
                figure(stored, MnistPlan.EARLY_STOPPED, "new teachers"),
                stored.readings(Question13::sameTeacher),
                figure(stored, MnistPlan.SINGLE_TRAJECTORY, "each seed's teacher"));
        Block missing = missing("The store has no students of early-stopped teachers.");
        List<Run> teachers = stored.runs(Task1Experiment::teachers).values().stream()
                .flatMap(List::stream)
                .toList();
        Stored.Setup<Task1Experiment> first = stored.setups().get(0);
        Task1Experiment experiment = first.experiment();
        if (!experiment.quick() && !teachers.isEmpty()) {
            calibrate(experiment, teachers, experiment.earlyStoppedStudents(MnistPlan.SINGLE_TRAJECTORY));
        }
        return Stored.joined(
                found.isEmpty() ? List.of(missing) : found,
                first.answers().take(),
                stored.readings(setup -> setup.kept("", "q13-stopped-early")));
    }

    /** Fig. 10 in one of its forms. */
    private static List<Block> figure(Stored<Task1Experiment> stored, String question, String teachers)
            throws IOException {
        String title = "Fig. 10: student accuracy against the teacher's epochs, " + teachers;
        return stored.figure(
                experiment -> experiment.earlyStoppedStudents(question),
                students -> MnistCharts.teacherEpochs(title, MnistCharts.named(students)));
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        check(experiment);
        experiment.announce("Question 13: early-stopped teachers");
        if (experiment.hasGivenTeacher()) {
            experiment.answers().print("Left out: a given teacher's earlier epochs are not known.");
            return;
        }
        if (singleTrajectory) {
            trajectory(experiment);
        } else if (!hasWays()) {
            asTheReport(experiment);
        }
        if (hasWays()) {
            ways(experiment);
        }
    }

    private void check(Task1Experiment experiment) {
        check(
                limits.stream().allMatch(x -> x > 0 && Double.isFinite(x)),
                "--stop-when-loss-change-below takes numbers over 0, found " + limits);
        check(patience == null || patience >= 1, "--patience takes a number from 1, found " + patience);
        check(minEpochs == null || minEpochs >= 1, "--min-epochs takes a number from 1, found " + minEpochs);
        check(
                !limits.isEmpty() || patience == null && minEpochs == null,
                "--patience and --min-epochs go with --stop-when-loss-change-below: give it, too");
        check(
                untils.stream().allMatch(n -> n >= 1 && n < experiment.epochs()),
                "--distil-until-epoch takes numbers from 1 to %d (of %d epochs), found %s"
                        .formatted(experiment.epochs() - 1, experiment.epochs(), untils));
    }

    /** New teachers. From a store that lacks them, and in a quick cut, for which they take too long, the trajectory. */
    private void asTheReport(Task1Experiment experiment) throws IOException {
        Answers answers = experiment.answers();
        if (experiment.quick()) {
            answers.print(
                    "QUICK: new teachers would take minutes, so question 5's teaches as it was after each epoch.");
            trajectory(experiment);
        } else if (experiment.trainsNothing()
                && experiment.stored(Question13::isOfNewTeacher).isEmpty()) {
            answers.print("The store has no runs with new teachers; these are of the single trajectory.");
            trajectory(experiment);
        } else {
            newTeachers(experiment);
        }
    }

    private static boolean isOfNewTeacher(Settings settings) {
        return settings.question().equals(MnistPlan.EARLY_STOPPED) && settings.role() == Role.STUDENT;
    }

    private static void newTeachers(Task1Experiment experiment) throws IOException {
        List<Run> students = experiment.earlyStoppedStudents(MnistPlan.EARLY_STOPPED);
        table3(experiment, "q13", "new teachers", students, experiment.runs(MnistPlan::earlyStoppedTeachers));
    }

    private void trajectory(Task1Experiment experiment) throws IOException {
        sameTeacher(experiment);
        if (!experiment.quick() && limits.isEmpty()) {
            List<Run> students = experiment.earlyStoppedStudents(MnistPlan.SINGLE_TRAJECTORY);
            List<Run> teachers = teachers(experiment, students);
            if (!teachers.isEmpty()) {
                calibrate(experiment, teachers, students);
            }
        }
    }

    private static void sameTeacher(Task1Experiment experiment) throws IOException {
        List<Run> students = experiment.earlyStoppedStudents(MnistPlan.SINGLE_TRAJECTORY);
        table3(experiment, "q13-single-trajectory", "each seed's teacher", students, teachers(experiment, students));
    }

    /** The teachers of both readings that are stored with the settings of some students. */
    private static List<Run> teachers(Task1Experiment experiment, List<Run> students) throws IOException {
        return students.isEmpty()
                ? List.of()
                : experiment.allStored(
                        Settings.SHARED_TEACHER, Role.TEACHER, students.get(0).settings());
    }

    private static void table3(
            Task1Experiment experiment, String name, String kind, List<Run> students, List<Run> teachers)
            throws IOException {
        if (students.isEmpty()) {
            return;
        }
        Table table = EarlyStoppedTables.table3(students, teachers);
        String csv = EarlyStoppedTables.csv(students, teachers);
        List<Run> teaching = teaching(students, teachers);
        experiment.publish(name + "-table3", table, csv, students, teaching);
        experiment.writeEpochs(name, Cells.all(teaching, students));
        Chart chart = MnistCharts.teacherEpochs(
                "Student test accuracy vs. teacher's epochs, %s, %s"
                        .formatted(students.get(0).settings().reading(), kind),
                Map.of(MnistCharts.ours(students), students));
        experiment.draw(name + "-curve", chart, students);
    }

    /** The teachers that taught some of the students. */
    private static List<Run> teaching(List<Run> students, List<Run> teachers) {
        return teachers.stream()
                .filter(teacher -> students.stream().anyMatch(student -> teacher.identity()
                        .equals(student.settings().teacher())))
                .toList();
    }

    private void ways(Task1Experiment experiment) throws IOException {
        int whole = experiment.epochs();
        List<Way> ways = new ArrayList<>();
        List<Run> plain = experiment.studentsOfTrajectory(experiment.teachers(), teacher -> whole);
        List<Run> teachers = teaching(plain, experiment.teachers());
        ways.add(new Way("plain KD", Cell.number(whole), Cell.number(whole), plain));
        StringBuilder below = new StringBuilder();
        for (double limit : limits) {
            EarlyStopping rule = rule(limit);
            String name = EarlyStoppedTables.limit(limit);
            List<Run> students = experiment.studentsOfTrajectory(
                    teachers, teacher -> rule.epoch(teacher.history()).orElse(whole));
            ways.add(new Way(
                    "teacher stopped: loss change below " + name,
                    stops(rule, teachers, whole),
                    Cell.number(whole),
                    students));
            below.append("-below").append(name);
        }
        StringBuilder until = new StringBuilder();
        for (int epoch : untils) {
            ways.add(new Way(
                    "KD until epoch " + epoch,
                    Cell.number(whole),
                    Cell.number(epoch),
                    experiment.studentsDistilledUntil(epoch)));
            until.append("-until").append(epoch);
        }
        List<Run> all = ways.stream().flatMap(way -> way.students().stream()).toList();
        String file = experiment.fileName("q13-stopped-early", all) + below + ruleInName() + until;
        experiment.answers().keep(file, EarlyStoppedTables.ways(ways), EarlyStoppedTables.waysCsv(ways, teachers));
        if (!limits.isEmpty()) {
            Settings like = plain.get(0).settings();
            List<Run> students = experiment.allStored(MnistPlan.SINGLE_TRAJECTORY, Role.STUDENT, like).stream()
                    .filter(run -> run.settings().variant() == like.variant())
                    .toList();
            calibrate(experiment, experiment.allStored(Settings.SHARED_TEACHER, Role.TEACHER, like), students);
        }
    }

    /** After which epochs a rule stops teachers; one that it never stops is trained to its last. */
    private static Cell stops(EarlyStopping rule, List<Run> teachers, int last) {
        List<OptionalInt> epochs =
                teachers.stream().map(teacher -> rule.epoch(teacher.history())).toList();
        return epochs.size() == 1 && epochs.get(0).isPresent()
                ? Cell.number(epochs.get(0).getAsInt())
                : Cell.text(epochs.stream()
                        .map(epoch -> epoch.isPresent() ? "" + epoch.getAsInt() : last + " (never)")
                        .collect(Collectors.joining(", ")));
    }

    /** Where the report's rule stops the teachers that are stored. */
    private void calibrate(Task1Experiment experiment, List<Run> teachers, List<Run> students) throws IOException {
        List<EarlyStopping> rules = Stream.concat(EarlyStoppedTables.LIMITS.stream(), limits.stream())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .map(this::rule)
                .toList();
        String file = experiment.fileName("q13-loss-change", teachers) + ruleInName();
        Table table = EarlyStoppedTables.calibration(teachers, rules, students);
        String csv = EarlyStoppedTables.calibrationCsv(teachers, rules, students);
        experiment.answers().publish(file, table, csv, Cells.all(teachers, students));
    }

    private String ruleInName() {
        return (patience == null ? "" : "-patience" + patience) + (minEpochs == null ? "" : "-min" + minEpochs);
    }

    private EarlyStopping rule(double limit) {
        return new EarlyStopping(limit, patience == null ? 1 : patience, minEpochs == null ? 1 : minEpochs);
    }
}
