package examples;

import distill.loss.Loss;
import distill.nn.*;
import distill.nn.zoo.*;
import distill.training.*;
import org.tensorflow.types.TFloat32;

/** A student with a loss of its own: its squared distance from the teacher's outputs, and the cross-entropy. */
final class OwnLoss {

    public static void main(String[] args) throws Exception {
        LossFunction<TFloat32> loss = (tf, labels, outputs, teacher) -> {
            var distance = tf.math.mean(tf.math.squaredDifference(outputs, teacher), tf.constant(1));
            var crossEntropy = tf.nn.softmaxCrossEntropyWithLogits(outputs, labels).loss();
            return Loss.of(tf, tf.math.add(distance, crossEntropy), outputs);
        };
        var data = Digits.load();
        var network = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        var fit = Fit.epochs(Digits.EPOCHS).batchSize(256);
        try (var teacher = CompiledModel.compile(network, TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)), Device.auto());
                var student = CompiledModel.compile(network, TrainingStep.of(loss, Adam.of(1e-3)), Device.auto())) {
            teacher.fit(data.train(), fit);
            student.fit(data.train(), fit.seed(1).teacher(TeacherOutputs.of(teacher, data.train())));
            System.out.printf("teacher %.2f %%, student %.2f %%%n", teacher.evaluate(data.test()), student.evaluate(data.test()));
        }
    }
}
