package distill.report;

import java.util.List;

/** The numbers of Task 2 that the authors' notebook shows, and the settings that they were made with. */
public final class PublishedMhist {

    /** Height and width of MHIST's images. */
    public static final int IMAGE_SIZE = 224;

    public static final int EPOCHS_INITIAL = 10;
    public static final int EPOCHS_FINE = 25;

    /** Early-stopped teachers have 1 to this many epochs. */
    public static final int EPOCHS_STOPPED = 12;

    public static final List<Double> TEMPERATURES = List.of(1., 2., 4., 16., 32., 64.);

    private PublishedMhist() {}
}
