package distill.task2;

import distill.command.PageAnswers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MhistPlan;
import distill.experiment.Training;
import distill.nn.zoo.BaseModel;
import distill.page.Cell;
import distill.page.Chart;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Cells;
import distill.report.Costs;
import distill.report.Marks;
import distill.report.MhistCharts;
import distill.report.PublishedMhist;
import distill.report.RunQuery;
import distill.run.Reading;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Sample;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Question 2: the report's steps 3 to 8 and 13 on MHIST. */
@Command(name = "q2", description = "Steps 3 to 8 and 13 of the report on MHIST, or some of them.")
public final class Question2 extends Question<Task2Experiment, MhistPlan> {

    /** As many lines as the page has colours that tell them apart. */
    private static final int MOST_LINES = 7;

    /** What a plan has no use for. */
    static final Set<String> BESIDE_A_PLAN = Set.of("--from", "--tensorboard", "--jobs");

    @Option(
            names = "--part",
            split = ",",
            paramLabel = "PART[,PART]",
            description = "data, models, losses, teacher, sweep (students with distillation by temperature), scratch"
                    + " (students without), cost, eskd (early-stopped teachers), collapse (which slips the authors'"
                    + " collapsed student needs), or all, which is all but collapse (default).")
    private Set<Part> parts = Set.of(Part.all);

    @Option(
            names = "--plan",
            description = "Train nothing: print every run to come with its epochs, steps, estimated time and memory,"
                    + " from a short measurement.")
    private boolean plan;

    public static void main(String[] args) {
        Task2.main("q2", args);
    }

    /** One part of it. */
    static Question2 of(Part part) {
        Question2 question = new Question2();
        question.parts = Set.of(part);
        return question;
    }

    @Override
    public String name() {
        return super.name()
                + (parts.contains(Part.all)
                        ? ""
                        : " --part " + asked().stream().map(Part::toString).collect(Collectors.joining(",")))
                + (plan ? " --plan" : "");
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !(plan && BESIDE_A_PLAN.contains(option))
                && asked().stream().anyMatch(part -> part.uses(option, trains));
    }

    /** The parts that were asked for in their order. */
    private Set<Part> asked() {
        return new TreeSet<>(parts.contains(Part.all) ? Part.ALL : parts);
    }

    @Override
    public String description() {
        return parts.contains(Part.collapse)
                ? "Which slips the authors' collapsed student needs."
                : super.description();
    }

    @Override
    public List<Training> trainings(Task2Experiment experiment, MhistPlan common, long seed) {
        return wanted(experiment).stream()
                .flatMap(part -> part.trainings(common, experiment.temperatures(), seed).stream())
                .toList();
    }

    @Override
    public String title() {
        return "Teacher and students on histology images";
    }

    @Override
    public List<Block> inShort(Stored<Task2Experiment> stored) throws IOException {
        return List.of(new Document.Text(
                "Of this question the report has the headings alone. The authors' notebook has numbers:"
                        + " they stand beside runs on MHIST with its settings, and beside no others. Runs on other images show that"
                        + " every phase, loss and measure works, and what a loss does to a student; how good a student of MHIST"
                        + " would be they cannot show: `docs/mhist.md#results-on-other-images-than-mhist`."));
    }

    @Override
    public List<Block> page(Stored<Task2Experiment> stored) throws IOException {
        Table costs = Costs.ofTask2(
                Reading.of(Settings.TASK2, Variant.AS_WRITTEN),
                BaseModel.RESNET50V2,
                PublishedMhist.IMAGE_SIZE,
                BaseModel.MHIST_CLASSES,
                new Marks(List.of()));
        List<Block> tables = List.of(new Document.Sheet(notebook(), List.of()), new Document.Sheet(costs, List.of()));
        List<Block> trained = stored.setUps(setup -> trained(setup.experiment(), setup.answers()));
        Block missing = missing("The store has no such training.");
        return Stored.joined(tables, trained.isEmpty() ? List.of(missing) : trained);
    }

    private static Table notebook() {
        List<List<Cell>> rows = PublishedMhist.TEMPERATURES.stream()
                .map(t -> List.of(
                        Cell.number(t),
                        Cell.published(PublishedMhist.student(t).orElseThrow()),
                        Cell.published(PublishedMhist.plainStudent(t).orElseThrow())))
                .toList();
        return new Table(
                "What the authors' notebook shows: accuracy in % after the fine phase",
                List.of("T", "notebook: student with KD", "notebook: student without KD"),
                rows,
                List.of(
                        "Teacher: " + Sample.percent(PublishedMhist.TEACHER_FINE)
                                + ". The student with KD predicts one class for all images at every temperature; its numbers"
                                + " differ by which 17 of 977 images were left out.",
                        "The notebook plots these as F1. Its students keep their weights from one T to the next."));
    }

