/**
 * Tests that hold this program against Keras itself, in Python. They need a Python with
 * {@code reference/requirements.txt} and are skipped where there is none.
 */
package distill.python;
