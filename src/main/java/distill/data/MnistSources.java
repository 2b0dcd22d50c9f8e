package distill.data;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Where {@link Mnist#load} looks when it is given no folder. A record, so that tests need no environment, no home and
 * no network.
 *
 * @param environment the value of an environment variable, or null
 * @param workingDirectory what {@code data/mnist} and {@code ../shared/mnist} are relative to
 * @param home the user's home, with Keras's cache in it
 * @param download what to fetch if no place holds MNIST
 * @param standInTrain how many training images to generate if that fails too
 * @param standInTest how many test images to generate then
 */
public record MnistSources(
        UnaryOperator<String> environment,
        Path workingDirectory,
        Path home,
        MnistDownload download,
        int standInTrain,
        int standInTest) {

    /** This process's environment, working directory and home, the public mirrors, and a stand-in of MNIST's size. */
    public static MnistSources ofThisProcess() {
        return new MnistSources(
                System::getenv,
                Path.of(""),
                Path.of(System.getProperty("user.home")),
                MnistDownload.ofMnist(),
                Mnist.TRAIN_SIZE,
                Mnist.TEST_SIZE);
    }
}
