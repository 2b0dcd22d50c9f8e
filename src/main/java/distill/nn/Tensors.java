package distill.nn;

import java.util.Arrays;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/** Arrays into tensors and back, in one copy. Whoever asks for a tensor closes it. */
public final class Tensors {

    private Tensors() {}

    /** A tensor of {@code dtype}, TFloat32 or TFloat64, the values rounded to it. */
    public static <T extends TFloating> T of(Class<T> dtype, Shape shape, double[] values) {
        T tensor = Tensor.of(dtype, shape);
        if (dtype == TFloat64.class) {
            tensor.asRawTensor().data().asDoubles().write(values);
        } else if (dtype == TFloat32.class) {
            float[] floats = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                floats[i] = (float) values[i];
            }
            tensor.asRawTensor().data().asFloats().write(floats);
        } else {
            tensor.close();
            throw new IllegalArgumentException("networks compute in float32 or float64, not " + dtype.getSimpleName());
        }
        return tensor;
    }

    /** A uint8 tensor. */
    public static TUint8 of(Shape shape, byte[] values) {
        TUint8 tensor = TUint8.tensorOf(shape);
        tensor.asRawTensor().data().write(values);
        return tensor;
    }

    /** A float32 tensor. */
    public static TFloat32 of(Shape shape, float[] values) {
        TFloat32 tensor = TFloat32.tensorOf(shape);
        tensor.asRawTensor().data().asFloats().write(values);
        return tensor;
    }

    /** The values of a float32 or float64 tensor, row by row. */
    public static double[] doubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.shape().size())];
        if (tensor.dataType() == DataType.DT_DOUBLE) {
            tensor.asRawTensor().data().asDoubles().read(values);
            return values;
        }
        float[] floats = new float[values.length];
        tensor.asRawTensor().data().asFloats().read(floats);
        Arrays.setAll(values, i -> floats[i]);
        return values;
    }
}
