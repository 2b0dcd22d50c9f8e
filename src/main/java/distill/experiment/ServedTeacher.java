package distill.experiment;

import distill.data.EpochOrder;
import distill.data.ImageBatch;
import distill.data.Images;
import distill.nn.Activation;
import distill.nn.ActivationLayer;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.DataSpec;
import distill.training.CompiledModel;
import distill.training.Inputs;
import distill.training.TeacherOutputs;
import distill.weights.SavedModel;
import distill.weights.ServedModel;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.types.TFloat32;

/**
 * A teacher that is a SavedModel of any network, run as it is, so that it can do no more than predict. One that takes
 * float32 or float64 is fed what the reading's own networks are, such as grey levels from 0 to 1; one that takes uint8
 * the grey levels from 0 to 255, rounded where they are not whole.
 *
 * @param model what is run
 * @param data what it takes and gives
 * @param inputs how the reading scales grey levels for its own networks
 * @param inputType {@code float32}, {@code float64} or {@code uint8}
 * @param kind what its outputs are
 * @param told whether somebody said so; else its outputs did, for images of noise
 */
public record ServedTeacher(
        SavedModel model, DataSpec data, Inputs inputs, String inputType, OutputKind kind, boolean told) {

    private static final int PROBES = 16;
    private static final int LEVELS = 256;

    /** How far apart the probabilities of equal networks may be. */
    private static final double SAME = 1e-3;

    /** Numbers of a batch: 32 MB of them. */
    private static final long BATCH_NUMBERS = 1L << 22;

    private static final int MOST_IMAGES = 256;

    /**
     * One to be asked.
     *
     * @param told what its outputs are; null where they are to tell that themselves
     * @throws IOException where it cannot be run, or takes or gives something else
     */
    static ServedTeacher of(SavedModel model, DataSpec data, Inputs inputs, OutputKind told) throws IOException {
        try (ServedModel served = ServedModel.open(model.folder(), model.device())) {
            served.check(data.input(), data.classes());
            ServedTeacher teacher = new ServedTeacher(
                    model, data, inputs, served.inputType(), told == null ? OutputKind.logits : told, told != null);
            return told != null ? teacher : teacher.with(teacher.shownKind());
        }
    }

    private ServedTeacher with(OutputKind shown) {
        return new ServedTeacher(model, data, inputs, inputType, shown, told);
    }

    /** What its outputs look like, for images of noise, which any softmax makes probabilities of. */
    private OutputKind shownKind() throws IOException {
        try (Opened opened = open(Activation.LINEAR, model.device())) {
            return OutputKind.of(opened.run(opened.fed.predictOnBatch(noise())), data.classes());
        }
    }

    /**
     * Whether it computes what a network does, which it may not though it has that network's weights: for images of
     * noise the probabilities are the same.
     */
    boolean computes(Network network, Weights weights) throws IOException {
        Network ending = network.withOutputActivation(Activation.SOFTMAX);
        try (Opened opened = open(Activation.SOFTMAX, model.device());
                CompiledModel<TFloat32> other = CompiledModel.of(ending, scaled(), TFloat32.class, model.device())) {
            other.setWeights(weights);
            double[] mine = opened.converted(opened.run(opened.fed.predictOnBatch(noise())));
            double[] theirs = other.predictOnBatch(noise());
            return IntStream.range(0, mine.length).allMatch(i -> Math.abs(mine[i] - theirs[i]) <= SAME);
        }
    }

    /** Grey levels of images from black to full contrast, drawn the same each time. */
    private float[] noise() {
        Random random = new Random(1);
        int size = Math.toIntExact(data.input().size());
        float[] levels = new float[PROBES * size];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(LEVELS) * (i / size) / (PROBES - 1);
        }
        return levels;
    }

    /** How grey levels are scaled that are fed as numbers. */
    private Inputs scaled() {
        return inputs.areBytes() ? Inputs.GREY_LEVELS : inputs;
    }

    private boolean takesBytes() {
        return inputType.equals("uint8");
    }

    /** What tells its outputs from those of others: of its files, of what it is fed and of what is made of it. */
    String identityText() throws IOException {
        return "SavedModel %s fed %s taken for %s".formatted(model.digest(), takesBytes() ? "bytes" : inputs, kind);
    }

    /** What it is fed and what its outputs are taken for, in a sentence for people. */
    public String about() {
        OutputKind other = kind == OutputKind.logits ? OutputKind.probabilities : OutputKind.logits;
        return "%s is run as it is: it is fed %s (%s), and its outputs are taken for %s, %s"
                .formatted(
                        model.folder(),
                        takesBytes()
                                ? "grey levels from 0 to 255"
                                : switch (inputs) {
                                    case BYTES, GREY_LEVELS -> "grey levels scaled to 0 to 1";
                                    case GREY_LEVELS_SYMMETRIC -> "grey levels scaled to -1 to 1";
                                    case FEATURES -> "numbers as they are";
                                },
                        inputType,
                        kind,
                        told
                                ? "as --teacher-outputs says."
                                : (kind == OutputKind.probabilities
                                                ? "for none is negative and those of an image sum to 1;"
                                                : "for they are no probabilities that sum to 1;")
                                        + " --teacher-outputs " + other + " says otherwise.");
    }

    /**
     * Opens it.
     *
     * @param end what is made of its outputs: probabilities for softmax, logits for linear
     */
    Opened open(Activation end, Device device) throws IOException {
        return new Opened(end, device);
    }

    /** It, loaded. */
    final class Opened implements OpenTeacher {

        private final Activation end;
        private final ServedModel served;

        /** Scales grey levels as they are scaled for the reading's own networks, and no more. */
        private final CompiledModel<TFloat32> fed;

        private Opened(Activation end, Device device) throws IOException {
            this.end = end;
            Network same =
                    Network.sequential(new Network.Names(), data.input(), new ActivationLayer(Activation.LINEAR));
            Inputs scaling = takesBytes() ? Inputs.FEATURES : scaled();
            fed = CompiledModel.of(same, scaling, TFloat32.class, device);
            try {
                served = ServedModel.open(model.folder(), device);
            } catch (IOException | RuntimeException e) {
                fed.close();
                throw e;
            }
        }

        @Override
        public TeacherOutputs outputs(Images images, List<String> layers) throws IOException {
            return outputs(outputs(images, IntStream.range(0, images.size()).toArray()), layers);
        }

        @Override
        public TeacherOutputs outputs(ImageBatch batch, List<String> layers) throws IOException {
            return outputs(converted(run(fed.predictOnBatch(batch))), layers);
        }

        private TeacherOutputs outputs(double[] values, List<String> layers) {
            if (!layers.isEmpty()) {
                throw new IllegalArgumentException("of a SavedModel that is run as it is no layers are known");
            }
            return new TeacherOutputs(data.classes(), values);
        }

        @Override
        public double[] outputs(Images images, int[] indices) throws IOException {
            DoubleBuffer all = DoubleBuffer.allocate(indices.length * data.classes());
            int size = (int) Math.max(
                    1, Math.min(MOST_IMAGES, BATCH_NUMBERS / data.input().size()));
            for (int[] batch : EpochOrder.cut(indices, size)) {
                all.put(converted(run(fed.predict(images, batch))));
            }
            return all.array();
        }

        /**
         * The same for images whose pixels are from 0 to 1, of Task 1.
         *
         * @param pixels image by image
         */
        double[] outputsOfPixels(float[] pixels) throws IOException {
            return converted(run(IntStream.range(0, pixels.length)
                    .mapToDouble(i -> takesBytes() ? pixels[i] * (LEVELS - 1.) : pixels[i])
                    .toArray()));
        }

        private double[] converted(double[] outputs) throws IOException {
            return kind.as(end, model.folder().toString(), outputs, data.classes());
        }

        /** The SavedModel's own outputs. */
        private double[] run(double[] values) throws IOException {
            if (takesBytes()) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Math.rint(Math.max(0, Math.min(LEVELS - 1, values[i])));
                }
            }
            long images = values.length / data.input().size();
            double[] outputs = served.predict(values, data.input().prepend(images));
            if (outputs.length != images * data.classes()) {
                throw new IOException("%s gives %d numbers for %d images, expected %d for each"
                        .formatted(model.folder(), outputs.length, images, data.classes()));
            }
            return outputs;
        }

        @Override
        public void close() {
            fed.close();
            served.close();
        }
    }
}
