package distill.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.zoo.ResNet50;
import distill.nn.zoo.ResNet50V2;
import distill.nn.zoo.Top;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class BlocksTest {

    private static final Network V1 = ResNet50.build(Top.INPUT, Top.pooledFeatures());
    private static final Network V2 = ResNet50V2.build(Top.INPUT, Top.pooledFeatures());

    private static List<String> names(Network network) {
        return network.layers().stream().map(Network.NamedLayer::name).toList();
    }

    @Test
    void aBlockIsANetworkOnWhatEntersIt() {
        Network block = Blocks.between(V2, "conv2_block2_preact_bn", "conv2_block2_out");
        assertEquals(Shape.of(56, 56, 256), block.input());
        assertEquals(Shape.of(56, 56, 256), block.output());
        assertEquals(List.of(Network.INPUT), block.layers().get(0).inbound());
        assertEquals(
                List.of(Network.INPUT, block.layers().size() - 2),
                block.layers().get(block.layers().size() - 1).inbound());
        // Normalisations 4 * 256, 4 * 64 twice; convolutions 256 * 64, 9 * 64 * 64, 64 * 256 + 256.
        assertEquals(1024 + 2 * 256 + 16_384 + 36_864 + 16_640, block.parameters());
    }

    @Test
    void withoutItsShortcutABlockIsARow() {
        Network block = Blocks.between(V1, "conv2_block2_1_conv", "conv2_block2_out");
        Network plain = Blocks.withoutShortcuts(block);
        List<String> expected = names(block).stream()
                .filter(name -> !name.equals("conv2_block2_add"))
                .toList();
        assertEquals(expected, names(plain));
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(List.of(i - 1), plain.layers().get(i).inbound());
        }
        assertEquals(block.parameters(), plain.parameters());
    }

    @Test
    void theLayersOfAShortcutGoWithIt() {
        Network plain = Blocks.withoutShortcuts(V1);
        assertTrue(names(plain).stream().noneMatch(name -> name.contains("_0_") || name.endsWith("_add")));
        // 176 layers, less 16 sums, 4 projections and their normalisations.
        assertEquals(V1.layers().size() - 16 - 4 - 4, plain.layers().size());
        assertEquals(V1.output(), plain.output());
    }

    @Test
    void aPartThatTakesTwoThingsFromOutsideIsRefused() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> Blocks.between(V2, "conv2_block2_1_bn", "conv2_block2_out"))
                .getMessage()
                .contains("takes 2 things from outside"));
    }

    @Test
    void aLayerThatIsNotThereIsNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Blocks.between(V1, "conv9", "conv2_block2_out"))
                .getMessage()
                .contains("resnet50 has no layer conv9"));
    }
}
