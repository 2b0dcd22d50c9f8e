package distill.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/**
 * A task of the report as a command: all its questions in order, or the one that is named.
 *
 * @param <E> what answers to its questions are made of
 * @param <P> what plans its trainings
 */
public abstract class TaskCommand<E extends Experiment<P>, P> extends ConsoleCommand {

    @Mixin
    private RunOptions runOptions;

    private boolean all;

    /** What its questions work with, after a check of the options. */
    protected abstract E experiment();

    /** The choices that both tasks have, checked. */
    protected final RunOptions.Choices choices(String task, boolean quick) {
        return runOptions.choices(this, task, quick);
    }

    /** Answers on the console, and in a folder of the task beside the runs. */
    protected final ConsoleAnswers answers(RunOptions.Choices choices) {
        return new ConsoleAnswers(
                console(), choices.out().resolve(choices.reading().task()), choices.quiet(), all && !verbose());
    }

    @Override
    public final Integer call() throws IOException {
        all = true;
        return answer(Question.of(commandLine()));
    }

    final Integer answer(List<Question<E, P>> questions) throws IOException {
        try (E experiment = experiment()) {
            experiment.openStopLine();
            Shard shard = runOptions.shard(this);
            experiment.expect(shard, (plan, seed) -> questions.stream()
                    .flatMap(question -> question.trainings(experiment, plan, seed).stream())
                    .toList());
            if (shard != null && questions.stream().noneMatch(Question::plansOnly)) {
                experiment.trainShard();
                return 0;
            }
            for (Question<E, P> question : questions) {
                question.answer(experiment);
            }
            experiment.answers().end();
            if (all || !experiment.trainsNothing()) {
                summarise(experiment);
            }
        }
        return 0;
    }

    private void summarise(E experiment) throws IOException {
        Optional<ClosingSummary> summary = experiment.summary();
        if (summary.isPresent()) {
            if (experiment.choices().quiet()) {
                println(summary.get().finding());
            } else {
                summary.get().lines().forEach(this::println);
            }
        }
    }
}
