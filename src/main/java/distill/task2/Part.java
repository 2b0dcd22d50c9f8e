package distill.task2;

import static distill.run.Settings.number;

import distill.command.Answers;
import distill.command.Experiment;
import distill.command.LossTable;
import distill.command.RunOptions;
import distill.command.StudentOptions;
import distill.command.TeacherOutputsOption;
import distill.data.Annotation;
import distill.data.Augmentation;
import distill.data.Mhist;
import distill.data.MhistPreview;
import distill.experiment.MhistPlan;
import distill.experiment.ReadingGraph;
import distill.experiment.Training;
import distill.loss.WorkedExample;
import distill.nn.zoo.BaseModel;
import distill.page.Cell;
import distill.page.Table;
import distill.report.Cells;
import distill.report.Costs;
import distill.report.Marks;
import distill.report.MhistCharts;
import distill.report.MhistTables;
import distill.report.RunQuery;
import distill.run.Role;
import distill.run.Run;
import distill.run.Slip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** The parts of question 2, by the names that {@code --part} takes. */
enum Part {

    /**
     * The authors' preview. It takes {@code --weights} without a use for them, so that who looks at images before a
     * training can give the training's own options.
     */
    data(
            "Question 2, data",
            Part::preview,
            only(
                    "--variant",
                    "--without",
                    "--quick",
                    "--image-size",
                    "--data-dir",
                    "--skip-bad",
                    "--cache",
                    "--weights",
                    "--out")),

    /** The networks and what of them trains. */
    models(
            "Question 2, step 2: the networks",
            Part::networks,
            only("--variant", "--without", "--quick", "--image-size", "--teacher-model", "--out")),

    /** The losses on a small batch, beside what comes out on paper. */
    losses(
            "Question 2, step 3: the losses",
            Part::workedLosses,
            only("--variant", "--without", "--threads", "--device")),

    /** The teacher. */
    teacher(
            "Question 2, step 5: the teacher",
            Part::teachers,
            allBut("--temperatures", "--teacher", TeacherOutputsOption.NAME, "--loss", RunOptions.LOSS_LAYERS)
                    .and(option -> !StudentOptions.NAMES.contains(option)),
            (plan, temperatures, seed) -> List.of(plan.teacher(seed))),

    /** Students with distillation at each temperature. */
    sweep("Question 2, steps 5 and 6: the student with distillation", Part::students, allBut(), MhistPlan::sweep),

    /** Students without distillation. */
    scratch(
            "Question 2, step 7: the student without distillation",
            Part::students,
            allBut("--teacher", TeacherOutputsOption.NAME),
            MhistPlan::scratch),

    /** Parameters and FLOPs. */
    cost(
            "Question 2, step 8: parameters and FLOPs",
            Part::costs,
            only("--variant", "--without", "--quick", "--image-size", "--teacher-model", "--out")),

    /** Early-stopped teachers, and their students. */
    eskd(
            "Question 2, step 13: early-stopped teachers",
            Part::earlyStopped,
            allBut("--temperatures", "--epochs-initial", "--epochs-fine", "--teacher", TeacherOutputsOption.NAME),
            (plan, temperatures, seed) -> plan.earlyStopped(seed)),

    /** Which slips the authors' collapsed student needs. */
    collapse(
            "The authors' student with distillation, and what its collapse needs",
            Part::collapsed,
            allBut(
                            "--variant",
                            "--without",
                            "--temperatures",
                            "--teacher",
                            TeacherOutputsOption.NAME,
                            "--loss",
                            RunOptions.LOSS_LAYERS)
                    .and(option -> !StudentOptions.NAMES.contains(option)),
            (plan, temperatures, seed) -> plan.collapse(seed)),

    /** All of question 2: stands for {@link #ALL}. */
    all("Question 2", (part, experiment) -> {}, only());

    /** What all of question 2 is. */
    static final List<Part> ALL = List.of(data, models, losses, teacher, sweep, scratch, cost, eskd);

    /** Parts that train teachers, and so have no use for a given one. */
    static final List<Part> TRAINING_TEACHERS = List.of(teacher, eskd, collapse);

    /** Parts that show the report's student, and so are of no use to another. */
    static final List<Part> SHOWING_THE_REPORTS_STUDENT = List.of(models, cost);

    private interface Answer {
        void answer(Part part, Task2Experiment experiment) throws IOException;
    }

    private interface Trainings {
        List<Training> of(MhistPlan plan, List<Double> temperatures, long seed);
    }

    private final String heading;
    private final Answer answer;
    private final Predicate<String> uses;
    private final Trainings trainings;

    Part(String heading, Answer answer, Predicate<String> uses) {
        this(heading, answer, uses, (plan, temperatures, seed) -> List.of());
    }

    Part(String heading, Answer answer, Predicate<String> uses, Trainings trainings) {
        this.heading = heading;
        this.answer = answer;
        this.uses = uses;
        this.trainings = trainings;
    }

