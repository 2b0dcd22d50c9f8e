package distill.training;

import java.io.IOException;

/**
 * Hears of a training by {@link CompiledModel#fit}, and can end it: Keras's {@code Callback}. {@link Callbacks} has
 * Keras's own ones; a lambda is enough for another.
 */
@FunctionalInterface
public interface Callback {

    /**
     * Before the first epoch.
     *
     * @throws IOException where the callback cannot write what it is to write; the training does not begin then
     */
    default void onTrainBegin(CompiledModel<?> model) throws IOException {}

    /**
     * After an epoch.
     *
     * @param model with its weights as they are now
     * @return whether the training is to go on; it ends where one of its callbacks says no
     * @throws IOException where the callback cannot write what it is to write; the training ends with it
     */
    boolean onEpochEnd(CompiledModel<?> model, EpochLog log) throws IOException;

    /** After the last epoch, unless the training failed. */
    default void onTrainEnd(CompiledModel<?> model) {}
}
