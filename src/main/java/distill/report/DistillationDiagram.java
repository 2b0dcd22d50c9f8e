package distill.report;

import distill.run.Reading;
import distill.run.Slip;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Fig. 1: how a student learns from a teacher and from the labels, in the report's letters: v and z are the logits, p
 * and q the softened outputs.
 */
public final class DistillationDiagram {

    private static final int WIDTH = 1150;
    private static final int HEIGHT = 470;
    private static final int BOX_WIDTH = 214;
    private static final int BOX_HEIGHT = 62;
    private static final int ARROW = 7;
    private static final int TEACHER_ROW = 110;
    private static final int STUDENT_ROW = 220;
    private static final int LABEL_ROW = 330;
    private static final int GRADIENT_ROW = 420;
    private static final int IMAGE = 70;
    private static final int NETWORK = 250;
    private static final int OUTPUT = 505;
    private static final int LOSS = 755;
    private static final int TOTAL = 1015;
    private static final Color FIXED = new Color(0xe8, 0xe8, 0xe8);
    private static final Color TRAINED = new Color(0xcf, 0xe2, 0xf3);
    private static final Color OUTPUTS = new Color(0xff, 0xf2, 0xcc);
    private static final Color LOSSES = new Color(0xf9, 0xd9, 0xc5);
    private static final Color DETAIL = new Color(0x50, 0x50, 0x50);
    private static final Color GRADIENT = new Color(0xc4, 0x4e, 0x00);

    private DistillationDiagram() {}

    /**
     * Draws a reading.
     *
     * @param teacher parameters of the teacher
     * @param student parameters of the student
     * @param path where the drawing goes, without the ending: .png and .svg are added
     * @return the files
     */
    public static List<Path> draw(Reading reading, long teacher, long student, Path path) throws IOException {
        return Drawing.save(WIDTH, HEIGHT, g -> paint(g, reading, teacher, student), path);
    }

    private static void paint(Graphics2D g, Reading reading, long teacher, long student) {
        boolean probabilities = reading.has(Slip.DOUBLE_SOFTMAX);
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        centred(g, "Knowledge distillation, " + reading, WIDTH / 2, 34);

        int left = BOX_WIDTH / 2;
        int up = BOX_HEIGHT / 2;
        g.setColor(DETAIL);
        arrow(g, IMAGE + 45, STUDENT_ROW, NETWORK - left, STUDENT_ROW);
        line(g, IMAGE, STUDENT_ROW - up, IMAGE, TEACHER_ROW);
        arrow(g, IMAGE, TEACHER_ROW, NETWORK - left, TEACHER_ROW);
        labelled(g, "v", NETWORK + left, TEACHER_ROW, OUTPUT - left);
        labelled(g, "z", NETWORK + left, STUDENT_ROW, OUTPUT - left);
        line(g, NETWORK + left + 26, STUDENT_ROW, NETWORK + left + 26, LABEL_ROW - 50);
        line(g, NETWORK + left + 26, LABEL_ROW - 50, OUTPUT + left + 14, LABEL_ROW - 50);
        line(g, OUTPUT + left + 14, LABEL_ROW - 50, OUTPUT + left + 14, LABEL_ROW - 14);
        arrow(g, OUTPUT + left + 14, LABEL_ROW - 14, LOSS - left, LABEL_ROW - 14);
        arrow(g, OUTPUT + left, TEACHER_ROW, LOSS - left, STUDENT_ROW - 62);
        arrow(g, OUTPUT + left, STUDENT_ROW, LOSS - left, STUDENT_ROW - 42);
        line(g, IMAGE + 45, LABEL_ROW + 14, LOSS - left - 20, LABEL_ROW + 14);
        arrow(g, LOSS - left - 20, LABEL_ROW + 14, LOSS - left, LABEL_ROW + 14);
        arrow(g, LOSS + left, STUDENT_ROW - 52, TOTAL - left, STUDENT_ROW + 16);
        arrow(g, LOSS + left, LABEL_ROW, TOTAL - left, STUDENT_ROW + 44);

        g.setColor(GRADIENT);
        g.setStroke(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {8, 5}, 0));
        line(g, TOTAL, STUDENT_ROW + 30 + up, TOTAL, GRADIENT_ROW);
        line(g, TOTAL, GRADIENT_ROW, NETWORK, GRADIENT_ROW);
        g.setStroke(new BasicStroke(2));
        arrow(g, NETWORK, GRADIENT_ROW, NETWORK, STUDENT_ROW + up);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        centred(g, "gradient: the student alone is trained", LOSS - 100, GRADIENT_ROW + 20);

