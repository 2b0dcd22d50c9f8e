package distill.cost;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;

/**
 * Floating-point operations of graph operations, as TensorFlow's profiler counts them and keras_flops sums them up: a
 * multiplication and an addition are two. What is free there (activations other than softmax, reshaping, reading
 * variables) is free here. A convolution's two gradients are each counted as the convolution itself, whose products
 * they sum in another order; the profiler counts more for 'valid' padding.
 */
final class Flops {

    private Flops() {}

    /** Every operation that {@code results} need. */
    static Set<GraphOperation> ancestors(Collection<? extends Operand<?>> results) {
        Set<GraphOperation> found = new HashSet<>();
        Deque<GraphOperation> open = new ArrayDeque<>();
        results.forEach(result -> open.add((GraphOperation) result.op()));
        while (!open.isEmpty()) {
            GraphOperation operation = open.pop();
            if (found.add(operation)) {
                operation.inputs().forEach(input -> open.push((GraphOperation) input.op()));
            }
        }
        return found;
    }

    /** The cost of one operation; fails where there is no formula for its type. */
    static long of(GraphOperation operation) {
        return switch (operation.type()) {
            case "Placeholder", "Const", "VarHandleOp", "ReadVariableOp", "Reshape", "Relu", "Relu6", "PadV2" -> 0;
            case "Identity", "Cast", "Fill", "Shape", "ConcatV2", "Split", "Slice", "Transpose" -> 0;
            case "SpaceToBatchND", "BatchToSpaceND", "ResizeBilinear", "ResizeNearestNeighbor" -> 0;
            case "Elu", "Selu", "LeakyRelu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Erf", "Exp", "Sqrt", "Max" ->
                0;
            case "Conv2D" -> convolution(operation.output(0), operation.input(1));
            case "Conv2DBackpropInput" -> convolution(operation.input(2), operation.input(1));
            case "Conv2DBackpropFilter" -> convolution(operation.input(2), operation.output(0));
            case "MatMul" -> {
                int summed = operation.attributes().getAttrBool("transpose_a") ? 0 : 1;
                yield 2 * operation.input(0).shape().get(summed) * size(operation.output(0));
            }
            case "DepthwiseConv2dNative" -> {
                Shape filter = operation.input(1).shape();
                yield 2 * size(operation.output(0)) * filter.get(0) * filter.get(1);
            }
            case "FusedBatchNormV3" -> 2 * size(operation.input(0)) + 6 * size(operation.input(1));
            case "Mean", "BiasAdd" -> size(operation.input(0));
            case "Add", "AddV2", "Sub", "Mul", "Div", "RealDiv", "Maximum", "Minimum", "Greater" ->
                size(operation.output(0));
            case "Neg", "Square" -> size(operation.input(0));
            case "Rsqrt" -> 2 * size(operation.input(0));
            case "MaxPool", "AvgPool" -> {
                long[] window = operation.attributes().getAttrIntList("ksize");
                yield window[1] * window[2] * size(operation.output(0));
            }
            case "Softmax" -> 5 * size(operation.input(0));
            default ->
                throw new IllegalArgumentException(
                        "no formula for the FLOPs of operation type " + operation.type() + ": add it to Flops");
        };
    }

    /** For each number of the result, height * width * inputs of the filter. */
    private static long convolution(Operand<?> result, Operand<?> filter) {
        Shape window = filter.shape();
        return 2 * size(result) * window.get(0) * window.get(1) * window.get(2);
    }

    private static long size(Operand<?> operand) {
        Shape shape = operand.shape();
        if (shape.size() == Shape.UNKNOWN_SIZE) {
            throw new IllegalArgumentException(
                    "the cost of %s (%s) needs a known shape, found %s: build the graph with a fixed batch"
                            .formatted(operand.op().name(), operand.op().type(), shape));
        }
        return shape.size();
    }
}
