package distill.experiment;

import distill.run.Run;
import distill.run.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Carries trainings out in the background, several at a time: each as soon as those that it rests on are done and there
 * is room for it, the first of the list first. Where one fails, the others stop, too.
 */
final class Jobs implements AutoCloseable {

    private final Work work;
    private final ToIntFunction<Settings> takes;
    private final Map<Training, CompletableFuture<Run>> runs = new LinkedHashMap<>();
    private final List<Training> waiting = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private int free;
    private volatile boolean stopped;

    /** Carries a training out whose teacher and start are done. */
    @FunctionalInterface
    interface Work {
        Run of(Training training) throws IOException;
    }

    /**
     * Begins at once.
     *
     * @param trainings in the order in which they are wanted; what they rest on is done first
     * @param places how many trainings there is room for
     * @param takes how many of the places a training takes, from 1 to all
     */
    Jobs(List<Training> trainings, int places, ToIntFunction<Settings> takes, Work work) {
        this.work = work;
        this.takes = takes;
        this.free = places;
        trainings.stream()
                .flatMap(training -> training.withWhatItRestsOn().stream())
                .distinct()
                .forEach(training -> runs.put(training, new CompletableFuture<>()));
        waiting.addAll(runs.keySet());
        for (int i = 0; i < Math.min(places, waiting.size()); i++) {
            Thread worker = new Thread(this::work, "training-" + (i + 1));
            worker.setDaemon(true);
            workers.add(worker);
        }
        workers.forEach(Thread::start);
    }

    /** Whether what is being trained is to end. */
    boolean stopped() {
        return stopped;
    }

    /** Whether a training is one of these. */
    boolean has(Training training) {
        return runs.containsKey(training);
    }

    /**
     * Waits for the run of one of these trainings.
     *
     * @throws IOException where it, or another before it, failed
     */
    Run await(Training training) throws IOException {
        try {
            return runs.get(training).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw e.getCause() instanceof RuntimeException failed ? failed : e;
        }
    }

    private void work() {
        Training training = next();
        while (training != null) {
            try {
                runs.get(training).complete(work.of(training));
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
            }
            release(training);
            training = next();
        }
    }

    /** The training to do now; null where there is none any more. */
    private synchronized Training next() {
        while (!stopped && !waiting.isEmpty()) {
            for (Training training : waiting) {
                if (isReady(training) && takes.applyAsInt(training.settings()) <= free) {
                    waiting.remove(training);
                    free -= takes.applyAsInt(training.settings());
                    return training;
                }
            }
            try {
                wait();
            } catch (InterruptedException e) {
                return null;
            }
        }
        return null;
    }

    private boolean isReady(Training training) {
        return Stream.of(training.teacher(), training.start())
                .filter(Objects::nonNull)
                .allMatch(before -> runs.get(before).isDone());
    }

    private synchronized void release(Training training) {
        free += takes.applyAsInt(training.settings());
        notifyAll();
    }

    /** All that is not done fails for the same reason. */
    private synchronized void fail(Throwable reason) {
        stopped = true;
        runs.values().forEach(run -> run.completeExceptionally(reason));
        notifyAll();
    }

    /** Stops what is being trained after its next step, and waits for that. */
    @Override
    public void close() {
        fail(new IOException("the trainings were stopped"));
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
