/**
 * Tables, charts and whole documents as plain data, and the forms that they are written in: console, CSV, Markdown,
 * HTML and SVG. No class of this package knows a question, a run or a verdict.
 */
package distill.page;
