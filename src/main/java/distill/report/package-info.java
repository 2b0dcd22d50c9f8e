/**
 * What a person reads: the numbers that the report published, tables and plots that set ours beside them, all made from
 * stored runs alone.
 */
package distill.report;
