package distill.command;

import distill.experiment.Training;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What command lines of a task would train, with their options checked as the commands check them. */
public final class Planned {

    private Planned() {}

    /**
     * The trainings of one seed, but for what they rest on; none of a command line that is no task's.
     *
     * @throws ParameterException where the options make no sense
     */
    @SuppressWarnings("unchecked") // picocli knows no generic types
    public static <E extends Experiment<P>, P> List<Training> of(ParseResult parsed) {
        List<CommandLine> line = parsed.asCommandLineList();
        if (line.size() < 2 || !(line.get(1).getCommand() instanceof TaskCommand)) {
            return List.of();
        }
        TaskCommand<E, P> task = line.get(1).getCommand();
        E experiment = task.experiment();
        P plan = experiment.planned();
        List<Question<E, P>> questions = line.size() == 2
                ? Question.of(line.get(1))
                : List.of((Question<E, P>) line.get(2).getCommand());
        return questions.stream()
                .flatMap(question -> question.trainings(experiment, plan, 1).stream())
                .toList();
    }
}
