package distill.experiment;

import distill.run.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A training of Task 2 that is to be done, with the trainings that it rests on.
 *
 * @param settings what is trained
 * @param teacher the training whose weights teach; empty without distillation, and where the teacher was given
 * @param start the training whose weights this one starts from; empty where it starts from the base's
 */
public record Training(Settings settings, Optional<Training> teacher, Optional<Training> start) {

    /** The trainings that this one rests on, each after those that it rests on itself, and this one last. */
    public List<Training> withWhatItRestsOn() {
        return Stream.concat(
                        Stream.of(teacher, start)
                                .flatMap(Optional::stream)
                                .flatMap(before -> before.withWhatItRestsOn().stream()),
                        Stream.of(this))
                .distinct()
                .toList();
    }

    /** A training that rests on no other. */
    static Training of(Settings settings) {
        return new Training(settings, Optional.empty(), Optional.empty());
    }
}
