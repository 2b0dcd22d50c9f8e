/**
 * Images and labels in, batches out: MNIST, MHIST, generated stand-ins, augmentation, and the order in which a training
 * sees them, seeded or from a file. Nothing here knows of networks or of TensorFlow.
 */
package distill.data;
