package distill.command;

import distill.experiment.Training;
import distill.run.Variant;
import java.util.List;
import java.util.Map;

/**
 * A question as {@code ./reproduce list} shows it.
 *
 * @param command such as {@code task1 q5}
 * @param answers what it answers
 * @param trainings what it trains for seed 1 on two cores, as the report does and teachers included, in each reading;
 *     their identities are of no use, for images and weights of Task 2 are not looked for
 */
public record ListedQuestion(String command, String answers, Map<Variant, List<Training>> trainings) {}
