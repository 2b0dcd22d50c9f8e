/** Tests of hypotheses about accuracies of repeated runs: plain numbers in, estimates and p-values out. */
package distill.statistics;
