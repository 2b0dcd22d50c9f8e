package examples;

import distill.loss.SoftTargets;
import distill.nn.*;
import distill.nn.zoo.*;
import distill.training.*;
import distill.training.Callbacks.Monitor;
import java.nio.file.Path;
import org.tensorflow.types.TFloat32;

/** Trains a teacher, and a student that learns from the teacher's outputs at temperature 4 and from the labels. */
final class TeachAStudent {
    public static void main(String[] args) throws Exception {
        var data = Digits.load();
        var split = Digits.withValidation(data);
        var fit = Fit.epochs(Digits.EPOCHS).batchSize(256).validation(split.test());
        var teacher = MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR);
        var student = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        LossFunction<TFloat32> kd = LossFunction.student(SoftTargets.SOFTMAX, 4, .5);
        try (var cnn = CompiledModel.compile(teacher, TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)), Device.auto());
                var fc = CompiledModel.compile(student, TrainingStep.of(kd, Adam.of(1e-3)), Device.auto())) {
            cnn.fit(split.train(), fit);
            fc.fit(split.train(), fit.teacher(TeacherOutputs.of(cnn, split.train()))
                    .callback(Callbacks.earlyStopping(Monitor.VALIDATION_ACCURACY, 0, 2, true))
                    .callback(Callbacks.csvLogger(Path.of("examples/target/student.csv")))
                    .callback(Callbacks.modelCheckpoint(Path.of("examples/target/student.keras"), Monitor.VALIDATION_ACCURACY)));
            System.out.printf("teacher %.2f %%, student %.2f %%%n", cnn.evaluate(data.test()), fc.evaluate(data.test()));
        }
    }
}
