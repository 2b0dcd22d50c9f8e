package distill.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The batches of one epoch in their order, made on other threads while the caller computes. Some are made ahead, one
 * more than there are threads, and no more until the caller takes one. What is in a batch does not depend on the number
 * of threads. For one caller's thread, and to be gone through once.
 */
public final class ImageBatches implements Iterable<ImageBatch>, AutoCloseable {

    private final ExecutorService workers;
    private final int ahead;
    private final Iterator<Callable<ImageBatch>> tasks;
    private final Queue<Future<ImageBatch>> made = new ArrayDeque<>();

    private ImageBatches(List<Callable<ImageBatch>> tasks, int threads) {
        this.tasks = tasks.iterator();
        this.ahead = threads + 1;
        this.workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "images");
            thread.setDaemon(true);
            return thread;
        });
        fill();
    }

    /**
     * Images as they are, in grey levels, for testing, or for training without augmentation.
     *
     * @param batches the indices of the images in each, as {@link EpochOrder} gives them
     * @param threads how many threads make them, at least 1
     */
    public static ImageBatches plain(Images images, List<int[]> batches, int threads) {
        List<Callable<ImageBatch>> tasks = new ArrayList<>();
        for (int[] batch : batches) {
            tasks.add(() -> images.batch(batch).withLevels());
        }
        return new ImageBatches(tasks, threads);
    }

    /**
     * Images augmented; otherwise as {@link #plain}.
     *
     * @param epoch which epoch, from 1: with an image's position in all batches it decides what the image undergoes
     */
    public static ImageBatches augmented(
            Images images, List<int[]> batches, Augmentation augmentation, int epoch, int threads) {
        List<Callable<ImageBatch>> tasks = new ArrayList<>();
        int position = 0;
        for (int[] batch : batches) {
            int first = position;
            tasks.add(() -> images.batch(batch, augmentation, epoch, first));
            position += batch.length;
        }
        return new ImageBatches(tasks, threads);
    }

    private void fill() {
        while (made.size() < ahead && tasks.hasNext()) {
            made.add(workers.submit(tasks.next()));
        }
    }

    /** Whether there is another batch. */
    public boolean hasNext() {
        return !made.isEmpty();
    }

    /**
     * The next batch; waits until it is made.
     *
     * @throws DataException where an image cannot be read any more; names its file
     * @throws IOException where the thread is interrupted while it waits
     * @throws java.util.NoSuchElementException after the last one
     */
    public ImageBatch next() throws IOException {
        Future<ImageBatch> first = made.remove();
        try {
            ImageBatch batch = first.get();
            fill();
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while images were decoded");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataException told) {
                throw new DataException(told.getMessage(), e);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The batches that are left. What {@link #next} throws comes as an {@link UncheckedIOException}. */
    @Override
    public Iterator<ImageBatch> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return ImageBatches.this.hasNext();
            }

            @Override
            public ImageBatch next() {
                try {
                    return ImageBatches.this.next();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** Ends the threads; what was made ahead is dropped. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
