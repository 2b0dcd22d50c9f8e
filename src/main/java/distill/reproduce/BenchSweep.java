package distill.reproduce;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import distill.experiment.StepBenchmark.Case;
import distill.experiment.SweepBenchmark;
import distill.files.Folders;
import distill.nn.Device;
import distill.page.Cell;
import distill.page.Table;
import distill.report.Published;
import distill.reproduce.Rounds.LeftOut;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A small sweep of students, ours as a user starts it ({@code ./reproduce task1 q5}) beside the peers', each from the
 * start of its processes to their end.
 *
 * @param folder a temporary one, with the files that all programs read
 */
record BenchSweep(List<String> pythons, List<Peer> peers, Device device, Path folder, SweepBenchmark files)
        implements AutoCloseable {

    private static final int STUDENTS = SweepBenchmark.TEMPERATURES.size() * SweepBenchmark.ALPHAS.size();

    /** How many such sweeps Table I's students are. */
    private static final double TABLE_1 = (double) Published.TEMPERATURES.size()
            * Published.ALPHAS.size()
            * Published.EPOCHS
            / (STUDENTS * SweepBenchmark.EPOCHS);

    /** @param accuracy mean of the students' test accuracies in percent; NaN where they were not trained */
    record Sweep(double seconds, double accuracy) {}

    static BenchSweep prepare(List<String> pythons, List<Peer> peers, Device device) throws IOException {
        Path folder = Files.createTempDirectory("bench").toAbsolutePath();
        return new BenchSweep(pythons, peers, device, folder, SweepBenchmark.write(folder, device));
    }

    /** One round: ours, then each peer, in one process and in two at once. */
    void measure(Rounds<Sweep> rounds) throws IOException, InterruptedException {
        rounds.measure(Rounds.OURS, this::ours);
        for (Peer peer : peers) {
            if (peer == Peer.KERAS_NOTEBOOK) {
                rounds.measure(peer + ", from its steps", () -> fromSteps(peer));
            } else if (Peer.SWEEPING.contains(peer)) {
                rounds.measure(peer.toString(), () -> theirs(peer, 1));
                rounds.measure(peer + ", 2 processes", () -> theirs(peer, 2));
            }
        }
    }

    private Sweep ours() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of("reproduce").toAbsolutePath().toString(),
                "task1",
                "q5",
                "--temperatures",
                commas(SweepBenchmark.TEMPERATURES),
                "--alphas",
                commas(SweepBenchmark.ALPHAS),
                "--epochs",
                String.valueOf(SweepBenchmark.EPOCHS),
                "--data-dir",
                SweepBenchmark.MNIST,
                "--teacher",
                SweepBenchmark.TEACHER,
                "--device",
                device.gpu() ? "gpu" : "cpu",
                "--fresh"));
        if (device.asked()) {
            command.addAll(List.of("--threads", String.valueOf(device.threads())));
        }
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> printed = Peer.lines(process);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + Peer.reason(printed));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double accuracy = new RunStore(folder.resolve("runs"))
                .runs(Settings.TASK1).stream()
                        .mapToDouble(Run::testAccuracy)
                        .average()
                        .orElseThrow();
        return new Sweep(seconds, accuracy);
    }

    private static String commas(List<Double> numbers) {
        return numbers.stream().map(String::valueOf).collect(joining(","));
    }

    private Sweep theirs(Peer peer, int processes) throws IOException, InterruptedException, LeftOut {
        List<List<String>> arguments = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            arguments.add(new ArrayList<>(List.of(
                    folder.toString(),
                    String.valueOf(Math.max(1, device.threads() / processes)),
                    String.valueOf(SweepBenchmark.EPOCHS))));
        }
        int student = 0;
        for (double temperature : SweepBenchmark.TEMPERATURES) {
            for (double alpha : SweepBenchmark.ALPHAS) {
                arguments.get(student++ % processes).add(temperature + "/" + alpha);
            }
        }
        long start = System.nanoTime();
        List<JsonNode> printed = peer.run(pythons, device, "sweep", arguments);
        double seconds = (System.nanoTime() - start) / 1e9;
        double accuracy = printed.stream()
                .flatMap(one -> StreamSupport.stream(one.get("accuracies").spliterator(), false))
                .mapToDouble(JsonNode::asDouble)
                .average()
                .orElseThrow();
        return new Sweep(seconds, accuracy);
    }

    private Sweep fromSteps(Peer peer) throws IOException, InterruptedException, LeftOut {
        double step = BenchSteps.step(peer, pythons, Case.MNIST_STUDENT, device).medianMilliseconds();
        return new Sweep(files.steps() * step / 1e3, Double.NaN);
    }

    Table table(Rounds<Sweep> rounds) {
        List<List<Cell>> rows = new ArrayList<>();
        long products = Case.MNIST_STUDENT.products();
        for (String who : rounds.names()) {
            rows.add(List.of(
                    Cell.text(who),
                    rounds.cell(who, Sweep::seconds, 1),
                    rounds.oursOver(who, Sweep::seconds),
                    rounds.cell(who, this::stepMilliseconds, 2),
                    rounds.overCeiling(who, this::stepMilliseconds, products),
                    rounds.cell(who, sweep -> sweep.seconds() * TABLE_1 / 60, 1),
                    rounds.cell(who, Sweep::accuracy, 2)));
        }
        List<String> notes = new ArrayList<>(List.of(
                "From the start of the processes to their end, with a test on all test images after each epoch and the accuracy on all training images after the last.",
                "The teacher and its outputs on the training images are given.",
                "The middle of the rounds' numbers, and their range; ours / this is divided round by round.",
                "/ ceiling: how many times as long a step is as its products would take at the matrix rate of the same round: %s GFLOP/s."
                        .formatted(rounds.matrixRate().text()),
                "Table I is %.0f times the sweep, the start of a process counted as often.".formatted(TABLE_1),
                "From its steps: training steps alone, which were timed and multiplied by their number.",
                "Only figures taken while nothing else runs mean anything."));
        notes.addAll(rounds.leftOut());
        return new Table(
                "%d students of %d epochs".formatted(STUDENTS, SweepBenchmark.EPOCHS),
                List.of(
                        "",
                        "seconds",
                        "ours / this",
                        "ms a step",
                        "/ ceiling",
                        "Table I, minutes",
                        "mean test accuracy %"),
                rows,
                notes);
    }

    private double stepMilliseconds(Sweep sweep) {
        return sweep.seconds() * 1e3 / files.steps();
    }

    /** Deletes the temporary folder. */
    @Override
    public void close() throws IOException {
        Folders.delete(folder);
    }
}
