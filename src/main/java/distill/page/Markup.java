package distill.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * HTML and SVG, well-formed; what is written is escaped, so that no text can become markup. Attributes are names and
 * values in turn: a number is written with two decimals at most, and what is null is left out.
 */
final class Markup {

    private static final Pattern INVISIBLE = Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]");

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter out;
    private final Deque<String> opened = new ArrayDeque<>();

    Markup() {
        try {
            out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    Markup open(String element, Object... attributes) {
        return write(() -> {
            out.writeStartElement(element);
            opened.push(element);
            attributes(attributes);
        });
    }

    /** Gives the element that was just opened more attributes. */
    Markup with(Object... attributes) {
        return write(() -> attributes(attributes));
    }

    /** Closes the element that was opened last. */
    Markup close() {
        opened.pop();
        return write(out::writeEndElement);
    }

    /** An element that has only text. */
    Markup element(String element, String text, Object... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** An element that has nothing, such as {@code meta}. */
    Markup empty(String element, Object... attributes) {
        return write(() -> {
            out.writeEmptyElement(element);
            attributes(attributes);
        });
    }

    /** Style sheets that lie beside this class. */
    Markup style(String... sheets) {
        open("style");
        for (String sheet : sheets) {
            text(resource(sheet));
        }
        return close();
    }

    /**
     * A style sheet or script that lies beside this class. It has none of the characters that are escaped, which its
     * reader would not take for what they are.
     */
    static String resource(String file) {
        try (InputStream in = Markup.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " of this program", e);
        }
    }

    Markup text(String text) {
        return write(() -> out.writeCharacters(visible(text)));
    }

    Markup line() {
        return text("\n");
    }

    /** All that was written. */
    String done() {
        if (!opened.isEmpty()) {
            throw new IllegalStateException("not closed: " + opened);
        }
        write(out::flush);
        return text.toString();
    }

    /** A number with two decimals at most. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.00$", "");
    }

    private void attributes(Object... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            Object value = attributes[i + 1];
            if (value != null) {
                String name = attributes[i].toString();
                out.writeAttribute(name, value instanceof Double number ? number(number) : visible(value.toString()));
            }
        }
    }

    /** Without the characters that neither HTML nor XML allows. */
    private static String visible(String text) {
        return INVISIBLE.matcher(text).replaceAll("\ufffd");
    }

    private interface Step {
        void run() throws XMLStreamException;
    }

    private Markup write(Step step) {
        try {
            step.run();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("not written: " + e.getMessage(), e);
        }
        return this;
    }
}
