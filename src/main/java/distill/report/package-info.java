/**
 * What a person reads: the numbers that the report published, tables, charts and comparisons that set ours beside them,
 * all made from stored runs alone.
 */
package distill.report;
