package distill.data;

import distill.files.WholeFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * What the report's notebook shows of the data before it trains: first rows, sizes, class counts, how far the
 * annotators agree, and some images.
 *
 * @param train of the training images
 * @param test of the test images
 */
public record MhistPreview(Part train, Part test) {

    private static final int FIRST_ROWS = 5;
    private static final int SAMPLES = 6;
    private static final int MOST_CLASSES = 10;
    private static final int TILE = 160;
    private static final int GAP = 8;
    private static final int CAPTION = 34;

    /**
     * The preview of one partition.
     *
     * @param size how many images
     * @param classCounts how many of each class
     * @param votes by class and then by number of votes for the label {@link Mhist#votesFor}, from 0 to
     *     {@link Mhist#annotators}: how many images got so many; empty where there are no votes
     * @param firstRows as {@code head()} shows them
     */
    public record Part(int size, List<Integer> classCounts, List<List<Integer>> votes, List<Annotation> firstRows) {

        private static Part of(Images images, Mhist data) {
            int[][] votes = new int[data.votesFor() == null ? 0 : data.classes().size()][data.annotators() + 1];
            for (int i = 0; i < images.size() && votes.length > 0; i++) {
                votes[images.label(i)][images.annotations().get(i).votes()]++;
            }
            return new Part(
                    images.size(),
                    IntStream.of(images.classCounts()).boxed().toList(),
                    Stream.of(votes)
                            .map(counts -> IntStream.of(counts).boxed().toList())
                            .toList(),
                    images.annotations().stream().limit(FIRST_ROWS).toList());
        }
    }

    public static MhistPreview of(Mhist data) {
        return new MhistPreview(Part.of(data.train(), data), Part.of(data.test(), data));
    }

    /**
     * Draws a sheet: of each partition the first images of each class, of the first ten at most, a row each, and a last
     * row with the first training image and what the first epochs make of it. Each has its file's name and its label
     * below.
     *
     * @param file PNG; replaced where it exists
     */
    public static void writeSheet(Mhist data, Augmentation augmentation, Path file) throws IOException {
        List<List<Tile>> rows = new ArrayList<>();
        for (Images part : List.of(data.train(), data.test())) {
            for (int label = 0; label < Math.min(MOST_CLASSES, data.classes().size()); label++) {
                rows.add(samples(part, label));
            }
        }
        rows.add(augmented(data.train(), augmentation));
        Files.createDirectories(file.toAbsolutePath().getParent());
        WholeFile.replace(file, out -> ImageIO.write(sheet(rows), "png", out));
    }

    /** The sheet's last row alone. */
    public static BufferedImage augmentations(Images train, Augmentation augmentation) throws DataException {
        return sheet(List.of(augmented(train, augmentation)));
    }

    private static BufferedImage sheet(List<List<Tile>> rows) {
        BufferedImage sheet = new BufferedImage(
                GAP + SAMPLES * (TILE + GAP), GAP + rows.size() * (TILE + CAPTION + GAP), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                int x = GAP + column * (TILE + GAP);
                int y = GAP + row * (TILE + CAPTION + GAP);
                Tile tile = rows.get(row).get(column);
                graphics.drawImage(tile.image, x, y, TILE, TILE, null);
                graphics.setClip(x, y, TILE + GAP / 2, TILE + CAPTION);
                graphics.drawString(tile.name, x, y + TILE + 14);
                graphics.drawString(tile.remark, x, y + TILE + 29);
                graphics.setClip(null);
            }
        }
        graphics.dispose();
        return sheet;
    }

    private record Tile(BufferedImage image, String name, String remark) {}

    private static List<Tile> samples(Images part, int label) throws DataException {
        List<Tile> tiles = new ArrayList<>();
        for (int i = 0; i < part.size() && tiles.size() < SAMPLES; i++) {
            if (part.label(i) == label) {
                Annotation row = part.annotations().get(i);
                BufferedImage picture = part.batch(new int[] {i}).picture(0);
                tiles.add(new Tile(picture, row.image(), row.label() + ", " + row.partition()));
            }
        }
        return tiles;
    }

    private static List<Tile> augmented(Images train, Augmentation augmentation) throws DataException {
        List<Tile> tiles = new ArrayList<>();
        String name = train.name(0);
        tiles.add(new Tile(train.batch(new int[] {0}).picture(0), name, "as it is"));
        for (int epoch = 1; epoch < SAMPLES; epoch++) {
            Augmentation.Transform drawn = augmentation.draw(epoch, 0);
            BufferedImage picture =
                    train.batch(new int[] {0}, augmentation, epoch, 0).picture(0);
            String flips = (drawn.horizontalFlip() ? ", flipped \u2194" : "")
                    + (drawn.verticalFlip() ? ", flipped \u2195" : "");
            tiles.add(new Tile(picture, name, "%.1f\u00b0%s".formatted(drawn.theta(), flips)));
        }
        return tiles;
    }
}
