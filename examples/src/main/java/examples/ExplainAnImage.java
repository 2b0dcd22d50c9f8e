package examples;

import distill.experiment.*;
import distill.explain.*;
import distill.nn.*;
import distill.nn.zoo.MnistStudent;
import distill.weights.*;
import java.nio.file.Path;

/** Shows which pixels the student of {@link TeachAStudent} sees a digit by: RISE, @ for the most important ones. */
final class ExplainAnImage {

    public static void main(String[] args) throws Exception {
        var file = Path.of("examples/target/student.keras");
        var network = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        var weights = Matching.of(KerasFile.read(file, Device.auto()), network, file.toString()).weights();
        var example = Example.of("test", Digits.load().test(), 0);
        try (var model = new ExplainedModel("student", network, weights, Device.auto())) {
            int seen = model.predict(example.image());
            ExplanationMap map = Rise.of(Rise.Form.PAPER, 1000, 1).explain(model, example.image(), seen).minMax();
            System.out.printf("label %d, seen as %d%n", example.label(), seen);
            for (int y = 0; y < map.height(); y++) {
                for (int x = 0; x < map.width(); x++) {
                    System.out.print(" .:-=+*#%@".charAt((int) Math.min(9, 10 * map.values()[y * map.width() + x])));
                }
                System.out.println();
            }
        }
    }
}
