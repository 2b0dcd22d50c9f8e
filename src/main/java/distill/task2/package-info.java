/** The questions of Task 2, one class each, and what they share. */
package distill.task2;
