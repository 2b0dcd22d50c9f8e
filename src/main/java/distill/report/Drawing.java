package distill.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/** Writes what is painted as pixels and as vectors. */
final class Drawing {

    private Drawing() {}

    /**
     * Paints twice.
     *
     * @param path where the drawing goes, without the ending: .png and .svg are added
     * @return the files
     */
    static List<Path> save(int width, int height, Consumer<Graphics2D> painter, Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path png = path.resolveSibling(path.getFileName() + ".png");
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pixels = image.createGraphics();
        pixels.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pixels.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        painter.accept(pixels);
        pixels.dispose();
        ImageIO.write(image, "png", png.toFile());

        Path svg = path.resolveSibling(path.getFileName() + ".svg");
        VectorGraphics2D vectors = new VectorGraphics2D();
        painter.accept(vectors);
        try (OutputStream out = Files.newOutputStream(svg)) {
            new SVGProcessor()
                    .getDocument(vectors.getCommands(), new PageSize(0, 0, width, height))
                    .writeTo(out);
        }
        return List.of(png, svg);
    }
}
