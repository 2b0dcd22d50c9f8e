package distill;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** Holds the packages of the program against {@code docs/architecture.md}, whose picture and table are read here. */
class ArchitectureTest {

    private static final String ROOT = "distill.";
    private static final Path DOCUMENT = Path.of("docs/architecture.md");

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("distill");

    /** What stands below the questions and the commands. */
    private static final Set<String> BELOW_THE_QUESTIONS = Set.of(
            "files",
            "data",
            "nn",
            "nn.zoo",
            "metrics",
            "statistics",
            "loss",
            "weights",
            "explain",
            "training",
            "run",
            "cost",
            "experiment",
            "page",
            "report",
            "report.verdict");

    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    /** A row of the document's table. */
    private record Row(Set<String> knows, boolean knowsTensorFlow) {}

    @Test
    void everyPackageKnowsThoseThatTheDocumentsTableSaysAndNoOthers() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        table().forEach((name, row) -> documented.put(name, row.knows()));
        assertEquals(lines(documented), lines(knows()));
    }

    @Test
    void thePackagesThatKnowTensorFlowAreThoseOfTheDocumentsTable() throws IOException {
        Set<String> documented = table().entrySet().stream()
                .filter(entry -> entry.getValue().knowsTensorFlow())
                .map(Map.Entry::getKey)
                .collect(toCollection(TreeSet::new));
        assertEquals(documented, knowTensorFlow());
    }

    @Test
    void nothingAboveExperimentKnowsTensorFlow() throws IOException {
        List<List<String>> lines = picture();
        assertEquals(
                List.of(),
                knowTensorFlow().stream()
                        .filter(name -> lineOf(lines, name) < lineOf(lines, "experiment"))
                        .toList());
    }

    /** The packages that know more of TensorFlow than the shapes of its arrays, which are plain values. */
    private static Set<String> knowTensorFlow() {
        return CLASSES.stream()
                .filter(one -> one.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .anyMatch(other -> other.getPackageName().startsWith("org.tensorflow")
                                && !other.isEquivalentTo(Shape.class)))
                .map(ArchitectureTest::name)
                .collect(toCollection(TreeSet::new));
    }

    @Test
    void thePictureHasEveryPackageOnceAndEachKnowsOnlyThoseOnTheLinesBelowIt() throws IOException {
        List<List<String>> lines = picture();
        List<String> drawn = lines.stream().flatMap(List::stream).sorted().toList();
        assertEquals(List.copyOf(knows().keySet()), drawn);
        knows().forEach((name, known) -> known.forEach(other -> assertTrue(
                lineOf(lines, name) < lineOf(lines, other), name + " knows " + other + ", which is not below it")));
    }

    @Test
    void noPackagesBelowTheQuestionsKnowEachOtherInACircle() {
        slices().matching(ROOT + "(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES.that(DescribedPredicate.describe(
                        "stand below the questions", one -> BELOW_THE_QUESTIONS.contains(name(one)))));
    }

    @Test
    void noPackagesKnowEachOtherInACircle() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noTwoTypesHaveOneNameButForTheQuestions() {
        Map<String, List<JavaClass>> byName = CLASSES.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(one -> !one.getSimpleName().equals("package-info"))
                .filter(one -> !one.getSimpleName().matches("Question\\d+"))
                .collect(groupingBy(JavaClass::getSimpleName, TreeMap::new, toList()));
        byName.values().removeIf(types -> types.size() == 1);
        assertEquals(Map.of(), byName);
    }

    @Test
    void noMethodTakesAnOptional() {
        Set<String> found = CLASSES.stream()
                .filter(one -> one.getMethods().stream()
                        .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE)
                                && !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .flatMap(method -> method.getRawParameterTypes().stream())
                        .anyMatch(type -> OPTIONALS.stream().anyMatch(type::isEquivalentTo)))
                .map(ArchitectureTest::name)
                .collect(toCollection(TreeSet::new));
        assertEquals(Set.of(), found);
    }

    /** Each package with those of ours that it knows, as the compiled classes have it. */
    private static Map<String, Set<String>> knows() {
        Map<String, Set<String>> knows = new TreeMap<>();
        for (JavaClass one : CLASSES) {
            Set<String> known = knows.computeIfAbsent(name(one), name -> new TreeSet<>());
            one.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .filter(other -> other.getPackageName().startsWith(ROOT))
                    .map(ArchitectureTest::name)
                    .filter(other -> !other.equals(name(one)))
                    .forEach(known::add);
        }
        return knows;
    }

    /** The package of a class, without {@code distill.}. */
    private static String name(JavaClass one) {
        return one.getPackageName().substring(ROOT.length());
    }

    private static String lines(Map<String, Set<String>> knows) {
        StringBuilder lines = new StringBuilder();
        knows.forEach((name, known) -> lines.append(name)
                .append(" knows ")
                .append(String.join(", ", known))
                .append('\n'));
        return lines.toString();
    }

    /** The rows {@code | `package` | what it holds | `others`, `that it knows` | TensorFlow |}. */
    private static Map<String, Row> table() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("| `")) {
                String[] cells = line.split("\\|", -1);
                rows.put(names(cells[1]).first(), new Row(names(cells[3]), !cells[4].isBlank()));
            }
        }
        return rows;
    }

    private static TreeSet<String> names(String cell) {
        return Arrays.stream(cell.split(","))
                .map(name -> name.replace('`', ' ').strip())
                .filter(name -> !name.isEmpty())
                .collect(toCollection(TreeSet::new));
    }

    /** The packages of the picture, the document's first block of code, line by line. */
    private static List<List<String>> picture() throws IOException {
        List<List<String>> lines = new ArrayList<>();
        String block = Files.readString(DOCUMENT).split("```")[1];
        block.lines()
                .filter(line -> line.startsWith("|"))
                .map(line ->
                        Stream.of(line.replace('|', ' ').strip().split("\\s+")).toList())
                .forEach(lines::add);
        return lines;
    }

    private static int lineOf(List<List<String>> lines, String name) {
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).contains(name)) {
                return line;
            }
        }
        throw new AssertionError("the picture has no " + name);
    }
}
