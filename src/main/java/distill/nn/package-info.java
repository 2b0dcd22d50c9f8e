/**
 * Keras's layers on TensorFlow-Java's Ops API. A {@link distill.nn.Network} describes layers and weights under the
 * names that Keras gives them; {@link distill.nn.Network#build} puts it into a graph as a {@link distill.nn.Model},
 * whose weights are resource variables. {@link distill.nn.Device} opens the sessions.
 */
package distill.nn;