    /** These options of its task, and the one that leaves results alone on the console. */
    private static Predicate<String> only(String... options) {
        return option -> option.equals("--quiet") || List.of(options).contains(option);
    }

    /**
     * What trains: all but these. The weights of both networks are looked for whichever is trained, so options that say
     * which teacher that is are used by all.
     */
    private static Predicate<String> allBut(String... options) {
        return option -> !List.of(options).contains(option);
    }

    /** As {@link Question2#uses}. The preview reads the images wherever runs come from. */
    boolean uses(String option, boolean trains) {
        return uses.test(option) && (trains || this == data || !RunOptions.OF_TRAINING.contains(option));
    }

    /** What a part trains for one seed; nothing where it trains nothing. */
    List<Training> trainings(MhistPlan plan, List<Double> temperatures, long seed) {
        return trainings.of(plan, temperatures, seed);
    }

    /** Announces the part, trains, and shows what came of it. */
    void show(Task2Experiment experiment) throws IOException {
        experiment.answers().heading(heading);
        answer.answer(this, experiment);
    }

    /** The runs of what the part trains; of students by temperature those at the temperatures that were asked for. */
    List<Run> runs(Task2Experiment experiment) throws IOException {
        Experiment.Asked<MhistPlan> asked = (plan, seed) -> trainings(plan, experiment.temperatures(), seed);
        return this == sweep || this == scratch ? experiment.runsByTemperature(asked) : experiment.runs(asked);
    }

    private void preview(Task2Experiment experiment) throws IOException {
        Mhist data = experiment.data();
        MhistPreview preview = MhistPreview.of(data);
        Answers answers = experiment.answers();
        answers.detail(part("train", data, preview.train()));
        answers.detail(part("test", data, preview.test()));
        Augmentation augmentation = new Augmentation(1, new ReadingGraph(experiment.reading()).augmentation());
        answers.picture(
                "q2-data" + (data.origin().synthetic() ? "-synthetic" : ""),
                "Training images",
                "Images of the first batch, as they are and augmented.",
                file -> {
                    Path png = file.resolveSibling(file.getFileName() + ".png");
                    MhistPreview.writeSheet(data, augmentation, png);
                    return List.of(png);
                });
    }

    private static String part(String name, Mhist data, MhistPreview.Part part) {
        List<String> classes = data.classes();
        StringBuilder text = new StringBuilder("%s: %d images".formatted(name, part.size()));
        for (int label = 0; label < classes.size(); label++) {
            text.append(
                    ", %s %d".formatted(classes.get(label), part.classCounts().get(label)));
        }
        text.append(
                data.votesFor() == null
                        ? "\n  there are no votes"
                        : "\n  votes for %s of %d".formatted(data.votesFor(), data.annotators()));
        for (int label = 0; label < part.votes().size(); label++) {
            List<Integer> votes = part.votes().get(label);
            text.append("\n    ").append(classes.get(label)).append(":");
            for (int n = 0; n < votes.size(); n++) {
                if (votes.get(n) > 0) {
                    text.append(" %d: %d".formatted(n, votes.get(n)));
                }
            }
        }
        for (Annotation row : part.firstRows()) {
            String votes = row.votes() == null ? "" : "  " + row.votes();
            text.append("\n  %s  %s%s".formatted(row.image(), row.label(), votes));
        }
        return text.toString();
    }

    private void networks(Task2Experiment experiment) throws IOException {
        boolean head = experiment.reading().has(Slip.IMAGENET_HEAD);
        boolean freezes = !experiment.reading().has(Slip.NO_FREEZING);
        String dense = "Dense(%d)".formatted(experiment.classes());
        List<List<Cell>> rows = new ArrayList<>();
        for (BaseModel base : List.of(experiment.teacherModel(), BaseModel.MOBILENETV2)) {
            BaseModel.WithHead network = base.withHead(experiment.imageSize(), head, experiment.classes());
            rows.add(List.of(
                    Cell.text(base.toString()),
                    Cell.number(network.base().parameters()),
                    Cell.number(network.head().parameters()),
                    Cell.number(network.whole().parameters()),
                    Cell.number(network.trained(freezes).trainableParameters()),
                    Cell.number(network.trained(false).trainableParameters())));
        }
        Table table = new Table(
                "Networks, " + experiment.reading() + experiment.networkMarks().suffix(),
                List.of("", "base", dense, "parameters", "trainable, initial", "trainable, fine"),
                rows,
                List.of(
                        dense + " stands on the " + (head ? "1000 logits of ImageNet." : "pooled features."),
                        "What is not trainable in the fine phase are the moving statistics of batch"
                                + " normalisation."));
        experiment.answers().publish(experiment.networksName("q2-models"), table, List.of());
    }

