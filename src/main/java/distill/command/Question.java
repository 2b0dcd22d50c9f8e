package distill.command;

import distill.experiment.Training;
import distill.page.Document;
import distill.page.Document.Block;
import distill.page.Document.Section;
import distill.run.Reading;
import distill.run.Variant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A question of the report as a command.
 *
 * @param <E> what answers to questions of its task are made of: runs, and where answers go
 * @param <P> what plans the task's trainings
 */
public abstract class Question<E extends Experiment<P>, P> extends ConsoleCommand {

    /** The title of its section on the page, such as {@code Training}. */
    public abstract String title();

    /** Answers the question, from runs that are trained where they are not stored. */
    public abstract void answer(E experiment) throws IOException;

    /**
     * What the page has of it to be opened, from stored runs alone; unless it says otherwise, its answer in each
     * reading.
     */
    public List<Block> page(Stored<E> stored) throws IOException {
        return stored.readings(this::answer);
    }

    /** What stands in view on the page, the rest being folded: the answer in short. */
    public List<Block> inShort(Stored<E> stored) throws IOException {
        return List.of();
    }

    /** Says on the page what the store lacks, and that this question's command makes it. */
    protected final Block missing(String what) {
        return new Document.Missing(what, "./reproduce " + command());
    }

    /** As it follows {@code ./reproduce}: {@code task1 q5}. */
    private String command() {
        return commandLine().getParent().getCommandName() + " " + name();
    }

    /**
     * Whether it uses an option that the questions of its task share. Unless it says otherwise it uses all, and where
     * its runs come from a store all but those of trainings.
     *
     * @param option its name, such as {@code --epochs}
     * @param trains whether it trains; else its runs come from the store of {@code --from}
     */
    public boolean uses(String option, boolean trains) {
        return trains || !RunOptions.OF_TRAINING.contains(option);
    }

    /** Takes the options that it does not use out of its command, with its help, its completion and its manual. */
    final void leaveOutUnusedOptions() {
        CommandSpec own = commandLine().getCommandSpec();
        task().sharedOptions().stream()
                .filter(option -> !uses(option, true))
                .forEach(option -> own.remove(own.findOption(option)));
    }

    /** Whether an option that its command does not have is one of its task. */
    final boolean leavesOut(String option) {
        return task().sharedOptions().contains(option);
    }

    /** What is said of an option of its task that it does not use. */
    final String refusal(String option) {
        return "%s does not use %s; of what can be varied it uses %s"
                .formatted(
                        command(),
                        option,
                        task().sharedOptions().stream()
                                .filter(shared -> uses(shared, true) && !RunOptions.HOW.contains(shared))
                                .collect(Collectors.joining(", ")));
    }

    /** What the question trains for one seed, but for what that rests on; nothing where it trains nothing. */
    public List<Training> trainings(E experiment, P plan, long seed) {
        return List.of();
    }

    /** Whether it only says what it would train. */
    public boolean plansOnly() {
        return false;
    }

    /** How the command line of its task calls it: {@code q5}. */
    public String name() {
        return getClass().getAnnotation(Command.class).name();
    }

    /** What its command is described as. */
    public String description() {
        return String.join(" ", getClass().getAnnotation(Command.class).description());
    }

    /** The questions of a task in their order: its subcommands. */
    @SuppressWarnings("unchecked") // picocli knows no generic types
    public static <E extends Experiment<P>, P> List<Question<E, P>> of(CommandLine task) {
        return task.getSubcommands().values().stream()
                .map(question -> (Question<E, P>) question.getCommand())
                .toList();
    }

    /** A section of the page for each question of a task. */
    public static <E extends Experiment<P>, P> List<Section> sections(
            String task, List<? extends Question<E, P>> questions, Stored<E> stored) throws IOException {
        List<Section> sections = new ArrayList<>();
        for (Question<E, P> question : questions) {
            String name = question.name();
            sections.add(new Section(
                    task + "-" + name,
                    name.toUpperCase(Locale.ROOT),
                    question.title(),
                    question.inShort(stored),
                    question.page(stored),
                    List.of()));
        }
        return sections;
    }

    /**
     * The question as {@code ./reproduce list} shows it.
     *
     * @param task its task's name
     * @param experiment has a reading, and all options as they are by default
     */
    public final ListedQuestion listed(String task, Function<Reading, E> experiment) {
        Map<Variant, List<Training>> byVariant = new EnumMap<>(Variant.class);
        for (Variant variant : Variant.values()) {
            E listed = experiment.apply(Reading.of(task, variant));
            byVariant.put(
                    variant,
                    trainings(listed, listed.planned(), 1).stream()
                            .flatMap(training -> training.withWhatItRestsOn().stream())
                            .distinct()
                            .toList());
        }
        return new ListedQuestion(task + " " + name(), description(), byVariant);
    }

    @SuppressWarnings("unchecked") // picocli injects no parent of a generic type
    private TaskCommand<E, P> task() {
        return (TaskCommand<E, P>) commandLine().getParent().getCommand();
    }

    @Override
    public final Integer call() throws Exception {
        return task().answer(this, List.of(this));
    }
}
