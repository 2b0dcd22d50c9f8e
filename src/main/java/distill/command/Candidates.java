package distill.command;

import distill.loss.DistillationLoss;
import java.util.ArrayList;
import java.util.List;

/**
 * What picocli's completion offers for a parameter. Names that stand in a folder are not known before the shell is
 * asked, so that a mark stands for them, which {@code generate-completion} replaces by what looks them up.
 */
public final class Candidates {

    private Candidates() {}

    /** Stands for the names in {@code saved-models/}. */
    public static final class SavedModelNames extends ArrayList<String> {

        public static final String MARK = "@saved-models@";

        SavedModelNames() {
            super(List.of(MARK));
        }
    }

    /** Stands for the names in {@code saved-models/}, and files. */
    public static final class SavedModelNamesOrFiles extends ArrayList<String> {

        public static final String MARK = "@saved-models-or-files@";

        SavedModelNamesOrFiles() {
            super(List.of(MARK));
        }
    }

    /** The names of losses. */
    public static final class Losses extends ArrayList<String> {

        Losses() {
            super(DistillationLoss.names());
        }
    }

    /** Stands for what {@code compare} takes. */
    public static final class Stores extends ArrayList<String> {

        public static final String MARK = "@stores@";

        Stores() {
            super(List.of(MARK));
        }
    }
}
