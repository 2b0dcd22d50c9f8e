package distill.reproduce.task1;

import distill.loss.Reading;
import picocli.CommandLine.ITypeConverter;

/** Turns {@code as-written} and {@code as-described} into readings. */
final class ReadingConverter implements ITypeConverter<Reading> {

    @Override
    public Reading convert(String label) {
        return Reading.of(label);
    }
}
