package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.DataSet;
import distill.data.Mnist;
import distill.experiment.StepBenchmark.Case;
import distill.experiment.StepBenchmark.Step;
import distill.experiment.SweepBenchmark;
import distill.nn.Device;
import distill.page.Table;
import distill.reproduce.BenchSweep.Sweep;
import distill.reproduce.Rounds.LeftOut;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    @TempDir
    private Path folder;

    @Test
    void theTableOfStepsHasTheMiddleAndTheRangeOfTheRoundsAndOursOverThePeers() throws Exception {
        Rounds<Step> rounds = new Rounds<>(who -> {});
        double[][] medians = {{6, 8}, {9, 10}, {7, 7}};
        for (double[] median : medians) {
            rounds.begin(200);
            rounds.measure(Rounds.OURS, () -> new Step(median[0], 5, 100));
            rounds.measure("keras-xla", () -> {
                throw new LeftOut("keras is not installed in python3");
            });
            rounds.measure("torch-eager", () -> new Step(median[1], 4, Double.NaN));
        }
        Table table = BenchSteps.table(Map.of(Case.MNIST_STUDENT, rounds));
        // Products of the student: 6 x 256 x (784 x 784 x 2 + 784 x 10), less 2 x 256 x 784 x 784 for the gradient of
        // its images, which nobody needs: 1,585,577,984; at 200 GFLOP/s 7.928 ms. 6 / 7.928 = .757.
        assertEquals(
                List.of(
                        List.of(
                                "mnist-student, ours",
                                "256",
                                "7.0 (6.0 to 9.0)",
                                "5.0 (5.0 to 5.0)",
                                "",
                                "0.88 (0.76 to 1.14)",
                                "100 (100 to 100)"),
                        List.of(
                                "mnist-student, torch-eager",
                                "256",
                                "8.0 (7.0 to 10.0)",
                                "4.0 (4.0 to 4.0)",
                                "0.90 (0.75 to 1.00)",
                                "1.01 (0.88 to 1.26)",
                                "")),
                table.texts());
        assertTrue(
                table.notes().contains("Left out: keras-xla: keras is not installed in python3."),
                table.notes()::toString);
    }

    @Test
    void aPeerThatFailsInALaterRoundIsLeftOutWhole() throws Exception {
        Rounds<Sweep> rounds = new Rounds<>(who -> {});
        rounds.measure("torch-compile", () -> new Sweep(1, 2));
        rounds.measure("torch-compile", () -> {
            throw new LeftOut("no compiler");
        });
        rounds.measure("torch-compile", () -> new Sweep(1, 2));
        assertEquals(List.of(), List.copyOf(rounds.names()));
        assertEquals(List.of("Left out: torch-compile: no compiler."), rounds.leftOut());
    }

    @Test
    void aSweepIsExtrapolatedToTableOne() throws Exception {
        Rounds<Sweep> rounds = new Rounds<>(who -> {});
        rounds.begin(100);
        rounds.measure(Rounds.OURS, () -> new Sweep(56.16, 97.5));
        rounds.measure("keras-notebook, from its steps", () -> new Sweep(561.6, Double.NaN));
        BenchSweep sweep = new BenchSweep(List.of(), List.of(), Device.cpu(1), folder, new SweepBenchmark(60_000));
        // 8 students x 3 epochs x 234 batches: 5616 steps, 10 ms each. Table I has 30 students of 12 epochs, 15 times
        // as
        // much: 14.04 minutes.
        List<List<String>> rows = sweep.table(rounds).texts();
        assertEquals(List.of("ours", "56.2", "", "10.00", "0.63", "14.0", "97.50"), rows.get(0));
        assertEquals(
                List.of("keras-notebook, from its steps", "561.6", "0.10", "100.00", "6.31", "140.4", ""), rows.get(1));
    }

    @Test
    void anErrorIsNamedByTheLineThatNamesIt() {
        assertEquals(
                "torch._inductor.exc.InductorError: no compiler",
                Peer.reason(List.of("Traceback:", "torch._inductor.exc.InductorError: no compiler", "Set X for more")));
        assertEquals("killed", Peer.reason(List.of("loading", "killed")));
    }

    @Test
    void theFilesOfASweepAreThoseThatTheProgramsRead() throws Exception {
        DataSet data = Mnist.generate(300, 20);
        Path mnist = Files.createDirectory(folder.resolve("mnist"));
        Mnist.write(data, mnist);
        assertEquals(data.origin().digest(), Mnist.load(mnist).origin().digest());
    }
}
