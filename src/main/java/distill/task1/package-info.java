/** The questions of the report's Task 1, MNIST, one class each. */
package distill.task1;
