package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.DeviceOptions;
import distill.experiment.StepBenchmark;
import distill.experiment.StepBenchmark.Case;
import distill.nn.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * {@code ./reproduce bench}: how long training steps and a small sweep of students take, how near that is to what the
 * machine can do, and how long Keras and PyTorch take for the same.
 */
@Command(
        name = "bench",
        description =
                "Times training steps, or a small sweep of students, against the machine's own rate for matrix products and against Keras and PyTorch.")
final class Bench extends ConsoleCommand {

    private static final String SWEEP = "sweep";

    @Parameters(
            arity = "0..*",
            paramLabel = "NETWORK|sweep",
            completionCandidates = Subjects.class,
            description = "${COMPLETION-CANDIDATES} (default: a step of each network).")
    private List<String> subjects = List.of();

    @Option(
            names = "--python",
            split = ",",
            paramLabel = "PYTHON",
            description =
                    "Pythons with Keras or PyTorch, such as .venv/bin/python: their peers are timed after each of ours.")
    private List<String> pythons = List.of();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            completionCandidates = Peers.class,
            description = "Some of ${COMPLETION-CANDIDATES} (default: all).")
    private List<String> peers = new Peers();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Rounds: ours, each peer, and so on (default 3).")
    private int rounds;

    @Mixin
    private DeviceOptions deviceOptions;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(rounds >= 1, "--rounds takes a number from 1, found " + rounds);
        List<Case> networks = subjects.isEmpty()
                ? List.of(Case.values())
                : converted(
                        subjects.stream()
                                .filter(subject -> !subject.equals(SWEEP))
                                .toList(),
                        Case::of);
        List<Peer> chosen = pythons.isEmpty() ? List.of() : converted(peers, Peer::of);
        for (Peer peer : chosen) {
            if (!Files.exists(peer.program())) {
                throw new IOException("there is no " + peer.program() + " here: start this in the project's folder");
            }
        }
        Device device = deviceOptions.device(commandLine());
        println(DeviceOptions.line(device));
        if (!networks.isEmpty()) {
            BenchSteps steps = new BenchSteps(pythons, chosen, device);
            Map<Case, Rounds<StepBenchmark.Step>> measured = new LinkedHashMap<>();
            for (Case network : networks) {
                Rounds<StepBenchmark.Step> all = new Rounds<>(who -> say("  " + who));
                for (int round = 1; round <= rounds; round++) {
                    begin(all, network.toString(), round, device);
                    steps.measure(network, all);
                }
                measured.put(network, all);
            }
            println(BenchSteps.table(measured).console());
        }
        if (subjects.contains(SWEEP)) {
            say("Writing MNIST, a teacher and its outputs for the sweep");
            try (BenchSweep sweep = BenchSweep.prepare(pythons, chosen, device)) {
                Rounds<BenchSweep.Sweep> all = new Rounds<>(who -> say("  " + who));
                for (int round = 1; round <= rounds; round++) {
                    begin(all, SWEEP, round, device);
                    sweep.measure(all);
                }
                println(sweep.table(all).console());
            }
        }
        return 0;
    }

    private void begin(Rounds<?> all, String subject, int round, Device device) {
        say("Round %d of %d: %s".formatted(round, rounds, subject));
        say("  the machine's rate for products of matrices");
        double rate = StepBenchmark.matrixRate(device);
        all.begin(rate);
        say(String.format(Locale.ROOT, "  matrix rate %.0f GFLOP/s", rate));
    }

    /** Converted here: an optional parameter that picocli cannot convert is to it one too many. */
    private <V> List<V> converted(List<String> labels, Function<String, V> of) {
        try {
            return labels.stream().map(of).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), e.getMessage());
        }
    }

    static final class Subjects extends ArrayList<String> {

        Subjects() {
            super(Arrays.stream(Case.values()).map(Case::toString).toList());
            add(SWEEP);
        }
    }

    static final class Peers extends ArrayList<String> {

        Peers() {
            super(Arrays.stream(Peer.values()).map(Peer::toString).toList());
        }
    }
}
