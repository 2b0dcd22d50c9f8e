package distill.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps decoded images, safe for several threads. What came first stays until the end: in an epoch every image is asked
 * for once, in an order that changes, and there the cache that drops what was not used for longest drops what comes
 * next.
 */
final class ImageCache {

    private final Map<Integer, byte[]> images = new ConcurrentHashMap<>();
    private final AtomicLong free;

    /** With room for that many bytes of pixels. */
    ImageCache(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** The image, or null where it is not kept. */
    byte[] get(int key) {
        return images.get(key);
    }

    /** Keeps an image where there is room. */
    void offer(int key, byte[] pixels) {
        boolean kept = free.addAndGet(-pixels.length) >= 0 && images.putIfAbsent(key, pixels) == null;
        if (!kept) {
            free.addAndGet(pixels.length);
        }
    }
}
