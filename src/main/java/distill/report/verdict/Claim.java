package distill.report.verdict;

import distill.run.Variant;
import java.util.List;

/**
 * A statement of the report.
 *
 * @param subject what is judged where the words alone do not say it, such as {@code the 30 numbers of Table I}; else
 *     empty
 * @param words the report's own; empty where a figure or several results together are judged, which the subject names
 * @param place where it stands in the report, which begins as {@code Task 1, Question 7}
 */
public record Claim(String subject, String words, String place) {

    Claim(String words, String place) {
        this("", words, place);
    }

    Claim on(String subject) {
        return new Claim(subject, words, place);
    }

    /** The report's words in quotation marks, after the subject that they are judged on where there is one. */
    public String text() {
        return words.isEmpty() ? subject : (subject.isEmpty() ? "" : subject + ", ") + "\u201c" + words + "\u201d";
    }

    /** What tells statements apart, however they are judged: the words where there are any, and the place. */
    List<String> statement() {
        return List.of(words.isEmpty() ? subject : words, place);
    }

    /** The task in whose part of the report it stands. */
    int task() {
        return number(1);
    }

    /** The question of {@link #task()} that it answers. */
    int question() {
        return number(2);
    }

    private int number(int which) {
        return Integer.parseInt(place.split("\\D+")[which]);
    }

    /** The verdict on what is read off the report, or counted, without a run. */
    Verdict withoutRuns(String test, Outcome outcome, String finding, List<Quantity> quantities) {
        return new Verdict(this, "", test, null, outcome, finding, quantities);
    }

    /** The verdict where runs are missing, and which command makes them. */
    Verdict notRun(Evidence evidence, String test, String what) {
        return notRun(evidence.reading(), test, evidence.missing(what), List.of());
    }

    /** The verdict where runs are missing, with what can be said without them. */
    Verdict notRun(Variant reading, String test, String missing, List<Quantity> quantities) {
        return new Verdict(this, reading.toString(), test, null, Outcome.NOT_RUN, missing, quantities);
    }
}
