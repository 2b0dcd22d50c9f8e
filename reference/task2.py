"""The report's Task 2 in Keras: a ResNet50V2 teaches MobileNetV2s on MHIST or a set in its layout. Each training is a
line in a store like the Java program's.

The as-written reading is computed by Keras 2 (tf-keras), as the report's program was, and as-described by Keras 3.
"""

import argparse
import collections
import functools
import hashlib
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from sklearn.metrics import (
    accuracy_score,
    classification_report,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
)

import losses
import mhist
import transfer
from runs import append, fill, find, identity, machine, numbers, provenance, stream, weights_digest
from training import train_step
from transfer import BATCH_SIZE

PROGRAM = "reference/task2.py"
COMPUTATION = 1
ALPHA = 0.5
ESKD_TEMPERATURE = 4.0
ESKD_EPOCHS = 12
# What tells the cells of a table apart.
CELL = ("seed", "task", "question", "variant", "without", "model", "network", "temperature", "alpha", "teacher_epochs")

# Settings of a training, the training of its teacher, and the one whose weights it starts from; or None of these two.
Training = collections.namedtuple("Training", "settings teacher start")
# The store, the images, and how to reach the starting weights of each role.
Lab = collections.namedtuple("Lab", "folder data weights")


def main(argv=None):
    args = arguments(argv)
    tf.config.threading.set_intra_op_parallelism_threads(os.cpu_count())
    try:
        lab = Lab(Path(args.out) / "task2", data(args), {"teacher": args.teacher_weights, "student": args.weights})
        lab.folder.mkdir(parents=True, exist_ok=True)
        for seed in range(args.seed, args.seed + args.seeds):
            for training in trainings(args, lab, seed):
                run = find(lab.folder, training.settings)
                if run:
                    print(f"{label(run)}: stored, {run['test_accuracy']:.2f} %", flush=True)
                else:
                    train(lab, training)
    except (OSError, KeyError, ValueError) as problem:
        sys.exit(f"error: {problem}")


def arguments(argv):
    parser = argparse.ArgumentParser(description="Task 2 of the report, trained by Keras.")
    parser.add_argument(
        "part",
        choices=["teacher", "sweep", "scratch", "eskd", "all"],
        help="the teacher; students with distillation at each T; students without; early-stopped teachers",
    )
    parser.add_argument("--variant", choices=["as-written", "as-described"], default="as-written")
    parser.add_argument("--without", type=names, default=[], metavar="SLIP[,SLIP]", help=", ".join(transfer.SLIPS))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="where all chance comes from")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="repeat with N seeds, from --seed on")
    parser.add_argument("--temperatures", type=numbers, metavar="T", help="default 1,2,4,16,32,64")
    parser.add_argument(
        "--loss",
        choices=losses.DISTILLING + losses.PLAIN,
        help="of students with distillation (default kd), or without it none or label-smoothing",
    )
    parser.add_argument("--epochs-initial", type=int, metavar="N", help="default 10")
    parser.add_argument("--epochs-fine", type=int, metavar="N", help="at a tenth of the rate, default 25")
    parser.add_argument("--image-size", type=int, metavar="N", help="height and width, default 224")
    parser.add_argument("--no-augmentation", action="store_true", help="train on the images as they are")
    parser.add_argument("--teacher-model", choices=transfer.NETWORKS, default="resnet50v2")
    parser.add_argument(
        "--weights",
        default="imagenet",
        metavar="FILE|none",
        help="a MobileNetV2 to start from; none draws it; default imagenet: Keras's, which it downloads",
    )
    parser.add_argument("--teacher-weights", metavar="FILE|none", help="the same of the teacher; default as --weights")
    parser.add_argument("--quick", action="store_true", help="64 + 64 images of 64 x 64, 1 epoch each, T = 1, 4")
    parser.add_argument("--data-dir", metavar="DIR", help="annotations.csv and images/, as MHIST has them")
    parser.add_argument("--out", default="runs-python", metavar="DIR", help="the store, default runs-python")
    args = parser.parse_args(argv)
    quick = {"temperatures": [1.0, 4.0], "epochs_initial": 1, "epochs_fine": 1, "image_size": 64}
    report = {
        "temperatures": [1.0, 2.0, 4.0, 16.0, 32.0, 64.0],
        "epochs_initial": 10,
        "epochs_fine": 25,
        "image_size": 224,
    }
    fill(args, quick if args.quick else report)
    args.eskd_epochs = 2 if args.quick else ESKD_EPOCHS
    if min(args.temperatures) <= 0:
        parser.error("temperatures are over 0")
    if args.epochs_initial < 1 or args.epochs_fine < 0 or args.seeds < 1 or args.image_size < 32:
        parser.error("at least 1 initial epoch, 1 seed and images of 32 x 32 are needed")
    if args.teacher_weights is None:
        if args.teacher_model != "mobilenetv2" and args.weights not in ("imagenet", "none"):
            parser.error(f"--weights are a MobileNetV2's: name the {args.teacher_model}'s with --teacher-weights")
        args.teacher_weights = args.weights
    try:
        transfer.slips(args.variant, args.without)
    except ValueError as problem:
        parser.error(str(problem))
    return args


