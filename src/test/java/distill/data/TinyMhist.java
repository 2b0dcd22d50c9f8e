package distill.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A set in MHIST's layout with 6 + 4 images of 10 x 10 pixels, as a folder. */
public final class TinyMhist {

    static final String HEADER =
            "Image Name,Majority Vote Label,Number of Annotators who Selected SSA (Out of 7),Partition";

    private TinyMhist() {}

    /** Ten good rows: row 2 to row 11 of the file. */
    static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String label = i % 3 == 0 ? "SSA,5" : "HP,1";
            rows.add("MHIST_%d.png,%s,%s".formatted(i, label, i < 6 ? "train" : "test"));
        }
        return rows;
    }

    /** Writes the images MHIST_0.png to MHIST_9.png, and annotations.csv with these rows. */
    static Path write(Path folder, String header, List<String> rows) throws IOException {
        Files.createDirectories(folder.resolve("images"));
        for (int i = 0; i < 10; i++) {
            writeImage(folder.resolve("images/MHIST_%d.png".formatted(i)), 10, 10, BufferedImage.TYPE_INT_RGB, i);
        }
        List<String> lines = new ArrayList<>(List.of(header));
        lines.addAll(rows);
        Files.write(folder.resolve("annotations.csv"), lines);
        return folder;
    }

    /** Writes the good set. */
    public static Path write(Path folder) throws IOException {
        return write(folder, HEADER, rows());
    }

    static void writeImage(Path file, int height, int width, int type, int seed) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, 0xff000000 | (seed * 20 << 16) | (y * 20 << 8) | x * 20);
            }
        }
        ImageIO.write(image, "png", file.toFile());
    }
}
