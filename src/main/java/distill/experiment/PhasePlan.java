package distill.experiment;

import distill.run.Reading;
import distill.run.Settings;
import distill.run.Slip;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is trained in a phase.
 *
 * @param name {@code initial}, {@code fine}, or {@code only}; null in Task 1, whose runs do not name their phases
 * @param epochs how many
 * @param learningRate of the optimiser
 * @param frozenBase whether only the head is trained
 * @param distils whether the loss is that of the role; else a student learns from the labels alone
 * @param newOptimizer whether the phase starts with a new Adam; else the one of the phase before goes on
 */
record PhasePlan(
        String name, int epochs, double learningRate, boolean frozenBase, boolean distils, boolean newOptimizer) {

    private static final double FINE = .1;

    /** The first of two phases of transfer learning, which trains the head alone where that is done. */
    static PhasePlan initial(int epochs, double rate, boolean frozenBase) {
        return new PhasePlan("initial", epochs, rate, frozenBase, true, true);
    }

    /**
     * Whether a training's base is frozen in its initial phase. An own student with drawn weights has learnt nothing
     * that freezing would keep.
     */
    private static boolean freezes(Settings settings) {
        return freezes(settings.reading())
                && !(settings.isOfOwnStudent() && Settings.RANDOM.equals(settings.startingWeights()));
    }

    /** Whether a reading freezes bases in their initial phase. */
    static boolean freezes(Reading reading) {
        return !reading.has(Slip.NO_FREEZING);
    }

    /**
     * The second, which trains everything at a tenth of the rate.
     *
     * @param rate of the first
     */
    static PhasePlan fine(int epochs, double rate) {
        return new PhasePlan("fine", epochs, rate * FINE, false, true, true);
    }

    /** The phases of a training in their order. */
    static List<PhasePlan> of(Settings settings) {
        Settings.Schedule schedule = settings.schedule();
        double rate = schedule.learningRate();
        if (schedule.epochsInitial() != null) {
            return Stream.of(
                            initial(schedule.epochsInitial(), rate, freezes(settings)),
                            fine(schedule.epochsFine(), rate))
                    .filter(phase -> phase.epochs() > 0)
                    .toList();
        }
        String name = settings.isTransfer() ? "only" : null;
        if (schedule.distilEpochs() == null) {
            return List.of(new PhasePlan(name, schedule.epochs(), rate, false, true, true));
        }
        return List.of(
                new PhasePlan(name, schedule.distilEpochs(), rate, false, true, true),
                new PhasePlan(name, schedule.epochs() - schedule.distilEpochs(), rate, false, false, false));
    }

    /** The phase of an epoch of a training; epochs count from 1. */
    static PhasePlan of(Settings settings, int epoch) {
        int end = 0;
        for (PhasePlan phase : of(settings)) {
            end += phase.epochs();
            if (epoch <= end) {
                return phase;
            }
        }
        throw new IllegalArgumentException(
                "%s has %d epochs, asked for epoch %d".formatted(settings.label(), settings.epochs(), epoch));
    }
}
