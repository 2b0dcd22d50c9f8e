package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.Mnist;
import distill.loss.KnowledgeDistillation;
import distill.nn.Device;
import distill.nn.zoo.DataSpec;
import distill.report.Published;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Settings;
import distill.run.Steps;
import distill.run.Stopping;
import distill.run.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A teacher's step takes as long as 13.6 of a student's. */
class ShardsTest {

    private static final MnistPlan PLAN = new MnistPlan(
            Reading.of(Settings.TASK1, Variant.AS_WRITTEN),
            12,
            60_000,
            false,
            null,
            Mnist.DIGEST,
            DataSpec.MNIST,
            new KnowledgeDistillation(),
            AdamForm.KERAS2,
            Steps.REPORTS,
            MnistPlan.Student.REPORTS,
            Stopping.NONE,
            Device.cpu(2).asUsual());

    /** Table I: for each seed the teacher, then its 30 students. */
    private static List<Training> tableOne(long seeds) {
        return LongStream.rangeClosed(1, seeds)
                .boxed()
                .flatMap(seed -> Stream.concat(
                        Stream.of(PLAN.teacher(seed)),
                        PLAN.students("q5", Published.TEMPERATURES, Published.ALPHAS, seed).stream()))
                .toList();
    }

    private static List<Long> students(List<List<Training>> shards) {
        return shards.stream()
                .map(shard -> shard.stream()
                        .filter(one -> one.settings().role() == Role.STUDENT)
                        .count())
                .toList();
    }

    private static void assertWhole(List<Training> trainings, List<List<Training>> shards) {
        List<Training> students = new ArrayList<>();
        for (List<Training> shard : shards) {
            shard.forEach(training -> assertTrue(shard.containsAll(training.withWhatItRestsOn())));
            shard.stream().filter(one -> one.teacher() != null).forEach(students::add);
        }
        assertEquals(
                trainings.stream().filter(one -> one.teacher() != null).toList(),
                students,
                "each student once, in its order");
    }

    @Test
    void theStudentsOfATeacherStayTogetherWhereThatCostsNoTime() {
        List<Training> trainings = tableOne(2);
        assertEquals(List.of(tableOne(1), trainings.subList(31, 62)), Shards.of(trainings, 2));
    }

    @Test
    void theStudentsOfOneTeacherAreSharedOutAndEachShardTrainsIt() {
        List<List<Training>> shards = Shards.of(tableOne(1), 4);
        // 30 students by 4 are 8 at least in the longest.
        assertEquals(List.of(8L, 8L, 8L, 6L), students(shards));
        shards.forEach(shard -> assertEquals(PLAN.teacher(1), shard.get(0)));
        assertWhole(tableOne(1), shards);
    }

    @Test
    void aShardEndsWhereTheLongestIsAsShortAsCanBe() {
        // Three seeds are 3 (13.6 + 30) = 130.8 of students. Two shards train the second teacher: 72.2 each.
        List<List<Training>> shards = Shards.of(tableOne(3), 2);
        assertEquals(List.of(45L, 45L), students(shards));
        assertWhole(tableOne(3), shards);
    }

    @Test
    void noShardIsEmptyWhereThereAreAsManyTrainings() {
        List<List<Training>> shards = Shards.of(PLAN.students("q6", Published.TEMPERATURES, List.of(.5), 1), 6);
        assertEquals(List.of(1L, 1L, 1L, 1L, 1L, 1L), students(shards));
        // 4 shards of 6 take 2 at most; filled to that, 3 would do.
        assertEquals(
                List.of(2L, 2L, 1L, 1L),
                students(Shards.of(PLAN.students("q6", Published.TEMPERATURES, List.of(.5), 1), 4)));
    }

    @Test
    void aTrainingOnWhichNoneRestsIsSharedOutToo() {
        List<Training> teachers = List.of(PLAN.teacher(1), PLAN.teacher(2), PLAN.plainStudent("q7", 1));
        assertEquals(
                List.of(teachers.subList(0, 1), teachers.subList(1, 3)),
                Shards.of(teachers, 2),
                "the plain one is short");
    }

    @Test
    void moreShardsThanTrainingsAreRefusedWithBothNumbers() {
        String said = assertThrows(IllegalArgumentException.class, () -> Shards.of(tableOne(1), 31))
                .getMessage();
        assertTrue(said.matches("31 shards are too many: .*, are 30"), said);
    }
}
