/** Weights in files: TensorFlow checkpoints, which carry a training into the next process, and what Keras saves. */
package distill.weights;
