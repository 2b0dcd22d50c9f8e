package distill.training;

import distill.data.Images;
import java.io.IOException;

/**
 * A teacher's outputs on every training image, computed once. A student's step looks up those of its batch by the
 * images' indices, in place of running the teacher, which would cost forty times the student's own step.
 *
 * @param classes how many outputs an image has
 * @param values images * classes numbers, image by image
 */
public record TeacherOutputs(int classes, double[] values) {

    /** What a teacher puts out for all images of a set. */
    public static TeacherOutputs of(CompiledModel<?> teacher, Images images) throws IOException {
        return new TeacherOutputs(images.classes().size(), teacher.predict(images));
    }

    /** The outputs for the images at {@code indices}, in that order: indices.length * classes numbers. */
    public double[] of(int[] indices) {
        double[] batch = new double[indices.length * classes];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(values, indices[i] * classes, batch, i * classes, classes);
        }
        return batch;
    }
}
