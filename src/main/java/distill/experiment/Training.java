package distill.experiment;

import java.util.Optional;

/**
 * A training of Task 2 that is to be done, with the trainings that it rests on.
 *
 * @param settings what is trained
 * @param teacher the training whose weights teach; empty without distillation, and where the teacher was given
 * @param start the training whose weights this one starts from; empty where it starts from the base's
 */
public record Training(Settings settings, Optional<Training> teacher, Optional<Training> start) {

    /** A training that rests on no other. */
    static Training of(Settings settings) {
        return new Training(settings, Optional.empty(), Optional.empty());
    }
}
