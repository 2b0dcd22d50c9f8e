/**
 * Cross-entropy and the distillation losses, each in the two readings of the report: what its programs do, and what its
 * formulas say.
 */
package distill.loss;