    /** The tables and the curves of a set-up; nothing where its teachers have no students but the collapsed ones. */
    private static void trained(Task2Experiment experiment, PageAnswers answers) throws IOException {
        // Asked for with question 3's, teachers of both starts are found.
        List<Run> teachers =
                experiment
                        .stored(s -> s.question().equals(Settings.SHARED_TEACHER)
                                || s.question().equals(MhistPlan.Q3))
                        .stream()
                        .filter(run -> run.settings().question().equals(Settings.SHARED_TEACHER))
                        .toList();
        List<Run> students = Part.sweep.runs(experiment);
        List<Run> plain = Part.scratch.runs(experiment);
        List<Run> stopped = Part.eskd.runs(experiment);
        if (students.isEmpty() && plain.isEmpty() && stopped.isEmpty() && isForCollapse(teachers, experiment)) {
            return;
        }
        Part.publishTeachers(experiment, teachers);
        Part.publishStudents(experiment, "q2-sweep", students);
        Part.publishStudents(experiment, "q2-scratch", plain);
        Chart curves = curves(experiment, teachers, students, plain);
        if (!curves.isEmpty()) {
            answers.add(new Document.Figure(curves));
        }
        Part.publishEarlyStopped(experiment, stopped);
    }

    /** Whether teachers have students of the collapse, under which they are named. */
    private static boolean isForCollapse(List<Run> teachers, Task2Experiment experiment) throws IOException {
        Set<String> identities = teachers.stream().map(Run::identity).collect(Collectors.toSet());
        return experiment.stored().stream()
                .map(Run::settings)
                .anyMatch(s -> identities.contains(s.teacher()) && RunQuery.isOfCollapse(s));
    }

    /** Macro F1 by epoch, of the first teacher and the students of the first seed. */
    private static Chart curves(Task2Experiment experiment, List<Run> teachers, List<Run> students, List<Run> plain)
            throws IOException {
        List<Run> both = Cells.all(students, plain);
        List<Run> marked = both.isEmpty() ? teachers : Cells.all(experiment.teachersOf(both), both);
        Map<String, Run> lines = new LinkedHashMap<>();
        (students.isEmpty() ? teachers : experiment.teachersOf(students.subList(0, 1)))
                .stream().findFirst().ifPresent(run -> lines.put("teacher", run));
        Part.ofFirstSeed(students).forEach(run -> lines.put("with KD" + temperature(run), run));
        Part.ofFirstSeed(plain).forEach(run -> lines.put("without KD" + temperature(run), run));
        List.copyOf(lines.keySet()).stream().skip(MOST_LINES).forEach(lines::remove);
        return MhistCharts.macroF1("Macro F1 on the test images after each epoch", lines, Marks.of(marked));
    }

    private static String temperature(Run run) {
        Double temperature = run.settings().temperature();
        return temperature == null ? "" : ", T = " + Settings.number(temperature);
    }

    @Override
    public void answer(Task2Experiment experiment) throws IOException {
        Set<Part> wanted = wanted(experiment);
        sayLeftOut(experiment, wanted, Part.TRAINING_TEACHERS, "teachers of their own are trained for them");
        sayLeftOut(
                experiment,
                wanted,
                Part.SHOWING_THE_REPORTS_STUDENT,
                "they show the report's student (./reproduce weights summary and cost show another)");
        if (plan) {
            experiment.printPlan(experiment.trainings((common, seed) -> trainings(experiment, common, seed)));
            return;
        }
        for (Part part : wanted) {
            part.show(experiment);
            if (part == Part.scratch && wanted.contains(Part.sweep)) {
                Part.drawTogether(experiment);
            }
        }
    }

    private void sayLeftOut(Task2Experiment experiment, Set<Part> wanted, List<Part> kind, String why) {
        List<Part> left = kind.stream()
                .filter(part -> parts.contains(Part.all) && Part.ALL.contains(part) && !wanted.contains(part))
                .toList();
        if (!left.isEmpty()) {
            experiment.answers().print("Left out, for %s: %s".formatted(why, left));
        }
    }

    @Override
    public boolean plansOnly() {
        return plan;
    }

    /**
     * The parts in their order; where a teacher is given, all are those that train none, and where a student is, those
     * that do not show the report's.
     */
    private Set<Part> wanted(Task2Experiment experiment) {
        boolean all = parts.contains(Part.all);
        Set<Part> wanted = asked();
        if (experiment.hasGivenTeacher()) {
            List<Part> teaching =
                    wanted.stream().filter(Part.TRAINING_TEACHERS::contains).toList();
            teaching.forEach(part -> check(all, "--part " + part + " trains teachers of its own: leave --teacher out"));
            teaching.forEach(wanted::remove);
        }
        if (experiment.hasOwnStudent() && all) {
            wanted.removeAll(Part.SHOWING_THE_REPORTS_STUDENT);
        }
        return wanted;
    }
}
