package distill.nn;

import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * Where graphs are computed, and with how many threads. TensorFlow takes the thread counts of the first session of a
 * process and ignores all later ones, so a program uses one {@code Device} throughout.
 *
 * @param gpu whether CUDA devices are used; else TensorFlow sees none
 * @param threads threads that compute, at least 1. On one processor, results repeat bit for bit for equal counts, and
 *     may differ in the last bits for others
 */
public record Device(boolean gpu, int threads) {

    /** The CPU. */
    public static Device cpu(int threads) {
        return new Device(false, threads);
    }

    /** The first CUDA device that TensorFlow finds, or else the CPU; with a thread for each processor. */
    public static Device auto() {
        return auto(Runtime.getRuntime().availableProcessors());
    }

    /** The first CUDA device that TensorFlow finds, or else the CPU. */
    public static Device auto(int threads) {
        Device gpu = new Device(true, threads);
        return gpu.hasGpu() ? gpu : cpu(threads);
    }

    /**
     * The first CUDA device.
     *
     * @throws IllegalStateException where TensorFlow finds none
     */
    public static Device gpu(int threads) {
        Device gpu = new Device(true, threads);
        if (!gpu.hasGpu()) {
            throw new IllegalStateException(
                    "TensorFlow finds no CUDA device: build with mvn -Pgpu on Linux x86_64, with a driver, CUDA 12.5"
                            + " and cuDNN 9 installed, or use --device cpu");
        }
        return gpu;
    }

    /** {@code cpu} or {@code gpu}. */
    public String kind() {
        return gpu ? "gpu" : "cpu";
    }

    /** A session on this device. A GPU's memory is taken as it is needed, so that the device can be shared. */
    public Session open(Graph graph) {
        return new Session(graph, config());
    }

    /** How to open a session on this device where another opens it, such as TensorFlow's loader of SavedModels. */
    public ConfigProto config() {
        return config(true);
    }

    private ConfigProto config(boolean softPlacement) {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(threads)
                .putDeviceCount("GPU", gpu ? 1 : 0)
                .setAllowSoftPlacement(softPlacement)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
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
            try (Session session = new Session(graph, config(false));
                    Result result = session.runner().fetch(one).run()) {
                return true;
            } catch (TensorFlowException | IllegalArgumentException e) {
                return false;
            }
        }
    }
}
