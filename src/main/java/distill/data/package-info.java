/**
 * Images and labels in, batches out: MNIST, generated stand-ins, and the order in which a training sees them, seeded or
 * from a file. Nothing here knows of networks or of TensorFlow.
 */
package distill.data;
