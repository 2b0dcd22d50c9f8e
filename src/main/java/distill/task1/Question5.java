package distill.task1;

import distill.command.Question;
import distill.experiment.MnistPlan;
import distill.experiment.Training;
import distill.report.Hyperparameters;
import distill.report.MnistTables;
import distill.report.Published;
import distill.report.ValidationTable;
import distill.run.Run;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Task1.main("q5", args);
    }

    @Override
    public List<Training> trainings(Task1Experiment experiment, MnistPlan plan, long seed) {
        // What validation chooses is not known before.
        boolean chosenLater = validationImages != null && !experiment.validates();
        return chosenLater
                ? List.of()
                : Stream.concat(
                                experiment.hasGivenTeacher() ? Stream.of() : Stream.of(plan.teacher(seed)),
                                plan.students("q5", experiment.temperatures(), experiment.alphas(), seed).stream())
                        .toList();
    }

    @Override
    public void answer(Task1Experiment experiment) throws Exception {
        if (validationImages != null) {
            validate(experiment);
            return;
        }
        experiment.announce();
        experiment.heading("Question 5: teacher and students");
        if (experiment.hasGivenTeacher()) {
            experiment.printGivenTeacher();
        } else {
            List<Run> teachers = experiment.teachers();
            experiment.publish(
                    experiment.fileName("q5-teacher", teachers),
                    MnistTables.teacher(teachers),
                    MnistTables.teacherCsv(teachers));
        }
        List<Run> students = experiment.students("q5", experiment.temperatures(), experiment.alphas());
        experiment.publish(
                experiment.fileName("q5-table1", students),
                MnistTables.table1(students),
                MnistTables.csv(students, s -> Published.table1(s.temperature(), s.alpha())));
    }

    /** The test images have no part in the choice: it is made before any run of it is trained on all images. */
    private void validate(Task1Experiment experiment) throws IOException {
        if (validationImages < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--validation takes a number from 1, found " + validationImages);
        }
        Task1Experiment validation = experiment.withValidation(validationImages);
        validation.announce();
        if (validation.hasGivenTeacher()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--validation trains each seed's teacher without the images that are kept back: leave out --teacher");
        }
        experiment.heading("Question 5: temperature and alpha chosen by validation");
        if (!experiment.trainsNothing()) {
            validation.teachers();
        }
        List<Run> validated = validation.students("q5", experiment.temperatures(), experiment.alphas());
        Hyperparameters choice = ValidationTable.choose(validated);
        experiment.print("Chosen: " + choice + ". Trained on all images, and tested:");
        experiment.announce();
        List<Run> tested = experiment.students("q5", List.of(choice.temperature()), List.of(choice.alpha())).stream()
                .filter(run -> choice.are(run.settings()))
                .toList();
        if (tested.isEmpty()) {
            throw new IOException("the store has no run of %s that was trained on all images: train without --from"
                    .formatted(choice));
        }
        experiment.publish(
                validation.fileName("q5-validation" + validationImages, validated),
                ValidationTable.of(validationImages, validated, tested, experiment.storedStudents("q5")),
                ValidationTable.csv(validated, tested));
    }
}
