package distill.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.run.EpochResult;
import distill.run.Stopping;
import distill.run.Stopping.Monitor;
import distill.run.StoppingTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After which epoch Keras's EarlyStopping stops, and whose weights it takes, on made-up epochs. */
@Tag("python")
class EarlyStoppingParityTest {

    private static final int EPOCHS = 12;

    /** Weights are the epoch's number. A callback needs no more of a model than this. */
    private static final String KERAS =
            """
            import json, sys, types
            import keras
            for monitor, patience, min_delta, best, values in json.loads(sys.argv[1]):
                mode = "min" if monitor == "val_loss" else "max"
                callback = keras.callbacks.EarlyStopping(
                    monitor, min_delta=min_delta, patience=patience, mode=mode, restore_best_weights=best)
                model = types.SimpleNamespace(stop_training=False, weights=None)
                model.get_weights = lambda: model.weights
                model.set_weights = lambda weights: setattr(model, "weights", weights)
                callback.set_model(model)
                callback.on_train_begin()
                for epoch, value in enumerate(values):
                    model.weights = epoch + 1
                    callback.on_epoch_end(epoch, {monitor: value})
                    if model.stop_training:
                        break
                callback.on_train_end()
                print("stopping", epoch + 1, model.weights)
            """;

    /** One training that may stop. */
    private record Case(Stopping stopping, double[] values) {

        private List<EpochResult> trained() {
            List<EpochResult> all = StoppingTest.history(stopping.monitor(), values);
            int epochs = 1;
            while (epochs < all.size() && !stopping.stops(all.subList(0, epochs))) {
                epochs++;
            }
            return all.subList(0, epochs);
        }
    }

    @Test
    void everyTrainingStopsWhereKerasStopsItAndTakesTheWeightsThatKerasTakes() throws Exception {
        Python.assume();
        Random random = new Random(1);
        List<Case> cases = new ArrayList<>();
        for (Monitor monitor : Monitor.values()) {
            for (int patience : new int[] {1, 2, 4}) {
                for (double minDelta : new double[] {0, .03}) {
                    for (boolean best : new boolean[] {false, true}) {
                        for (int i = 0; i < 5; i++) {
                            // Hundredths apart, for Keras compares in float32.
                            double[] values = random.ints(EPOCHS, 20, 40)
                                    .mapToDouble(hundredths -> hundredths / 100.)
                                    .toArray();
                            cases.add(new Case(new Stopping(monitor, patience, minDelta + .005, best, 1), values));
                        }
                    }
                }
            }
        }
        List<List<Object>> arguments = cases.stream()
                .map(one -> Arrays.<Object>asList(
                        one.stopping().monitor().toString(),
                        one.stopping().patience(),
                        one.stopping().minDelta(),
                        one.stopping().restoreBestWeights(),
                        one.values()))
                .toList();
        List<String> keras = Python.run("-c", KERAS, Python.json(arguments))
                .lines()
                .filter(line -> line.startsWith("stopping "))
                .toList();
        List<String> ours = cases.stream()
                .map(one -> "stopping %d %d"
                        .formatted(one.trained().size(), one.stopping().taken(one.trained())))
                .toList();
        assertEquals(keras, ours);
    }
}
