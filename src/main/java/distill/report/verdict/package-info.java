/**
 * The report's statements, each with its place, a test, the numbers and a verdict: made from stored runs alone, so that
 * whoever has a store can read which of the statements survive repetition.
 */
package distill.report.verdict;