def names(text):
    return sorted(set(text.split(",")))


def data(args):
    """The images, fewer of them where it must be quick."""
    data = mhist.load(args.data_dir, args.image_size)
    if not args.quick:
        return data
    train = mhist.first(data.train_images, data.train_labels, 64)
    test = mhist.first(data.test_images, data.test_labels, 64)
    return data._replace(
        train_images=data.train_images[train],
        train_labels=data.train_labels[train],
        train_files=[data.train_files[index] for index in train],
        test_images=data.test_images[test],
        test_labels=data.test_labels[test],
    )


def trainings(args, lab, seed):
    """What is to be trained, in order."""
    slips = transfer.slips(args.variant, args.without)

    def temperatures_of(model):
        # Without a temperature in its loss it is trained once.
        return args.temperatures if losses.in_settings(args.loss, model, 1)[0] else [None]

    teacher = Training(settings(args, lab, "teacher", "teacher", seed), None, None)
    if args.part in ("teacher", "sweep", "all"):
        yield teacher
    if args.part in ("sweep", "all"):
        yield from chain(
            "carried-students" in slips,
            teacher,
            [settings(args, lab, "q2", "student", seed, t, ALPHA, teacher) for t in temperatures_of("student")],
        )
    if args.part in ("scratch", "all"):
        temperatures = temperatures_of("student-plain") if "scratch-temperature" in slips else [None]
        yield from chain(
            "carried-students" in slips,
            None,
            [settings(args, lab, "q2", "student-plain", seed, t) for t in temperatures],
        )
    if args.part in ("eskd", "all"):
        for epochs in range(1, args.eskd_epochs + 1):
            stopped = Training(
                settings(args, lab, "eskd", "teacher", seed, epochs=epochs, teacher_epochs=epochs), None, None
            )
            yield stopped
            yield Training(
                settings(
                    args,
                    lab,
                    "eskd",
                    "student",
                    seed,
                    ESKD_TEMPERATURE,
                    ALPHA,
                    teacher=stopped,
                    epochs=epochs if "eskd-rate" in slips else args.eskd_epochs,
                    teacher_epochs=epochs,
                ),
                stopped,
                None,
            )


def chain(carried, teacher, all_settings):
    """Trainings of fresh students, or of one that keeps its weights."""
    previous = None
    for one in all_settings:
        if previous:
            one = {**one, "starting_weights": identity(previous.settings)}
        training = Training(one, teacher, previous)
        yield training
        previous = training if carried else None


def settings(
    args, lab, question, model, seed, temperature=None, alpha=None, teacher=None, epochs=None, teacher_epochs=None
):
    """Everything that decides the numbers of one training; what does not apply is left out. epochs are those of a
    training in one phase."""
    slips = transfer.slips(args.variant, args.without)
    eskd = question == "eskd"
    rate = (1e-3 if "eskd-rate" in slips else 1e-4) if eskd else transfer.LEARNING_RATES[model]
    role = "teacher" if model == "teacher" else "student"
    temperature, loss = losses.in_settings(args.loss, model, temperature)
    start = digest(lab.weights[role])
    all_settings = {
        "task": "task2",
        "question": question,
        "variant": args.variant,
        "without": ",".join(args.without) or None,
        "model": model,
        "network": args.teacher_model if model == "teacher" else "mobilenetv2",
        "temperature": temperature,
        "alpha": alpha,
        "loss": loss,
        "epochs": epochs if eskd else args.epochs_initial + args.epochs_fine,
        "epochs_initial": None if eskd else args.epochs_initial,
        "epochs_fine": None if eskd else args.epochs_fine,
        "batch_size": BATCH_SIZE,
        "learning_rate": rate,
        "image_size": args.image_size,
        "augmentation": not args.no_augmentation,
        "starting_weights": start,
        # Drawn weights come with means of 0 and variances of 1, which nothing has trained.
        "trained_statistics": True if start == "none" and args.variant == "as-described" else None,
        "teacher": identity(teacher.settings) if teacher else None,
        "teacher_epochs": teacher_epochs,
        **machine(),
        "seed": seed,
        "data": lab.data.digest,
        "train_images": len(lab.data.train_labels),
        "quick": args.quick,
        "computation": COMPUTATION,
    }
    return {name: value for name, value in all_settings.items() if value is not None}


