package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.Example;
import distill.experiment.ExplainedModel;
import distill.experiment.Explainers;
import distill.experiment.MnistModels;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.explain.Lime;
import distill.files.WholeFile;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.ExplanationFigure;
import distill.report.ExplanationTables;
import distill.report.Hyperparameters;
import distill.report.Marks;
import distill.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Question 9: explanation maps, which the report left out. Its authors' program made RISE maps of the true class of
 * images 3, 5 and 8, counted from 0, of the teacher's first batch; these are the default.
 */
@Command(
        name = "q9",
        description =
                "Explanation maps (RISE, LIME, Grad-CAM) of the teacher and both students, and how faithful they are.")
public final class Question9 extends Question<Task1Experiment, MnistPlan> {

    private static final List<Integer> AUTHORS_IMAGES = List.of(3, 5, 8);
    private static final int COURSE_MASKS = 1000;
    private static final int PAPER_MASKS = 4000;
    private static final int JUDGED_IMAGES = 200;
    private static final int QUICK_MASKS = 500;
    private static final int QUICK_SAMPLES = 500;
    private static final int QUICK_JUDGED_IMAGES = 10;

    private static final String TRUE = "true";
    private static final String PREDICTED = "predicted";

    /** Which split {@code --index} counts in. */
    enum Split {
        train,
        test
    }

    /** What {@code --class} takes. */
    static final class Classes extends ArrayList<String> {

        Classes() {
            super(List.of(TRUE, PREDICTED));
            IntStream.range(0, 10).mapToObj(String::valueOf).forEach(this::add);
        }
    }

    @Option(
            names = "--index",
            split = ",",
            paramLabel = "N",
            description =
                    "Images to explain, counted from 0; the table of faithfulness is then left out. Default: those of the report's authors.")
    private List<Integer> indices = List.of();

    @Option(
            names = "--split",
            paramLabel = "train|test",
            description = "Where --index counts: in the training images, or the test images (default test).")
    private Split split;

    @Option(
            names = "--class",
            paramLabel = "true|predicted|N",
            completionCandidates = Classes.class,
            description = "The class to explain: the image's (default), the one that each model predicts, or N.")
    private String target = TRUE;

    @Option(
            names = "--masks",
            paramLabel = "N",
            description = "Masks of both forms of RISE (default " + COURSE_MASKS + " for the course's, " + PAPER_MASKS
                    + " for the paper's).")
    private Integer masks;

    public static void main(String[] args) {
        Task1.main("q9", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        Hyperparameters explained = experiment.explained();
        return List.of(
                plan.student("q5", explained.temperature(), explained.alpha(), seed), plan.plainStudent("q7", seed));
    }

    @Override
    public boolean uses(String option, boolean trains) {
        return !Task1.OF_EARLY_STOPPING.contains(option) && super.uses(option, trains);
    }

    @Override
    public String title() {
        return "Explanation maps";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return List.of(
                new Document.Text(
                        "The report left its maps out. Ours show where RISE, LIME and Grad-CAM see what"
                                + " speaks for a class, in the teacher and in students with and without distillation. The tables say how"
                                + " faithful each map is, beside a random map and one of edges, which know nothing of the network: a method"
                                + " that does not beat these explains nothing. From one student of each kind it cannot be told whether"
                                + " distillation makes maps more like the teacher's. Methods and findings: `docs/explanations.md`."));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        String description = "Maps of what in the image speaks for its class, by several methods: of the teacher, a"
                + " student with distillation and one without.";
        List<Block> maps = Stored.joined(stored.readings(this::answer), stored.setUps(setup -> setup.answers()
                .pictures("q9-" + setup.name(), "Explanation maps", description)));
        Block missing = missing("The store has no maps: they are made from weights.");
        return maps.isEmpty() ? List.of(missing) : maps;
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        check(
                target.matches("true|predicted|\\d{1,5}"),
                "--class takes true, predicted or a class by its number, 0 to 9 of MNIST, found " + target);
        check(masks == null || masks >= 1, "--masks takes a number from 1, found " + masks);
        check(split == null || !indices.isEmpty(), "--split says where --index counts, so give --index too");
        experiment.announce("Question 9: explanation maps");
        if (experiment.trainsNothing()) {
            experiment.kept(
                    "Left out: it explains models, and --from has none, only what became of them.",
                    "q9-faithfulness",
                    "q9-beyond-controls");
            return;
        }
        int classes = experiment.models().classes().size();
        check(
                target.equals(TRUE) || target.equals(PREDICTED) || Integer.parseInt(target) < classes,
                "--class takes true, predicted or 0 to %d, found %s".formatted(classes - 1, target));
        List<Example> chosen = chosen(experiment.models());
        List<Run> students = experiment.students(experiment.explained());
        List<Run> plain = experiment.plainStudents();
        for (int i = 0; i < students.size(); i++) {
            answer(experiment, chosen, students.get(i), plain.get(i));
        }
    }

    private void answer(Task1Experiment experiment, List<Example> chosen, Run student, Run plain) throws IOException {
        MnistModels models = experiment.models();
        long seed = student.settings().seed();
        boolean quick = experiment.quick();
        Explainers explainers = new Explainers(
                masks != null ? masks : quick ? QUICK_MASKS : COURSE_MASKS,
                masks != null ? masks : quick ? QUICK_MASKS : PAPER_MASKS,
                quick ? QUICK_SAMPLES : Lime.SAMPLES,
                seed);
        String label = student.settings().label();
        String said = "Masks: %d of the course's RISE, %d of the paper's; %d samples of LIME. Student with KD: %s."
                .formatted(explainers.courseMasks(), explainers.paperMasks(), explainers.samples(), label);
        experiment.answers().detail(said);
        List<Run> runs = List.of(student, plain);
        List<ExplainedModel> explained = models.explainedModels(student, plain);
        try {
            explained.forEach(model ->
                    model.leftOut().ifPresent(sentence -> experiment.answers().print(sentence)));
            for (Example example : chosen.isEmpty() ? authorsImages(models, seed) : chosen) {
                experiment
                        .answers()
                        .note("Explaining " + example.split() + " image " + example.index() + ", a "
                                + example.className());
                draw(experiment, explainers, explained, example, runs);
            }
            if (chosen.isEmpty()) {
                List<Example> judged = models.testImages(quick ? QUICK_JUDGED_IMAGES : JUDGED_IMAGES, seed);
                judge(experiment, explainers, explained, judged, runs);
            }
        } finally {
            explained.forEach(ExplainedModel::close);
        }
    }

    /** The images of {@code --index}. */
    private List<Example> chosen(MnistModels models) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (int index : indices) {
            examples.add(split == Split.train ? models.trainImage(index) : models.testImage(index));
        }
        return examples;
    }

