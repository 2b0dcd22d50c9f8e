package distill.task2;

import distill.command.Candidates;
import distill.command.LabelConverter;
import distill.command.ListedQuestion;
import distill.command.OwnStudent;
import distill.command.Program;
import distill.command.Question;
import distill.command.RunOptions;
import distill.command.Stored;
import distill.command.StudentOptions;
import distill.command.TaskCommand;
import distill.command.TaskPage;
import distill.command.TeacherOutputsOption;
import distill.data.Mhist;
import distill.experiment.MhistPlan;
import distill.nn.zoo.BaseModel;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Section;
import distill.page.Table;
import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Task 2: every question, or one of them as a subcommand. */
@Command(
        name = "task2",
        description = "Knowledge distillation on MHIST: all questions, or one of them.",
        subcommands = {Question1.class, Question2.class, Question3.class})
public final class Task2 extends TaskCommand<Task2Experiment, MhistPlan> {

    /** Columns of the table of the collapsed student that are folded on the page. */
    private static final Pattern BESIDE_THE_COLLAPSE =
            Pattern.compile("batch statistics.*|predicted.*|loss.*|initial|last");

    private static final long MEGABYTE = 1 << 20;

    @Option(
            names = "--quick",
            scope = ScopeType.INHERIT,
            description = "A small, honest cut, marked QUICK: 64 + 64 images of 64 x 64, 1 epoch in each phase,"
                    + " T = 1, 4, teachers of 1 and 2 epochs.")
    private boolean quick;

