/** The networks of the report, one file each. */
package distill.nn.zoo;
