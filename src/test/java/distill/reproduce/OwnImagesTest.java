package distill.reproduce;

import static org.junit.jupiter.api.Assertions.assertTrue;

import distill.data.TinyMhist;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Task 2 on images of one's own, with labels of one's own and no votes. */
class OwnImagesTest {

    @TempDir
    private Path folder;

    @Test
    void whoseNetworkCannotLearnIsToldBeforeItIsTrainedAfterwardsAndAboveTheTable() throws Exception {
        Path annotations = TinyMhist.write(folder.resolve("own")).resolve("annotations.csv");
        List<String> rows = Files.readAllLines(annotations).stream()
                .skip(1)
                .map(row -> row.replaceFirst(",HP,\\d", ",benign").replaceFirst(",SSA,\\d", ",malignant"))
                .toList();
        Files.writeString(annotations, "Image Name,Majority Vote Label,Partition\n" + String.join("\n", rows) + "\n");
        String printed = Launched.reproduce(
                folder,
                "task2 q2 --part teacher --data-dir own --image-size 32 --weights none --teacher-model mobilenetv2"
                        + " --variant as-described --epochs-initial 1 --epochs-fine 0");
        String warning = "WARNING: task2-as-described-teacher-mobilenetv2-32-random-seed1 ";
        List<String> inOrder = List.of(
                "Data: images of benign and malignant (6 + 4) from own",
                warning + "can learn next to nothing from its starting weights",
                "epoch  1/1: test accuracy",
                warning + "predicts class ",
                "WARNING: runs that predict one class for all test images",
                "predicted benign / malignant");
        int place = 0;
        for (String told : inOrder) {
            int next = printed.indexOf(told, place);
            assertTrue(next >= place, told + " in: " + printed);
            place = next + told.length();
        }
    }
}
