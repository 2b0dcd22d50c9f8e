package distill.experiment;

import distill.data.Images;
import distill.experiment.Measures.Tested;
import distill.experiment.PhaseTraining.Teacher;
import distill.experiment.SavedModels.Progress;
import distill.experiment.Trainer.Keep;
import distill.experiment.Trainer.Trained;
import distill.loss.ComparedLayers;
import distill.metrics.ConfusionMatrix;
import distill.nn.WeightSpec;
import distill.nn.Weights;
import distill.run.EpochResult;
import distill.run.Provenance;
import distill.run.Run;
import distill.run.Settings;
import distill.run.Stopping;
import distill.training.StepLoss;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A training that is carried out now: phase by phase, epoch by epoch, step by step, from where an earlier process left
 * it. For one thread.
 */
final class TrainingUnderWay {

    private static final int SHOWN_IMAGES = 4;

    private final Trainer trainer;
    private final Training training;
    private final Keep keep;
    private final int epochs;
    private final Settings settings;
    private final TrainedNetwork network;
    private final TrainingImages images;
    private final Measures measures;
    private final List<ComparedLayers> compared;
    private final int[] teacherSays;
    private final List<EpochResult> history = new ArrayList<>();
    private final boolean done;
    private Provenance trainedBy;
    private EpochListener told;
    private Weights weights;
    private Weights state;
    private ConfusionMatrix tested;

    /**
     * A training that begins, or goes on from what is kept of it.
     *
     * @param epochs after how many to stop; before the last one only where nothing is kept
     */
    TrainingUnderWay(Trainer trainer, Training training, Keep keep, int epochs) throws IOException {
        this.trainer = trainer;
        this.training = training;
        this.keep = keep;
        this.epochs = epochs;
        settings = training.settings();
        network = trainer.models().network(settings);
        images = TrainingImages.of(settings, trainer.data());
        measures = new Measures(settings, network.whole(), images, TrainedNetwork.device(settings));
        if (images.steps() == 0) {
            throw new IllegalArgumentException("a training step takes %d images, found %d training images in all"
                    .formatted(settings.schedule().batchSize(), images.train().size()));
        }
        trainedBy = trainer.provenance();
        if (keep == Keep.AND_RESUME) {
            trainer.models().progress(settings).ifPresent(earlier -> {
                history.addAll(earlier.history());
                trainedBy = earlier.provenance();
            });
        }
        done = history.size() == epochs || settings.stopping().applies() && !history.isEmpty();
        told = done ? EpochListener.SILENT : null;
        weights = history.isEmpty() ? trainer.startingWeights(training, keep) : null;
        compared = trainer.compared(training);
        teacherSays = settings.teacher() == null || settings.isTransfer() ? null : trainer.testClasses(training, keep);
    }

    /** Trains what is left of it, and measures it. */
    Trained carryOut() throws IOException {
        Run run = null;
        try (Teacher teacher = done ? Teacher.NONE : trainer.teacher(training, keep)) {
            int end = 0;
            for (PhasePlan phase : PhasePlan.of(settings)) {
                int start = end;
                end = Math.min(end + phase.epochs(), epochs);
                boolean last = end == epochs;
                if (history.size() >= end && !last || start >= epochs) {
                    continue;
                }
                try (PhaseTraining model = new PhaseTraining(settings, network, phase, compared, measures.device())) {
                    if (!begin(model, phase, start, end)) {
                        return new TrainingUnderWay(trainer, training, keep, epochs).carryOut();
                    }
                    train(model, phase, end, teacher);
                    weights = model.getWeights();
                    if (last) {
                        run = measure(model);
                    } else {
                        state = model.getState();
                    }
                }
            }
        }
        return new Trained(run, weights, told);
    }

    /**
     * Gives a phase what it starts from, or goes on from.
     *
     * @param start epochs before the phase
     * @param end epochs at its end
     * @return false where what was kept for it is gone
     */
    private boolean begin(PhaseTraining model, PhasePlan phase, int start, int end) throws IOException {
        boolean trains = !done && history.size() < end;
        // Another phase's Adam is of no use where this one starts with a new one.
        boolean goesOn = trains && !history.isEmpty() && (history.size() > start || !phase.newOptimizer());
        Weights before = goesOn ? state : weights;
        if (before == null) {
            List<WeightSpec> specs =
                    goesOn ? model.stateSpecs() : network.whole().weights();
            before = trainer.models().load(settings, history.size(), specs).orElse(null);
        }
        if (before == null) {
            return false;
        }
        if (goesOn) {
            model.setState(before);
        } else {
            model.setWeights(before);
        }
        boolean starts = told == null;
        if (starts) {
            told = trainer.listener().start(settings, images.steps(), history.size());
        }
        if (history.size() < end && model.usesFeatures()) {
            told.doing("computing what the frozen base makes of all images, which is done once");
        }
        if (starts && history.isEmpty()) {
            showFirstBatch(model);
        }
        return true;
    }

