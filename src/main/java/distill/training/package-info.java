/**
 * The training step as the report's notebook writes it: {@link distill.training.GradientTape}, Keras's
 * {@link distill.training.Adam}, and the step that they make of a network and a loss
 * ({@link distill.training.CompiledModel}), whose {@link distill.training.CompiledModel#fit} is Keras's, with
 * callbacks.
 *
 * <p>Several models can be trained side by side, each by a thread of its own. A {@link distill.training.Fit}, an
 * optimiser and a teacher's outputs may be shared; a callback is for one training at a time.
 */
package distill.training;
