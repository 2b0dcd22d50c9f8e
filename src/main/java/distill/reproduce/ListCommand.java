package distill.reproduce;

import distill.command.ConsoleCommand;
import distill.command.ConsoleProgress;
import distill.command.ListedQuestion;
import distill.command.RunOptions;
import distill.command.StoreFolder;
import distill.data.DataSet;
import distill.data.Mhist;
import distill.experiment.EpochTimes;
import distill.experiment.Shards;
import distill.experiment.Trainer;
import distill.experiment.Training;
import distill.report.Cells;
import distill.report.Marks;
import distill.run.Role;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Settings;
import distill.run.Variant;
import distill.task1.Task1;
import distill.task2.Task2;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reproduce list}: every question, what it answers and costs, and what of it is stored. */
@Command(
        name = "list",
        description = "Lists every question: what it answers, how long it takes, what of it is stored, and what its"
                + " command would train. Trains nothing.")
final class ListCommand extends ConsoleCommand {

    @Option(
            names = {"--from", "--out"},
            paramLabel = "DIR",
            description = "The store to look in (default runs where that has runs with the report's settings, else"
                    + " results).")
    private Path store;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Also show what each of N shards (--shard K/N) of a command would train and how long it would"
                    + " take, as if nothing were stored.")
    private Integer shards;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Images of one's own, as task1 and task2 take them, for which trainings are planned: of other"
                    + " numbers, sizes and classes. Default: MNIST, and as many images as MHIST has.")
    private Path dataDir;

    @Override
    public Integer call() throws IOException {
        check(shards == null || shards >= 1, "--shards takes a number from 1, found " + shards);
        StoreFolder found = StoreFolder.orDefault(store);
        Path folder = found.folder();
        println(found.line() + (store == null && folder.equals(StoreFolder.RESULTS) ? "; new ones go to runs" : ""));
        println("Times are for one seed on two cores: measured, by the epochs of stored runs, or from the steps in"
                + " docs/performance.md.");
        println(
                "What several questions need is trained once; what an earlier version of a computation, other threads or"
                        + " another setting of oneDNN gave, again.");
        Path next = store != null ? store : StoreFolder.RUNS;
        if (dataDir == null) {
            new Listing(Settings.TASK1, folder, next).print(Task1.listed(null));
            new Listing(Settings.TASK2, folder, next).print(Task2.listed(null));
            return 0;
        }
        DataSet first = images(Settings.TASK1, () -> Task1.images(dataDir), null);
        Mhist second = images(Settings.TASK2, () -> Task2.images(dataDir), first);
        if (first != null) {
            println("Images of Task 1: " + first.origin().description());
            new Listing(Settings.TASK1, folder, next).print(Task1.listed(first));
        }
        if (second != null) {
            println("%nImages of Task 2: ".formatted() + second.origin().description());
            new Listing(Settings.TASK2, folder, next).print(Task2.listed(second));
        }
        return 0;
    }

    /** Reads images. */
    @FunctionalInterface
    private interface Images<T> {
        T read() throws IOException;
    }

    /**
     * The images of a task; null, with the reason on the console, where it does not take them and the other one may.
     *
     * @param others the images of the task before; null where that does not take them, or there is none before
     * @throws IOException where neither takes them
     */
    private <T> T images(String task, Images<T> images, Object others) throws IOException {
        try {
            return images.read();
        } catch (IOException e) {
            if (task.equals(Settings.TASK2) && others == null) {
                throw e;
            }
            println("%n%s does not take these images: %s".formatted(task, e.getMessage()));
            return null;
        }
    }

    /** One task's questions beside its runs. */
    private final class Listing {

        private final String task;
        private final Path next;
        private final List<Run> runs;
        private final List<Run> skipped;
        private final EpochTimes times;
        private final Map<String, List<Object>> computations = new HashMap<>();

        /** A listing of the runs in {@code folder}, where new ones would go to {@code next}. */
        private Listing(String task, Path folder, Path next) throws IOException {
            this.task = task;
            this.next = next;
            this.runs = ours(folder, task);
            this.skipped = next.equals(folder) ? runs : ours(next, task);
            this.times = EpochTimes.from(
                    folder.equals(StoreFolder.RESULTS) ? runs : Cells.all(runs, ours(StoreFolder.RESULTS, task)));
        }

        private static List<Run> ours(Path folder, String task) throws IOException {
            List<Run> runs = new RunStore(folder).runs(task);
            return runs.stream().filter(run -> run.provenance().isOurs()).toList();
        }

        private void print(List<ListedQuestion> questions) {
            Cells.all(runs, skipped).forEach(run -> computations.put(run.identity(), computation(run.settings())));
            questions.stream()
                    .flatMap(question -> question.trainings().values().stream())
                    .flatMap(List::stream)
                    .map(Training::settings)
                    .forEach(settings -> computations.put(settings.identity(), computation(settings)));
            for (ListedQuestion question : questions) {
                List<Training> trainings = question.trainings().get(Variant.AS_WRITTEN);
                List<Settings> written = settings(trainings);
                printf("%n%s%n  %s%n", question.command(), question.answers());
                if (written.isEmpty()) {
                    println("  Trains nothing.");
                    continue;
                }
                row("trains", written.size() + (written.size() == 1 ? " network, " : " networks, ") + cost(written));
                question.trainings().forEach((reading, own) -> row(reading.toString(), stored(settings(own))));
                List<Run> other = others(question.trainings().values());
                if (!other.isEmpty()) {
                    row("otherwise", other.size() + (other.size() == 1 ? " run: " : " runs: ") + marks(other));
                }
                row("trains next", next(question.command(), written));
                printShards(trainings);
            }
            printf("%n%s%n  All of these, as-written with seed 1.%n", task);
            List<Training> all = questions.stream()
                    .filter(question -> !question.command().contains("--"))
                    .flatMap(question -> question.trainings().get(Variant.AS_WRITTEN).stream())
                    .distinct()
                    .toList();
            row("trains next", next(task, settings(all)));
            printShards(all);
        }

        private void printShards(List<Training> trainings) {
            if (shards == null) {
                return;
            }
            try {
                int number = 0;
                for (List<Training> shard : Shards.of(trainings, shards)) {
                    List<Settings> part = settings(shard);
                    List<Settings> teachers =
                            part.stream().filter(s -> s.role() == Role.TEACHER).toList();
                    number++;
                    row(
                            "shard " + number + "/" + shards,
                            "teachers: %d, students: %d, %s"
                                    .formatted(teachers.size(), part.size() - teachers.size(), cost(part)));
                }
            } catch (IllegalArgumentException e) {
                row("in shards", e.getMessage());
            }
        }

        private static List<Settings> settings(List<Training> trainings) {
            return trainings.stream().map(Training::settings).toList();
        }

        private void row(String name, String text) {
            printf("  %-13s %s%n", name, text);
        }

        private String cost(List<Settings> trainings) {
            int jobs = task.equals(Settings.TASK1) ? RunOptions.Choices.LISTED_THREADS : 1;
            EpochTimes.Estimate estimate = times.estimate(
                    trainings.stream().map(EpochTimes.Left::whole).toList(),
                    jobs,
                    settings -> Trainer.places(settings, jobs));
            String source = estimate.measured()
                    ? "measured"
                    : estimate.fromSteps() == estimate.seconds()
                            ? "from steps"
                            : ConsoleProgress.duration(estimate.fromSteps()) + " of it from steps";
            return ConsoleProgress.duration(estimate.seconds()) + " (" + source + ")";
        }

        /** {@code seed 1: all; seeds 2-10: 2 of 31}. */
        private String stored(List<Settings> trainings) {
            Set<List<Object>> cells = cells(trainings);
            Map<Long, Set<List<Object>>> bySeed = runs.stream()
                    .map(Run::settings)
                    .filter(settings -> cells.contains(cell(settings)))
                    .collect(Collectors.groupingBy(
                            Settings::seed, TreeMap::new, Collectors.mapping(this::cell, Collectors.toSet())));
            if (bySeed.isEmpty()) {
                return "nothing stored";
            }
            Map<Integer, List<Long>> byCount = new LinkedHashMap<>();
            bySeed.forEach((seed, found) -> byCount.computeIfAbsent(found.size(), count -> new ArrayList<>())
                    .add(seed));
            return byCount.entrySet().stream()
                    .map(entry -> (entry.getValue().size() == 1 ? "seed " : "seeds ")
                            + RunOptions.range(entry.getValue()) + ": "
                            + (entry.getKey() == cells.size() ? "all" : entry.getKey() + " of " + cells.size()))
                    .collect(Collectors.joining("; "));
        }

        /** Runs of the same question and role that marks set apart from the report's. */
        private List<Run> others(Collection<List<Training>> readings) {
            List<Settings> listed = readings.stream()
                    .flatMap(List::stream)
                    .map(Training::settings)
                    .toList();
            Set<List<Object>> cells = cells(listed);
            Set<List<Object>> roles = listed.stream().map(Listing::role).collect(Collectors.toSet());
            return runs.stream()
                    .filter(run -> roles.contains(role(run.settings()))
                            && !cells.contains(cell(run.settings()))
                            && !marks(List.of(run)).isEmpty())
                    .toList();
        }

        private static String marks(List<Run> runs) {
            return runs.stream()
                    .flatMap(run -> Marks.of(List.of(run)).words().stream())
                    .distinct()
                    .collect(Collectors.joining(", "));
        }

        /** What a command would train with the options' defaults. */
        private String next(String question, List<Settings> trainings) {
            List<Settings> stored = skipped.stream()
                    .map(Run::settings)
                    .filter(settings -> settings.seed() == 1)
                    .toList();
            Set<List<Object>> cells = cells(stored);
            Set<List<Object>> found = stored.stream()
                    .filter(settings -> settings.computation().threads() == Trainer.threadsHere(settings)
                            && settings.computation().onednn().equals(Settings.Computation.oneDnn()))
                    .map(this::version)
                    .collect(Collectors.toSet());
            List<Settings> left = trainings.stream()
                    .filter(settings -> !found.contains(version(settings)))
                    .toList();
            long again = left.stream()
                    .filter(settings -> cells.contains(cell(settings)))
                    .count();
            return "./reproduce " + question
                    + (dataDir == null ? "" : " --data-dir " + dataDir)
                    + (next.equals(StoreFolder.RUNS) ? "" : " --out " + next)
                    + (left.isEmpty()
                            ? ": nothing, all is stored"
                            : ": %d of %d, %s".formatted(left.size(), trainings.size(), cost(left)))
                    + (again == 0 ? "" : "; %d of them again, stored as computed otherwise".formatted(again));
        }

        /** A cell with how it and its teacher are computed, which decides its numbers, too. */
        private List<Object> version(Settings s) {
            return Arrays.asList(
                    cell(s),
                    computation(s),
                    s.teacher() == null || s.hasGivenTeacher()
                            ? null
                            : computations.getOrDefault(s.teacher(), List.of()));
        }

        /** The version and the form of Adam of a training's computation. */
        private static List<Object> computation(Settings s) {
            return List.of(s.computation().version(), s.adam());
        }

        private Set<List<Object>> cells(List<Settings> trainings) {
            return trainings.stream().map(this::cell).collect(Collectors.toSet());
        }

        private static List<Object> role(Settings s) {
            return List.of(s.question(), s.role());
        }

        /**
         * What tells trainings apart, but for the seed, and for what rounds differently or is not known here: which
         * images Task 2 has unless they were named, and which teacher was given.
         */
        private List<Object> cell(Settings s) {
            Settings condition = s.condition();
            return Arrays.asList(
                    s.question(),
                    s.reading(),
                    condition.model(),
                    s.temperature(),
                    s.alpha(),
                    s.hasGivenTeacher(),
                    s.lossInName(),
                    s.schedule(),
                    s.isTransfer() && dataDir == null ? null : s.data(),
                    s.trainImages(),
                    s.quick(),
                    s.images().imageSize(),
                    s.images().augmentation(),
                    s.rareClass());
        }
    }
}
