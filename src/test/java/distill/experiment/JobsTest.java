package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mnist;
import distill.nn.Device;
import distill.run.Reading;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {

    private static final DataSet DATA = Mnist.generate(600, 100);
    private static final Reading WRITTEN = Reading.of(Settings.TASK1, Variant.AS_WRITTEN);

    @TempDir
    private Path folder;

    private MnistTrainer trainer(String store, Device device, TrainingListener listener) {
        Trainer.Setup setup = new Trainer.Setup(DATA, List.of(), null, device, false);
        return MnistTrainer.of(WRITTEN, 1, DATA, setup, folder.resolve(store).resolve("runs"), listener);
    }

    /** Two teachers, three students of each, and a student without a teacher. */
    private static List<Training> trainings(MnistPlan plan) {
        List<Training> all = new ArrayList<>();
        for (long seed : List.of(1L, 2L)) {
            all.add(plan.teacher(seed));
            all.addAll(plan.students("q5", List.of(1., 4., 16.), List.of(.5), seed));
        }
        all.add(plan.plainStudent("q7", 1));
        return all;
    }

    private static Set<String> digests(List<Run> runs) {
        return runs.stream()
                .map(run -> run.identity() + " " + run.weightsDigest())
                .collect(Collectors.toSet());
    }

    @Test
    void severalAtATimeEndWithTheWeightsOfOneAfterAnother() throws IOException {
        Device usual = Device.cpu(2).asUsual();
        MnistTrainer single = trainer("single", usual, TrainingListener.SILENT);
        List<Run> oneByOne = new ArrayList<>();
        for (Training training : trainings(single.plan())) {
            oneByOne.add(single.trainer().run(training));
        }
        assertEquals(
                Set.of("TEACHER 4", "STUDENT 1", "STUDENT_PLAIN 1"),
                oneByOne.stream()
                        .map(run -> run.settings().role().name() + " "
                                + run.settings().computation().threads())
                        .collect(Collectors.toSet()));
        MnistTrainer several = trainer("several", usual, TrainingListener.SILENT);
        try (Trainer trainer = several.trainer()) {
            trainer.start(trainings(several.plan()), 3);
            List<Run> sideBySide = new ArrayList<>();
            for (Training training : trainings(several.plan())) {
                sideBySide.add(trainer.run(training));
            }
            assertEquals(digests(oneByOne), digests(sideBySide));
            assertEquals(digests(oneByOne), digests(new RunStore(folder.resolve("several/runs")).runs("task1")));
        }
    }

    @Test
    void studentsWaitForTheirTeacherWhileOthersAreTrained() throws Exception {
        CountDownLatch plain = new CountDownLatch(1);
        Set<String> ended = ConcurrentHashMap.newKeySet();
        MnistTrainer several = trainer("waiting", Device.cpu(1), TrainingListener.SILENT);
        List<Training> all = trainings(several.plan());
        try (Jobs jobs = new Jobs(all, 3, settings -> 1, training -> {
            Settings settings = training.settings();
            if (settings.role() == Role.TEACHER && !await(plain)) {
                throw new IOException("the plain student was not trained beside the teachers");
            }
            if (training.teacher() != null
                    && !ended.contains(training.teacher().settings().label())) {
                throw new IOException("a student began before its teacher had ended");
            }
            ended.add(settings.label());
            if (settings.role() == Role.STUDENT_PLAIN) {
                plain.countDown();
            }
            return null;
        })) {
            for (Training training : all) {
                jobs.await(training);
            }
        }
        assertEquals(all.size(), ended.size());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void aTrainingThatTakesAllPlacesIsAlone() throws IOException {
        Set<String> underway = ConcurrentHashMap.newKeySet();
        MnistPlan plan = trainer("places", Device.cpu(2).asUsual(), TrainingListener.SILENT)
                .plan();
        List<Training> all = trainings(plan);
        try (Jobs jobs = new Jobs(all, 2, settings -> Trainer.places(settings, 2), training -> {
            underway.add(training.settings().label());
            for (int i = 0; i < 20; i++) {
                if (training.settings().role() == Role.TEACHER && underway.size() > 1) {
                    throw new IOException("beside a teacher: " + underway);
                }
                sleep();
            }
            underway.remove(training.settings().label());
            return null;
        })) {
            for (Training training : all) {
                jobs.await(training);
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whereOneFailsTheOthersStopAndSayWhy() throws IOException {
        MnistTrainer several = trainer("failing", Device.cpu(1), (settings, steps, done) -> {
            if (settings.seed() == 2) {
                throw new IOException("no room for the teacher of seed 2");
            }
            return EpochListener.SILENT;
        });
        List<Training> all = trainings(several.plan());
        try (Trainer trainer = several.trainer()) {
            trainer.start(all, 2);
            IOException failed = assertThrows(IOException.class, () -> {
                for (Training training : all) {
                    trainer.run(training);
                }
            });
            assertEquals("no room for the teacher of seed 2", failed.getMessage());
        }
        assertTrue(new RunStore(folder.resolve("failing/runs")).runs("task1").size() < all.size());
    }

    @Test
    void closingStopsWhatIsTrainedAndALaterProcessEndsWithTheSameWeights() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        MnistTrainer stopped = trainer("stopped", Device.cpu(1), (settings, steps, done) -> new EpochListener() {
            @Override
            public void afterStep(int epoch, int step, int of) {
                began.countDown();
            }
        });
        List<Training> all = trainings(stopped.plan());
        try (Trainer trainer = stopped.trainer()) {
            trainer.start(all, 2);
            assertTrue(await(began));
        }
        RunStore store = new RunStore(folder.resolve("stopped/runs"));
        assertFalse(store.runs("task1").size() == all.size(), "all were trained before they could be stopped");
        MnistTrainer again = trainer("stopped", Device.cpu(1), TrainingListener.SILENT);
        MnistTrainer whole = trainer("whole", Device.cpu(1), TrainingListener.SILENT);
        assertEquals(
                whole.trainer().run(all.get(1)).weightsDigest(),
                again.trainer().run(all.get(1)).weightsDigest());
    }
}
