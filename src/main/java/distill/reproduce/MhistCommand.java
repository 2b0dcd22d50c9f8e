package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.ConsoleProgress;
import distill.command.ListedQuestion;
import distill.command.Program;
import distill.experiment.EpochTimes;
import distill.report.Marks;
import distill.report.verdict.Verdict;
import distill.report.verdict.VerdictText;
import distill.report.verdict.Verdicts;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Variant;
import distill.task2.Task2;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * {@code ./reproduce mhist}: all of Task 2 that the verdicts on it, and its tables, are made of, for who has MHIST. It
 * is a list of commands, each of which goes on where it was stopped.
 */
@Command(
        name = "mhist",
        description = "Trains Task 2 on MHIST in both readings, question 3 with as many seeds as its verdicts need and"
                + " question 2 with one, and ends with the verdicts. Started again, it goes on where it was stopped.",
        footer = {
            "",
            "Any other option is one of ./reproduce task2 q3 and goes to all of its commands: --data-dir and --weights say"
                    + " where MHIST and the ImageNet weights are, --shard K/N trains a part, --device where to compute."
        })
final class MhistCommand extends ConsoleCommand {

    @Option(
            names = "--plan",
            description = "Train nothing: say how long it takes on two cores, by the steps in docs/performance.md, and"
                    + " by a short measurement on this machine what each training takes.")
    private boolean plan;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Seeds of question 3, whose verdicts need several (default 5).")
    private int seeds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "The run store, and where tables and plots go (default runs).")
    private Path out;

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        check(seeds >= 1, "--seeds takes a number from 1, found " + seeds);
        List<List<String>> lines = new ArrayList<>();
        for (String question : List.of("q3 --seeds " + seeds, "q2")) {
            for (Variant reading : Variant.values()) {
                List<String> line = new ArrayList<>(List.of(("task2 " + question).split(" ")));
                line.addAll(List.of("--variant", reading.toString(), "--out", out.toString()));
                line.addAll(options);
                if (plan) {
                    line.add("--plan");
                }
                lines.add(line);
            }
        }
        if (plan) {
            println(
                    "With the report's settings all of it takes " + onTwoCores()
                            + " on two cores, by the steps in docs/performance.md. What it takes here follows, command by command.");
        }
        for (List<String> line : lines) {
            println("");
            say("./reproduce " + String.join(" ", line));
            int code =
                    Program.run(List.of(Task2.class), console(), commandLine().getErr(), line.toArray(String[]::new));
            if (code != 0) {
                return code;
            }
        }
        if (!plan) {
            println("");
            if (options.stream().anyMatch(option -> option.startsWith("--shard"))) {
                println("The verdicts are of all shards: ./reproduce merge DIR... --out ALL joins their stores, and"
                        + " ./reproduce verdicts --from ALL judges.");
            } else {
                judge();
            }
        }
        return 0;
    }

    private void judge() throws IOException {
        List<Run> runs = new RunStore(out).runs(Settings.TASK2);
        if (runs.stream()
                .noneMatch(run -> Marks.isOnMhist(run) && !run.settings().quick())) {
            println(
                    "None of these runs counts in the verdicts that follow, which are on MHIST with the report's settings."
                            + " They are marked"
                            + Marks.of(runs).suffix() + ".");
            println("");
        }
        List<Verdict> verdicts = Verdicts.of(List.of(), runs).stream()
                .filter(verdict -> verdict.claim().place().startsWith("Task 2"))
                .toList();
        println(new VerdictText(verdicts, List.of()).console());
    }

    /** How long the trainings of the report's settings take, a few of which two questions share. */
    private String onTwoCores() {
        double seconds = 0;
        for (ListedQuestion question : Task2.listed(null)) {
            List<EpochTimes.Left> trainings = question.trainings().values().stream()
                    .flatMap(List::stream)
                    .map(training -> EpochTimes.Left.whole(training.settings()))
                    .toList();
            int times = question.command().equals("task2 q3")
                    ? seeds
                    : question.command().equals("task2 q2") ? 1 : 0;
            seconds += times
                    * EpochTimes.from(List.of())
                            .estimate(trainings, 1, settings -> 1)
                            .seconds();
        }
        return ConsoleProgress.duration(seconds);
    }
}