        g.setStroke(new BasicStroke(1));
        box(g, IMAGE, STUDENT_ROW, 90, FIXED, "image", "28 \u00d7 28");
        box(g, IMAGE, LABEL_ROW + 14, 90, FIXED, "label", "y, one-hot");
        box(g, NETWORK, TEACHER_ROW, BOX_WIDTH, FIXED, "teacher, trained before", parameters(teacher));
        box(g, NETWORK, STUDENT_ROW, BOX_WIDTH, TRAINED, "student", parameters(student));
        box(g, OUTPUT, TEACHER_ROW, BOX_WIDTH, OUTPUTS, "soft targets p at T", targets(reading));
        box(
                g,
                OUTPUT,
                STUDENT_ROW,
                BOX_WIDTH,
                OUTPUTS,
                "softened outputs q at T",
                probabilities ? "softmax(softmax(z) / T)" : "softmax(z / T)");
        box(
                g,
                LOSS,
                STUDENT_ROW - 52,
                BOX_WIDTH,
                LOSSES,
                "distillation loss L_soft",
                "T\u00b2 \u00b7 mean of -\u03a3 p ln q");
        box(
                g,
                LOSS,
                LABEL_ROW,
                BOX_WIDTH,
                LOSSES,
                "student loss L_hard",
                probabilities ? "-\u03a3 y ln softmax(softmax(z))" : "-\u03a3 y ln softmax(z)");
        box(g, TOTAL, STUDENT_ROW + 30, BOX_WIDTH, LOSSES, "loss L", "\u03b1 L_soft + (1 - \u03b1) L_hard");
    }

    private static String targets(Reading reading) {
        String t = reading.has(Slip.DOUBLE_SOFTMAX) ? "softmax(v)" : "v";
        return reading.has(Slip.UNNORMALISED_TARGETS) ? "exp((t - 2 max t) / T), t = " + t : "softmax(" + t + " / T)";
    }

    private static String parameters(long count) {
        return String.format(Locale.ROOT, "%,d parameters", count);
    }

    private static void box(Graphics2D g, int x, int y, int width, Color colour, String name, String detail) {
        Rectangle2D box = new Rectangle2D.Double(x - width / 2., y - BOX_HEIGHT / 2., width, BOX_HEIGHT);
        g.setColor(colour);
        g.fill(box);
        g.setColor(DETAIL);
        g.draw(box);
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        centred(g, name, x, y - 5);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        centred(g, detail, x, y + 16);
    }

    private static void labelled(Graphics2D g, String letter, int from, int y, int to) {
        arrow(g, from, y, to, y);
        g.setFont(new Font(Font.SANS_SERIF, Font.ITALIC, 14));
        g.drawString(letter, (from + to) / 2 - 4, y - 6);
    }

    private static void line(Graphics2D g, int x, int y, int toX, int toY) {
        g.draw(new Line2D.Double(x, y, toX, toY));
    }

    private static void arrow(Graphics2D g, int x, int y, int toX, int toY) {
        double length = Math.hypot(toX - x, toY - y);
        double dx = (toX - x) / length * ARROW;
        double dy = (toY - y) / length * ARROW;
        line(g, x, y, toX, toY);
        Path2D head = new Path2D.Double();
        head.moveTo(toX, toY);
        head.lineTo(toX - dx - dy / 2, toY - dy + dx / 2);
        head.lineTo(toX - dx + dy / 2, toY - dy - dx / 2);
        head.closePath();
        g.fill(head);
    }

    private static void centred(Graphics2D g, String text, int x, int baseline) {
        FontMetrics metrics = g.getFontMetrics();
        g.drawString(text, x - metrics.stringWidth(text) / 2, baseline);
    }
}
