package distill.reproduce;

import distill.command.Candidates;
import distill.command.ConsoleCommand;
import distill.cost.Cost;
import distill.experiment.ModelLibrary;
import distill.experiment.SavedModels;
import distill.nn.Device;
import distill.nn.Network;
import distill.page.Cell;
import distill.page.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./reproduce cost}: what a network costs, which question 8 shows of the report's two. */
@Command(name = "cost", description = "Counts a network's parameters and floating-point operations.")
final class CostCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "NAME|FILE",
            completionCandidates = Candidates.SavedModelNamesOrFiles.class,
            description = WeightsCommand.NAME_OR_FILE)
    private String model;

    @Override
    public Integer call() throws IOException {
        Device cpu = Device.cpu(Runtime.getRuntime().availableProcessors());
        ModelLibrary.StoredModel stored = new ModelLibrary(SavedModels.FOLDER, cpu).findOrRead(model);
        Network network = stored.network();
        Cost cost = Cost.of(network, 1);
        List<List<Cell>> rows = new ArrayList<>();
        cost.flopsByOperation().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(operation -> rows.add(row(operation.getKey(), operation.getValue())));
        rows.add(row("all", cost.flops()));
        println(new Table(
                        "%s, a %s: FLOPs of one forward pass of one example"
                                .formatted(stored.name(), stored.architecture()),
                        List.of("operation", "FLOPs"),
                        rows,
                        List.of(
                                "%s parameters, of which %s are trainable."
                                        .formatted(number(network.parameters()), number(network.trainableParameters())),
                                "A multiplication and an addition are two; activations other than softmax are free."))
                .console());
        return 0;
    }

    private static List<Cell> row(String operation, double flops) {
        return List.of(Cell.text(operation), Cell.number(flops, "%,.0f"));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
