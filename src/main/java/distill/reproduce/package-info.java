/**
 * The command line: {@link distill.reproduce.Reproduce}, and a class for each question of the report under
 * {@code task1} and {@code task2}.
 */
package distill.reproduce;
