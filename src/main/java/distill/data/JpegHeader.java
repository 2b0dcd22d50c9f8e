package distill.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the segments of a JPEG file say of its colours, as libjpeg takes it (jdapimin.c,
 * {@code default_decompress_parms}), and Pillow with it: with a JFIF marker three components are YCbCr; else an Adobe
 * marker tells; else components that are numbered 'R', 'G', 'B' are RGB, and any others are YCbCr.
 *
 * @param numbered where the numbers of components stand in the file: of the frame, and of each scan
 * @param ids the numbers of the frame's components
 * @param told whether a JFIF or an Adobe marker tells the colours
 * @param scans how often the image is gone through; progressive files have about ten
 */
record JpegHeader(int[] numbered, byte[] ids, boolean told, int scans) {

    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int JFIF = 0xe0;
    private static final int ADOBE = 0xee;
    private static final byte[] RGB = {'R', 'G', 'B'};

    /**
     * Goes through the segments.
     *
     * @throws IOException where the file breaks off, or has something else than a segment in its place
     */
    static JpegHeader of(byte[] content) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(content).position(2);
        byte[] ids = {};
        boolean told = false;
        int scans = 0;
        int[] numbered = {};
        try {
            for (int marker = marker(file); marker != END_OF_IMAGE; marker = marker(file)) {
                int start = file.position();
                int length = Short.toUnsignedInt(file.getShort());
                if (isFrame(marker)) {
                    int count = Byte.toUnsignedInt(file.get(start + 7));
                    int[] places = places(start + 8, count, 3);
                    ids = new byte[count];
                    for (int i = 0; i < count; i++) {
                        ids[i] = file.get(places[i]);
                    }
                    numbered = joined(numbered, places);
                } else if (marker == START_OF_SCAN) {
                    scans++;
                    numbered = joined(numbered, places(start + 3, Byte.toUnsignedInt(file.get(start + 2)), 2));
                } else {
                    told |= marker == JFIF && startsWith(file, "JFIF") || marker == ADOBE && startsWith(file, "Adobe");
                }
                file.position(start + length);
                if (marker == START_OF_SCAN) {
                    skipData(file);
                }
            }
            for (int place : numbered) {
                // A segment may claim more components than there are bytes.
                file.get(place);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("it breaks off within a segment", e);
        }
        return new JpegHeader(numbered, ids, told, scans);
    }

    /** Any but those of tables and of arithmetic conditioning, which lie between. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static int marker(ByteBuffer file) throws IOException {
        int first = Byte.toUnsignedInt(file.get());
        int marker = Byte.toUnsignedInt(file.get());
        while (first == 0xff && marker == 0xff) {
            marker = Byte.toUnsignedInt(file.get());
        }
        if (first != 0xff) {
            throw new IOException(
                    "byte %d is %d, expected 255, which begins a segment".formatted(file.position() - 2, first));
        }
        return marker;
    }

    /** To the next marker: within a scan's data a byte of 255 is followed by 0, or by the number of a restart. */
    private static void skipData(ByteBuffer file) {
        int next = 0;
        while (next == 0 || next >= 0xd0 && next <= 0xd7) {
            while (file.get() != (byte) 0xff) {
                // Data.
            }
            next = Byte.toUnsignedInt(file.get());
        }
        file.position(file.position() - 2);
    }

    private static boolean startsWith(ByteBuffer segment, String text) {
        byte[] start = new byte[Math.min(text.length(), segment.remaining())];
        segment.duplicate().get(start);
        return text.equals(new String(start, StandardCharsets.US_ASCII));
    }

    private static int[] places(int first, int count, int step) {
        int[] places = new int[count];
        Arrays.setAll(places, i -> first + i * step);
        return places;
    }

    private static int[] joined(int[] a, int[] b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    /**
     * The file as the JDK decodes it to libjpeg's colours: without a marker, and with other numbers than 1, 2 and 3, it
     * takes components that are all of the same size for RGB.
     */
    byte[] numberedAsYCbCr(byte[] content) {
        if (told || ids.length != RGB.length || Arrays.equals(ids, RGB)) {
            return content;
        }
        byte[] renumbered = content.clone();
        for (int place : numbered) {
            for (int i = 0; i < ids.length; i++) {
                if (content[place] == ids[i]) {
                    renumbered[place] = (byte) (i + 1);
                }
            }
        }
        return renumbered;
    }
}
