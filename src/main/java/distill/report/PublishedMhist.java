package distill.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The numbers of Task 2 that the authors' notebook shows, and the settings that they were made with. All accuracies are
 * in percent of the 960 of 977 test images that the notebook looked at after the last epoch of a phase.
 */
public final class PublishedMhist {

    /** Height and width of MHIST's images. */
    public static final int IMAGE_SIZE = 224;

    /** How many training images MHIST has. */
    public static final int TRAIN_IMAGES = 2175;

    public static final int EPOCHS_INITIAL = 10;
    public static final int EPOCHS_FINE = 25;

    /** Early-stopped teachers have 1 to this many epochs. */
    public static final int EPOCHS_STOPPED = 12;

    public static final List<Double> TEMPERATURES = List.of(1., 2., 4., 16., 32., 64.);

    /** Parameters of the teacher, and of the student with KD or without. */
    public static final long TEACHER_PARAMETERS = 25_615_802;

    public static final long STUDENT_PARAMETERS = 3_540_986;

    /** FLOPs of one forward pass of 32 images. */
    public static final long TEACHER_FLOPS = 223_754_962_368L;

    public static final long STUDENT_FLOPS = 19_686_146_304L;

    /** The teacher's accuracy after the fine phase. */
    public static final double TEACHER_FINE = 84.6875;

    /** Early-stopped teachers' students, for teachers of 1 to 12 epochs. */
    private static final List<Double> ESKD = List.of(
            63.229168, 63.020832, 63.020832, 62.8125, 63.125004, 36.875, 63.229168, 36.666668, 62.8125, 63.125004,
            63.125004, 63.020832);

    /** With KD after the fine phase, by temperature; that at T = 2 was typed in by hand and has no printed source. */
    private static final List<Double> STUDENT =
            List.of(63.125004, 63.437396, 63.125004, 63.333332, 63.229168, 63.333332);

    /** Without KD, the same. */
    private static final List<Double> PLAIN_STUDENT =
            List.of(80.104164, 83.85417, 85.104164, 83.85417, 84.270836, 82.395836);

    private PublishedMhist() {}

    /** The student with KD at a temperature; empty where the notebook has none. */
    public static OptionalDouble student(double temperature) {
        return Published.at(STUDENT, TEMPERATURES.indexOf(temperature));
    }

    /** The student without KD, whose loss has a temperature in the notebook. */
    public static OptionalDouble plainStudent(double temperature) {
        return Published.at(PLAIN_STUDENT, TEMPERATURES.indexOf(temperature));
    }

    /** The student of a teacher of so many epochs. */
    public static OptionalDouble earlyStopped(int teacherEpochs) {
        return Published.at(ESKD, teacherEpochs - 1);
    }
}