def digest(weights):
    """SHA-256 of a file; none and imagenet stay."""
    return weights if weights in ("none", "imagenet") else hashlib.sha256(Path(weights).read_bytes()).hexdigest()


def slips_of(settings):
    """Those of its reading that are not taken away. Early-stopped, alpha is on the distillation in either reading."""
    without = settings["without"].split(",") if "without" in settings else []
    slips = transfer.slips(settings["variant"], without)
    return slips - {"alpha-on-hard"} if settings["question"] == "eskd" else slips


def label(settings):
    parts = ["task2", settings["variant"]]
    if "without" in settings:
        parts.append("without-" + settings["without"].replace(",", "-"))
    if settings["question"] != settings["model"]:
        parts.append(settings["question"])
    parts.append(settings["model"])
    if "loss" in settings:
        parts.append(f"loss-{settings['loss']}")
    if "temperature" in settings:
        parts.append(f"T{settings['temperature']:g}")
    if settings["question"] == "eskd":
        parts.append(f"epochs{settings['teacher_epochs']}")
    parts.append(f"seed{settings['seed']}")
    return "-".join(parts + ["quick"] if settings["quick"] else parts)


def trained(lab, training):
    """A stored training's model: from its file, or else trained again."""
    file = weights_file(lab, training)
    run = find(lab.folder, training.settings)
    if run and file.exists():
        model = build(training.settings, "none")
        model.load_weights(file)
        if weights_digest(model) == run["weights_digest"]:
            return model
    return train(lab, training)


def weights_file(lab, training):
    # Slips that are taken away would make a name too long.
    return lab.folder / f"{training.settings['model']}-{identity(training.settings)}.weights.h5"


def build(settings, weights):
    return transfer.build(settings["network"], slips_of(settings), settings["image_size"], weights)


def train(lab, training):
    """Trains, stores the run, keeps the weights, and gives the model."""
    settings, data = training.settings, lab.data
    slips = slips_of(settings)
    k = transfer.keras_of(slips)
    teacher = trained(lab, training.teacher) if training.teacher else None
    start = trained(lab, training.start) if training.start else None
    print(label(settings), flush=True)
    cell = (*CELL, "loss") if "loss" in settings else CELL
    k.utils.set_random_seed(stream(settings, cell, "weights") % 2**32)
    model = start or build(settings, lab.weights["teacher" if settings["model"] == "teacher" else "student"])
    name = settings.get("loss")
    pairs = losses.compared(name, model, teacher) if teacher else []
    watched = losses.watch(model, [pair[0] for pair in pairs])
    set_to = settings.get("temperature"), settings.get("alpha")
    history = []
    inputs = functools.partial(transfer.inputs, model=model, slips=slips)
    predict = transfer.predictor(model, slips)
    teach = transfer.predictor(losses.watch(teacher, [pair[1] for pair in pairs]), slips) if teacher else None
    order, augmentation, test = (
        np.random.default_rng(stream(settings, cell, purpose)) for purpose in ("order", "augmentation", "test")
    )
    for phase, epochs in phases(settings):
        optimizer = transfer.start_phase(model, phase, settings["learning_rate"], slips)
        # A new optimiser, and with it a new regressor where the loss has one.
        loss = transfer.loss(settings["model"], slips, *set_to, name, losses.regressor(name, pairs, model, teacher))
        by_batch = "batch-statistics" in slips or settings.get("trained_statistics", False)
        step = train_step(model, loss, optimizer, by_batch, watched)
        for _ in range(epochs):
            started = time.time()
            means = train_epoch(step, settings, data, order, augmentation, inputs, teach)
            outputs = predict(data.test_images)
            history.append(
                {
                    "epoch": len(history) + 1,
                    "phase": phase,
                    **measures(data.test_labels, outputs),
                    **partial(data.test_labels, outputs, test, slips),
                    **means,
                    "seconds": time.time() - started,
                }
            )
            print(epoch_line(history[-1], settings["epochs"]), flush=True)
    train_outputs = predict(data.train_images)
    run = {
        "identity": identity(settings),
        **settings,
        **measures(data.test_labels, outputs),
        "train_accuracy": 100 * accuracy_score(data.train_labels, train_outputs.argmax(axis=1)),
        **resampled(data.test_labels, outputs, test, slips),
        "history": history,
        "weights_digest": weights_digest(model),
        "provenance": provenance(PROGRAM, data.name, k.__version__),
    }
    model.save_weights(weights_file(lab, training))
    stored = find(lab.folder, settings)
    # What was trained again for its weights is not stored twice.
    if not stored or stored["weights_digest"] != run["weights_digest"]:
        append(lab.folder, run)
    predicted = outputs.argmax(axis=1)
    print(classification_report(data.test_labels, predicted, labels=[0, 1], target_names=data.classes, zero_division=0))
    print(f"{label(run)}: {run['test_accuracy']:.2f} % -> {lab.folder}", flush=True)
    return model


