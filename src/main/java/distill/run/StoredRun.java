package distill.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a line of a store holds: a run, or what is wrong with it. Lines may come from another version of this program,
 * from {@code reference/runs.py}, from an editor, or from a crash, so that a field is not believed before it is looked
 * at.
 *
 * @param run null where something is wrong
 * @param problem what that is: a clause that begins with the field; null where nothing is
 */
record StoredRun(Run run, String problem) {

    private static final List<String> NEEDED = List.of(
            "identity",
            "task",
            "question",
            "variant",
            "model",
            "epochs",
            "seed",
            "data",
            "test_accuracy",
            "history",
            "weights_digest",
            "provenance");

    private static final double PERCENT = 100;

    /** The run of a line. */
    static StoredRun of(String line) {
        try {
            Run run = Json.readWhole(line, Run.class, NEEDED);
            check(run);
            return new StoredRun(run, null);
        } catch (JsonMappingException e) {
            return new StoredRun(null, told(e));
        } catch (JsonProcessingException e) {
            return new StoredRun(null, "it is no whole JSON object (a crash may have torn it)");
        } catch (IllegalArgumentException e) {
            return new StoredRun(null, e.getMessage());
        }
    }

    private static String told(JsonMappingException e) {
        String field = e.getPath().stream()
                .map(Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        return e instanceof InvalidFormatException found
                ? "%s is %s, which this version does not know".formatted(field, found.getValue())
                : field + " holds something else than this version writes there";
    }

    private static void check(Run run) {
        Settings settings = run.settings();
        one(settings.task(), "task", Settings.TASKS);
        check(settings.isTransfer() == settings.task().equals(Settings.TASK2), "network", settings.network());
        // Names of slips that are not known are told by this.
        settings.reading();
        check(settings.schedule());
        check(settings.images());
        check(settings.computation(), run.provenance().isOurs());
        Double temperature = settings.temperature();
        check(temperature == null || temperature > 0 && Double.isFinite(temperature), "temperature", temperature);
        Double alpha = settings.alpha();
        check(alpha == null || alpha >= 0 && alpha <= 1, "alpha", alpha);
        positive(settings.width(), "width");
        check(settings.model());
        boolean distils = settings.role() == Role.STUDENT;
        // A student without distillation may have a temperature, too: a slip of the report's program of Task 2. Losses
        // other than the report's need none.
        check(temperature != null || !distils || !settings.isOfReportsLoss(), "temperature", null);
        check((alpha != null) == distils, "alpha", alpha);
        check((settings.teacher() != null) == distils, "teacher", settings.teacher());
        String layers = settings.lossLayers();
        check(layers == null || distils && !settings.isOfReportsLoss(), "loss_layers", layers);
        percent(run.testAccuracy(), "test_accuracy");
        if (!Double.isNaN(run.trainAccuracy())) {
            percent(run.trainAccuracy(), "train_accuracy");
        }
        Double agreement = run.teacherAgreement();
        if (agreement != null) {
            check(distils, "teacher_agreement", agreement);
            percent(agreement, "teacher_agreement");
        }
        check(settings.stopping());
        check(run.history(), settings);
        check(run.provenance());
        if (run.evaluation() != null) {
            check(run.evaluation());
        }
        if (run.provenance().isOurs() && !run.identity().equals(settings.identity())) {
            throw new IllegalArgumentException(
                    "its settings are not those of its identity: it was changed, or a later version wrote it");
        }
    }

    private static void check(Settings.Model model) {
        boolean transfer = model.network() != null;
        String architecture = model.architecture();
        check(
                architecture == null
                        ? !Settings.OWN.equals(model.network())
                        : isDigest(architecture)
                                && (!transfer || Settings.OWN.equals(model.network()))
                                && model.role() != Role.TEACHER
                                && model.width() == null,
                "architecture",
                architecture);
        String start = model.startingWeights();
        check(
                model.trainedStatistics() == null || transfer && model.trainedStatistics(),
                "trained_statistics",
                model.trainedStatistics());
        check(start == null || transfer || architecture != null && isDigest(start), "starting_weights", start);
    }

    private static boolean isDigest(String text) {
        return text.matches("[0-9a-f]{64}");
    }

    private static void check(Settings.Schedule schedule) {
        positive(schedule.epochs(), "epochs");
        positive(schedule.batchSize(), "batch_size");
        double rate = schedule.learningRate();
        check(rate > 0 && Double.isFinite(rate), "learning_rate", rate);
        share(schedule.momentum(), "momentum");
        positive(schedule.teacherEpochs(), "teacher_epochs");
        positive(schedule.distilEpochs(), "distil_epochs");
        Integer initial = schedule.epochsInitial();
        Integer fine = schedule.epochsFine();
        check((initial == null) == (fine == null), "epochs_initial", initial);
        check(initial == null || initial >= 0, "epochs_initial", initial);
        check(fine == null || fine >= 0, "epochs_fine", fine);
    }

    private static void check(Settings.Images images) {
        positive(images.trainImages(), "train_images");
        positive(images.imageSize(), "image_size");
        check(images.rareClass() == null || images.rareClass() >= 0, "rare_class", images.rareClass());
        List<Integer> shape = images.inputShape();
        check(
                shape == null || shape.size() == 3 && shape.stream().allMatch(size -> size != null && size >= 1),
                "input_shape",
                shape);
        Integer classes = images.classCount();
        check(classes == null || classes >= 2, "class_count", classes);
    }

    /** @param ours else TensorFlow in Python says 0 where it chooses its threads itself */
    private static void check(Settings.Computation computation, boolean ours) {
        one(computation.dtype(), "dtype", List.of("float32", "float64"));
        one(computation.device(), "device", List.of("cpu", "gpu"));
        check(computation.threads() >= (ours ? 1 : 0), "threads", computation.threads());
        one(computation.onednn(), "onednn", List.of("on", "off", "default"));
        positive(computation.version(), "computation");
    }

    private static void check(Stopping stopping) {
        boolean applies = stopping.applies();
        boolean whole = stopping.patience() != null
                && stopping.minDelta() != null
                && stopping.restoreBestWeights() != null
                && stopping.validationImages() != null;
        check(whole || !applies && stopping.equals(Stopping.NONE), "monitor", stopping.monitor());
        positive(stopping.patience(), "patience");
        check(!applies || stopping.minDelta() >= 0, "min_delta", stopping.minDelta());
        positive(stopping.validationImages(), "validation_images");
    }

    private static void check(List<EpochResult> history, Settings settings) {
        int epochs = settings.epochs();
        boolean mayBeShorter = settings.stopping().applies() && !history.isEmpty() && history.size() < epochs;
        check(
                history.size() == epochs || mayBeShorter,
                "history",
                history.size() + " epochs where " + epochs + " were trained");
        for (int i = 0; i < history.size(); i++) {
            EpochResult result = history.get(i);
            check(result != null && result.epoch() == i + 1, "history", "without epoch " + (i + 1) + " in its place");
            percent(result.testAccuracy(), "test_accuracy of epoch " + result.epoch());
            check(result.seconds() >= 0, "seconds of epoch " + result.epoch(), result.seconds());
            if (result.confusion() != null) {
                square(result.confusion(), "confusion of epoch " + result.epoch());
            }
            share(result.rocAuc(), "roc_auc of epoch " + result.epoch());
            boolean judged = result.valLoss() != null && result.valAccuracy() != null;
            check(judged || !settings.stopping().applies(), "val_loss of epoch " + result.epoch(), result.valLoss());
        }
    }

    private static void check(Provenance provenance) {
        check(provenance.commit() != null, "provenance.commit", null);
        check(provenance.data() != null, "provenance.data", null);
        check(provenance.date() != null, "provenance.date", null);
    }

    private static void check(Evaluation evaluation) {
        square(evaluation.confusion(), "confusion");
        List<String> classes = evaluation.classes();
        check(
                classes == null
                        || !classes.contains(null)
                                && classes.size() == evaluation.confusion().size(),
                "classes",
                classes);
        share(evaluation.rocAuc(), "roc_auc");
        if (evaluation.rocCurve() != null) {
            check(
                    evaluation.rocCurve().stream().allMatch(point -> counts(point, 2)),
                    "roc_curve",
                    "not a list of pairs of counts");
        }
        check(evaluation.batchStatistics(), "batch_statistics");
        check(evaluation.notebookReport(), "notebook_report");
    }

    private static void check(Evaluation.Measures measures, String field) {
        if (measures != null) {
            square(measures.confusion(), field + ".confusion");
            share(measures.rocAuc(), field + ".roc_auc");
        }
    }

    private static void square(List<List<Integer>> matrix, String field) {
        boolean right =
                matrix != null && !matrix.isEmpty() && matrix.stream().allMatch(row -> counts(row, matrix.size()));
        check(right, field, "not as many rows of counts as columns");
    }

    private static boolean counts(List<Integer> row, int size) {
        return row != null && row.size() == size && row.stream().allMatch(count -> count != null && count >= 0);
    }

    private static void positive(Integer value, String field) {
        check(value == null || value >= 1, field, value);
    }

    private static void percent(double value, String field) {
        check(value >= 0 && value <= PERCENT, field, value);
    }

    private static void share(Double value, String field) {
        check(value == null || value >= 0 && value <= 1, field, value);
    }

    private static void one(String value, String field, List<String> known) {
        check(value != null && known.contains(value), field, value);
    }

    private static void check(boolean right, String field, Object found) {
        if (!right) {
            throw new IllegalArgumentException(field + " is " + found);
        }
    }
}
