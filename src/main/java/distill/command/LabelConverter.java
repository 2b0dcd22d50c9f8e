package distill.command;

import distill.loss.DistillationLoss;
import distill.loss.LayerPair;
import distill.nn.zoo.BaseModel;
import distill.run.AdamForm;
import distill.run.Role;
import distill.run.Slip;
import distill.run.Variant;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Turns a label into what it stands for; an unknown label is wrong usage. picocli makes one by its subclass's name. */
public abstract class LabelConverter<V> implements ITypeConverter<V> {

    private final Function<String, V> meaning;

    /** Takes what throws IllegalArgumentException for an unknown label. */
    protected LabelConverter(Function<String, V> meaning) {
        this.meaning = meaning;
    }

    @Override
    public final V convert(String label) {
        try {
            return meaning.apply(label);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** Turns {@code as-written} and {@code as-described} into readings. */
    public static final class Readings extends LabelConverter<Variant> {

        Readings() {
            super(Variant::of);
        }
    }

    /** Turns {@code logit-targets} into the slip. */
    public static final class Slips extends LabelConverter<Slip> {

        Slips() {
            super(Slip::named);
        }
    }

    /** Turns {@code TEACHER=STUDENT} into the layers. */
    public static final class Layers extends LabelConverter<LayerPair> {

        Layers() {
            super(LayerPair::of);
        }
    }

    /** Turns {@code keras2} and {@code keras3} into forms of Adam. */
    public static final class AdamForms extends LabelConverter<AdamForm> {

        AdamForms() {
            super(AdamForm::of);
        }
    }

    /** Turns {@code student-plain} into the role. */
    public static final class Roles extends LabelConverter<Role> {

        Roles() {
            super(Role::of);
        }
    }

    /** Turns {@code dkd} into the loss. */
    public static final class Losses extends LabelConverter<DistillationLoss> {

        Losses() {
            super(DistillationLoss::named);
        }
    }

    /** Turns {@code resnet50v2} into the network. */
    public static final class BaseModels extends LabelConverter<BaseModel> {

        BaseModels() {
            super(BaseModel::of);
        }
    }
}
