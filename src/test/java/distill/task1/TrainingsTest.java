package distill.task1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.command.ConsoleAnswers;
import distill.command.Question;
import distill.command.RunOptions;
import distill.data.Mnist;
import distill.experiment.MnistPlan;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.DataSpec;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Stopping;
import distill.run.Variant;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a question says beforehand that it trains. */
class TrainingsTest {

    private static final Device DEVICE = Device.cpu(2);

    private static List<String> trainings(
            Question<Task1Experiment, MnistPlan> question, boolean quick, String... options) {
        new CommandLine(question).parseArgs(options);
        Task1Experiment experiment = new Task1Experiment(
                RunOptions.Choices.stored(Reading.of(Settings.TASK1, Variant.AS_WRITTEN), quick, null),
                Task1Experiment.Options.NONE,
                ConsoleAnswers.SILENT);
        MnistPlan plan = new MnistPlan(
                Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
                experiment.epochs(),
                60_000,
                quick,
                null,
                Mnist.DIGEST,
                DataSpec.MNIST,
                new KnowledgeDistillation(),
                AdamForm.KERAS2,
                Steps.REPORTS,
                MnistPlan.Student.REPORTS,
                Stopping.NONE,
                DEVICE);
        return question.trainings(experiment, plan, 1).stream()
                .flatMap(training -> training.withWhatItRestsOn().stream())
                .map(training -> training.settings().label())
                .distinct()
                .toList();
    }

    @Test
    void waysToStopEarlyTrainPlainDistillationToo() {
        String teacher = "task1-as-written-teacher-seed1";
        String plain = "task1-as-written-q13-single-trajectory-student-T4-alpha0.5-epochs12-seed1";
        assertEquals(
                List.of(teacher, plain, "task1-as-written-q13-distil-until-student-T4-alpha0.5-until6-seed1"),
                trainings(new Question13(), false, "--distil-until-epoch", "6"));
        assertEquals(
                List.of(teacher, plain),
                trainings(new Question13(), false, "--stop-when-loss-change-below", ".01"),
                "where the rule stops is known only then");
        assertEquals(
                1 + 12 + 1,
                trainings(new Question13(), false, "--single-trajectory", "--distil-until-epoch", "6")
                        .size(),
                "the student of the whole teacher is one of the twelve");
    }

    @Test
    void controlsOfQuestion7LearnFromSmoothedLabelsFromTheirOwnTeacherAndFromTheNextSeeds() {
        assertEquals(List.of("task1-as-written-q7-student-plain-seed1"), trainings(new Question7(), false));
        assertEquals(
                List.of(
                        "task1-as-written-q7-student-plain-seed1",
                        "task1-as-written-q7-student-plain-loss-label-smoothing-seed1",
                        "task1-as-written-teacher-seed1",
                        "task1-as-written-q5-student-T16-alpha0.9-seed1",
                        "task1-as-written-teacher-seed2",
                        "task1-as-written-q7-another-teacher-student-T16-alpha0.9-seed1"),
                trainings(new Question7(), false, "--controls"));
    }

    @Test
    void theLimitsOfEarlyStoppingNeedTheWidestStudentsOnly() {
        List<String> trained = trainings(new Question12(), false);
        assertEquals(1 + 1 + 12, trained.size());
        assertEquals(
                1 + 12,
                trained.stream().filter(label -> label.contains("-width784-")).count(),
                trained.toString());
        assertEquals(1 + 1 + 2, trainings(new Question12(), true).size());
    }
}
