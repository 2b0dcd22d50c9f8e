package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Starts the launcher of a copy of the program, {@code program/} in the folder that each script is run in, under what
 * shells, users and machines have set. The copy has no sources that are newer than its build, and an empty
 * {@code pom.xml}: to build it fails.
 */
class LauncherTest {

    private static final Path BASH = Path.of("/bin/bash");
    private static final Path JAVA_HOMES = Path.of("/usr/lib/jvm");

    /** {@code größe} for Bash: this machine may have no locale in which Java could name the file. */
    private static final String UMLAUTS = "$'gr\\303\\266\\303\\237e'";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void copyProgram() throws IOException {
        assumeTrue(Files.isExecutable(BASH), "SKIPPED: no Bash here");
        Path program = folder.resolve("program");
        Path target = Files.createDirectories(program.resolve("target"));
        Files.createDirectories(program.resolve("src/main"));
        Files.createFile(program.resolve("pom.xml"));
        Files.copy(Path.of("reproduce"), program.resolve("reproduce"), StandardCopyOption.COPY_ATTRIBUTES);
        archive(Path.of("target/classes"), target.resolve("program.jar"));
        Files.writeString(
                target.resolve("classpath.txt"),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(place -> place.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator)));
        Files.writeString(target.resolve("built"), "\n");
        assertEquals(
                "",
                printed("chmod 755 .; mkdir -p jdk/bin; printf '#!/bin/sh\\necho \"$@\"\\n' >jdk/bin/java; chmod 755"
                        + " jdk/bin/java"));
    }

    private static void archive(Path classes, Path jar) throws IOException {
        try (Stream<Path> found = Files.walk(classes);
                OutputStream out = Files.newOutputStream(jar);
                JarOutputStream archive = new JarOutputStream(out)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                archive.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, archive);
            }
        }
    }

    /** What a script prints, on either stream, that ends with 0. */
    private static String printed(String script) throws IOException {
        try {
            Process process = new ProcessBuilder(BASH.toString(), "--norc", "-euc", script)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), printed);
            return printed;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A stand-in for Java prints what it is started with. */
    private static String started(String script) throws IOException {
        return printed("PATH=$PWD/jdk/bin:$PATH; unset JAVA_HOME; " + script);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "program       | program/reproduce",
                "program       | cd program; bash reproduce",
                "program       | cd program; sh reproduce",
                "program       | cd program; PATH=$PWD:$PATH; cd /; reproduce",
                "program       | ln -s program/reproduce link; ./link",
                "program       | mkdir bin; ln -s ../program/reproduce bin/one; ln -s one bin/two; PATH=$PWD/bin:$PATH; cd /; two",
                "program       | CDPATH=$PWD program/reproduce",
                "program       | GIT_DIR=$PWD/none GIT_WORK_TREE=/ program/reproduce",
                "other/program | mkdir other; git init -q other; cp -pR program other/; other/program/reproduce",
                "untold        | cp -pR program untold; echo nonsense >untold/.git; untold/reproduce",
                "two words     | cp -pR program 'two words'; two\\ words/reproduce",
                "program       | env -i PATH=\"$PATH\" program/reproduce",
                "program       | HOME=/proc program/reproduce"
            })
    void theProgramOfTheLaunchersOwnFolderStartsHoweverItIsCalled(String where, String script) throws IOException {
        String arguments = started(script + " list --shards 2");
        assertTrue(
                arguments.contains(" -cp " + folder.toRealPath().resolve(where) + "/target/program.jar:"), arguments);
        assertTrue(arguments.endsWith(" distill.reproduce.Reproduce list --shards 2\n"), arguments);
    }

    @Test
    void aCopyThatHasTheClassesAloneStartsFromThem() throws IOException {
        String arguments = started("mkdir classes; cp -pR program/* classes/; cd classes/target; mkdir -p"
                + " classes/distill/reproduce; touch classes/distill/reproduce/Reproduce.class; mv -f built program.jar ..;"
                + " mv ../built .; cd ../..; classes/reproduce");
        assertTrue(
                arguments.contains(" -cp " + folder.toRealPath().resolve("classes/target/classes") + ":"), arguments);
    }

    @Test
    void aFolderMayHaveAnyNameWhereTheEnvironmentHasNoLocale() throws IOException {
        assertEquals(
                "distill 0.1.0\n",
                printed("N=" + UMLAUTS
                        + "' und mehr'; cp -pR program \"$N\"; LC_ALL=POSIX \"$N/reproduce\" --version"));
    }

    @Test
    void filesMayHaveAnyNameWhereTheEnvironmentHasNoLocale() throws IOException {
        Path file = Path.of("src/test/resources/keras/small-keras3.h5").toAbsolutePath();
        String said = printed("F=" + UMLAUTS + ".h5; cp '" + file
                + "' $F; env -u LANG -u LC_CTYPE LC_ALL=POSIX program/reproduce weights inspect $F");
        assertTrue(said.contains("größe.h5"), said);
    }

    /** TensorFlow's library writes its two lines when the first graph is run, as question 3 does. */
    @Test
    void aMachineSetToArabicHasTheSameNumbersAndTensorFlowsOwnTwoLinesAreLeftOutAndNoOthers() throws IOException {
        String said = printed("JAVA_TOOL_OPTIONS='-Duser.language=ar -Duser.country=EG' program/reproduce task1 q3");
        assertTrue(said.startsWith("Picked up JAVA_TOOL_OPTIONS: "), said);
        assertTrue(said.matches("(?s).*\\d\\.\\d{4}.*") && !said.matches("(?s).*[\u0660-\u0669].*"), said);
        assertFalse(said.contains("All log messages") || said.contains("MLIR"), said);
    }

    @Test
    void whatTensorFlowSaysOfLeakyReluIsLeftOutAndOtherErrorsOfItsOptimiserAreNot() throws IOException {
        String failed =
                "E0000 00:00:1796054466.633690   12841 meta_optimizer.cc:966] remapper failed: INVALID_ARGUMENT:"
                        + " Mutation::Apply error: fanout '%s' exist for missing node 'conv2d_1/BiasAdd_1'.";
        Files.writeString(
                folder.resolve("said"),
                failed.formatted("Gradients/LeakyReluGrad_1") + "\n" + failed.formatted("Gradients/EluGrad") + "\n");
        assertEquals(
                failed.formatted("Gradients/EluGrad") + "\n",
                printed("mkdir -p loud/bin; printf '#!/bin/sh\\ncat said >&2\\n' >loud/bin/java; chmod 755"
                        + " loud/bin/java; JAVA_HOME=$PWD/loud program/reproduce doctor"));
    }

    @Test
    void errorsGoToTheErrorStreamPastTheFilter() throws IOException {
        assertEquals("2\n", printed("HOME= program/reproduce weights inspect 2>errors >out && : ; echo $?"));
        assertEquals("", Files.readString(folder.resolve("out")));
        String errors = Files.readString(folder.resolve("errors"));
        assertTrue(errors.startsWith("error: ") && errors.lines().count() == 1, errors);
    }

    @Test
    void aUserWithoutANameHasTheHomeThatTheEnvironmentNames() throws IOException {
        assumeTrue(
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "SKIPPED: not root, or no setpriv");
        String arguments =
                started("cp -pR program nameless; : >nameless/target/classpath.txt; mkdir home; HOME=$PWD/home"
                        + " setpriv --reuid 12345 --regid 12345 --clear-groups nameless/reproduce list");
        assertTrue(arguments.contains(" -Duser.home=" + folder.resolve("home") + " "), arguments);
    }

    static List<Path> otherJavas() throws IOException {
        if (!Files.isDirectory(JAVA_HOMES)) {
            return List.of();
        }
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> homes = Files.list(JAVA_HOMES)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/java")) && !Files.isSymbolicLink(home))
                    .filter(home -> !home.equals(own))
                    .toList();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("otherJavas")
    void startedAloneItShowsWhatIsHereAndNoJavaWarns(Path home) throws IOException {
        String said = printed("HOME= JAVA_HOME='" + home + "' program/reproduce");
        assertTrue(said.startsWith("distill 0.1.0\nJava ") && said.contains(home.toString()), said);
        assertTrue(said.contains("What to try:"), said);
        assertFalse(said.contains("WARNING"), said);
    }

    private static boolean isHere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    void shellCheckHasNothingToSayOfAnyScript() throws IOException {
        assumeTrue(isHere("shellcheck"), "SKIPPED: no ShellCheck here");
        String scripts = Stream.of(
                        "reproduce",
                        "notebooks-equivalent/run",
                        "cluster/slurm.sbatch",
                        "cluster/try-slurm",
                        ".ci/run",
                        ".devcontainer/try-containers")
                .map(script -> "'" + Path.of(script).toAbsolutePath() + "'")
                .collect(Collectors.joining(" "));
        assertEquals("", printed("shellcheck " + scripts));
    }

    @Test
    void busyBoxesToolsWillDo() throws IOException {
        assumeTrue(isHere("busybox"), "SKIPPED: no BusyBox here");

        assertEquals(
                "distill 0.1.0\n",
                printed(
                        "mkdir box; for tool in cat cp dirname find grep head id mv readlink rm sleep tr; do ln -s"
                                + " \"$(command -v busybox)\" box/$tool; done; PATH=$PWD/box:$PATH program/reproduce --version"));
    }
}