    private static List<Example> authorsImages(MnistModels models, long seed) throws IOException {
        int[] batch = models.firstBatch(seed);
        List<Example> examples = new ArrayList<>();
        for (int place : AUTHORS_IMAGES) {
            examples.add(models.trainImage(batch[place]));
        }
        return examples;
    }

    private void draw(
            Task1Experiment experiment,
            Explainers explainers,
            List<ExplainedModel> models,
            Example example,
            List<Run> runs)
            throws IOException {
        List<Explainers.Explained> explained = new ArrayList<>();
        for (ExplainedModel model : models) {
            int explainedClass =
                    switch (target) {
                        case TRUE -> example.label();
                        case PREDICTED -> model.predict(example.image());
                        default -> Integer.parseInt(target);
                    };
            explained.add(explainers.explain(model, example, explainedClass));
        }
        String name = fileName(experiment, "q9", runs) + "-" + example.split() + "-" + example.index()
                + (target.equals(TRUE) ? "" : "-class-" + target);
        String about = experiment.reading() + Marks.of(runs).suffix();
        experiment.answers().picture(name, "Explanation maps", "", file -> {
            List<Path> files =
                    new ArrayList<>(ExplanationFigure.draw(example, explained, about, file.getParent(), name));
            Path csv = file.resolveSibling(name + ".csv");
            WholeFile.replace(csv, ExplanationTables.mapsCsv(explained));
            files.add(csv);
            return files;
        });
    }

    private void judge(
            Task1Experiment experiment,
            Explainers explainers,
            List<ExplainedModel> models,
            List<Example> examples,
            List<Run> runs)
            throws IOException {
        List<Explainers.Judged> judged = new ArrayList<>();
        Answers answers = experiment.answers();
        for (ExplainedModel model : models) {
            answers.note("Judging the maps of the " + model.name() + " on " + examples.size() + " test images");
            judged.addAll(explainers.judge(model, examples));
        }
        answers.keep(
                fileName(experiment, "q9-faithfulness", runs),
                ExplanationTables.faithfulness(judged, explainers, runs),
                ExplanationTables.faithfulnessCsv(judged));
        Table beyondControls = ExplanationTables.beyondControls(judged, runs);
        answers.keep(fileName(experiment, "q9-beyond-controls", runs), beyondControls, beyondControls.csv());
    }

    private String fileName(Task1Experiment experiment, String name, List<Run> runs) {
        return experiment.fileName(name, runs) + (masks == null ? "" : "-masks" + masks);
    }
}
