package distill.report.page;

import static distill.run.Settings.number;

import distill.experiment.MnistPlan;
import distill.page.Chart;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Section;
import distill.page.Table;
import distill.report.CapacityTables;
import distill.report.Cells;
import distill.report.Costs;
import distill.report.EarlyStoppedTables;
import distill.report.Hyperparameters;
import distill.report.MnistCharts;
import distill.report.MnistRuns;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.TheoryTables;
import distill.report.ValidationTable;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.training.EarlyStopping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sections of Task 1, a question each. */
final class Task1Sections {

    private static final List<String> READINGS =
            Arrays.stream(Variant.values()).map(Variant::toString).toList();
    private final List<Run> all;
    private final boolean quick;
    private final StoredFiles files;
    private final Report.Networks networks;

    Task1Sections(List<Run> all, Path folder, Report.Networks networks) {
        this.all = all;
        this.quick =
                !all.isEmpty() && all.stream().allMatch(run -> run.settings().quick());
        this.files = new StoredFiles(folder);
        this.networks = networks;
    }

    List<Section> sections() throws IOException {
        return List.of(
                section(1, "Theory", theory()),
                section(2, "The networks", architectures()),
                section(3, "Loss functions", losses()),
                section(4, "Training", training()),
                section(5, "Teacher and students", teacherAndStudents()),
                section(6, "Accuracy against temperature", temperature()),
                section(7, "The student without distillation", plainStudent()),
                section(8, "Parameters and operations", costs()),
                section(9, "Explanation maps", explanations()),
                section(10, "The capacity gap", capacity()),
                section(11, "How early stopping helps", fidelity()),
                section(12, "Limits of early stopping", limits()),
                section(13, "Early-stopped teachers", earlyStopped()));
    }

    private static Section section(int question, String title, List<Block> blocks) {
        return new Section("task1-q" + question, "Q" + question, title, blocks, List.of());
    }

    /** The runs of a question and model in each reading that has some. */
    Map<String, List<Run>> runs(String question, Role role) {
        Map<String, List<Run>> byReading = new LinkedHashMap<>();
        for (String reading : READINGS) {
            List<Run> runs = ofReading(reading).of(question, role);
            if (!runs.isEmpty()) {
                byReading.put(reading, runs);
            }
        }
        return byReading;
    }

    Map<String, List<Run>> teachers() {
        return runs(Settings.SHARED_TEACHER, Role.TEACHER);
    }

    Map<String, List<Run>> students() {
        return runs("q5", Role.STUDENT);
    }

    Map<String, List<Run>> plain() {
        return runs("q7", Role.STUDENT_PLAIN);
    }

    /** The report's number of epochs where the store has it, else the latest run's. */
    private MnistRuns ofReading(String reading) {
        List<Integer> epochs = all.stream()
                .map(Run::settings)
                .filter(s -> s.variant().toString().equals(reading)
                        && s.without() == null
                        && s.quick() == quick
                        && !s.trainsEarlyStoppedTeacher())
                .map(Settings::epochs)
                .toList();
        int taken = epochs.isEmpty() || epochs.contains(Published.EPOCHS)
                ? Published.EPOCHS
                : epochs.get(epochs.size() - 1);
        return new MnistRuns(all, new MnistRuns.Query(Variant.of(reading), null, quick, taken, List.of(), null));
    }

