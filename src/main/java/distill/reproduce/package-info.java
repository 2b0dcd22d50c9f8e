/**
 * The command line: {@link distill.reproduce.Reproduce} and its commands. The questions of the report are classes of
 * {@code distill.task1} and {@code distill.task2}.
 */
package distill.reproduce;
