/**
 * What the commands of {@code ./reproduce} share: the program's own options and exit codes
 * ({@link distill.command.Program}), the options of what trains ({@link distill.command.RunOptions}), progress on the
 * console, and where answers go ({@link distill.command.Answers}).
 */
package distill.command;
