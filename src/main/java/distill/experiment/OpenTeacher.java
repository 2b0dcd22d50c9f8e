package distill.experiment;

import distill.data.ImageBatch;
import distill.data.Images;
import distill.training.CompiledModel;
import distill.training.TeacherOutputs;
import java.io.IOException;
import java.util.List;
import org.tensorflow.types.TFloat32;

/** A teacher that is open to be asked. Whoever opened it closes it. */
interface OpenTeacher extends AutoCloseable {

    /**
     * What it and its layers of these names put out for all images of a set.
     *
     * @param layers none where it has none that can be asked
     */
    TeacherOutputs outputs(Images images, List<String> layers) throws IOException;

    /** What it and its layers of these names put out for the images of a batch as they are in it. */
    TeacherOutputs outputs(ImageBatch batch, List<String> layers) throws IOException;

    /** What it puts out for the images of a set at {@code indices}, image by image. */
    double[] outputs(Images images, int[] indices) throws IOException;

    @Override
    void close();

    /** A network, which is closed with it. */
    static OpenTeacher of(CompiledModel<TFloat32> network) {
        return new OpenTeacher() {

            @Override
            public TeacherOutputs outputs(Images images, List<String> layers) throws IOException {
                return TeacherOutputs.of(network, images, layers);
            }

            @Override
            public TeacherOutputs outputs(ImageBatch batch, List<String> layers) {
                return TeacherOutputs.of(network, batch, layers);
            }

            @Override
            public double[] outputs(Images images, int[] indices) throws IOException {
                return network.predict(images, indices);
            }

            @Override
            public void close() {
                network.close();
            }
        };
    }
}
