/**
 * Images and labels in, batches out: MNIST, generated stand-ins, and the seeded order in which a training sees them.
 * Nothing here knows of networks or of TensorFlow.
 */
package distill.data;
