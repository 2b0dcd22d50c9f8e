package distill.task2;

import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.command.ConsoleAnswers;
import distill.nn.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read off the graphs; the measured parts have tests of their own. */
class Question1Test {

    @TempDir
    private Path folder;

    private TheoryAnswers answers;

    @BeforeEach
    void open() {
        answers = new TheoryAnswers(
                new ConsoleAnswers(new PrintWriter(new StringWriter()), folder.resolve("task2"), false, false),
                true,
                Device.cpu(2));
    }

    private void assertRows(String file, String... rows) throws IOException {
        String csv = Files.readString(folder.resolve("task2").resolve(file + "-quick.csv"));
        for (String row : rows) {
            assertTrue(csv.lines().anyMatch(row::equals), row + " is not in\n" + csv);
        }
        String markdown = Files.readString(folder.resolve("task2").resolve(file + "-quick.md"));
        assertTrue(markdown.lines().findFirst().orElseThrow().endsWith("[QUICK]"), markdown);
        assertTrue(markdown.contains("Commit "), markdown);
    }

    @Test
    void whereABlockAddsNothingItsShortcutAloneDecidesWhatComesOut() throws IOException {
        ResNets.b(answers);
        // 1 x 1, 3 x 3, 1 x 1 convolutions with biases in V1: 16,448 + 36,928 + 16,640, normalisations 4 (64 + 64 +
        // 256).
        assertRows(
                "q1-b-residual-block",
                "\"ResNet50 (V1), no shortcut\",conv1 BN ReLU conv3 BN ReLU conv1 BN ReLU,71552,440.3,0.0",
                "ResNet50V2,BN ReLU conv1 BN ReLU conv3 BN ReLU conv1 +,71424,440.7,100.0");
        assertTrue(Files.exists(folder.resolve("task2/q1-b-residual-block-quick.svg")));
    }

    @Test
    void theStridesOfKerassTwoVersionsStandAtOppositeEndsOfAStack() throws IOException {
        ResNets.c(answers);
        assertRows(
                "q1-c-resnet-v1-v2",
                "\"conv2: height in, out\",\"56, 56\",\"56, 28\"",
                "\"conv5: height in, out\",\"14, 7\",\"7, 7\"",
                "convolutions that stride,\"conv1 of conv3_block1, conv1 of conv4_block1, conv1 of conv5_block1\","
                        + "\"conv3 of conv2_block3, conv3 of conv3_block4, conv3 of conv4_block6\"",
                "on the way through the shortcuts alone,\"16 +, 4 BN, 16 ReLU, 4 conv1\","
                        + "\"16 +, 4 BN, 4 ReLU, 4 conv1, 3 pool\"");
    }

    @Test
    void mobileNetHas28LayersWithKernelsAndMobileNetV2Has53() throws IOException {
        MobileNets.d(answers);
        // V2: 1 + (2 + 16 * 3) + 1 + 1.
        assertRows(
                "q1-d-mobilenet-v1-v2",
                "\"layers with kernels, all of these\",28,53",
                "blocks (one depthwise convolution each),13,17",
                "shortcuts,0,10",
                "1 x 1 convolutions with no activation behind,0,17",
                "parameters,4253864,3538984");
    }

    @Test
    void aSeparableConvolutionCostsWhatThePaperSays() throws IOException {
        MobileNets.separable(answers);
        // 1/512 + 1/9 = .00195 + .11111
        assertRows("q1-f-separable", "\"block 7, 512 to 512 channels\",924.8,104.6,0.1131,0.1131");
    }
}
