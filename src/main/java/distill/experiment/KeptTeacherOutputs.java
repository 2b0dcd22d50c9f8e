package distill.experiment;

import distill.data.DataSet;
import distill.data.Images;
import distill.nn.Device;
import distill.run.Settings;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.tensorflow.ndarray.Shape;

/**
 * What teachers put out for all images of a part of the data: from an earlier process where they were asked before.
 *
 * @param data that the parts are of
 * @param models where the outputs are kept
 * @param listener hears when a teacher is asked
 */
record KeptTeacherOutputs(DataSet data, SavedModels models, TrainingListener listener) {

    /** How much of the data's digest names of files show. */
    private static final int DATA_DIGITS = 16;

    /** For all training images. */
    TeacherOutputs train(GivenTeacher teacher, Device device) throws IOException {
        return of(teacher, device, "train", data.train());
    }

    /** For all test images. */
    TeacherOutputs test(GivenTeacher teacher, Device device) throws IOException {
        return of(teacher, device, "test", data.test());
    }

    private TeacherOutputs of(GivenTeacher teacher, Device device, String part, Images images) throws IOException {
        return of(teacher, device, part, images, () -> {
            say(teacher, images);
            try (OpenTeacher open = teacher.open(device)) {
                return open.outputs(images, List.of()).values();
            }
        });
    }

    /**
     * The same for any images.
     *
     * @param part of the data that the images are, {@code train} or {@code test}
     * @param asked what the teacher puts out, where it was not asked before
     */
    TeacherOutputs of(GivenTeacher teacher, Device device, String part, Images images, SavedModels.Outputs asked)
            throws IOException {
        int classes = teacher.data().classes();
        String name = "%s-%s-%s-%s%dx%d-%s%d-onednn-%s"
                .formatted(
                        teacher.digest(),
                        teacher.graph().reading().inName(),
                        data.origin().digest().substring(0, DATA_DIGITS),
                        part,
                        images.size(),
                        teacher.data().input().size(),
                        device.kind(),
                        device.threads(),
                        Settings.Computation.oneDnn());
        return new TeacherOutputs(classes, models.teacherOutputs(name, Shape.of(images.size(), classes), asked));
    }

    /** Tells the listener that a teacher is asked. */
    void say(GivenTeacher teacher, Images images) {
        listener.doing(
                String.format(Locale.ROOT, "asking %s for its outputs on %,d images", teacher.name(), images.size()));
    }
}