    /** Shows augmented images, and warns where what the base makes of a first batch does not let the training learn. */
    private void showFirstBatch(PhaseTraining model) throws IOException {
        Images train = images.train();
        int[] batch = images.batches(1).get(0);
        if (settings.augmented()) {
            int[] first = Arrays.copyOf(batch, Math.min(SHOWN_IMAGES, batch.length));
            told.augmented(train.batch(first, PhaseTraining.augmentation(settings), 1, 0));
        }
        // A frozen base is as in inference, whatever its statistics do later.
        boolean staysFrozen = PhasePlan.of(settings).stream().allMatch(PhasePlan::frozenBase);
        boolean inInference = ReadingGraph.of(settings).trainsInInference() || staysFrozen;
        if (inInference && batch.length > 1) {
            model.features(train, batch)
                    .flatMap(features -> SanityCheck.before(settings, features, batch.length))
                    .ifPresent(told::warn);
        }
    }

    /**
     * Trains the epochs that are left of a phase; one that may stop early ends with the weights of the epoch it takes.
     */
    private void train(PhaseTraining model, PhasePlan phase, int end, Teacher teacher) throws IOException {
        Stopping stopping = settings.stopping();
        Weights best = null;
        boolean stopped = done;
        while (history.size() < end && !stopped) {
            Tested epoch = epoch(model, phase, history.size() + 1, teacher);
            history.add(epoch.result());
            tested = epoch.confusion();
            trainedBy = trainer.provenance().at(Instant.now());
            if (stopping.applies()) {
                stopped = stopping.stops(history);
                best = stopping.taken(history) == history.size() ? model.getWeights() : best;
            } else if (keep != Keep.NOTHING) {
                keep(model);
            }
        }
        if (stopping.applies() && !done) {
            told.doing("%s after epoch %d; its weights are those after epoch %d"
                    .formatted(stopped ? "stopped early" : "ended", history.size(), stopping.taken(history)));
            model.setWeights(best);
            if (keep != Keep.NOTHING) {
                trainer.models().save(progress(), best);
            }
        }
    }

    private Progress progress() {
        return new Progress(settings, List.copyOf(history), trainedBy);
    }

    /** One epoch of training, and its test. */
    private Tested epoch(PhaseTraining model, PhasePlan phase, int epoch, Teacher teacher) throws IOException {
        Images train = images.train();
        List<int[]> batches = images.batches(epoch);
        int steps = batches.size();
        double[] sums = new double[3];
        long start = System.nanoTime();
        Teacher teaching = phase.distils() ? teacher : Teacher.NONE;
        model.train(train, batches, epoch, teaching, (step, batch, loss) -> {
            if (!Double.isFinite(loss.loss())) {
                String names = Arrays.stream(batch).mapToObj(train::name).collect(Collectors.joining(", "));
                throw new IOException(
                        "%s: the loss of step %d of %d in epoch %d is %s, on the images %s; what the epoch before left is kept"
                                .formatted(settings.label(), step, steps, epoch, loss.loss(), names));
            }
            if (trainer.isStopped()) {
                throw new InterruptedIOException(settings.label() + " was stopped");
            }
            sums[0] += loss.loss();
            sums[1] += loss.hard();
            sums[2] += loss.soft();
            told.afterStep(epoch, step, steps);
        });
        StepLoss means = new StepLoss(sums[0] / steps, sums[1] / steps, sums[2] / steps);
        Tested result = measures.epoch(model, epoch, means, start);
        told.afterEpoch(result.result(), () -> {
            try {
                return measures.trainAccuracy(model.predict(train));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return result;
    }

    /**
     * Keeps what a later process needs to go on: the state after each epoch where {@link Trainer#keepsEpochs}, else the
     * weights after the last. Earlier epochs are kept of the teachers of Task 1 that all questions share, whose
     * students learn from them.
     */
    private void keep(PhaseTraining model) throws IOException {
        boolean last = history.size() == settings.epochs();
        if (last || Trainer.keepsEpochs(settings)) {
            trainer.models().save(progress(), last && !keepsEarlier() ? model.getWeights() : model.getState());
            if (!keepsEarlier()) {
                trainer.models().deleteBefore(settings, history.size());
            }
        }
    }

    private boolean keepsEarlier() {
        return !settings.isTransfer()
                && settings.question().equals(Settings.SHARED_TEACHER)
                && !settings.stopping().applies();
    }

    /** The run, measured at the end of the last phase. */
    private Run measure(PhaseTraining model) throws IOException {
        told.doing(measures.atTheEnd());
        Run run = measures.run(model, weights, trainOutputs(model), teacherSays, List.copyOf(history), trainedBy);
        if (tested != null) {
            SanityCheck.after(history, tested).ifPresent(told::warn);
        }
        return run;
    }

    /**
     * What the network puts out for the training images; of a teacher that all questions share kept for its students.
     */
    private double[] trainOutputs(PhaseTraining model) throws IOException {
        Images train = images.train();
        return keepsEarlier() && keep != Keep.NOTHING
                ? trainer.teacherOutputs()
                        .of(
                                Trainer.teacher(settings, weights),
                                measures.device(),
                                "train",
                                train,
                                () -> model.predict(train))
                        .values()
                : model.predict(train);
    }
}
