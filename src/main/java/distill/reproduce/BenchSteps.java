package distill.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import distill.experiment.StepBenchmark;
import distill.experiment.StepBenchmark.Case;
import distill.experiment.StepBenchmark.Step;
import distill.nn.Device;
import distill.page.Cell;
import distill.page.Table;
import distill.reproduce.Rounds.LeftOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Our training steps beside the peers'. */
record BenchSteps(List<String> pythons, List<Peer> peers, Device device) {

    /** One round: ours, then each peer in a process of its own. */
    void measure(Case network, Rounds<Step> rounds) throws IOException, InterruptedException {
        rounds.measure(Rounds.OURS, () -> StepBenchmark.step(network, device));
        for (Peer peer : peers) {
            rounds.measure(peer.toString(), () -> step(peer, pythons, network, device));
        }
    }

    /**
     * A peer's steps.
     *
     * @throws IllegalStateException where its network has another number of parameters than ours
     */
    static Step step(Peer peer, List<String> pythons, Case network, Device device)
            throws IOException, InterruptedException, LeftOut {
        List<String> arguments = List.of(network.toString(), String.valueOf(device.threads()));
        JsonNode step = peer.run(pythons, device, "step", List.of(arguments)).get(0);
        long parameters = step.get("parameters").asLong();
        if (parameters != network.parameters()) {
            throw new IllegalStateException("%s of %s has %d parameters, expected %d: correct %s"
                    .formatted(network, peer, parameters, network.parameters(), peer.program()));
        }
        return new Step(
                step.get("median").asDouble(),
                step.get("best").asDouble(),
                step.get("memory").asDouble(Double.NaN));
    }

    static Table table(Map<Case, Rounds<Step>> measured) {
        List<List<Cell>> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>(List.of(
                "The middle of the rounds' numbers, and their range; ours / this is divided round by round, with the medians.",
                "/ ceiling: how many times as long the median is as the step's products would take at the matrix rate (products of"
                        + " 2048 x 2048 in float32) of the same round.",
                "Memory is the most that the process has taken so far; each peer has a process for each network.",
                "The batch is generated. Only figures taken while nothing else runs mean anything."));
        measured.forEach((network, rounds) -> {
            long products = network.products();
            for (String who : rounds.names()) {
                rows.add(List.of(
                        Cell.text(network + ", " + who),
                        Cell.number(network.batchSize()),
                        rounds.cell(who, Step::medianMilliseconds, 1),
                        rounds.cell(who, Step::bestMilliseconds, 1),
                        rounds.oursOver(who, Step::medianMilliseconds),
                        rounds.overCeiling(who, Step::medianMilliseconds, products),
                        rounds.cell(who, Step::peakMegabytes, 0)));
            }
            notes.add("%s: matrix rate %s GFLOP/s."
                    .formatted(network, rounds.matrixRate().text()));
            notes.addAll(rounds.leftOut());
        });
        return new Table(
                "Training steps",
                List.of("network", "batch", "median ms", "best ms", "ours / this", "/ ceiling", "peak memory MB"),
                rows,
                notes);
    }
}
