package distill.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The inputs that the fuzzer found, which stay, and what it begins with. */
class ForeignFileTest {

    /** A folder for each file, in which is what once broke its reader. */
    private static final Path FOUND = Path.of("src/test/resources/fuzz");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void whatTheFuzzerFoundIsReadOrRefusedInASentenceThatNamesTheFile(ForeignFile file) throws IOException {
        Path found = FOUND.resolve(file.label());
        if (!Files.isDirectory(found)) {
            return;
        }
        try (Stream<Path> inputs = Files.list(found)) {
            for (Path input : inputs.sorted().toList()) {
                Fuzz.check(file, folder, Files.readAllBytes(input));
            }
        }
    }

    /** The networks of the configurations here are not the one that they are held against. */
    @ParameterizedTest
    @EnumSource
    void aGoodFileIsReadAndItsHalfIsReadOrRefusedInASentence(ForeignFile file) throws IOException {
        List<byte[]> seeds = file.seeds(Files.createDirectories(folder.resolve("seeds")));
        if (file != ForeignFile.KERAS_CONFIGURATION) {
            assertDoesNotThrow(() -> file.read(Files.createTempDirectory(folder, "good"), seeds.get(0)));
        }
        for (byte[] seed : seeds) {
            Fuzz.check(file, Files.createTempDirectory(folder, "half"), Arrays.copyOf(seed, seed.length / 2));
        }
    }
}
