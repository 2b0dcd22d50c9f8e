package distill.data;

/**
 * Where {@link Mnist#load} looks.
 *
 * @param places where folders and files are
 * @param download what to fetch if no place holds MNIST
 * @param standInTrain how many training images to generate if that fails too
 * @param standInTest how many test images to generate then
 */
public record MnistSources(DataPlaces places, MnistDownload download, int standInTrain, int standInTest) {

    /** The places of this process, the public mirrors, and a stand-in of MNIST's size. */
    public static MnistSources ofThisProcess() {
        return new MnistSources(DataPlaces.ofThisProcess(), MnistDownload.ofMnist(), Mnist.TRAIN_SIZE, Mnist.TEST_SIZE);
    }
}
