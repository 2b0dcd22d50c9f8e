package distill.report.verdict;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the stored runs say of one of the report's statements.
 *
 * @param subject what is judged where the words alone do not say it, such as {@code the 30 numbers of Table I}; else
 *     empty
 * @param statement in the report's own words, or a number that it prints
 * @param place where it stands in the report, such as {@code Task 1, Question 7}
 * @param reading {@code as-written} or {@code as-described}, whose runs were asked; empty where it needs none
 * @param test what was computed, and with which other tests it was corrected for their number
 * @param p of the test after that correction; null where there is none
 * @param outcome the verdict
 * @param finding why, in a sentence or two made from the numbers; where runs are missing, the command that makes them
 * @param quantities the numbers
 */
public record Verdict(
        String subject,
        String statement,
        String place,
        String reading,
        String test,
        Double p,
        Outcome outcome,
        String finding,
        List<Quantity> quantities) {

    private static final Pattern PLACE = Pattern.compile("Task (\\d), Question (\\d+).*");

    /** @throws IllegalArgumentException where the place does not begin with task and question */
    public Verdict {
        if (!PLACE.matcher(place).matches()) {
            throw new IllegalArgumentException("a place begins as \"Task 1, Question 7\", found \"" + place + "\"");
        }
    }

    /** A verdict on what the words say. */
    Verdict(
            String statement,
            String place,
            String reading,
            String test,
            Double p,
            Outcome outcome,
            String finding,
            List<Quantity> quantities) {
        this("", statement, place, reading, test, p, outcome, finding, quantities);
    }

    /**
     * What is judged, for people: the report's words in quotation marks, after the subject that they are judged on
     * where there is one.
     */
    public String judged() {
        return (subject.isEmpty() ? "" : subject + ", ") + "\u201c" + statement + "\u201d";
    }

    /** The task in whose part of the report the statement stands. */
    public int task() {
        return number(1);
    }

    /** The question of {@link #task()} that it answers. */
    public int question() {
        return number(2);
    }

    private int number(int group) {
        Matcher matcher = PLACE.matcher(place);
        matcher.matches();
        return Integer.parseInt(matcher.group(group));
    }

    /**
     * A verdict, on words alone where {@code subject} is empty, that cannot be told, for the runs that its test needs
     * are missing.
     */
    static Verdict untold(
            String subject,
            String statement,
            String place,
            String reading,
            String test,
            String missing,
            List<Quantity> quantities) {
        return new Verdict(subject, statement, place, reading, test, null, Outcome.CANNOT_BE_TOLD, missing, quantities);
    }

    /** A verdict on words alone that cannot be told, for the runs that its test needs are missing. */
    static Verdict untold(
            String statement, String place, String reading, String test, String missing, List<Quantity> quantities) {
        return untold("", statement, place, reading, test, missing, quantities);
    }
}
