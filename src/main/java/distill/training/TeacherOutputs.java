package distill.training;

import distill.data.ImageBatch;
import distill.data.Images;
import java.io.IOException;
import java.util.List;

/**
 * A teacher's outputs on some images, and those of its layers that a loss compares with. Those on every training image
 * are computed once, and a student's step takes the ones of its batch by the images' indices, in place of running the
 * teacher, which would cost forty times the student's own step.
 *
 * @param classes how many outputs an image has
 * @param values images * classes numbers, image by image
 * @param features of each layer that was asked for, image by image, what it puts out for the images in inference
 */
public record TeacherOutputs(int classes, double[] values, List<double[]> features) {

    /** What a loss without a teacher is given. */
    public static final TeacherOutputs NONE = new TeacherOutputs(0, new double[0]);

    /** The outputs alone. */
    public TeacherOutputs(int classes, double[] values) {
        this(classes, values, List.of());
    }

    /** What a teacher puts out for all images of a set. */
    public static TeacherOutputs of(CompiledModel<?> teacher, Images images) throws IOException {
        return of(teacher, images, List.of());
    }

    /**
     * What a teacher and the layers with these names put out for all images of a set: 8 bytes a number, all in memory.
     */
    public static TeacherOutputs of(CompiledModel<?> teacher, Images images, List<String> layers) throws IOException {
        return of(teacher, teacher.predictWithLayers(images, layers));
    }

    /** What a teacher puts out for the images of a batch as they are in it, such as augmented ones. */
    public static TeacherOutputs of(CompiledModel<?> teacher, ImageBatch batch) {
        return of(teacher, batch, List.of());
    }

    /** What a teacher and the layers with these names put out for the images of a batch as they are in it. */
    public static TeacherOutputs of(CompiledModel<?> teacher, ImageBatch batch, List<String> layers) {
        return of(teacher, teacher.predictWithLayersOnBatch(batch, layers));
    }

    private static TeacherOutputs of(CompiledModel<?> teacher, List<double[]> outputs) {
        int classes = Math.toIntExact(teacher.network().output().get(0));
        return new TeacherOutputs(classes, outputs.get(0), outputs.subList(1, outputs.size()));
    }

    /** Whether there is no teacher. */
    public boolean isNone() {
        return classes == 0;
    }

    /** The outputs on the images at {@code indices}, in that order; of none, none. */
    public TeacherOutputs of(int[] indices) {
        if (isNone()) {
            return this;
        }
        int images = values.length / classes;
        return new TeacherOutputs(
                classes,
                rows(values, images, indices),
                features.stream().map(layer -> rows(layer, images, indices)).toList());
    }

    private static double[] rows(double[] all, int images, int[] indices) {
        int width = all.length / images;
        double[] rows = new double[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(all, indices[i] * width, rows, i * width, width);
        }
        return rows;
    }
}
