package distill.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** The golden file that {@code reference/export_image_fixtures.py} makes with Pillow and two versions of Keras. */
final class KerasImages {

    private KerasImages() {}

    static JsonNode golden(String part) throws IOException {
        return new ObjectMapper()
                .readTree(Path.of("src/test/resources/images/keras.json").toFile())
                .get(part);
    }

    static byte[] bytes(JsonNode values) {
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values.get(i).asInt();
        }
        return bytes;
    }

    static float[] floats(JsonNode values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values.get(i).asDouble();
        }
        return floats;
    }

    /** What an augmentation makes of an image, in grey levels. */
    static float[] apply(Augmentation augmentation, Augmentation.Transform transform, RgbImage image) {
        float[] levels = new float[image.pixels().length];
        augmentation.apply(transform, image.pixels(), image.height(), image.width(), levels, 0);
        return levels;
    }

    /** The image that the Python program makes by the same formula. */
    static RgbImage formula(int side) {
        byte[] pixels = new byte[side * side * 3];
        for (int r = 0; r < side; r++) {
            for (int c = 0; c < side; c++) {
                for (int k = 0; k < 3; k++) {
                    pixels[(r * side + c) * 3 + k] = (byte) (r * 7 + c * 13 + k * 29 + r * c);
                }
            }
        }
        return new RgbImage(side, side, pixels);
    }
}
