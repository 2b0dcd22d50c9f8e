package distill.reproduce;

import distill.loss.Reading;

/** Turns {@code as-written} and {@code as-described} into readings. */
public final class ReadingConverter extends LabelConverter<Reading> {

    public ReadingConverter() {
        super(Reading::of);
    }
}
