package distill.command;

import distill.loss.DistillationLoss;
import distill.nn.Network;
import distill.run.Role;
import distill.run.Settings;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

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

    /** Whether all its questions are asked, and not a single one. */
    protected final boolean asksAll() {
        return all;
    }

    /**
     * The student of one's own that was named; null without one.
     *
     * @param questions that it goes with, in words: {@code 5, 6, 7 and 9}
     * @param example one of them, such as {@code task1 q5}
     */
    protected final OwnStudent named(StudentOptions options, String questions, String example) {
        return options.named(this, all, questions, example);
    }

    /** The names of its options, which its questions share; those that every command has are not among them. */
    final Set<String> sharedOptions() {
        Set<String> shared =
                new LinkedHashSet<>(commandLine().getCommandSpec().optionsMap().keySet());
        shared.removeAll(commandLine().getParent().getCommandSpec().optionsMap().keySet());
        return shared;
    }

    @Override
    public final Integer call() throws IOException {
        all = true;
        return answer(this, Question.of(commandLine()));
    }

    /** @param asked the command that was given: this, or a question of it */
    final Integer answer(ConsoleCommand asked, List<Question<E, P>> questions) throws IOException {
        checkUsed(asked, questions);
        try (E experiment = experiment()) {
            checkLoss(asked, experiment, questions);
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

    /**
     * Refuses options that stand before or after the question, and that none of the questions uses.
     *
     * @throws ParameterException with what they do use
     */
    private void checkUsed(ConsoleCommand asked, List<Question<E, P>> questions) {
        Set<String> shared = sharedOptions();
        Stream.of(this, asked)
                .flatMap(command -> command.commandLine().getParseResult().matchedOptions().stream())
                .map(OptionSpec::longestName)
                .filter(shared::contains)
                .forEach(option -> {
                    boolean used = questions.stream().anyMatch(one -> one.uses(option, runOptions.trains()));
                    boolean usedToTrain = questions.stream().anyMatch(one -> one.uses(option, true));
                    asked.check(
                            used,
                            usedToTrain
                                    ? "--from trains nothing, so " + option + " cannot go with it"
                                    : questions.get(0).refusal(option));
                });
    }

    /**
     * Refuses a loss that finds no layers to compare in a task's networks.
     *
     * @throws ParameterException with the layers that they have
     */
    protected final void checkLayers(DistillationLoss loss, Network student, Network teacher) {
        try {
            loss.layers(student, teacher);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "--loss: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a loss of students that none of the questions trains. What question 5 trains after a choice by validation
     * is not known here.
     *
     * @throws ParameterException with what trains some
     */
    private void checkLoss(ConsoleCommand asked, E experiment, List<Question<E, P>> questions) {
        DistillationLoss loss = experiment.choices().loss();
        Set<Role> trained = questions.stream()
                .flatMap(question -> question.trainings(experiment, experiment.planned(), 1).stream())
                .map(training -> training.settings().role())
                .collect(Collectors.toSet());
        boolean isOfNone =
                !trained.isEmpty() && !trained.contains(loss.hasTeacher() ? Role.STUDENT : Role.STUDENT_PLAIN);
        asked.check(
                !isOfNone || loss.name().equals(Settings.Distillation.KD),
                loss.hasTeacher()
                        ? ("the loss %s is of students with distillation, and none is trained here: task1 q5 and task2 q2"
                                        + " --part sweep train them")
                                .formatted(loss.name())
                        : ("the loss %s has no teacher, so it is of students without distillation, and none is trained"
                                        + " here: task1 q7 and task2 q2 --part scratch train them")
                                .formatted(loss.name()));
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
