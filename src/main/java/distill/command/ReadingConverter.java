package distill.command;

import distill.run.Variant;

/** Turns {@code as-written} and {@code as-described} into readings. */
public final class ReadingConverter extends LabelConverter<Variant> {

    public ReadingConverter() {
        super(Variant::of);
    }
}
