package distill.command;

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
}
