/**
 * Training as the report's notebook does it: {@link distill.training.GradientTape}, Keras's
 * {@link distill.training.Adam}, the step that they make of a network and a loss
 * ({@link distill.training.CompiledModel}), and {@code train_and_evaluate}'s loop over epochs
 * ({@link distill.training.TrainAndEvaluate}).
 */
package distill.training;