    private List<Block> theory() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                new Document.Text(
                        "The answers to a to e are in `docs/theory.md`. What follows was computed for them from trained networks."));
        blocks.add(readings(reading -> {
            List<Block> own = new ArrayList<>();
            List<Run> plain = plain().getOrDefault(reading, List.of());
            List<Run> students = students().getOrDefault(reading, List.of());
            if (!plain.isEmpty() && !students.isEmpty()) {
                List<Run> teachers = teachers().getOrDefault(reading, List.of());
                own.add(sheet(TheoryTables.purpose(teachers, plain, students), teachers, plain, students));
            }
            stored(own, "q1-b-knowledge-" + reading);
            stored(own, "q1-c-targets-" + reading);
            stored(own, "q1-c-limits-" + reading);
            stored(own, "q1-c-gradients-" + reading);
            picture(
                    own,
                    "q1-d-distillation-" + reading,
                    "Fig. 1: distillation, " + reading,
                    "Teacher and student side by side: images go through both, soft targets from the teacher and labels"
                            + " meet the student's outputs in the two losses, whose weighted sum trains the student.");
            if (!plain.isEmpty() && !students.isEmpty()) {
                own.add(sheet(TheoryTables.gap(plain, students), plain, students));
            }
            rareClass(reading).ifPresent(own::add);
            return own;
        }));
        if (!hasReadings(blocks)) {
            blocks.set(
                    1,
                    new Document.Missing("The store has nothing computed for this question.", "./reproduce task1 q1"));
        }
        return blocks;
    }

    private Optional<Block> rareClass(String reading) {
        MnistRuns runs = ofReading(reading);
        List<Run> rare = Stream.of(
                        runs.of("q1", Role.STUDENT_PLAIN),
                        runs.of("q1", Role.STUDENT),
                        runs.of(MnistPlan.TEACHER_OF_THE_SAME_IMAGES, Role.STUDENT),
                        runs.of("q1", Role.TEACHER))
                .flatMap(List::stream)
                .filter(run -> run.settings().rareClass() != null)
                .toList();
        return rare.stream().noneMatch(run -> run.settings().role() == Role.STUDENT_PLAIN)
                ? Optional.empty()
                : Optional.of(sheet(
                        TheoryTables.rareClass(rare, rare.get(0).settings().rareClass(), Settings.RARE_EVERY), rare));
    }

    private List<Block> architectures() {
        return List.of(
                new Document.Text(
                        "The report's Fig. 2 and 3 print 1,011,466 and 1,238,730 parameters, and the same layers"
                                + " and shapes. The student has more parameters than its teacher."),
                new Document.Code("Fig. 2: the teacher", networks.teacher()),
                new Document.Code("Fig. 3: the student", networks.student()));
    }

    private static List<Block> losses() {
        return List.of(
                new Document.Text("The report's formulas and its programs differ. The formulas train on logits and on"
                        + " targets softmax(v/T): the reading called as-described. The programs apply softmax twice, once in"
                        + " the network's last layer and once in the loss, and their soft targets do not sum to 1: the"
                        + " reading called as-written, which gave the report's numbers."),
                new Document.Text(
                        "`./reproduce task1 q3` sets the losses and gradients of both readings on a small batch"
                                + " beside values worked out by hand; `docs/parity.md` holds whole trainings against Keras."));
    }

    private static List<Block> training() {
        return List.of(
                new Document.Text("Adam with rate 0.001, batches of 256, 12 epochs; the accuracy on the 10,000 test"
                        + " images after the last epoch is the result. `./reproduce task1 q4` sets Adam's first steps beside"
                        + " Keras's formula."));
    }

    private List<Block> teacherAndStudents() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Map<String, List<Run>> teachers = teachers();
        if (teachers.isEmpty()) {
            blocks.add(new Document.Missing("The store has no teacher.", "./reproduce task1 q5"));
        } else {
            blocks.add(new Document.Figure(MnistCharts.teachers(MnistCharts.named(teachers))));
            blocks.add(readings(reading -> of(teachers, reading, MnistTables::teacher)));
        }
        Map<String, List<Run>> students = students();
        if (students.isEmpty()) {
            blocks.add(new Document.Missing("The store has no students of Table I.", "./reproduce task1 q5"));
        } else {
            blocks.add(readings(reading -> of(students, reading, MnistTables::table1)));
            blocks.add(new Document.Figure(MnistCharts.tableOneByTemperature(students)));
            blocks.add(new Document.Figure(MnistCharts.tableOneByAlpha(students)));
        }
        blocks.add(readings(this::validations));
        dropEmpty(blocks);
        return blocks;
    }

    /** Temperature and alpha chosen on training images that were kept back, for each number of them. */
    private List<Block> validations(String reading) {
        List<Block> blocks = new ArrayList<>();
        MnistRuns runs = ofReading(reading);
        List<Run> students = students().getOrDefault(reading, List.of());
        all.stream()
                .map(run -> Published.TRAIN_IMAGES - run.settings().trainImages())
                .filter(images -> images > 0)
                .distinct()
                .sorted()
                .forEach(images -> {
                    List<Run> validated = runs.ofValidation(images, "q5", Role.STUDENT);
                    if (validated.isEmpty()) {
                        return;
                    }
                    Hyperparameters choice = ValidationTable.choose(validated);
                    List<Run> tested = students.stream()
                            .filter(run -> choice.are(run.settings()))
                            .toList();
                    if (!tested.isEmpty()) {
                        blocks.add(sheet(
                                ValidationTable.of(images, validated, tested, students), validated, tested, students));
                    }
                });
        return blocks;
    }

    private List<Block> temperature() throws IOException {
        Map<String, List<Run>> students = runs("q6", Role.STUDENT);
        if (students.isEmpty()) {
            return List.of(new Document.Missing("The store has no students of Table II.", "./reproduce task1 q6"));
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(readings(reading -> of(students, reading, MnistTables::table2)));
        blocks.add(new Document.Figure(MnistCharts.temperature(
                "Fig. 7: student accuracy against temperature, alpha = " + number(Published.CURVE_ALPHA),
                MnistCharts.named(students),
                "report (one run)",
                Chart.Scale.LOG2)));
        return blocks;
    }

    private List<Block> plainStudent() throws IOException {
        Map<String, List<Run>> plain = plain();
        if (plain.isEmpty()) {
            return List.of(
                    new Document.Missing("The store has no student without distillation.", "./reproduce task1 q7"));
        }
        Map<String, List<Run>> students = students();
        List<Block> blocks = new ArrayList<>();
        blocks.add(readings(reading -> {
            if (!plain.containsKey(reading)) {
                return List.of();
            }
            List<Run> own = plain.get(reading);
            List<Run> taught = students.getOrDefault(reading, List.of());
            return List.of(sheet(MnistTables.plainStudent(own, taught), own, taught));
        }));
        blocks.add(new Document.Figure(MnistCharts.plainStudent(plain, students)));
        return blocks;
    }

    private List<Block> costs() throws IOException {
        return List.of(readings(reading -> List.of(
                new Document.Sheet(Costs.ofTask1(Reading.of(Settings.TASK1, Variant.of(reading))), List.of()))));
    }

    private List<Block> explanations() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Document.Text("The report left its maps out. What they show, and how faithful they are, is in"
                + " `docs/explanations.md`."));
        blocks.add(readings(reading -> {
            List<Block> own = new ArrayList<>();
            stored(own, "q9-faithfulness-" + reading);
            stored(own, "q9-beyond-controls-" + reading);
            return own;
        }));
        blocks.add(readings(reading -> {
            List<Block> own = new ArrayList<>();
            for (Path file : files.pictures("q9-" + reading, quick)) {
                String name = file.getFileName().toString();
                own.add(new Document.Picture(
                        file,
                        "Explanation maps, " + name.substring("q9-".length(), name.length() - ".png".length()),
                        "Maps of what in the image speaks for its class, by several methods: of the teacher, a student with"
                                + " distillation and one without."));
            }
            return own;
        }));
        dropEmpty(blocks);
        if (blocks.size() == 1) {
            blocks.add(
                    new Document.Missing("The store has no maps: they are made from weights.", "./reproduce task1 q9"));
        }
        return blocks;
    }

    /** Students of several widths, in readings that have all that the tables need. */
    private boolean hasWidths(String reading) {
        MnistRuns runs = ofReading(reading);
        return !runs.of("q10", Role.STUDENT).isEmpty()
                && !runs.of("q10", Role.STUDENT_PLAIN).isEmpty()
                && !capacityTeachers(reading).isEmpty();
    }

    private List<Run> capacityTeachers(String reading) {
        MnistRuns runs = ofReading(reading);
        List<Long> seeds = runs.of("q10", Role.STUDENT).stream()
                .map(run -> run.settings().seed())
                .distinct()
                .toList();
        return runs.of(Settings.SHARED_TEACHER, Role.TEACHER).stream()
                .filter(run -> seeds.contains(run.settings().seed()))
                .toList();
    }

    private List<Block> capacity() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(readings(reading -> {
            if (!hasWidths(reading)) {
                return List.of();
            }
            List<Run> students = ofReading(reading).of("q10", Role.STUDENT);
            List<Run> plain = ofReading(reading).of("q10", Role.STUDENT_PLAIN);
            List<Run> teachers = capacityTeachers(reading);
            return List.of(sheet(CapacityTables.capacity(teachers, students, plain), teachers, students, plain));
        }));
        return orMissing(blocks, "The store has no students of several widths.", "./reproduce task1 q10");
    }

    private List<Block> fidelity() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(readings(reading -> {
            List<Block> own = new ArrayList<>();
            stored(own, "q11-fidelity-" + reading);
            return own;
        }));
        return orMissing(
                blocks, "The store has nothing on how near students come to their teacher.", "./reproduce task1 q11");
    }

    private List<Block> limits() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(readings(reading -> {
            if (!hasWidths(reading)) {
                return List.of();
            }
            List<Run> students = ofReading(reading).of("q10", Role.STUDENT);
            int widest = students.stream()
                    .mapToInt(run -> run.settings().width())
                    .max()
                    .orElseThrow();
            List<Run> wide = CapacityTables.ofWidth(students, widest);
            List<Run> teachers = capacityTeachers(reading);
            return List.of(
                    sheet(CapacityTables.stops(teachers, EarlyStoppedTables.LIMITS), teachers),
                    sheet(CapacityTables.search(teachers, wide), teachers, wide),
                    sheet(CapacityTables.worth(wide), wide));
        }));
        return orMissing(
                blocks, "The store has no students from which gain and cost could be read.", "./reproduce task1 q12");
    }

    private List<Block> earlyStopped() throws IOException {
        List<Block> blocks = new ArrayList<>();
        form(blocks, MnistPlan.EARLY_STOPPED, "new teachers");
        form(blocks, MnistPlan.SINGLE_TRAJECTORY, "each seed's teacher");
        if (blocks.isEmpty()) {
            blocks.add(new Document.Missing(
                    "The store has no students of early-stopped teachers.", "./reproduce task1 q13"));
        }
        Map<String, List<Run>> teachers = teachers();
        if (!quick && !teachers.isEmpty()) {
            List<Run> all = teachers.values().stream().flatMap(List::stream).toList();
            List<EarlyStopping> rules = EarlyStoppedTables.LIMITS.stream()
                    .map(limit -> new EarlyStopping(limit, 1, 1))
                    .toList();
            List<Run> students =
                    runs(MnistPlan.SINGLE_TRAJECTORY, Role.STUDENT).getOrDefault(READINGS.get(0), List.of());
            blocks.add(sheet(EarlyStoppedTables.calibration(all, rules, students), all, students));
        }
        blocks.add(readings(reading -> {
            List<Block> own = new ArrayList<>();
            stored(own, "q13-stopped-early-" + reading);
            return own;
        }));
        dropEmpty(blocks);
        return blocks;
    }

    /** Table III and Fig. 10 in one of their forms. */
    private void form(List<Block> blocks, String question, String teachers) throws IOException {
        Map<String, List<Run>> students = runs(question, Role.STUDENT);
        if (students.isEmpty()) {
            return;
        }
        blocks.add(readings(reading -> {
            if (!students.containsKey(reading)) {
                return List.of();
            }
            List<Run> own = students.get(reading);
            List<Run> taught = question.equals(MnistPlan.SINGLE_TRAJECTORY)
                    ? teachers().getOrDefault(reading, List.of())
                    : ofReading(reading).of(question, Role.TEACHER);
            return List.of(sheet(EarlyStoppedTables.table3(own, taught), own, taught));
        }));
        blocks.add(new Document.Figure(MnistCharts.teacherEpochs(
                "Fig. 10: student accuracy against the teacher's epochs, " + teachers, MnistCharts.named(students))));
    }

    private static List<Block> of(Map<String, List<Run>> runs, String reading, Function<List<Run>, Table> table) {
        return runs.containsKey(reading)
                ? List.of(sheet(table.apply(runs.get(reading)), runs.get(reading)))
                : List.of();
    }

    @SafeVarargs
    private static Block sheet(Table table, List<Run>... runs) {
        return new Document.Sheet(
                table, Cells.sources(Stream.of(runs).flatMap(List::stream).toList()));
    }

    private void stored(List<Block> blocks, String name) throws IOException {
        files.table(name, quick).ifPresent(table -> blocks.add(new Document.Sheet(table, List.of())));
    }

    private void picture(List<Block> blocks, String name, String title, String description) throws IOException {
        files.picture(name, quick).ifPresent(file -> blocks.add(new Document.Picture(file, title, description)));
    }

    /** What stands in each reading; a reading without anything is left out. */
    private interface OfReading {
        List<Block> blocks(String reading) throws IOException;
    }

    private static Document.Readings readings(OfReading ofReading) throws IOException {
        List<Document.Reading> readings = new ArrayList<>();
        for (String reading : READINGS) {
            List<Block> blocks = ofReading.blocks(reading);
            if (!blocks.isEmpty()) {
                readings.add(new Document.Reading(reading, reading, blocks));
            }
        }
        return new Document.Readings(readings);
    }

    private static boolean hasReadings(List<Block> blocks) {
        return blocks.stream()
                .anyMatch(block -> block instanceof Document.Readings readings
                        && !readings.readings().isEmpty());
    }

    private static void dropEmpty(List<Block> blocks) {
        blocks.removeIf(block -> block instanceof Document.Readings readings
                && readings.readings().isEmpty());
    }

    private static List<Block> orMissing(List<Block> blocks, String what, String command) {
        return hasReadings(blocks) ? blocks : List.of(new Document.Missing(what, command));
    }

    /** Runs by which reading they are of, as far as there are any, in one list. */
    static List<Run> joined(Map<String, List<Run>> byReading) {
        return byReading.values().stream().flatMap(List::stream).collect(Collectors.toList());
    }
}
