package distill.data;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where data sets are looked for: in the folder that the environment names, and no other, or else in the usual places.
 * A record, so that tests need no environment and no home.
 *
 * @param environment the value of an environment variable, or null
 * @param workingDirectory what relative places are relative to
 * @param home the user's home, which {@code ~} stands for
 */
record DataPlaces(UnaryOperator<String> environment, Path workingDirectory, Path home) {

    private static final String HOME = "~/";

    /** This process's environment, working directory and home. */
    static DataPlaces ofThisProcess() {
        return new DataPlaces(System::getenv, Path.of(""), Path.of(System.getProperty("user.home")));
    }

    /** Reads what a place holds; {@code name} is what to call it for people. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Path place, String name) throws DataException;
    }

    /**
     * Reads the first place that exists.
     *
     * @param variable an environment variable; where it is set, no other place is looked at
     * @param usual the usual places in their order
     * @return empty where none exists
     * @throws DataException where a place exists but does not hold what it must: it is not passed over
     */
    <T> Optional<T> first(String variable, List<String> usual, Reader<T> reader) throws DataException {
        String set = environment.apply(variable);
        if (set != null && !set.isEmpty()) {
            try {
                return Optional.of(
                        reader.read(workingDirectory.resolve(set), Path.of(set).toString()));
            } catch (DataException e) {
                throw new DataException("$%s: %s".formatted(variable, e.getMessage()), e);
            }
        }
        for (String name : usual) {
            Path place = resolve(name);
            if (!Files.notExists(place, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(reader.read(place, name));
            }
        }
        return Optional.empty();
    }

    /** Where a usual place is. */
    Path resolve(String name) {
        return name.startsWith(HOME) ? home.resolve(name.substring(HOME.length())) : workingDirectory.resolve(name);
    }
}
