package distill.data;

/**
 * Where {@link Mhist#load} looks.
 *
 * @param places where folders are
 * @param standInTrain how many training images to generate if no place holds a set
 * @param standInTest how many test images to generate then
 */
public record MhistSources(DataPlaces places, int standInTrain, int standInTest) {

    private static final int STAND_IN_TRAIN = 640;
    private static final int STAND_IN_TEST = 256;

    /** The places of this process, and a stand-in that is drawn in a few seconds. */
    public static MhistSources ofThisProcess() {
        return new MhistSources(DataPlaces.ofThisProcess(), STAND_IN_TRAIN, STAND_IN_TEST);
    }
}
