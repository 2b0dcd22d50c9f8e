package distill.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import distill.files.WholeFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/** Something that is painted as pixels and as vectors alike, on a white ground. */
record Drawing(Graphics2D g) {

    static final Color DETAIL = new Color(0x505050);

    /**
     * Paints twice.
     *
     * @param scale how many pixels of the bitmap one of the drawing takes
     * @param path where the drawing goes, without the ending: .png and .svg are added
     * @return the files
     */
    static List<Path> save(int width, int height, int scale, Consumer<Drawing> painter, Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path png = path.resolveSibling(path.getFileName() + ".png");
        WholeFile.replace(png, out -> ImageIO.write(image(width, height, scale, painter), "png", out));

        Path svg = path.resolveSibling(path.getFileName() + ".svg");
        VectorGraphics2D vectors = new VectorGraphics2D();
        paint(vectors, width, height, painter);
        WholeFile.replace(svg, out -> new SVGProcessor()
                .getDocument(vectors.getCommands(), new PageSize(0, 0, width, height))
                .writeTo(out));
        return List.of(png, svg);
    }

    /** Paints pixels, several for each of the drawing's where it is scaled. */
    static BufferedImage image(int width, int height, int scale, Consumer<Drawing> painter) {
        BufferedImage image = new BufferedImage(scale * width, scale * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pixels = image.createGraphics();
        pixels.scale(scale, scale);
        pixels.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pixels.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        paint(pixels, width, height, painter);
        pixels.dispose();
        return image;
    }

    private static void paint(Graphics2D g, int width, int height, Consumer<Drawing> painter) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        painter.accept(new Drawing(g));
    }

    /** Writes text that begins at x. */
    void text(String text, int x, int baseline, int style, int size, Color colour) {
        g.setFont(new Font(Font.SANS_SERIF, style, size));
        g.setColor(colour);
        g.drawString(text, x, baseline);
    }

    /** Writes text whose middle is at x. */
    void centred(String text, int x, int baseline, int style, int size, Color colour) {
        text(text, x - width(text, style, size) / 2, baseline, style, size, colour);
    }

    int width(String text, int style, int size) {
        return g.getFontMetrics(new Font(Font.SANS_SERIF, style, size)).stringWidth(text);
    }

    /** Draws a rectangle with its border around a point. */
    void box(int x, int y, int width, int height, Color colour) {
        Rectangle2D box = new Rectangle2D.Double(x - width / 2., y - height / 2., width, height);
        g.setColor(colour);
        g.fill(box);
        g.setColor(DETAIL);
        g.draw(box);
    }

    /** Lines of two pixels, with gaps. */
    static BasicStroke dashes(float length, float gap) {
        return new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {length, gap}, 0);
    }

    void line(double x, double y, double toX, double toY) {
        g.draw(new Line2D.Double(x, y, toX, toY));
    }

    /** Fills the triangle between three points. */
    void triangle(double x1, double y1, double x2, double y2, double x3, double y3) {
        Path2D triangle = new Path2D.Double();
        triangle.moveTo(x1, y1);
        triangle.lineTo(x2, y2);
        triangle.lineTo(x3, y3);
        triangle.closePath();
        g.fill(triangle);
    }
}