    @Option(
            names = "--epochs-initial",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Epochs of the initial phase (default 10).")
    private Integer epochsInitial;

    @Option(
            names = "--epochs-fine",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Epochs of the fine phase, at a tenth of the rate (default 25; 0: none).")
    private Integer epochsFine;

    @Option(
            names = "--image-size",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Height and width in pixels that images are resized to (default 224).")
    private Integer imageSize;

    @Option(
            names = "--no-augmentation",
            scope = ScopeType.INHERIT,
            description = "Train on the images as they are. While the base is frozen, its features are then computed"
                    + " once.")
    private boolean noAugmentation;

    @Option(
            names = "--data-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description =
                    "annotations.csv and images/ in MHIST's layout, a folder for each class, CIFAR's binary files,"
                            + " IDX files or mnist.npz. Default: $MHIST_DIR, data/mhist, ../shared/histology, else drawn crypts.")
    private Path dataDir;

    @Option(
            names = "--skip-bad",
            scope = ScopeType.INHERIT,
            description =
                    "Go on without rows of annotations.csv, or images of class folders, that are bad, and count them.")
    private boolean skipBad;

    @Option(
            names = "--cache",
            scope = ScopeType.INHERIT,
            paramLabel = "MB",
            defaultValue = "512",
            description = "Memory for decoded images (default 512; MHIST at 224 x 224 has 453).")
    private int cache;

    @Option(
            names = "--weights",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "WHERE[,WHERE]|none",
            description = "Where the ImageNet weights that the networks start from are: files, folders, names of"
                    + " imported models. Default: the imported models, ~/.keras/models. none: random.")
    private List<String> weights = List.of();

    @Option(
            names = "--teacher-weights",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "WHERE[,WHERE]|none",
            description = "The same of the teacher alone (default as --weights).")
    private List<String> teacherWeights;

    @Option(
            names = "--teacher",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description = "A teacher that is trained already: a training's name in saved-models/, a file of"
                    + " --teacher-model with its two classes that Keras saved, or any network whose input and classes"
                    + " fit, also the folder of a SavedModel, which sees images as the reading scales them, or with uint8"
                    + " grey levels from 0 to 255. The students' results are marked."
                    + " With --from also the beginning of its digest, as names of files have it.")
    private String teacher;

    @Mixin
    private TeacherOutputsOption teacherOutputs;

    @Mixin
    private StudentOptions studentOptions;

    @Option(
            names = "--teacher-model",
            scope = ScopeType.INHERIT,
            paramLabel = "NETWORK",
            converter = LabelConverter.BaseModels.class,
            defaultValue = "resnet50v2",
            description = "The teacher's network: ${COMPLETION-CANDIDATES} (default resnet50v2; another is marked).")
    private BaseModel teacherModel;

    /** For a question's own {@code main}: its command, then the arguments. */
    static void main(String question, String[] args) {
        Program.main(Task2.class, question, args);
    }

    /** All questions in their order, without options. */
    private static List<Question<Task2Experiment, MhistPlan>> questions() {
        return Question.of(new CommandLine(new Task2()));
    }

    /** What the page has of a store: a section for each question. */
    public static TaskPage page(Path store, List<Run> runs) throws IOException {
        StoredSetups setups = StoredSetups.of(store, runs);
        List<Section> sections = Question.sections(Settings.TASK2, questions(), setups.trained());
        List<Block> inView = new ArrayList<>();
        List<Block> collapsed = new ArrayList<>();
        for (Stored.Setup<Task2Experiment> setup : setups.collapsed().setups()) {
            Part.collapse.show(setup.experiment());
            setup.answers().take().forEach(block -> {
                inView.add(block instanceof Document.Sheet sheet ? inShort(sheet) : block);
                collapsed.add(block);
            });
        }
        return new TaskPage(
                List.of(),
                List.of(),
                sections.stream()
                        .map(section -> section.id().equals("task2-q2") ? section.with(inView, collapsed) : section)
                        .toList());
    }

    /** The table of the collapsed student with what says that it collapsed, and its first note. */
    private static Block inShort(Document.Sheet sheet) {
        Table table = sheet.table().withoutColumns(BESIDE_THE_COLLAPSE).withoutIntervals();
        List<String> notes = table.notes();
        return new Document.Sheet(
                new Table(
                        table.title(),
                        table.header(),
                        table.rows(),
                        List.of(notes.get(0), notes.get(notes.size() - 1))),
                sheet.sources());
    }

    /** The images of a place, of any layout, as this task trains on them in the report's size. */
    public static Mhist images(Path dataDir) throws IOException {
        return Task2Experiment.images(dataDir);
    }

    /**
     * Every question for {@code ./reproduce list}.
     *
     * @param images that trainings are planned for; null for as many as MHIST's, whichever they are
     */
    public static List<ListedQuestion> listed(Mhist images) {
        return Stream.concat(questions().stream(), Stream.of(Question2.of(Part.collapse)))
                .map(question -> question.listed(Settings.TASK2, reading -> Task2Experiment.listed(reading, images)))
                .toList();
    }

    @Override
    protected Task2Experiment experiment() {
        check(
                epochsInitial == null || epochsInitial >= 1,
                "--epochs-initial takes a number from 1, found " + epochsInitial);
        check(epochsFine == null || epochsFine >= 0, "--epochs-fine takes a number from 0, found " + epochsFine);
        check(
                imageSize == null || imageSize >= BaseModel.SMALLEST_IMAGE,
                "--image-size takes a number from " + BaseModel.SMALLEST_IMAGE + ", found " + imageSize);
        check(
                teacher == null || teacherWeights == null,
                "the teacher that --teacher names is trained already, so --teacher-weights cannot go with it");
        teacherOutputs.check(this, teacher);
        OwnStudent student = named(studentOptions, "2 and 3", "task2 q2");
        check(cache >= 0, "--cache takes megabytes from 0, found " + cache);
        RunOptions.Choices choices = choices(Settings.TASK2, quick);
        Task2Experiment.Options options = new Task2Experiment.Options(
                epochsInitial,
                epochsFine,
                imageSize,
                !noAugmentation,
                student,
                teacher,
                teacherOutputs.outputs(),
                teacherModel,
                new Task2Experiment.Files(
                        dataDir,
                        skipBad,
                        cache * MEGABYTE,
                        weights,
                        teacherWeights == null ? weights : teacherWeights));
        Task2Experiment experiment = new Task2Experiment(choices, options, answers(choices));
        if (student == null && teacher == null) {
            checkLayers(choices.loss(), experiment.network(BaseModel.MOBILENETV2), experiment.network(teacherModel));
        }
        return experiment;
    }
}
