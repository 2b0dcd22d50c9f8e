package distill.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVRecord;

/** A training's batches in a file: without a header, one batch per line, the indices of its training images. */
public final class OrderFile {

    private OrderFile() {}

    /**
     * Reads a file.
     *
     * @param images how many training images there are
     * @return for each line the indices, from 0 to images - 1
     * @throws DataException where the file is not such a file; names the line
     */
    public static List<int[]> read(Path file, int images) throws DataException {
        List<int[]> batches = new ArrayList<>();
        for (CSVRecord line : Annotations.lines(file)) {
            int[] indices = new int[line.size()];
            for (int i = 0; i < indices.length; i++) {
                try {
                    indices[i] = Integer.parseInt(line.get(i));
                } catch (NumberFormatException e) {
                    throw new DataException(
                            "%s line %d has '%s', expected the indices of images with commas between them"
                                    .formatted(file, line.getRecordNumber(), line.get(i)));
                }
                if (indices[i] < 0 || indices[i] >= images) {
                    throw new DataException("%s line %d has the index %d, expected 0 to %d"
                            .formatted(file, line.getRecordNumber(), indices[i], images - 1));
                }
            }
            batches.add(indices);
        }
        if (batches.isEmpty()) {
            throw new DataException(file + " has no line, expected the indices of a batch's images in each");
        }
        return batches;
    }
}
