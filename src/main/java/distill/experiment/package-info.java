/**
 * What is to be trained, and how it is: plans of both tasks' trainings, one trainer that carries them out phase by
 * phase and trains only what the store does not have, how a reading becomes a graph, the library of named models, and
 * replays of a training that are held against Keras. Above this package there should be records, strings and numbers,
 * no tensors. A {@link distill.experiment.Trainer} is for one thread, and carries out several trainings at a time on
 * threads of its own.
 */
package distill.experiment;
