package distill.report;

import distill.nn.zoo.DataSpec;
import distill.run.Reading;
import distill.run.Slip;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

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
    private static final Color FIXED = new Color(0xe8e8e8);
    private static final Color TRAINED = new Color(0xcfe2f3);
    private static final Color OUTPUTS = new Color(0xfff2cc);
    private static final Color LOSSES = new Color(0xf9d9c5);
    private static final Color GRADIENT = new Color(0xc44e00);

    private final Drawing drawing;

    private DistillationDiagram(Drawing drawing) {
        this.drawing = drawing;
    }

    /**
     * Draws a reading.
     *
     * @param data what the networks are built for
     * @param teacher parameters of the teacher
     * @param student parameters of the student
     * @param path where the drawing goes, without the ending: .png and .svg are added
     * @return the files
     */
    public static List<Path> draw(Reading reading, DataSpec data, long teacher, long student, Path path)
            throws IOException {
        String image = LongStream.of(data.input().asArray())
                .limit(data.input().get(2) == 1 ? 2 : 3)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" \u00d7 "));
        return Drawing.save(
                WIDTH,
                HEIGHT,
                1,
                drawing -> new DistillationDiagram(drawing).paint(reading, image, teacher, student),
                path);
    }

    private void paint(Reading reading, String image, long teacher, long student) {
        String title = "Knowledge distillation, " + reading;
        drawing.centred(title, WIDTH / 2, 34, Font.BOLD, 16, Color.BLACK);
        int left = BOX_WIDTH / 2;
        int up = BOX_HEIGHT / 2;
        drawing.g().setColor(Drawing.DETAIL);
        arrow(IMAGE + 45, STUDENT_ROW, NETWORK - left, STUDENT_ROW);
        drawing.line(IMAGE, STUDENT_ROW - up, IMAGE, TEACHER_ROW);
        arrow(IMAGE, TEACHER_ROW, NETWORK - left, TEACHER_ROW);
        labelled("v", NETWORK + left, TEACHER_ROW, OUTPUT - left);
        labelled("z", NETWORK + left, STUDENT_ROW, OUTPUT - left);
        drawing.line(NETWORK + left + 26, STUDENT_ROW, NETWORK + left + 26, LABEL_ROW - 50);
        drawing.line(NETWORK + left + 26, LABEL_ROW - 50, OUTPUT + left + 14, LABEL_ROW - 50);
        drawing.line(OUTPUT + left + 14, LABEL_ROW - 50, OUTPUT + left + 14, LABEL_ROW - 14);
        arrow(OUTPUT + left + 14, LABEL_ROW - 14, LOSS - left, LABEL_ROW - 14);
        arrow(OUTPUT + left, TEACHER_ROW, LOSS - left, STUDENT_ROW - 62);
        arrow(OUTPUT + left, STUDENT_ROW, LOSS - left, STUDENT_ROW - 42);
        drawing.line(IMAGE + 45, LABEL_ROW + 14, LOSS - left - 20, LABEL_ROW + 14);
        arrow(LOSS - left - 20, LABEL_ROW + 14, LOSS - left, LABEL_ROW + 14);
        arrow(LOSS + left, STUDENT_ROW - 52, TOTAL - left, STUDENT_ROW + 16);
        arrow(LOSS + left, LABEL_ROW, TOTAL - left, STUDENT_ROW + 44);

        drawing.g().setColor(GRADIENT);
        drawing.g().setStroke(Drawing.dashes(8, 5));
        drawing.line(TOTAL, STUDENT_ROW + 30 + up, TOTAL, GRADIENT_ROW);
        drawing.line(TOTAL, GRADIENT_ROW, NETWORK, GRADIENT_ROW);
        drawing.g().setStroke(new BasicStroke(2));
        arrow(NETWORK, GRADIENT_ROW, NETWORK, STUDENT_ROW + up);
        String trained = "gradient: the student alone is trained";
        drawing.centred(trained, LOSS - 100, GRADIENT_ROW + 20, Font.PLAIN, 12, GRADIENT);

        drawing.g().setStroke(new BasicStroke(1));
        String outputs = reading.has(Slip.DOUBLE_SOFTMAX) ? "softmax(%s)" : "%s";
        String t = outputs.formatted("v");
        String z = outputs.formatted("z");
        String targets =
                reading.has(Slip.UNNORMALISED_TARGETS) ? "exp((t - 2 max t) / T), t = " + t : "softmax(" + t + " / T)";
        box(IMAGE, STUDENT_ROW, 90, FIXED, "image", image);
        box(IMAGE, LABEL_ROW + 14, 90, FIXED, "label", "y, one-hot");
        box(NETWORK, TEACHER_ROW, BOX_WIDTH, FIXED, "teacher, trained before", parameters(teacher));
        box(NETWORK, STUDENT_ROW, BOX_WIDTH, TRAINED, "student", parameters(student));
        box(OUTPUT, TEACHER_ROW, BOX_WIDTH, OUTPUTS, "soft targets p at T", targets);
        box(OUTPUT, STUDENT_ROW, BOX_WIDTH, OUTPUTS, "softened outputs q at T", "softmax(" + z + " / T)");
        String soft = "T\u00b2 \u00b7 mean of -\u03a3 p ln q";
        box(LOSS, STUDENT_ROW - 52, BOX_WIDTH, LOSSES, "distillation loss L_soft", soft);
        box(LOSS, LABEL_ROW, BOX_WIDTH, LOSSES, "student loss L_hard", "-\u03a3 y ln softmax(" + z + ")");
        String sum = "\u03b1 L_soft + (1 - \u03b1) L_hard";
        box(TOTAL, STUDENT_ROW + 30, BOX_WIDTH, LOSSES, "loss L", sum);
    }

    private static String parameters(long count) {
        return String.format(Locale.ROOT, "%,d parameters", count);
    }

    private void box(int x, int y, int width, Color colour, String name, String detail) {
        drawing.box(x, y, width, BOX_HEIGHT, colour);
        drawing.centred(name, x, y - 5, Font.BOLD, 13, Color.BLACK);
        drawing.centred(detail, x, y + 16, Font.PLAIN, 11, Color.BLACK);
    }

    private void labelled(String letter, int from, int y, int to) {
        arrow(from, y, to, y);
        drawing.text(letter, (from + to) / 2 - 4, y - 6, Font.ITALIC, 14, Drawing.DETAIL);
    }

    private void arrow(int x, int y, int toX, int toY) {
        double length = Math.hypot(toX - x, toY - y);
        double dx = (toX - x) / length * ARROW;
        double dy = (toY - y) / length * ARROW;
        drawing.line(x, y, toX, toY);
        drawing.triangle(toX, toY, toX - dx - dy / 2, toY - dy + dx / 2, toX - dx + dy / 2, toY - dy - dx / 2);
    }
}
