/**
 * The training step as the report's notebook writes it: {@link distill.training.GradientTape}, Keras's
 * {@link distill.training.Adam}, and the step that they make of a network and a loss
 * ({@link distill.training.CompiledModel}).
 */
package distill.training;
