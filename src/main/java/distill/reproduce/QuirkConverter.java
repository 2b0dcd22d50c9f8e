package distill.reproduce;

import distill.experiment.Quirk;

/** Turns {@code logit-targets} into the quirk. */
public final class QuirkConverter extends LabelConverter<Quirk> {

    public QuirkConverter() {
        super(Quirk::of);
    }
}
