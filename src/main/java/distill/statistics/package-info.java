/**
 * Tests of hypotheses about accuracies of repeated runs: plain numbers in, estimates and p-values out. Values do not
 * change, and threads may share them.
 */
package distill.statistics;
