/** The report again: a document of sections, tables, figures and verdicts, made from stored runs. */
package distill.report.page;
