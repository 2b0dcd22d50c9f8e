package distill.experiment;

import distill.run.Settings;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A training that is to be done, with the trainings that it rests on.
 *
 * @param settings what is trained
 * @param teacher the training whose weights teach, as they are after as many epochs as the settings say; null without
 *     distillation, and where the teacher was given
 * @param start the training whose weights this one starts from; null where it starts from drawn or pre-trained ones
 */
public record Training(Settings settings, Training teacher, Training start) {

    /** A training that rests on no other. */
    static Training of(Settings settings) {
        return new Training(settings, null, null);
    }

    /** A training whose teacher is another's outcome. */
    static Training taught(Settings settings, Training teacher) {
        return new Training(settings, teacher, null);
    }

    /** This training, from the weights that another one ends with. */
    Training startingFrom(Training before) {
        return new Training(settings, teacher, before);
    }

    /** The trainings that this one rests on, each after those that it rests on itself, and this one last. */
    public List<Training> withWhatItRestsOn() {
        return Stream.concat(
                        Stream.of(teacher, start)
                                .filter(Objects::nonNull)
                                .flatMap(before -> before.withWhatItRestsOn().stream()),
                        Stream.of(this))
                .distinct()
                .toList();
    }
}
