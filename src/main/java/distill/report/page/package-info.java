/**
 * The report again, as one page: a document of sections, tables, figures and verdicts made from stored runs, and the
 * two forms that it is written in, HTML and Markdown.
 */
package distill.report.page;
