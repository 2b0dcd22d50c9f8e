package distill.reproduce;

import distill.loss.Reading;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Turns {@code as-written} and {@code as-described} into readings. */
public final class ReadingConverter implements ITypeConverter<Reading> {

    @Override
    public Reading convert(String label) {
        try {
            return Reading.of(label);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
