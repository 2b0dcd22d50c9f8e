package examples;

import distill.nn.*;
import distill.nn.zoo.MnistStudent;
import distill.training.*;
import distill.weights.*;
import java.nio.file.Path;
import org.tensorflow.types.TFloat32;

/** Gives a network the weights of a file that Keras or, as here, {@link TeachAStudent} saved, and measures it. */
final class LoadKerasFile {

    public static void main(String[] args) throws Exception {
        var file = Path.of(args.length > 0 ? args[0] : "examples/target/student.keras");
        var network = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        var content = KerasFile.read(file, Device.auto());
        content.checkConfiguration(network, file.toString());
        var matching = Matching.of(content, network, file.toString());
        try (var model = CompiledModel.of(network, Inputs.BYTES, TFloat32.class, Device.auto())) {
            model.setWeights(matching.weights());
            System.out.printf("%s, weights matched %s: %.2f %%%n",
                    content.format(), matching.by(), model.evaluate(Digits.load().test()));
        }
    }
}