def phases(settings):
    if settings["question"] == "eskd":
        return [("only", settings["epochs"])]
    return [("initial", settings["epochs_initial"]), ("fine", settings["epochs_fine"])]


def train_epoch(step, settings, data, order, augmentation, inputs, teach):
    """Trains on every image once, in batches of 32 of which the last may be smaller. Returns the losses as means over
    the steps. The teacher sees what the student sees."""
    sums = np.zeros(3)
    permutation = order.permutation(len(data.train_labels))
    starts = range(0, len(permutation), BATCH_SIZE)
    for number, start in enumerate(starts, start=1):
        batch = permutation[start : start + BATCH_SIZE]
        images = data.train_images[batch]
        if settings["augmentation"]:
            keras_3 = settings["variant"] == "as-described"
            images = np.stack([mhist.augment(image, augmentation, keras_3) for image in images])
        known = teach(images) if teach else None
        parts = [float(part) for part in step(inputs(images), data.train_labels[batch], known)]
        if not np.all(np.isfinite(parts)):
            files = ", ".join(data.train_files[index] for index in batch)
            raise ValueError(f"the loss of step {number} of {len(starts)} is {parts[0]}, on the images {files}")
        sums += parts
    return dict(zip(("loss", "hard", "soft"), (sums / len(starts)).tolist()))


def measures(labels, outputs):
    """Accuracy in percent, the others as shares; lists are by class. The positive class, which is the second, is scored
    by the difference of the logits: it orders the images as its probability does, and does not round to 1. Where all
    labels are of one class there is no area."""
    predicted = outputs.argmax(axis=1)
    precision, recall, f1, _ = precision_recall_fscore_support(labels, predicted, labels=[0, 1], zero_division=0)
    scores = outputs.astype(np.float64)
    area = {"roc_auc": roc_auc_score(labels, scores[:, 1] - scores[:, 0])} if len(set(labels)) == 2 else {}
    return {
        "test_accuracy": 100 * accuracy_score(labels, predicted),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "macro_f1": float(f1.mean()),
        **area,
        "confusion": confusion_matrix(labels, predicted, labels=[0, 1]).tolist(),
    }


def partial(labels, outputs, random, slips):
    """The accuracy that the report's program prints, on floor((n - 1) / 32) batches of the shuffled test set."""
    if "partial-test" not in slips:
        return {}
    # A set of a single batch is tested whole.
    images = (len(labels) - 1) // BATCH_SIZE * BATCH_SIZE or len(labels)
    tested = random.permutation(len(labels))[:images]
    return {"notebook_accuracy": 100 * accuracy_score(labels[tested], outputs[tested].argmax(axis=1))}


def resampled(labels, outputs, random, slips):
    """The report's program's last measures: of the first images of n batches of the shuffled, endless test set."""
    if "resampled-report" not in slips:
        return {}
    firsts = []
    while len(firsts) < len(labels):
        firsts.extend(random.permutation(len(labels))[::BATCH_SIZE])
    firsts = firsts[: len(labels)]
    return {"notebook_report": measures(labels[firsts], outputs[firsts])}


def epoch_line(epoch, epochs):
    area = f", AUC {epoch['roc_auc']:.3f}" if "roc_auc" in epoch else ""
    return (
        f"  epoch {epoch['epoch']}/{epochs} ({epoch['phase']}): test accuracy {epoch['test_accuracy']:.2f} %, "
        f"macro F1 {epoch['macro_f1']:.3f}{area}, loss {epoch['loss']:.4f}, {epoch['seconds']:.0f} s"
    )


if __name__ == "__main__":
    main()
