package distill.command;

import distill.experiment.Training;
import distill.run.Reading;
import distill.run.Settings;
import distill.run.Variant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A question of the report as a command.
 *
 * @param <E> what answers to questions of its task are made of: runs, and where answers go
 * @param <P> what plans the task's trainings
 */
@Command
public abstract class Question<E, P> implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    /** A task of the report as a command. */
    public interface Task<E, P> {

        /** What some questions work with, after a check of the options. */
        E experiment(List<? extends Question<E, P>> questions);
    }

    /** Answers the question. */
    public abstract void answer(E experiment) throws Exception;

    /** What the question trains for one seed, but for what that rests on; nothing where it trains nothing. */
    public List<Training> trainings(E experiment, P plan, long seed) {
        return List.of();
    }

    /** How the command line of its task calls it: {@code q5}. */
    public String name() {
        return getClass().getAnnotation(Command.class).name();
    }

    /** What its command is described as. */
    public String description() {
        return String.join(" ", getClass().getAnnotation(Command.class).description());
    }

    /**
     * The question as {@code ./reproduce list} shows it.
     *
     * @param task its task's name
     * @param trainings what it trains for seed 1 in a reading, as the report does
     */
    public final ListedQuestion listed(String task, Function<Reading, List<Training>> trainings) {
        Map<Variant, List<Settings>> byVariant = new EnumMap<>(Variant.class);
        for (Variant variant : Variant.values()) {
            byVariant.put(
                    variant,
                    trainings.apply(Reading.of(task, variant)).stream()
                            .flatMap(training -> training.withWhatItRestsOn().stream())
                            .map(Training::settings)
                            .distinct()
                            .toList());
        }
        return new ListedQuestion(task + " " + name(), description(), byVariant);
    }

    @Override
    @SuppressWarnings("unchecked") // picocli injects no parent of a generic type
    public final Integer call() throws Exception {
        Task<E, P> task = (Task<E, P>) command.parent().userObject();
        answer(task.experiment(List.of(this)));
        return 0;
    }
}
