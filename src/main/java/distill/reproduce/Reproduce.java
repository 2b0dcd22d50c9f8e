package distill.reproduce;

import distill.command.Program;
import distill.task1.Task1;
import distill.task2.Task2;
import java.util.List;

/** The commands of {@code ./reproduce}. */
public final class Reproduce {

    /** In the order in which the help lists them. */
    static final List<Class<?>> COMMANDS = List.of(
            Task1.class,
            Task2.class,
            MhistCommand.class,
            Compare.class,
            VerdictsCommand.class,
            PageCommand.class,
            WeightsCommand.class,
            CostCommand.class,
            ExplainCommand.class,
            ReplayCommand.class,
            Bench.class,
            Rerun.class,
            MergeCommand.class,
            ListCommand.class,
            RunsCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            Completion.class,
            ManPage.class);

    private Reproduce() {}

    public static void main(String[] args) {
        Program.main(COMMANDS, args.length == 0 ? new String[] {DoctorCommand.NAME} : args);
    }
}
