/** Weights in files: out of a training and into the next process. */
package distill.weights;
