package distill.data;

import java.util.Locale;

/**
 * A row of MHIST's annotations.csv.
 *
 * @param row the row's number as a spreadsheet shows it: 1 is the header
 * @param image name of the image's file, as the row has it
 * @param label the majority's
 * @param votes how many annotators selected the label that the column's name tells; null without such a column
 * @param partition where the image belongs
 */
public record Annotation(int row, String image, String label, Integer votes, Partition partition) {

    /** The two parts of a set. */
    public enum Partition {
        TRAIN,
        TEST;

        /** As annotations.csv has it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
