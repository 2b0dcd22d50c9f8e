package distill.training;

import distill.data.ImageBatch;
import distill.data.Images;
import java.io.IOException;

/**
 * A teacher's outputs on some images. Those on every training image are computed once, and a student's step takes the
 * ones of its batch by the images' indices, in place of running the teacher, which would cost forty times the student's
 * own step.
 *
 * @param classes how many outputs an image has
 * @param values images * classes numbers, image by image
 */
public record TeacherOutputs(int classes, double[] values) {

    /** What a loss without a teacher is given. */
    public static final TeacherOutputs NONE = new TeacherOutputs(0, new double[0]);

    /** What a teacher puts out for all images of a set. */
    public static TeacherOutputs of(CompiledModel<?> teacher, Images images) throws IOException {
        return new TeacherOutputs(images.classes().size(), teacher.predict(images));
    }

    /** What a teacher puts out for the images of a batch as they are in it, such as augmented ones. */
    public static TeacherOutputs of(CompiledModel<?> teacher, ImageBatch batch) {
        return of(teacher, batch.levels());
    }

    /**
     * What a teacher puts out for images that belong to no set.
     *
     * @param values (batch, input shape), row by row
     */
    public static TeacherOutputs of(CompiledModel<?> teacher, float[] values) {
        int classes = Math.toIntExact(teacher.network().output().get(0));
        return new TeacherOutputs(classes, teacher.predictOnBatch(values));
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
        double[] batch = new double[indices.length * classes];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(values, indices[i] * classes, batch, i * classes, classes);
        }
        return new TeacherOutputs(classes, batch);
    }
}
