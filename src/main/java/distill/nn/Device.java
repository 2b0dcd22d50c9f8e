package distill.nn;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.proto.RewriterConfig.NumIterationsType;

/**
 * Where graphs are computed, and with how many threads. Each session has threads of its own only where the environment
 * has {@code TF_OVERRIDE_GLOBAL_THREADPOOL=1}, as the launcher sets it: else TensorFlow takes the thread counts of the
 * first session of a process for all later ones.
 *
 * @param gpu whether CUDA devices are used; else TensorFlow sees none
 * @param threads threads that compute, at least 1. On one processor, results repeat bit for bit for equal counts, and
 *     may differ in the last bits for others
 * @param asked whether somebody asked for that many; else a network takes as many as it usually does
 */
public record Device(boolean gpu, int threads, boolean asked) {

    private static final Logger LOG = LoggerFactory.getLogger(Device.class);
    private static final String OWN_THREADS = "TF_OVERRIDE_GLOBAL_THREADPOOL";

    // TensorFlow simplifies each graph twice before its first step. The second time takes a sixth of a short training's
    // time and makes none of our steps faster.
    private static final RewriterConfig ONE_PASS = RewriterConfig.newBuilder()
            .setMetaOptimizerIterations(NumIterationsType.ONE)
            .build();

    private static final AtomicInteger FIRST_THREADS = new AtomicInteger();
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    /** The CPU. */
    public static Device cpu(int threads) {
        return new Device(false, threads, true);
    }

    /** The first CUDA device that TensorFlow finds, or else the CPU; with a thread for each processor. */
    public static Device auto() {
        return auto(Runtime.getRuntime().availableProcessors()).asUsual();
    }

    /** The first CUDA device that TensorFlow finds, or else the CPU. */
    public static Device auto(int threads) {
        Device gpu = new Device(true, threads, true);
        return gpu.hasGpu() ? gpu : cpu(threads);
    }

    /**
     * The first CUDA device.
     *
     * @throws IllegalStateException where TensorFlow finds none
     */
    public static Device gpu(int threads) {
        Device gpu = new Device(true, threads, true);
        if (!gpu.hasGpu()) {
            throw new IllegalStateException(
                    "TensorFlow finds no CUDA device: it wants Linux x86_64, a driver, CUDA 12.5 and cuDNN 9, and its native"
                            + " library with the classifier linux-x86_64-gpu, which mvn -Pgpu takes");
        }
        return gpu;
    }

    /** This device, for networks that take as many threads as they usually do. */
    public Device asUsual() {
        return new Device(gpu, threads, false);
    }

    /** This device with as many threads as were asked for, or else with {@code usual}. */
    public Device threadsOr(int usual) {
        return asked ? this : new Device(gpu, usual, true);
    }

    /** {@code cpu} or {@code gpu}. */
    public String kind() {
        return gpu ? "gpu" : "cpu";
    }

    /** A session on this device. A GPU's memory is taken as it is needed, so that the device can be shared. */
    public Session open(Graph graph) {
        warnOfOtherThreads();
        return new Session(graph, config());
    }

    private void warnOfOtherThreads() {
        int first = FIRST_THREADS.updateAndGet(known -> known == 0 ? threads : known);
        if (first != threads && !"1".equals(System.getenv(OWN_THREADS)) && !WARNED.getAndSet(true)) {
            LOG.warn(
                    "TensorFlow goes on with the {} threads of this process's first session where {} were asked for: set {}=1 in the environment",
                    first,
                    threads,
                    OWN_THREADS);
        }
    }

    /** How to open a session on this device where another opens it, such as TensorFlow's loader of SavedModels. */
    public ConfigProto config() {
        return config(true);
    }

    private ConfigProto config(boolean softPlacement) {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                // A single thread computes in the caller's, so that sessions of several callers do not wait for each
                // other.
                .setInterOpParallelismThreads(threads == 1 ? -1 : threads)
                .putDeviceCount("GPU", gpu ? 1 : 0)
                .setAllowSoftPlacement(softPlacement)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(ONE_PASS))
                .build();
    }

    /** Asks for an operation on the GPU with no way round it. */
    private boolean hasGpu() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph)
                    .withDevice(DeviceSpec.newBuilder()
                            .deviceType(DeviceType.GPU)
                            .deviceIndex(0)
                            .build());
            var one = tf.math.add(tf.constant(0f), tf.constant(1f));
            warnOfOtherThreads();
            try (Session session = new Session(graph, config(false));
                    Result result = session.runner().fetch(one).run()) {
                return true;
            } catch (TensorFlowException | IllegalArgumentException e) {
                return false;
            }
        }
    }
}
