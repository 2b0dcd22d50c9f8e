package distill.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Appends runs to a store from several threads, which look runs up in between: {@code Appends STORE FIRST COUNT
 * THREADS}, with seeds from {@code FIRST} on.
 */
public final class Appends {

    private static final int LOOK_UP_EVERY = 50;

    private Appends() {}

    public static void main(String[] args) throws Exception {
        append(
                new RunStore(Path.of(args[0])),
                Long.parseLong(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]));
    }

    /** Appends {@code count} runs with seeds from {@code first} on. */
    public static void append(RunStore store, long first, int count, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Void>> appended = LongStream.range(first, first + count)
                .mapToObj(seed -> pool.<Void>submit(() -> {
                    store.append(Runs.student(4, .5, seed, 97.5));
                    if (seed % LOOK_UP_EVERY == 0) {
                        store.find("task1", "not there");
                    }
                    return null;
                }))
                .toList();
        pool.shutdown();
        for (Future<Void> one : appended) {
            one.get();
        }
    }
}
