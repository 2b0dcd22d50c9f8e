/** What a network costs: parameters and floating-point operations, read off the graph that computes it. */
package distill.cost;
