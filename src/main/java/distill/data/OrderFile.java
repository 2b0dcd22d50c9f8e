package distill.data;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
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
        try (Reader reader = Files.newBufferedReader(file);
                var records = CSVFormat.RFC4180
                        .builder()
                        .setIgnoreEmptyLines(false)
                        .setIgnoreSurroundingSpaces(true)
                        .get()
                        .parse(reader)) {
            for (CSVRecord line : records) {
                batches.add(batch(line, file, images));
            }
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
        if (batches.isEmpty()) {
            throw new DataException(file + " has no line, expected the indices of a batch's images in each");
        }
        return batches;
    }

    private static int[] batch(CSVRecord line, Path file, int images) throws DataException {
        int[] indices = new int[line.size()];
        for (int i = 0; i < indices.length; i++) {
            try {
                indices[i] = Integer.parseInt(line.get(i));
            } catch (NumberFormatException e) {
                throw new DataException("%s line %d has '%s', expected the indices of images with commas between them"
                        .formatted(file, line.getRecordNumber(), line.get(i)));
            }
            if (indices[i] < 0 || indices[i] >= images) {
                throw new DataException("%s line %d has the index %d, expected 0 to %d"
                        .formatted(file, line.getRecordNumber(), indices[i], images - 1));
            }
        }
        return indices;
    }
}
