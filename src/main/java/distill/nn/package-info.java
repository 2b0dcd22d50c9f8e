/**
 * Keras's layers on TensorFlow-Java's Ops API. A {@link distill.nn.Network} describes layers and weights under the
 * names that Keras gives them; {@link distill.nn.Network#build} puts it into a graph as a {@link distill.nn.Model},
 * whose weights are resource variables. {@link distill.nn.Device} opens the sessions.
 *
 * <p>Layers, networks, weights and devices do not change, and threads may share them; what is still being put together
 * ({@link distill.nn.Network.Names}, {@link distill.nn.Network.Functional}, a graph with its {@link distill.nn.Model})
 * is for one thread.
 */
package distill.nn;
