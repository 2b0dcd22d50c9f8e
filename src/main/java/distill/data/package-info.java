/**
 * Images and labels in, batches out: MNIST, MHIST, generated stand-ins, augmentation, and the order in which a training
 * sees them, seeded or from a file. Nothing here knows of networks or of TensorFlow. Images may be shared by threads;
 * an {@link distill.data.ImageBatches} is for one.
 */
package distill.data;
