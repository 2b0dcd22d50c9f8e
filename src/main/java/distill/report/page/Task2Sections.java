package distill.report.page;

import static distill.run.Settings.number;

import distill.experiment.MhistPlan;
import distill.nn.zoo.BaseModel;
import distill.page.Cell;
import distill.page.Chart;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Section;
import distill.page.Table;
import distill.report.Cells;
import distill.report.Marks;
import distill.report.MhistCharts;
import distill.report.MhistRuns;
import distill.report.MhistTables;
import distill.report.PublishedMhist;
import distill.run.Role;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Variant;
import distill.statistics.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The sections of Task 2, a question each. */
final class Task2Sections {

    /** As many lines as the page has colours that tell them apart. */
    private static final int MOST_LINES = 7;

    private static final String RESNET = BaseModel.RESNET50V2.toString();

    private final List<Run> all;
    private final boolean quick;
    private final StoredFiles files;
    private final Report.Networks networks;

    Task2Sections(List<Run> all, Path folder, Report.Networks networks) {
        this.all = all;
        this.quick =
                !all.isEmpty() && all.stream().allMatch(run -> run.settings().quick());
        this.files = new StoredFiles(folder);
        this.networks = networks;
    }

    List<Section> sections() throws IOException {
        return List.of(
                section(1, "Theory", theory()),
                section(2, "Teacher and students on histology images", question2()),
                section(3, "Transfer learning and distillation", question3()));
    }

    private static Section section(int question, String title, List<Block> blocks) {
        return new Section("task2-q" + question, "Q" + question, title, blocks, List.of());
    }

