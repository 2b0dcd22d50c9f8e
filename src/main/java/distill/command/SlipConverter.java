package distill.command;

import distill.run.Slip;

/** Turns {@code logit-targets} into the slip. */
public final class SlipConverter extends LabelConverter<Slip> {

    public SlipConverter() {
        super(Slip::named);
    }
}