    private void workedLosses(Task2Experiment experiment) {
        WorkedExample example = WorkedExample.ofTransfer(new ReadingGraph(experiment.reading()).softTargets());
        List<String> notes = List.of(
                "Two images of two classes, labels 0 and 1, T = 2, alpha = 0.5; teacher's"
                        + " logits (2 ln 3, 0) for both, student's (2 ln 2, 0) and (0, 2 ln 2).",
                "Each gradient is that of the sum over the batch, with respect to the logits of the network that is trained.");
        Table table = LossTable.of(experiment.reading(), example, experiment.device(), notes);
        experiment.answers().detail(table.console());
    }

    private void costs(Task2Experiment experiment) throws IOException {
        Table table = Costs.ofTask2(
                experiment.reading(),
                experiment.teacherModel(),
                experiment.imageSize(),
                experiment.classes(),
                experiment.networkMarks());
        experiment.answers().publish(experiment.networksName("q2-cost"), table, List.of());
    }

    private void teachers(Task2Experiment experiment) throws IOException {
        List<Run> runs = runs(experiment);
        publishTeachers(experiment, runs);
        experiment.printReports(runs);
        experiment.draw(
                "q2-teacher", named(runs, run -> "seed " + run.settings().seed()), runs);
    }

    private void earlyStopped(Task2Experiment experiment) throws IOException {
        List<Run> runs = runs(experiment);
        publishEarlyStopped(experiment, runs);
        experiment.draw("q2-eskd", MhistCharts.earlyStopped(runs), runs);
    }

    private void collapsed(Task2Experiment experiment) throws IOException {
        // The teachers are trained as what the students rest on.
        List<Run> students = experiment.runs((plan, seed) -> plan.collapse(seed).stream()
                .filter(training -> RunQuery.isOfCollapse(training.settings()))
                .toList());
        if (students.isEmpty()) {
            return;
        }
        List<Run> teachers = experiment.teachersOf(students);
        experiment.publish("collapse", students, teachers, own -> MhistTables.collapse(own, teachers));
        experiment.draw(
                "collapse", named(ofFirstSeed(students), MhistTables::collapseName), Cells.all(students, teachers));
    }

    /** The table of teachers. */
    static void publishTeachers(Task2Experiment experiment, List<Run> teachers) throws IOException {
        experiment.publish("q2-teacher", teachers, List.of(), MhistTables::teachers);
    }

    /** The table of students by temperature. */
    static void publishStudents(Task2Experiment experiment, String name, List<Run> students) throws IOException {
        List<Run> teachers = experiment.teachersOf(students);
        experiment.publish(name, students, teachers, own -> MhistTables.students(own, teachers));
    }

    /** The table of early-stopped teachers and their students. */
    static void publishEarlyStopped(Task2Experiment experiment, List<Run> runs) throws IOException {
        experiment.publish("q2-eskd", runs, List.of(), MhistTables::earlyStopped);
    }

    /** Runs of the first one's seed. */
    static List<Run> ofFirstSeed(List<Run> runs) {
        return runs.stream()
                .filter(run -> run.settings().seed() == runs.get(0).settings().seed())
                .toList();
    }

    /** F1 and accuracy against temperature, with distillation and without in one figure. */
    static void drawTogether(Task2Experiment experiment) throws IOException {
        List<Run> students = Cells.all(sweep.runs(experiment), scratch.runs(experiment));
        List<Run> marked = Cells.all(students, experiment.teachersOf(students));
        drawTemperature(experiment, "q2-temperature", students, marked);
    }

    private static void drawTemperature(Task2Experiment experiment, String name, List<Run> students, List<Run> marked)
            throws IOException {
        String file = experiment.fileName(name, marked);
        experiment.answers().draw(file + "-f1", MhistCharts.f1(students, Marks.of(marked)));
        experiment.answers().draw(file + "-accuracy", MhistCharts.accuracy(students, Marks.of(marked)));
    }

    /** Table, reports and figures of students by temperature. */
    private void students(Task2Experiment experiment) throws IOException {
        String name = "q2-" + this;
        List<Run> students = runs(experiment);
        List<Run> marked = Cells.all(students, experiment.teachersOf(students));
        publishStudents(experiment, name, students);
        experiment.printReports(students);
        experiment.draw(name, named(ofFirstSeed(students), Part::byTemperature), marked);
        if (students.stream().map(Part::byTemperature).distinct().count() > 1) {
            drawTemperature(experiment, name, students, marked);
        }
    }

    private static String byTemperature(Run run) {
        Double temperature = run.settings().temperature();
        return temperature != null
                ? "T = " + number(temperature)
                : run.settings().role() == Role.STUDENT ? "with KD" : "without KD";
    }

    private static Map<String, Run> named(List<Run> runs, Function<Run, String> name) {
        Map<String, Run> named = new LinkedHashMap<>();
        runs.forEach(run -> named.put(name.apply(run), run));
        return named;
    }
}
