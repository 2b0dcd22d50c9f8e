package distill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.nn.Add;
import distill.nn.Blocks;
import distill.nn.Network;
import distill.nn.zoo.ResNet50;
import distill.nn.zoo.Top;
import distill.report.BlockDiagram.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDiagramTest {

    @TempDir
    private Path folder;

    @Test
    void eachLayerOfABlockIsDrawnWithItsNameAndShapeAndTheSumGoesWithTheShortcut() throws IOException {
        Network block = Blocks.between(
                ResNet50.build(Top.INPUT, Top.pooledFeatures()), "conv3_block1_1_conv", "conv3_block1_out");
        List<Path> files = BlockDiagram.draw(
                "Blocks", List.of(new Panel("with its shortcut", block, List.of("a note"))), folder.resolve("with"));
        assertEquals(List.of(folder.resolve("with.png"), folder.resolve("with.svg")), files);
        String svg = Files.readString(files.get(1));
        for (Network.NamedLayer layer : block.layers()) {
            String text = layer.layer() instanceof Add ? layer.name() : layer.name() + "   28 × 28 × ";
            assertTrue(svg.contains(">" + text), text);
        }
        assertTrue(svg.contains(">Conv2D 1 × 1, 512 filters, stride 2<"));
        assertTrue(svg.contains(">a note<"));

        String plain = Files.readString(BlockDiagram.draw(
                        "Blocks",
                        List.of(new Panel("without", Blocks.withoutShortcuts(block), List.of())),
                        folder.resolve("without"))
                .get(1));
        assertFalse(plain.contains("conv3_block1_add"));
        assertFalse(plain.contains("conv3_block1_0_conv"));
        assertTrue(plain.contains("conv3_block1_3_bn"));
        assertTrue(ImageIO.read(folder.resolve("with.png").toFile()).getWidth()
                > ImageIO.read(folder.resolve("without.png").toFile()).getWidth());
    }
}
