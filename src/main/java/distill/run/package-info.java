/**
 * What a training is and what came of it: settings, identity, run, provenance, and the store that keeps runs. Records
 * and text, no tensors. Threads and processes may append to one store at the same time.
 */
package distill.run;
