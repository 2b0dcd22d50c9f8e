package distill.cost;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalLong;
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

    private static final Set<String> FREE =
            Set.of("Placeholder", "Const", "VarHandleOp", "ReadVariableOp", "Reshape", "Relu", "Relu6", "PadV2");

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

    /** The cost of one operation; empty where there is no formula for its type. */
    static OptionalLong of(GraphOperation operation) {
        String type = operation.type();
        if (FREE.contains(type)) {
            return OptionalLong.of(0);
        }
        return switch (type) {
            case "Conv2D" ->
                OptionalLong.of(2
                        * size(operation.output(0))
                        * window(operation.input(1).shape()));
            case "Conv2DBackpropInput" ->
                OptionalLong.of(
                        2 * size(operation.input(2)) * window(operation.input(1).shape()));
            case "Conv2DBackpropFilter" ->
                OptionalLong.of(2
                        * size(operation.input(2))
                        * window(operation.output(0).shape()));
            case "MatMul" -> {
                Shape a = operation.input(0).shape();
                yield OptionalLong.of(2
                        * a.get(operation.attributes().getAttrBool("transpose_a") ? 0 : 1)
                        * size(operation.output(0)));
            }
            case "DepthwiseConv2dNative" -> {
                Shape filter = operation.input(1).shape();
                yield OptionalLong.of(2 * size(operation.output(0)) * filter.get(0) * filter.get(1));
            }
            case "FusedBatchNormV3" -> OptionalLong.of(2 * size(operation.input(0)) + 6 * size(operation.input(1)));
            case "Mean" -> OptionalLong.of(size(operation.input(0)));
            case "Add", "AddV2" -> OptionalLong.of(size(operation.output(0)));
            case "BiasAdd" -> OptionalLong.of(size(operation.input(0)));
            case "MaxPool" ->
                OptionalLong.of(product(operation.attributes().getAttrIntList("ksize")) * size(operation.output(0)));
            case "Softmax" -> OptionalLong.of(5 * size(operation.input(0)));
            default -> OptionalLong.empty();
        };
    }

    /** Multiplications and additions for one number of a convolution's result: height * width * inputs. */
    private static long window(Shape filter) {
        return filter.get(0) * filter.get(1) * filter.get(2);
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

    private static long product(long[] values) {
        long product = 1;
        for (long value : values) {
            product *= value;
        }
        return product;
    }
}
