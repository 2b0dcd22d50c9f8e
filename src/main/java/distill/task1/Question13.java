package distill.task1;

import distill.command.Experiment;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Cell;
import distill.page.Document;
import distill.page.Document.Block;
import distill.report.EarlyStoppedTables;
import distill.report.EarlyStoppedTables.Way;
import distill.report.MnistCharts;
import distill.report.Published;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.training.EarlyStopping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
    private List<Double> limits;

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
    private List<Integer> untils;

    @Spec
    private CommandSpec spec;

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
        boolean ways = limits != null || untils != null;
        if (singleTrajectory || !ways) {
            trainings.addAll(plan.earlyStoppedStudents(
                    singleTrajectory || experiment.quick() ? MnistPlan.SINGLE_TRAJECTORY : MnistPlan.EARLY_STOPPED,
                    Published.EARLY_STOPPED_TEMPERATURE,
                    Published.EARLY_STOPPED_ALPHA,
                    seed));
        }
        if (ways) {
            trainings.add(plan.earlyStoppedStudent(
                    MnistPlan.SINGLE_TRAJECTORY,
                    experiment.epochs(),
                    Published.EARLY_STOPPED_TEMPERATURE,
                    Published.EARLY_STOPPED_ALPHA,
                    seed));
        }
        if (untils != null) {
            untils.forEach(until -> trainings.add(plan.studentDistilledUntil(
                    until, Published.EARLY_STOPPED_TEMPERATURE, Published.EARLY_STOPPED_ALPHA, seed)));
        }
        return trainings;
    }

    @Override
    public String title() {
        return "Early-stopped teachers";
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        List<Block> blocks = new ArrayList<>(stored.readings(Question13::newTeachers));
        blocks.addAll(figure(stored, MnistPlan.EARLY_STOPPED, "new teachers"));
        blocks.addAll(stored.readings(Question13::sameTeacher));
        blocks.addAll(figure(stored, MnistPlan.SINGLE_TRAJECTORY, "each seed's teacher"));
        if (blocks.isEmpty()) {
            blocks.add(new Document.Missing(
                    "The store has no students of early-stopped teachers.", "./reproduce task1 q13"));
        }
        List<Run> teachers = stored.runs(Task1Experiment::teachers).values().stream()
                .flatMap(List::stream)
                .toList();
        Stored.Setup<Task1Experiment> first = stored.setups().get(0);
        if (!first.experiment().quick() && !teachers.isEmpty()) {
            calibrate(
                    first.experiment(), teachers, first.experiment().earlyStoppedStudents(MnistPlan.SINGLE_TRAJECTORY));
            blocks.addAll(first.answers().take());
        }
        blocks.addAll(stored.readings(experiment -> experiment.kept("", "q13-stopped-early")));
        return blocks;
    }

    /** Fig. 10 in one of its forms; nothing where no reading has such students. */
    private static List<Block> figure(Stored<Task1Experiment> stored, String question, String teachers)
            throws IOException {
        Map<String, List<Run>> students = stored.runs(experiment -> experiment.earlyStoppedStudents(question));
        return students.isEmpty()
                ? List.of()
                : List.of(new Document.Figure(MnistCharts.teacherEpochs(
                        "Fig. 10: student accuracy against the teacher's epochs, " + teachers,
                        MnistCharts.named(students))));
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        check(experiment);
        experiment.announce();
        experiment.answers().heading("Question 13: early-stopped teachers");
        if (experiment.hasGivenTeacher()) {
            experiment.answers().print("Left out: a given teacher's earlier epochs are not known.");
            return;
        }
        boolean ways = limits != null || untils != null;
        if (singleTrajectory) {
            trajectory(experiment);
        } else if (!ways) {
            asTheReport(experiment);
        }
        if (ways) {
            ways(experiment);
        }
    }

    private void check(Task1Experiment experiment) {
        check(
                limits == null || limits.stream().allMatch(x -> x > 0 && Double.isFinite(x)),
                "--stop-when-loss-change-below takes numbers over 0, found " + limits);
        check(patience == null || patience >= 1, "--patience takes a number from 1, found " + patience);
        check(minEpochs == null || minEpochs >= 1, "--min-epochs takes a number from 1, found " + minEpochs);
        check(
                limits != null || patience == null && minEpochs == null,
                "--patience and --min-epochs go with --stop-when-loss-change-below: give it, too");
        check(
                untils == null || untils.stream().allMatch(n -> n >= 1 && n < experiment.epochs()),
                "--distil-until-epoch takes numbers from 1 to %d (of %d epochs), found %s"
                        .formatted(experiment.epochs() - 1, experiment.epochs(), untils));
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** New teachers. From a store that lacks them, and in a quick cut, for which they take too long, the trajectory. */
    private void asTheReport(Task1Experiment experiment) throws IOException {
        if (experiment.quick()) {
            experiment
                    .answers()
                    .print(
                            "QUICK: new teachers would take minutes, so question 5's teaches as it was after each epoch.");
            trajectory(experiment);
            return;
        }
        if (experiment.trainsNothing() && !experiment.hasStored(MnistPlan.EARLY_STOPPED)) {
            experiment.answers().print("The store has no runs with new teachers; these are of the single trajectory.");
            trajectory(experiment);
            return;
        }
        newTeachers(experiment);
    }

    private static void newTeachers(Task1Experiment experiment) throws IOException {
        List<Run> students = experiment.earlyStoppedStudents(MnistPlan.EARLY_STOPPED);
        table3(experiment, "q13", students, experiment.earlyStoppedTeachers());
    }

    private void trajectory(Task1Experiment experiment) throws IOException {
        sameTeacher(experiment);
        if (!experiment.quick() && limits == null) {
            List<Run> students = experiment.earlyStoppedStudents(MnistPlan.SINGLE_TRAJECTORY);
            calibrate(experiment, teachers(experiment, students), students);
        }
    }

    private static void sameTeacher(Task1Experiment experiment) throws IOException {
        List<Run> students = experiment.earlyStoppedStudents(MnistPlan.SINGLE_TRAJECTORY);
        table3(experiment, "q13-single-trajectory", students, teachers(experiment, students));
    }

    /** The teachers of both readings that are stored with the settings of some students. */
    private static List<Run> teachers(Task1Experiment experiment, List<Run> students) throws IOException {
        return students.isEmpty()
                ? List.of()
                : experiment.allStored(
                        Settings.SHARED_TEACHER, Role.TEACHER, students.get(0).settings());
    }

    private static void table3(Task1Experiment experiment, String name, List<Run> students, List<Run> teachers)
            throws IOException {
        if (students.isEmpty()) {
            return;
        }
        experiment
                .answers()
                .publish(
                        experiment.fileName(name + "-table3", students),
                        EarlyStoppedTables.table3(students, teachers),
                        EarlyStoppedTables.csv(students, teachers),
                        Stream.concat(students.stream(), teachers.stream().filter(teacher -> students.stream()
                                        .anyMatch(student -> teacher.identity()
                                                .equals(student.settings().teacher()))))
                                .toList());
        Settings first = students.get(0).settings();
        experiment
                .answers()
                .draw(
                        experiment.fileName(name + "-curve", students),
                        MnistCharts.teacherEpochs(
                                "Student test accuracy vs. teacher's epochs, %s, %s"
                                        .formatted(
                                                first.reading(),
                                                first.question().equals(MnistPlan.SINGLE_TRAJECTORY)
                                                        ? "each seed's teacher"
                                                        : "new teachers"),
                                Map.of(MnistCharts.ours(students), students)));
    }

    private void ways(Task1Experiment experiment) throws IOException {
        Cell whole = Cell.number(experiment.epochs());
        List<Way> ways = new ArrayList<>();
        List<Run> plain = experiment.studentsOfTrajectory(experiment.teachers(), teacher -> experiment.epochs());
        List<Run> teachers = experiment.teachers().stream()
                .filter(teacher -> plain.stream()
                        .anyMatch(student -> student.settings().teacher().equals(teacher.identity())))
                .toList();
        ways.add(new Way("plain KD", whole, whole, plain));
        StringBuilder name = new StringBuilder();
        for (double limit : limits == null ? List.<Double>of() : limits) {
            EarlyStopping rule = rule(limit);
            List<Run> students = experiment.studentsOfTrajectory(
                    teachers, teacher -> rule.epoch(teacher.history()).orElse(experiment.epochs()));
            List<OptionalInt> epochs = teachers.stream()
                    .map(teacher -> rule.epoch(teacher.history()))
                    .toList();
            Cell stops = epochs.size() == 1 && epochs.get(0).isPresent()
                    ? Cell.number(epochs.get(0).getAsInt())
                    : Cell.text(epochs.stream()
                            .map(epoch -> epoch.isPresent()
                                    ? Integer.toString(epoch.getAsInt())
                                    : experiment.epochs() + " (never)")
                            .collect(Collectors.joining(", ")));
            ways.add(new Way(
                    "teacher stopped: loss change below " + EarlyStoppedTables.limit(limit), stops, whole, students));
            name.append("-below").append(EarlyStoppedTables.limit(limit));
        }
        name.append(patience == null ? "" : "-patience" + patience).append(minEpochs == null ? "" : "-min" + minEpochs);
        for (int until : untils == null ? List.<Integer>of() : untils) {
            ways.add(new Way(
                    "KD until epoch " + until, whole, Cell.number(until), experiment.studentsDistilledUntil(until)));
            name.append("-until").append(until);
        }
        List<Run> all = ways.stream().flatMap(way -> way.students().stream()).toList();
        experiment
                .answers()
                .keep(
                        experiment.fileName("q13-stopped-early", all) + name,
                        EarlyStoppedTables.ways(ways),
                        EarlyStoppedTables.waysCsv(ways, teachers));
        if (limits != null) {
            Settings like = plain.get(0).settings();
            calibrate(
                    experiment,
                    experiment.allStored(Settings.SHARED_TEACHER, Role.TEACHER, like),
                    experiment.allStored(MnistPlan.SINGLE_TRAJECTORY, Role.STUDENT, like).stream()
                            .filter(run -> run.settings().variant() == like.variant())
                            .toList());
        }
    }

    /** Where the report's rule stops the teachers that are stored. */
    private void calibrate(Task1Experiment experiment, List<Run> teachers, List<Run> students) throws IOException {
        List<EarlyStopping> rules = Stream.concat(
                        EarlyStoppedTables.LIMITS.stream(), limits == null ? Stream.of() : limits.stream())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .map(this::rule)
                .toList();
        experiment
                .answers()
                .publish(
                        experiment.fileName("q13-loss-change", teachers)
                                + (patience == null ? "" : "-patience" + patience)
                                + (minEpochs == null ? "" : "-min" + minEpochs),
                        EarlyStoppedTables.calibration(teachers, rules, students),
                        EarlyStoppedTables.calibrationCsv(teachers, rules, students),
                        Experiment.joined(teachers, students));
    }

    private EarlyStopping rule(double limit) {
        return new EarlyStopping(limit, patience == null ? 1 : patience, minEpochs == null ? 1 : minEpochs);
    }
}
