/** Task 2, MHIST: one class per question. */
package distill.reproduce.task2;
