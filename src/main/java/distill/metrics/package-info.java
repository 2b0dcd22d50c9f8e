/**
 * How well a classifier does, from labels and outputs: accuracy, confusion matrix, precision, recall, F1 and ROC AUC,
 * with scikit-learn's names and numbers. {@link distill.metrics.Classification} is where to start. Nothing here knows
 * of networks, of data sets or of TensorFlow. Values do not change, and threads may share them.
 */
package distill.metrics;
