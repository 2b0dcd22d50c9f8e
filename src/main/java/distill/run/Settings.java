package distill.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that decides the numbers of one training. The fields of its parts stand side by side in the JSON; what
 * does not apply is null and is left out of it.
 *
 * @param task {@link #TASK1} or {@link #TASK2}
 * @param question {@code q5}, {@code q6}, {@code q7}, {@code q13} and its other forms; of Task 2 {@code q2},
 *     {@code q3}, {@code eskd} and others; of a teacher {@link #SHARED_TEACHER}, for all questions share it, but for
 *     those of {@code q13} and {@code eskd}
 * @param variant the reading
 * @param without the slips that are taken away from the as-written reading: {@link Reading#without()}
 * @param model what is trained
 * @param distillation what the loss distils, and from whom
 * @param schedule for how long it is trained, and in which steps
 * @param images what it is trained on
 * @param stopping whether it may stop before its last epoch
 * @param computation what only rounds differently
 * @param seed from which all chance derives
 */
public record Settings(
        String task,
        String question,
        Variant variant,
        String without,
        @JsonUnwrapped @JsonProperty("model_part") Model model,
        @JsonUnwrapped Distillation distillation,
        @JsonUnwrapped Schedule schedule,
        @JsonUnwrapped Images images,
        @JsonUnwrapped Stopping stopping,
        @JsonUnwrapped @JsonProperty("computation_part") Computation computation,
        long seed) {

    public static final String TASK1 = "task1";
    public static final String TASK2 = "task2";

    /** Both tasks, in their order. */
    public static final List<String> TASKS = List.of(TASK1, TASK2);

    /** The question of a teacher that all questions share. */
    public static final String SHARED_TEACHER = "teacher";

    /** The starting weights of a network that is drawn at random, where a network may start from others. */
    public static final String RANDOM = "none";

    /** The network of a student of Task 2 that is one's own. */
    public static final String OWN = "own";

    /** One image of so many of a rare class is used. */
    public static final int RARE_EVERY = 100;

    /** How much of a given teacher's digest, and of an own student's, names of files show. */
    public static final int TEACHER_DIGITS = 8;

    private static final int IDENTITY_BYTES = 8;

    /** Weights that an earlier training left behind, whichever it was. */
    private static final String CARRIED = "carried";

    /** Pre-trained weights, whichever they are; Keras's runs call their own so. */
    private static final String PRETRAINED = "imagenet";

    /**
     * What is trained.
     *
     * @param role what it is in the distillation
     * @param network of transfer learning the base, such as {@code resnet50v2}, or {@link #OWN} of a student that is a
     *     network of one's own; null where the role says it
     * @param width units of each of the student's two hidden layers; null where they are the report's 784
     * @param startingWeights of transfer learning {@link #RANDOM} where they are drawn, the SHA-256 of those that the
     *     base, or an own student, starts from, or the identity of the run that left them behind; of an own student of
     *     Task 1 the SHA-256 of those that it brought, null where they are drawn; null where they are drawn in any case
     * @param architecture of a student that is a network of one's own the SHA-256 of its layers, with what they are set
     *     to; null where role or network say the network
     * @param trainedStatistics true where a base of transfer learning normalises by the batch in training and moves its
     *     statistics though the reading says otherwise, as one from random weights does as-described: with means of 0
     *     and variances of 1, which nothing trained, it would learn nothing; else null
     */
    public record Model(
            @JsonProperty("model") Role role,
            String network,
            Integer width,
            String startingWeights,
            String architecture,
            Boolean trainedStatistics) {

        /** One of the report's networks, or of those in its place; what does not apply is null. */
        public static Model of(Role role, String network, Integer width, String startingWeights) {
            return new Model(role, network, width, startingWeights, null, null);
        }
    }

    /**
     * What the loss distils, and from whom.
     *
     * @param temperature T; null where the loss has none
     * @param alpha weight of the distillation; null without it
     * @param teacher identity of the teacher's run; of a teacher that was trained elsewhere the SHA-256 of its weights;
     *     null without distillation
     * @param loss the name of the loss; null where it is {@link #KD}, which runs had before losses had names, or of a
     *     student without distillation the cross-entropy, {@link #WITHOUT}
     * @param lossLayers the layers that a loss compares where they were named, {@code TEACHER=STUDENT,...}; null where
     *     it finds them, or has none
     */
    public record Distillation(Double temperature, Double alpha, String teacher, String loss, String lossLayers) {

        /** The name of the report's loss. */
        public static final String KD = "kd";

        /** The name of the loss of the report's student without distillation. */
        public static final String WITHOUT = "none";

        /** No distillation, and a loss without a temperature. */
        public static final Distillation NONE = kd(null, null, null);

        /** Takes the names of the report's losses away, so that their runs are those that never named one. */
        public Distillation {
            loss = isReports(loss) ? null : loss;
        }

        /** Whether this is the name of a loss of the report's: with distillation or without. */
        public static boolean isReports(String name) {
            return KD.equals(name) || WITHOUT.equals(name);
        }

        /** The report's loss, or no distillation: what is null does not apply. */
        public static Distillation kd(Double temperature, Double alpha, String teacher) {
            return new Distillation(temperature, alpha, teacher, null, null);
        }
    }

    /**
     * For how long a network is trained, and in which steps.
     *
     * @param epochs in all; the most where the training may stop early
     * @param batchSize images per step
     * @param learningRate of the optimiser, in the first phase where there are two
     * @param epochsInitial epochs of the initial phase; null where there is one phase only
     * @param epochsFine epochs of the fine phase, at a tenth of the rate; null where there is one phase only
     * @param teacherEpochs epochs that an early-stopped teacher has behind it: this one, or the one that teaches; null
     *     without one
     * @param distilEpochs epochs with distillation, after which the student learns from the labels alone; null where
     *     all are (Cho and Hariharan, On the efficacy of knowledge distillation, ICCV 2019)
     * @param momentum of SGD, from 0 to 1; null where Adam trains
     */
    public record Schedule(
            int epochs,
            int batchSize,
            double learningRate,
            Integer epochsInitial,
            Integer epochsFine,
            Integer teacherEpochs,
            Integer distilEpochs,
            Double momentum) {

        /** One phase from the first epoch to the last, and nothing that is stopped early. */
        public static Schedule of(int epochs, int batchSize, double learningRate) {
            return new Schedule(epochs, batchSize, learningRate, null, null, null, null, null);
        }
    }

    /**
     * What a network is trained on.
     *
     * @param data digest of the images and labels
     * @param trainImages how many training images there are
     * @param quick whether this is a cut that is marked and never compared with the report
     * @param imageSize height and width in pixels that images are resized to; null where they are taken as they are
     * @param augmentation whether training images are augmented; null where they never are
     * @param rareClass the class of which only every {@link #RARE_EVERY}th training image is used; null without one
     * @param inputShape height, width and channels of images that are taken as they are; null where they are those of
     *     MNIST, 28 x 28 x 1, and where {@code imageSize} says them
     * @param classCount how many classes there are; null where they are as many as the report's task has: ten of MNIST,
     *     two of MHIST
     */
    public record Images(
            String data,
            int trainImages,
            boolean quick,
            Integer imageSize,
            Boolean augmentation,
            Integer rareClass,
            List<Integer> inputShape,
            Integer classCount) {}

    /**
     * What only rounds differently.
     *
     * @param dtype {@code float32} or {@code float64}
     * @param device {@code cpu} or {@code gpu}
     * @param threads threads that compute
     * @param onednn what TF_ENABLE_ONEDNN_OPTS says: {@code on}, {@code off}, or {@code default} where it is not set
     * @param version of the program's computation of this network when it was trained: {@link #currentVersion}
     * @param adam the form of Adam; null where SGD trains, and in runs from before version 3, which all had
     *     {@link AdamForm#KERAS3}
     */
    public record Computation(
            String dtype,
            String device,
            int threads,
            String onednn,
            @JsonProperty("computation") int version,
            AdamForm adam) {

        /** What this process computes in float32. */
        public static Computation here(String device, int threads, int version, AdamForm adam) {
            return new Computation("float32", device, threads, oneDnn(), version, adam);
        }

        /** What TF_ENABLE_ONEDNN_OPTS asks of TensorFlow here: {@link #onednn}. */
        public static String oneDnn() {
            String option = System.getenv("TF_ENABLE_ONEDNN_OPTS");
            return option == null ? "default" : option.equals("0") || option.equalsIgnoreCase("false") ? "off" : "on";
        }

        /**
         * The version of this program's computation of a network, which a change that alters its numbers raises. So far
         * versions differ in rounding alone, as processors do, and their runs stand in one table.
         *
         * <ul>
         *   <li>Version 1 took TensorFlow's MaxPoolV2, which rounds gradients otherwise than Keras's MaxPool.
         *   <li>Version 2 takes MaxPool. Networks without max pooling stayed at version 1.
         *   <li>Version 3, of every network, names its Adam. With {@link AdamForm#KERAS3} its numbers are those of
         *       version 2, or of version 1 without max pooling; with {@link AdamForm#KERAS2} they are others.
         * </ul>
         *
         * @param adam null for the version that computes as this program does and names no Adam
         */
        public static int currentVersion(boolean hasMaxPooling, AdamForm adam) {
            return adam != null ? 3 : hasMaxPooling ? 2 : 1;
        }
    }

    /** How the report is read. */
    public Reading reading() {
        return Reading.of(task, variant, without);
    }

    public Role role() {
        return model.role();
    }

    public String network() {
        return model.network();
    }

    public Integer width() {
        return model.width();
    }

    /** Whether this is a student whose width a command line may ask for; question 10 has widths of its own. */
    @JsonIgnore
    public boolean isOfAskedWidth() {
        return !isTransfer() && role() != Role.TEACHER && !question.equals("q10");
    }

    public String startingWeights() {
        return model.startingWeights();
    }

    /** The digest of an own student's layers; else null. */
    public String architecture() {
        return model.architecture();
    }

    /** Whether this is a student that is a network of one's own. */
    @JsonIgnore
    public boolean isOfOwnStudent() {
        return architecture() != null;
    }

    /** The digest of the weights that an own student brought and starts from; null where it starts from others. */
    public String keptWeights() {
        String from = startingWeights();
        return isOfOwnStudent() && from != null && from.length() > 2 * IDENTITY_BYTES ? from : null;
    }

    public Double temperature() {
        return distillation.temperature();
    }

    public Double alpha() {
        return distillation.alpha();
    }

    public String teacher() {
        return distillation.teacher();
    }

    public int epochs() {
        return schedule.epochs();
    }

    public Integer teacherEpochs() {
        return schedule.teacherEpochs();
    }

    public Integer distilEpochs() {
        return schedule.distilEpochs();
    }

    public String data() {
        return images.data();
    }

    public int trainImages() {
        return images.trainImages();
    }

    /** Whether this is a cut that is marked QUICK and never compared with the report. */
    public boolean quick() {
        return images.quick();
    }

    public Integer rareClass() {
        return images.rareClass();
    }

    /** Whether training images are augmented. */
    public boolean augmented() {
        return Boolean.TRUE.equals(images.augmentation());
    }

    /** Whether this is transfer learning: a base with a head of its own, as all of Task 2 is. */
    @JsonIgnore
    public boolean isTransfer() {
        return network() != null;
    }

    /**
     * What transfer learning starts from: {@code pre-trained}, {@code random}, or {@code carried} from an earlier
     * training; else null.
     */
    public String start() {
        String from = startingWeights();
        if (from == null || !isTransfer()) {
            return null;
        }
        if (from.equals(RANDOM)) {
            return "random";
        }
        return from.equals(CARRIED) || from.length() == 2 * IDENTITY_BYTES ? CARRIED : "pre-trained";
    }

    /** Whether the weights are those that an earlier training left behind. */
    public boolean carried() {
        return CARRIED.equals(start());
    }

    /** Whether the base starts from pre-trained weights. */
    public boolean pretrained() {
        return "pre-trained".equals(start());
    }

    /**
     * Whether this is a base from random weights that normalises, as-described, by statistics that nothing trained: a
     * run of before 30 November 2026, which could learn nothing.
     */
    public boolean standsStill() {
        return RANDOM.equals(startingWeights()) && variant == Variant.AS_DESCRIBED && model.trainedStatistics() == null;
    }

    /** What was trained, in words: {@code teacher}, {@code q5 student}. */
    public String trained() {
        String role = role().toString();
        return question.equals(role) ? role : question + " " + role;
    }

    /** The name of the loss: {@link Distillation#KD}, or without distillation "none", where no other is named. */
    public String loss() {
        return !isOfReportsLoss()
                ? distillation.loss()
                : role() == Role.STUDENT ? Distillation.KD : Distillation.WITHOUT;
    }

    /** The layers that the loss compares where they were named: {@link Distillation#lossLayers}; else null. */
    public String lossLayers() {
        return distillation.lossLayers();
    }

    /** The loss with the layers that were named: {@code hints}, or {@code hints on conv2d=dense}. */
    public String lossInWords() {
        return loss() + (lossLayers() == null ? "" : " on " + lossLayers().replace(",", ", "));
    }

    /** What names of files have of the loss: {@code hints}, or with named layers a digest of them, too. */
    public String lossInName() {
        return loss()
                + (lossLayers() == null ? "" : "-layers" + digits(HexFormat.of().formatHex(sha256(lossLayers()))));
    }

    /** Whether it is trained by the report's loss, with distillation or without. */
    @JsonIgnore
    public boolean isOfReportsLoss() {
        return distillation.loss() == null;
    }

    /** The form of Adam: {@link AdamForm#KERAS3} where none is named. */
    public AdamForm adam() {
        return Objects.requireNonNullElse(computation.adam(), AdamForm.KERAS3);
    }

    /** Whether the teacher was trained elsewhere. */
    public boolean hasGivenTeacher() {
        return teacher() != null && teacher().length() > 2 * IDENTITY_BYTES;
    }

    /** Whether this is a teacher that was trained to be stopped early, and is no other question's. */
    public boolean trainsEarlyStoppedTeacher() {
        return role() == Role.TEACHER && teacherEpochs() != null;
    }

    /**
     * What tells two cells of a question's tables apart, and nothing else: settings of two seeds of one cell are equal
     * here, and so are those of other lengths, images or computations.
     */
    public Settings cell() {
        return alike(
                null,
                new Schedule(0, 0, 0, null, null, teacherEpochs(), distilEpochs(), null),
                new Images(null, 0, false, null, null, rareClass(), null, null),
                Stopping.NONE);
    }

    /**
     * These settings without the seed, and without what only rounds differently: runs whose conditions are equal are
     * repetitions of each other. Teachers of our own and starting weights are known by their kind alone.
     */
    public Settings condition() {
        return alike(hasGivenTeacher() ? teacher() : null, schedule, images, stopping);
    }

    private Settings alike(String teacher, Schedule schedule, Images images, Stopping stopping) {
        String start = carried() ? CARRIED : pretrained() && !isOfOwnStudent() ? PRETRAINED : startingWeights();
        return new Settings(
                task,
                question,
                variant,
                without,
                new Model(role(), network(), width(), start, architecture(), model.trainedStatistics()),
                new Distillation(temperature(), alpha(), teacher, distillation.loss(), lossLayers()),
                schedule,
                images,
                stopping,
                new Computation(null, null, 0, null, 0, null),
                0);
    }

    /** 16 hexadecimal digits that two trainings share when they must give the same numbers. */
    public String identity() {
        return HexFormat.of().formatHex(sha256(Json.sorted(this, this::place)), 0, IDENTITY_BYTES);
    }

    /** Fields that stood in parts of their own when identities were first made, and so are sorted as a part. */
    private static final Set<String> TRANSFER = Set.of(
            "without",
            "network",
            "epochs_initial",
            "epochs_fine",
            "image_size",
            "augmentation",
            "starting_weights",
            "teacher_epochs");

    private static final Set<String> STOPPED = Set.of("teacher_epochs", "distil_epochs");
    private static final Set<String> VARIATION = Set.of("width", "rare_class");

    /** Where a field stands in the text whose digest is the identity. Moving one would lose every stored run. */
    private String place(String field) {
        return isTransfer() && TRANSFER.contains(field)
                ? "transfer." + field
                : STOPPED.contains(field)
                        ? "stopped." + field
                        : VARIATION.contains(field) ? "variation." + field : field;
    }

    /**
     * The seed of one of this training's random streams. It derives from the seed and from the {@link #cell}, so no two
     * cells of a table share their chance, and a training on another device, or a longer one, has the same.
     *
     * @param purpose such as {@code weights}, {@code order}, {@code dropout} or {@code augmentation}
     */
    public long stream(String purpose) {
        List<Object> cell =
                new ArrayList<>(Arrays.asList(seed, task, question, variant, role(), temperature(), alpha()));
        if (isTransfer()) {
            cell.addAll(Arrays.asList(without, network(), start(), teacherEpochs()));
        } else {
            if (teacherEpochs() != null || distilEpochs() != null) {
                cell.addAll(Arrays.asList(teacherEpochs(), distilEpochs()));
            }
            if (width() != null || rareClass() != null) {
                cell.addAll(Arrays.asList("variation", width(), rareClass()));
            }
            if (without != null) {
                cell.addAll(List.of("without", without));
            }
        }
        if (isOfOwnStudent()) {
            cell.addAll(Arrays.asList("student", architecture(), keptWeights()));
        }
        if (!isOfReportsLoss()) {
            cell.addAll(List.of("loss", loss()));
        }
        if (lossLayers() != null) {
            cell.addAll(List.of("layers", lossLayers()));
        }
        cell.add(purpose);
        String text = cell.stream().map(String::valueOf).collect(Collectors.joining("/"));
        return ByteBuffer.wrap(sha256(text)).getLong();
    }

    /** What a person calls this training: {@code task1-as-written-q5-student-T4-alpha0.5-seed1}. */
    public String label() {
        List<String> steps = Stream.of(Steps.of(this).inName(), stopping.inName())
                .flatMap(List::stream)
                .toList();
        return Stream.of(
                        task,
                        reading().inName(),
                        question.equals(role().toString()) ? null : question,
                        role(),
                        isOfOwnStudent() ? null : network(),
                        images.imageSize(),
                        "random".equals(start()) ? "random" : null,
                        part("width", width()),
                        ownStudent(),
                        part("rare", rareClass()),
                        steps.isEmpty() ? null : String.join("-", steps),
                        isOfReportsLoss() ? null : "loss-" + lossInName(),
                        part("T", temperature()),
                        part("alpha", alpha()),
                        part("epochs", teacherEpochs()),
                        part("until", distilEpochs()),
                        part("teacher", hasGivenTeacher() ? digits(teacher()) : null),
                        part("seed", seed),
                        quick() ? "quick" : null)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.joining("-"));
    }

    /**
     * In names of files and trainings {@code network} with the beginning of an own student's digest, and where it kept
     * its weights {@code kept} with that of theirs; null without one.
     */
    public String ownStudent() {
        if (!isOfOwnStudent()) {
            return null;
        }
        return "network" + digits(architecture()) + (keptWeights() == null ? "" : "-kept" + digits(keptWeights()));
    }

    /** The beginning of a digest, as names of files show it. */
    public static String digits(String digest) {
        return digest.substring(0, TEACHER_DIGITS);
    }

    private static String part(String name, Object value) {
        return value == null ? null : name + (value instanceof Double number ? number(number) : value);
    }

    /** A number without a needless ".0". */
    public static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
