/**
 * Weights in files. {@link distill.weights.Checkpoint} carries a training into the next process;
 * {@link distill.weights.KerasFile} reads what Keras saves, {@link distill.weights.Matching} finds a network's weights
 * in it, and {@link distill.weights.KerasFormat} writes what Keras reads. Threads may read and write at the same time,
 * but not the same file.
 */
package distill.weights;
