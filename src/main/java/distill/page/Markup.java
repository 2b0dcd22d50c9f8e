package distill.page;

import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** HTML and SVG, well-formed; what is written is escaped, so that no text can become markup. */
final class Markup {

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

    /** Opens an element; attributes are names and values in turn. */
    Markup open(String element, String... attributes) {
        return write(() -> {
            out.writeStartElement(element);
            opened.push(element);
            attributes(attributes);
        });
    }

    /** Closes the element that was opened last. */
    Markup close() {
        opened.pop();
        return write(out::writeEndElement);
    }

    /** An element that has only text. */
    Markup element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** An element that has nothing, such as {@code meta}. */
    Markup empty(String element, String... attributes) {
        return write(() -> {
            out.writeEmptyElement(element);
            attributes(attributes);
        });
    }

    Markup text(String text) {
        return write(() -> out.writeCharacters(visible(text)));
    }

    /** Text with what stands between backquotes as {@code code}. */
    Markup words(String text) {
        String[] parts = text.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                element("code", parts[i]);
            } else if (!parts[i].isEmpty()) {
                text(parts[i]);
            }
        }
        return this;
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

    private void attributes(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            out.writeAttribute(attributes[i], visible(attributes[i + 1]));
        }
    }

    /** Without the characters that neither HTML nor XML allows. */
    private static String visible(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "\ufffd");
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
