package distill;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code distill.jar} is for whoever depends on it: the packages that {@code pom.xml} does not leave out of it.
 */
class LibraryTest {

    private static final Pattern LEFT_OUT = Pattern.compile("<exclude>distill/(\\w+)/\\*\\*</exclude>");

    private static final JavaClasses CLASSES = ArchitectureTest.CLASSES;

    /** Methods that change what belongs to the whole process. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "java.lang.System.exit",
            "java.lang.System.setProperty",
            "java.lang.System.setProperties",
            "java.lang.System.clearProperty",
            "java.lang.System.setIn",
            "java.lang.System.setOut",
            "java.lang.System.setErr",
            "java.lang.Runtime.exit",
            "java.lang.Runtime.halt",
            "java.lang.Runtime.addShutdownHook",
            "java.lang.Thread.setDefaultUncaughtExceptionHandler",
            "java.util.Locale.setDefault",
            "java.util.TimeZone.setDefault",
            "javax.imageio.ImageIO.setUseCache",
            "javax.imageio.ImageIO.setCacheDirectory",
            "org.tensorflow.TensorFlow.registerCustomGradient",
            "org.tensorflow.TensorFlow.loadLibrary");

    /** Fields and methods that write to the terminal. */
    private static final Set<String> OF_THE_TERMINAL = Set.of(
            "java.lang.System.out",
            "java.lang.System.err",
            "java.lang.System.console",
            "java.lang.Throwable.printStackTrace");

    private static Set<String> leftOut() throws IOException {
        return LEFT_OUT.matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(match -> "distill." + match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static DescribedPredicate<JavaClass> areLeftOut() throws IOException {
        Set<String> leftOut = leftOut();
        return describe("are left out of the library", one -> leftOut.stream()
                .anyMatch(name -> one.getPackageName().equals(name)
                        || one.getPackageName().startsWith(name + ".")));
    }

    private static JavaClasses library() throws IOException {
        return CLASSES.that(DescribedPredicate.not(areLeftOut()));
    }

    private static DescribedPredicate<JavaAccess<?>> of(String what, Set<String> members) {
        return describe(
                what,
                access -> members.contains(access.getTarget().getOwner().getFullName() + "."
                        + access.getTarget().getName()));
    }

    @Test
    void theLibraryHasThePackagesFromDataToExperimentAndSourcesAndJavadocHaveTheSame() throws IOException {
        Set<String> packages = library().stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring("distill.".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                List.of(
                        "cost",
                        "data",
                        "experiment",
                        "explain",
                        "files",
                        "loss",
                        "metrics",
                        "nn",
                        "nn.zoo",
                        "run",
                        "statistics",
                        "training",
                        "weights"),
                List.copyOf(packages));
        String pom = Files.readString(Path.of("pom.xml"));
        for (String name : leftOut()) {
            assertEquals(
                    4,
                    pom.split("<exclude>" + name.replace('.', '/') + "/|[>,]" + name.replace(".", "\\.") + "[,<]", -1)
                            .length,
                    name
                            + " is to be left out of the jar and of the sources, which name its folder, and of the Javadoc");
        }
    }

    @Test
    void theLibraryKnowsNothingOfTheProgramAndOfTheLibrariesThatTheProgramAloneHas() throws IOException {
        noClasses().should().dependOnClassesThat(areLeftOut()).check(library());
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.knowm..", "de.erichseifert..", "org.slf4j.simple..")
                .check(library());
    }

    @Test
    void theLibraryPrintsNothing() throws IOException {
        noClasses()
                .should()
                .accessTargetWhere(of("is the terminal", OF_THE_TERMINAL))
                .check(library());
    }

    @Test
    void theLibraryDoesNotEndTheProcessAndChangesNothingThatBelongsToAll() throws IOException {
        noClasses()
                .should()
                .accessTargetWhere(of("belongs to the process", OF_THE_PROCESS))
                .check(library());
    }

    /** The rules above find what they look for. */
    @Test
    void theProgramPrintsAndEndsTheProcess() {
        Set<String> accessed = CLASSES.stream()
                .flatMap(one -> one.getAccessesFromSelf().stream())
                .map(JavaAccess::getTarget)
                .map(target -> target.getOwner().getFullName() + "." + target.getName())
                .collect(Collectors.toSet());
        assertTrue(
                accessed.containsAll(
                        List.of("java.lang.System.exit", "java.lang.System.err", "java.util.Locale.setDefault")),
                "neither exit nor err found");
    }

    @Test
    void noResourceOfTheLibraryConfiguresALoggerOfOthers() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            assertEquals(
                    List.of(),
                    files.filter(Files::isRegularFile)
                            .filter(file -> !file.startsWith("src/main/resources/distill"))
                            .toList());
        }
    }
}
