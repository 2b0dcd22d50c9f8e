package distill.reproduce;

import distill.page.Cell;
import distill.statistics.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What was measured of ours and of peers in rounds: ours, each peer, ours, each peer, and so on. A cell of a table
 * shows the middle one of the rounds' numbers and, of several rounds, the range that they lie in.
 */
final class Rounds<T> {

    static final String OURS = "ours";

    private final Consumer<String> doing;
    private final List<Double> matrixRates = new ArrayList<>();
    private final Map<String, List<T>> measured = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();

    /**
     * Rounds of which none has begun.
     *
     * @param doing hears who is measured now
     */
    Rounds(Consumer<String> doing) {
        this.doing = doing;
    }

    /** Measures once. */
    @FunctionalInterface
    interface Measurement<T> {
        T take() throws IOException, InterruptedException, LeftOut;
    }

    /** Why a peer has no numbers. */
    static final class LeftOut extends Exception {
        private static final long serialVersionUID = 1;

        LeftOut(String reason) {
            super(reason);
        }
    }

    /** Begins a round, before which the machine's rate for matrix products was measured, in GFLOP/s. */
    void begin(double matrixRate) {
        matrixRates.add(matrixRate);
    }

    /** Measures in this round, unless it was left out in an earlier one. */
    void measure(String who, Measurement<T> measurement) throws IOException, InterruptedException {
        if (leftOut.containsKey(who)) {
            return;
        }
        doing.accept(who);
        try {
            T number = measurement.take();
            measured.computeIfAbsent(who, name -> new ArrayList<>()).add(number);
        } catch (LeftOut e) {
            measured.remove(who);
            leftOut.put(who, e.getMessage());
        }
    }

    /** Whoever has a number of every round, in the order in which they were first measured. */
    Set<String> names() {
        return measured.keySet();
    }

    /** A sentence for each peer that was left out. */
    List<String> leftOut() {
        return leftOut.entrySet().stream()
                .map(entry -> "Left out: %s: %s.".formatted(entry.getKey(), entry.getValue()))
                .toList();
    }

    Cell matrixRate() {
        return cell(matrixRates, 0);
    }

    Cell cell(String who, ToDoubleFunction<T> number, int decimals) {
        return cell(numbers(who, number), decimals);
    }

    /**
     * How many times as long something takes as the same operations in products of large matrices, at the rate of the
     * same round.
     */
    Cell overCeiling(String who, ToDoubleFunction<T> milliseconds, long operations) {
        List<Double> ceilings =
                matrixRates.stream().map(rate -> operations / rate / 1e6).toList();
        return cell(ratios(numbers(who, milliseconds), ceilings), 2);
    }

    /** Ours divided by another's, round by round; none for ours. */
    Cell oursOver(String who, ToDoubleFunction<T> number) {
        return who.equals(OURS) ? Cell.NONE : cell(ratios(numbers(OURS, number), numbers(who, number)), 2);
    }

    private List<Double> numbers(String who, ToDoubleFunction<T> number) {
        return measured.get(who).stream().map(number::applyAsDouble).toList();
    }

    private static List<Double> ratios(List<Double> some, List<Double> others) {
        return IntStream.range(0, some.size())
                .mapToObj(i -> some.get(i) / others.get(i))
                .toList();
    }

    private static Cell cell(List<Double> numbers, int decimals) {
        List<Double> sorted = numbers.stream().sorted().toList();
        double middle = sorted.get(sorted.size() / 2);
        String format = "%." + decimals + "f";
        if (Double.isNaN(middle)) {
            return Cell.NONE;
        }
        return sorted.size() == 1
                ? Cell.number(middle, format)
                : Cell.estimate(middle, new Interval(sorted.get(0), sorted.get(sorted.size() - 1)), format);
    }
}
