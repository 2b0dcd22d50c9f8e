/**
 * What is trained and what came of it, as records: settings and the identity that they give a run, provenance, the run
 * store, and the experiments, which train only what the store does not have; the library of named models, and replays
 * of a training that are held against Keras. Below this package there are tensors; above it there are records, strings
 * and numbers.
 */
package distill.experiment;
