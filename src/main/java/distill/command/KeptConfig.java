package distill.command;

import distill.files.Contents;
import distill.files.WholeFile;
import distill.run.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of options as runs name it and a store keeps it: {@code config-01234567.yaml} beside the task's runs.
 *
 * @param digest SHA-256 of its bytes, as hexadecimal digits
 * @param text what it holds
 * @param ending of its name, with the dot
 */
public record KeptConfig(String digest, String text, String ending) {

    private static final String PREFIX = "config-";
    private static final String YAML = ".yaml";
    private static final String JSON = ".json";

    /** Reads a file that {@code --config} named. */
    static KeptConfig of(Path file) throws IOException {
        String text = Contents.text(file);
        boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(JSON);
        return new KeptConfig(sha256(text), text, json ? JSON : YAML);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Keeps it in a folder that is there, and says where. */
    Path keep(Path folder) throws IOException {
        Path kept = folder.resolve(name(digest) + ending);
        WholeFile.replace(kept, text);
        return kept;
    }

    /** Where a folder keeps the file of a digest; empty where it does not. */
    public static Optional<Path> find(Path folder, String digest) {
        return Stream.of(YAML, JSON)
                .map(ending -> folder.resolve(name(digest) + ending))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Copies the files that one folder keeps and another does not. */
    public static void copyAll(Path from, Path to) throws IOException {
        List<Path> kept;
        try (Stream<Path> files = Files.list(from)) {
            kept = files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : kept) {
            Path copy = to.resolve(file.getFileName());
            if (!Files.exists(copy)) {
                WholeFile.replace(copy, Contents.text(file));
            }
        }
    }

    private static String name(String digest) {
        return PREFIX + digest.substring(0, Settings.TEACHER_DIGITS);
    }
}
