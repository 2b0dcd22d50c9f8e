package distill.training;

import distill.run.EpochResult;
import java.util.List;
import java.util.OptionalInt;

/**
 * The rule that the report proposes in Question 12 and never ran: a training stops when the mean training loss of an
 * epoch differs from that of the epoch before by less than a limit. The names are those of Keras's callback
 * {@code EarlyStopping}, which watches for too little improvement; here a loss that rises by little stops, too.
 *
 * @param minDelta the limit: changes of the loss under it count, over 0
 * @param patience how many such changes in a row it takes, from 1
 * @param minEpochs the first epoch after which the training may stop, from 1
 */
public record EarlyStopping(double minDelta, int patience, int minEpochs) {

    public EarlyStopping {
        if (!(minDelta > 0) || patience < 1 || minEpochs < 1) {
            throw new IllegalArgumentException(
                    "a limit over 0, a patience and a first epoch from 1 are needed, found %s, %d and %d"
                            .formatted(minDelta, patience, minEpochs));
        }
    }

    /**
     * After which epoch a training stops: the rule looks at no later one.
     *
     * @param history what each epoch gave, from the first on
     * @return empty where the rule does not stop it
     */
    public OptionalInt epoch(List<EpochResult> history) {
        int inARow = 0;
        for (int i = 1; i < history.size(); i++) {
            double change = Math.abs(history.get(i).loss() - history.get(i - 1).loss());
            inARow = change < minDelta ? inARow + 1 : 0;
            if (inARow >= patience && history.get(i).epoch() >= minEpochs) {
                return OptionalInt.of(history.get(i).epoch());
            }
        }
        return OptionalInt.empty();
    }
}
