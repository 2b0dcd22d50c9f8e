/**
 * What a network costs: parameters and floating-point operations, read off a graph that is made for it. Any thread may
 * ask.
 */
package distill.cost;
