/**
 * Cross-entropy and the distillation losses, each in the two readings of the report: what its programs do, and what its
 * formulas say. A loss of your own is made by {@link distill.loss.Loss#of}. Losses add operations to a graph, which is
 * for one thread.
 */
package distill.loss;
