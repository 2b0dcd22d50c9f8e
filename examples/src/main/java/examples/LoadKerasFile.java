package examples;

import distill.nn.Device;
import distill.training.*;
import distill.weights.*;
import java.nio.file.Path;
import org.tensorflow.types.TFloat32;

/** Builds the network of a whole model's file, which Keras or, as here, {@link TeachAStudent} saved, and measures it. */
final class LoadKerasFile {

    public static void main(String[] args) throws Exception {
        var file = Path.of(args.length > 0 ? args[0] : "examples/target/student.keras");
        var content = KerasFile.read(file, Device.auto());
        var built = KerasModel.of(content, file.toString());
        var matching = built.match(content, file.toString());
        System.out.print(built.network().summary());
        try (var model = CompiledModel.of(built.network(), Inputs.BYTES, TFloat32.class, Device.auto())) {
            model.setWeights(matching.weights());
            System.out.printf("%s, weights matched %s: %.2f %%%n",
                    content.format(), matching.by(), model.evaluate(Digits.load().test()));
        }
    }
}
