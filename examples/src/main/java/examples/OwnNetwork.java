package examples;

import distill.nn.*;
import distill.training.*;
import org.tensorflow.ndarray.Shape;

/** A small network of one's own, put together layer by layer, that prints each epoch and stops when it is good enough. */
final class OwnNetwork {

    public static void main(String[] args) throws Exception {
        var network = Network.sequential(new Network.Names(), Shape.of(28, 28, 1),
                new Conv2D(8, 3, Activation.LINEAR),
                new BatchNormalization(),
                new ActivationLayer(Activation.RELU),
                new MaxPooling2D(2, 2),
                new Flatten(),
                new Dropout(.2),
                new Dense(10, Activation.LINEAR));
        System.out.print(network.summary());
        var data = Digits.load();
        Callback goodEnough = (model, log) -> {
            System.out.printf("epoch %d: loss %.3f, %.2f %%%n", log.epoch(), log.loss(), log.validationAccuracy());
            return log.validationAccuracy() < 99;
        };
        try (var model = CompiledModel.compile(network, TrainingStep.of(LossFunction.teacher(), Adam.of(1e-3)), Device.auto())) {
            model.fit(data.train(), Fit.epochs(Digits.EPOCHS).validation(data.test()).callback(goodEnough));
        }
    }
}