    private List<Block> theory() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Document.Text(
                "The answers to a to f are in `docs/theory.md`. What follows was computed for them from real graphs."));
        stored(blocks, "q1-a-transfer-learning");
        stored(blocks, "q1-b-residual-block");
        picture(
                blocks,
                "q1-b-residual-block",
                "The residual block of ResNet50 and ResNet50V2",
                "The layers of one block in order, with the shortcut around them and without it, for both versions.");
        stored(blocks, "q1-c-resnet-v1-v2");
        picture(
                blocks,
                "q1-c-strides",
                "Where the two versions stride",
                "The stacks of blocks of both networks with the heights of their outputs: the first version halves them at"
                        + " the beginning of a stack, the second at its end.");
        stored(blocks, "q1-d-mobilenet-v1-v2");
        picture(
                blocks,
                "q1-d-mobilenet-blocks",
                "The blocks of MobileNet and MobileNetV2",
                "The layers of a block of each: the second widens, filters and narrows, with a shortcut where shapes allow.");
        stored(blocks, "q1-e-gradients");
        picture(
                blocks,
                "q1-e-gradient-by-depth",
                "The gradient at the first block against that at the last, by depth",
                "The ratio by the number of blocks, for networks of residual blocks with and without their shortcuts, and"
                        + " with and without batch normalisation.");
        stored(blocks, "q1-f-cost");
        stored(blocks, "q1-f-separable");
        return blocks.size() == 1
                ? List.of(
                        blocks.get(0),
                        new Document.Missing(
                                "The store has nothing computed for this question.", "./reproduce task2 q1"))
                : blocks;
    }

    private List<Block> question2() throws IOException {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Document.Text(
                "Of this question the report has the headings alone. The authors' notebook has numbers:"
                        + " they stand beside runs on MHIST with its settings, and beside no others. Which images our runs are on is"
                        + " under each table; `docs/mhist.md` says what they are worth."));
        blocks.add(new Document.Sheet(notebook(), List.of()));
        blocks.add(new Document.Sheet(networks.transferCost(), List.of()));
        List<Document.Reading> setups = setups(this::trained);
        if (setups.isEmpty()) {
            blocks.add(new Document.Missing("The store has no such training.", "./reproduce task2 q2"));
        } else {
            blocks.add(new Document.Readings(setups));
        }
        collapse(blocks);
        return blocks;
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

    private List<Block> question3() throws IOException {
        List<Document.Reading> setups = setups(this::effects);
        return setups.isEmpty()
                ? List.of(new Document.Missing(
                        "The store has no students with and without pre-training.", "./reproduce task2 q3"))
                : List.of(new Document.Readings(setups));
    }

    /**
     * What is common to the runs of a table.
     *
     * @param given identity of a teacher that was trained elsewhere; null where each seed's own teaches
     */
    private record Setup(
            Variant variant,
            String without,
            int epochsInitial,
            int epochsFine,
            int imageSize,
            boolean augmentation,
            String teacherNetwork,
            String given) {

        String name() {
            return variant
                    + (without == null ? "" : " without " + without.replace(",", ", "))
                    + ", %d x %d".formatted(imageSize, imageSize)
                    + (given == null
                            ? teacherNetwork.equals(RESNET) ? "" : ", teacher " + teacherNetwork
                            : ", teacher " + given.substring(0, Settings.TEACHER_DIGITS));
        }
    }

    /** What there is to show of a setup, given how to find its runs. */
    private interface OfSetup {
        List<Block> blocks(Function<Predicate<Settings>, List<Run>> runs) throws IOException;
    }

    private List<Document.Reading> setups(OfSetup ofSetup) throws IOException {
        List<Document.Reading> readings = new ArrayList<>();
        for (Setup setup : setups()) {
            MhistRuns runs = new MhistRuns(
                    all,
                    new MhistRuns.Query(
                            setup.variant(),
                            setup.without(),
                            quick,
                            List.of(),
                            List.of(),
                            setup.epochsInitial(),
                            setup.epochsFine(),
                            setup.imageSize(),
                            setup.augmentation(),
                            setup.teacherNetwork(),
                            setup.given()));
            List<Block> blocks = ofSetup.blocks(runs::of);
            if (!blocks.isEmpty()) {
                readings.add(new Document.Reading(setup.variant().toString(), setup.name(), blocks));
            }
        }
        return readings;
    }

    /**
     * The set-ups of the store: as-written first, then whole readings before those without slips, large images first.
     */
    private List<Setup> setups() {
        Set<Setup> setups = new LinkedHashSet<>();
        for (Run run : all) {
            Settings s = run.settings();
            Settings.Schedule schedule = s.schedule();
            if (s.quick() != quick || isOfCollapse(s) || schedule.epochsInitial() == null && !isOnlyPhase(s)) {
                continue;
            }
            String given = s.hasGivenTeacher() ? s.teacher() : null;
            setups.add(new Setup(
                    s.variant(),
                    s.without(),
                    Objects.requireNonNullElse(schedule.epochsInitial(), PublishedMhist.EPOCHS_INITIAL),
                    Objects.requireNonNullElse(schedule.epochsFine(), PublishedMhist.EPOCHS_FINE),
                    s.images().imageSize(),
                    s.augmented(),
                    given == null ? teacherNetwork(run) : RESNET,
                    given));
        }
        return setups.stream()
                .sorted(Comparator.comparing(Setup::variant)
                        .thenComparing(Setup::without, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Setup::imageSize, Comparator.reverseOrder()))
                .toList();
    }

    /** Whether the store has early-stopped teachers of a reading and size, but nothing in two phases. */
    private boolean isOnlyPhase(Settings settings) {
        return all.stream()
                .map(Run::settings)
                .noneMatch(s -> s.variant() == settings.variant()
                        && s.images().imageSize().equals(settings.images().imageSize())
                        && s.schedule().epochsInitial() != null);
    }

    /** Which network teaches a run, or is trained in it; a student without distillation goes with the report's. */
    private String teacherNetwork(Run run) {
        Settings s = run.settings();
        if (s.role() == Role.TEACHER) {
            return s.network();
        }
        Settings like = s;
        return all.stream()
                .filter(other -> other.settings().role() == Role.TEACHER
                        && (like.teacher() == null
                                ? isAlike(other.settings(), like)
                                : other.identity().equals(like.teacher())))
                .map(other -> other.settings().network())
                .findFirst()
                .orElse(RESNET);
    }

    private static boolean isAlike(Settings one, Settings other) {
        return one.variant() == other.variant()
                && one.data().equals(other.data())
                && one.quick() == other.quick()
                && one.images().imageSize().equals(other.images().imageSize());
    }

    private static boolean isOfCollapse(Settings settings) {
        return settings.question().startsWith(MhistPlan.COLLAPSE);
    }

    private List<Block> trained(Function<Predicate<Settings>, List<Run>> runs) {
        List<Block> blocks = new ArrayList<>();
        // Asked for with question 3's, teachers of both starts are found.
        List<Run> teachers =
                runs
                        .apply(s -> s.question().equals(Settings.SHARED_TEACHER)
                                || s.question().equals(MhistPlan.Q3))
                        .stream()
                        .filter(run -> run.settings().question().equals(Settings.SHARED_TEACHER))
                        .toList();
        List<Run> students = runs.apply(s -> s.question().equals(MhistPlan.SWEEP) && s.role() == Role.STUDENT);
        List<Run> plain = runs.apply(s -> s.question().equals(MhistPlan.SWEEP) && s.role() == Role.STUDENT_PLAIN);
        List<Run> stopped = runs.apply(s -> s.question().equals(MhistPlan.ESKD));
        if (students.isEmpty() && plain.isEmpty() && stopped.isEmpty() && isForCollapse(teachers)) {
            return blocks;
        }
        if (!teachers.isEmpty()) {
            blocks.add(sheet(MhistTables.teachers(teachers), teachers));
        }
        for (List<Run> own : List.of(students, plain)) {
            if (!own.isEmpty()) {
                List<Run> teaching = MhistRuns.teachersOf(own, all);
                blocks.add(sheet(MhistTables.students(own, teaching), joined(own, teaching)));
            }
        }
        List<Run> both = joined(students, plain);
        List<Run> taught = MhistRuns.teachersOf(both, all);
        Map<String, Run> lines = new LinkedHashMap<>();
        (students.isEmpty() ? teachers : MhistRuns.teachersOf(students.subList(0, 1), all))
                .stream().findFirst().ifPresent(run -> lines.put("teacher", run));
        students.stream()
                .filter(run ->
                        run.settings().seed() == students.get(0).settings().seed())
                .forEach(
                        run -> lines.put("with KD, T = " + number(run.settings().temperature()), run));
        plain.stream()
                .filter(run -> run.settings().seed() == plain.get(0).settings().seed())
                .forEach(run -> lines.put(
                        "without KD"
                                + (run.settings().temperature() == null
                                        ? ""
                                        : ", T = " + number(run.settings().temperature())),
                        run));
        List.copyOf(lines.keySet()).stream().skip(MOST_LINES).forEach(lines::remove);
        Chart chart = MhistCharts.macroF1(
                "Macro F1 on the test images after each epoch",
                lines,
                Marks.of(joined(both.isEmpty() ? teachers : taught, both)));
        if (!chart.isEmpty()) {
            blocks.add(new Document.Figure(chart));
        }
        if (!stopped.isEmpty()) {
            blocks.add(sheet(MhistTables.earlyStopped(stopped), stopped));
        }
        return blocks;
    }

    /** Whether teachers have no other students than those of the collapse, under which they are named. */
    private boolean isForCollapse(List<Run> teachers) {
        return all.stream()
                .filter(run -> teachers.stream().anyMatch(teacher -> teacher.identity()
                        .equals(run.settings().teacher())))
                .anyMatch(run -> isOfCollapse(run.settings()));
    }

    private List<Block> effects(Function<Predicate<Settings>, List<Run>> runs) {
        List<Run> own = runs.apply(
                s -> s.question().equals(MhistPlan.Q3) || s.question().equals(Settings.SHARED_TEACHER));
        if (own.stream().noneMatch(run -> run.settings().question().equals(MhistPlan.Q3))) {
            return List.of();
        }
        List<Run> marked = joined(
                own,
                MhistRuns.teachersOf(own, all).stream()
                        .filter(run -> !own.contains(run))
                        .toList());
        return List.of(
                sheet(MhistTables.effects(own, marked), marked), new Document.Text(MhistTables.effectsInWords(own)));
    }

    private void collapse(List<Block> blocks) {
        all.stream()
                .map(Run::settings)
                .filter(s -> isOfCollapse(s) && s.quick() == quick)
                .map(s -> List.of(
                        s.images().imageSize(),
                        s.schedule().epochsInitial(),
                        s.schedule().epochsFine(),
                        s.augmented() ? 1 : 0))
                .distinct()
                .forEach(key -> {
                    MhistRuns runs = new MhistRuns(
                            all,
                            new MhistRuns.Query(
                                    Variant.AS_WRITTEN,
                                    null,
                                    quick,
                                    List.of(),
                                    List.of(),
                                    key.get(1),
                                    key.get(2),
                                    key.get(0),
                                    key.get(3) == 1,
                                    RESNET,
                                    null));
                    List<Run> students = runs.of(s -> isOfCollapse(s) && s.role() == Role.STUDENT);
                    if (!students.isEmpty()) {
                        List<Run> teachers = MhistRuns.teachersOf(students, all);
                        blocks.add(sheet(MhistTables.collapse(students, teachers), joined(students, teachers)));
                    }
                });
    }

    private static Block sheet(Table table, List<Run> runs) {
        return new Document.Sheet(table, Cells.sources(runs));
    }

    private static List<Run> joined(List<Run> one, List<Run> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private void stored(List<Block> blocks, String name) throws IOException {
        files.table(name, quick).ifPresent(table -> blocks.add(new Document.Sheet(table, List.of())));
    }

    private void picture(List<Block> blocks, String name, String title, String description) throws IOException {
        files.picture(name, quick).ifPresent(file -> blocks.add(new Document.Picture(file, title, description)));
    }
}
