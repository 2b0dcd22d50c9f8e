package distill.task1;

import distill.command.Answers;
import distill.command.Question;
import distill.command.Stored;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.page.Document.Block;
import distill.page.Table;
import distill.report.Cells;
import distill.report.HeatMaps;
import distill.report.Hyperparameters;
import distill.report.MnistCharts;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.ValidationTable;
import distill.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Question 5: the teacher (Fig. 4), then a new student for each temperature and alpha (Table I). The report's best cell
 * is chosen on the test images; with {@code --validation} the choice is made on training images that are kept back, and
 * what is chosen alone is tested.
 */
@Command(
        name = "q5",
        description = "The teacher, and students for every temperature and alpha: Fig. 4, Table I; or the best of them"
                + " by validation.")
public final class Question5 extends Question<Task1Experiment, MnistPlan> {

    @Option(
            names = "--validation",
            paramLabel = "N",
            description = "Choose temperature and alpha on the last N training images, with the others to train on;"
                    + " then train the chosen cell on all, and test it.")
    private Integer validationImages;

    public static void main(String[] args) {
        Task1.main("q5", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        if (validationImages != null && !experiment.validates()) {
            // What validation chooses is not known before.
            return List.of();
        }
        List<Training> trainings =
                new ArrayList<>(plan.students("q5", experiment.temperatures(), experiment.plannedAlphas(), seed));
        if (!experiment.hasGivenTeacher()) {
            trainings.add(0, plan.teacher(seed));
        }
        return trainings;
    }

    @Override
    public String title() {
        return "Teacher and students";
    }

    @Override
    public List<Block> inShort(Stored<Task1Experiment> stored) throws IOException {
        return HeatMaps.tableOne(stored.runs(Task1Experiment::students));
    }

    @Override
    public List<Block> page(Stored<Task1Experiment> stored) throws IOException {
        return Stored.joined(
                stored.figure(Task1Experiment::teachers, teachers -> MnistCharts.teachers(MnistCharts.named(teachers))),
                stored.readings(missing("The store has no teacher."), Question5::teachers),
                stored.readings(missing("The store has no students of Table I."), Question5::students),
                stored.figure(Task1Experiment::students, MnistCharts::tableOneByTemperature),
                stored.figure(Task1Experiment::students, MnistCharts::tableOneByAlpha),
                stored.readings(Question5::validations));
    }

    @Override
    public void answer(Task1Experiment experiment) throws IOException {
        if (validationImages != null) {
            check(!experiment.stopsEarly(), "--validation and --early-stopping cannot go together");
            check(validationImages >= 1, "--validation takes a number from 1, found " + validationImages);
            validate(experiment, validationImages);
            return;
        }
        experiment.announce("Question 5: teacher and students");
        if (experiment.hasGivenTeacher()) {
            experiment.printGivenTeacher();
        } else {
            teachers(experiment);
        }
        students(experiment);
    }

    private static void teachers(Task1Experiment experiment) throws IOException {
        experiment.publish("q5-teacher", experiment.teachers(), MnistTables::teacher, MnistTables::teacherCsv);
    }

    private static void students(Task1Experiment experiment) throws IOException {
        experiment.publish(
                "q5-table1",
                experiment.students(),
                MnistTables::table1,
                students -> MnistTables.csv(students, s -> Published.table1(s.temperature(), s.alpha())));
    }

    /** Every choice by validation that the store has. */
    private static void validations(Task1Experiment experiment) throws IOException {
        for (int images : experiment.validations()) {
            new Question5().validate(experiment, images);
        }
    }

    /** The test images have no part in the choice: it is made before any run of it is trained on all images. */
    private void validate(Task1Experiment experiment, int images) throws IOException {
        try (Task1Experiment validation = experiment.withValidation(images)) {
            validate(experiment, validation, images);
        }
    }

    private void validate(Task1Experiment experiment, Task1Experiment validation, int images) throws IOException {
        validation.expect((plan, seed) -> trainings(validation, plan, seed));
        validation.announce();
        check(
                !validation.hasGivenTeacher(),
                "--validation trains each seed's teacher without the images that are kept back: leave out --teacher");
        check(
                validation.lossHasTeacher(),
                "--validation chooses temperature and alpha of a distillation: --loss takes one with a teacher");
        Answers answers = experiment.answers();
        answers.heading("Question 5: temperature and alpha chosen by validation");
        if (!experiment.trainsNothing()) {
            validation.teachers();
        }
        List<Run> validated = validation.students();
        if (validated.isEmpty()) {
            return;
        }
        Hyperparameters choice = ValidationTable.choose(validated);
        answers.print("Chosen: " + choice + ". Trained on all images, and tested:");
        experiment.announce();
        List<Run> tested = experiment.found(
                experiment.students(choice).stream()
                        .filter(run -> choice.are(run.settings()))
                        .toList(),
                "the store has no run of %s that was trained on all images: train without --from".formatted(choice));
        List<Run> others = experiment.storedStudents();
        if (!tested.isEmpty()) {
            String file = validation.fileName("q5-validation" + images, validated);
            Table table = ValidationTable.of(images, validated, tested, others);
            String csv = ValidationTable.csv(validated, tested);
            answers.publish(file, table, csv, Cells.all(validated, tested, others));
        }
    }
}
