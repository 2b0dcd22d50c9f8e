"""Training without chance, step by step: given weights, given batches. The Java program's steps must give the same.

Task 1's networks on MNIST, or with --model Task 2's on MHIST or a set in its layout.
"""

import argparse
import collections
import functools
import os
import sys

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tf_keras

import losses
import mhist
import mnist
import transfer
from networks import build_cnn, build_fc
from training import LEARNING_RATE, predict, rows, train_step

# What differs between the two tasks: the data, functions that build a role's network, make its inputs of images, and
# predict, a function that gives the loss for the regressor of hints, and one that gives the step for a model.
Task = collections.namedtuple("Task", "data build inputs predict loss step")


class Keras2Adam:
    """Keras 2.8's Adam, for the variables of Keras 3, too."""

    def __init__(self, rate):
        self.adam = tf_keras.optimizers.legacy.Adam(rate)

    def build(self, variables):
        """What it remembers is made at the first step."""

    def apply_gradients(self, gradients):
        self.adam.apply_gradients((g, v.value if isinstance(v, keras.Variable) else v) for g, v in gradients)


# How an Adam is made of its rate; None for that of the Keras that the model is of, which computes it as Keras 3 does.
ADAMS = {"keras2": Keras2Adam, "keras3": None}


def main(argv=None):
    args = arguments(argv)
    keras.backend.clear_session()
    keras.config.set_floatx(args.dtype)
    keras.config.set_dtype_policy(args.dtype)
    tf_keras.backend.set_floatx(args.dtype)
    try:
        task = mhist_task(args) if args.model else mnist_task(args)
        batches = read_order(args.order, len(task.data.train_images))
    except (OSError, ValueError) as problem:
        sys.exit(f"error: {problem}")
    steps = len(batches) if args.steps is None else args.steps
    if not 1 <= steps <= len(batches):
        sys.exit(f"error: {args.order} has {len(batches)} batches, found --steps {steps}")
    batches = batches[:steps]

    model = load(task.build(args.train), getattr(args, args.train))
    teacher_outputs, compute_loss, watched = None, None, None
    if args.train == "student" and not args.plain:
        teacher = load(task.build("teacher"), args.teacher)
        try:
            pairs = losses.compared(args.loss, model, teacher)
        except ValueError as problem:
            sys.exit(f"error: {problem}")
        watched = losses.watch(model, [pair[0] for pair in pairs])
        compute_loss = task.loss(losses.regressor(args.loss, pairs, model, teacher))
        asked = losses.watch(teacher, [pair[1] for pair in pairs])
        teacher_outputs = outputs_on(asked, task, np.unique(np.concatenate(batches)))
    step = task.step(model, compute_loss or task.loss(()), watched)

    with open(args.csv or os.devnull, "w") as csv:
        for line in replay(model, task, step, batches, teacher_outputs):
            print(line, flush=True)
            print(line, file=csv)
    if args.save:
        model.save(args.save)
    if args.predictions:
        np.savetxt(args.predictions, task.predict(model, task.data.test_images).argmax(axis=1), fmt="%d")


def arguments(argv):
    parser = argparse.ArgumentParser(description="Trains from given weights on given batches; prints each step's loss.")
    parser.add_argument("--student", metavar="FILE.h5", help="the student's starting weights")
    parser.add_argument("--teacher", metavar="FILE.h5", help="the teacher's weights")
    parser.add_argument("--order", required=True, metavar="FILE.csv", help="a batch per line: its images' indices")
    parser.add_argument("--variant", choices=losses.READINGS, default="as-written")
    parser.add_argument("--adam", choices=ADAMS, default="keras3", help="keras2: Keras 2.8's, TensorFlow's fused kernel")
    parser.add_argument("--momentum", type=float, metavar="M", help="SGD with this momentum in Adam's place")
    parser.add_argument("--temperature", type=float, metavar="T")
    parser.add_argument("--alpha", type=float, metavar="A", help="weight of the distillation")
    parser.add_argument("--loss", choices=losses.DISTILLING + losses.PLAIN, help="default kd, with --plain none")
    parser.add_argument("--plain", action="store_true", help="train the student without distillation")
    parser.add_argument("--train", choices=["student", "teacher"], default="student")
    parser.add_argument("--dropout", type=float, default=0.5, metavar="RATE", help="of the teacher that is trained")
    parser.add_argument("--steps", type=int, metavar="N", help="default: every batch of the order")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--data-dir", metavar="DIR", help="where MNIST, or a set in MHIST's layout, is")
    parser.add_argument("--model", choices=transfer.NETWORKS, help="Task 2: the network that is trained")
    parser.add_argument("--teacher-model", choices=transfer.NETWORKS, default="resnet50v2", help="that of its teacher")
    parser.add_argument(
        "--image-size", type=int, default=224, metavar="N", help="Task 2's height and width, default 224"
    )
    parser.add_argument(
        "--phase", choices=["initial", "fine"], default="initial", help="of Task 2; fine: a tenth of the rate"
    )
    parser.add_argument("--without", type=lambda names: names.split(","), default=[], metavar="SLIP[,SLIP]")
    parser.add_argument("--csv", metavar="FILE", help="write there, too, what is printed")
    parser.add_argument("--save", metavar="FILE.h5", help="the model after the last step")
    parser.add_argument("--predictions", metavar="FILE.csv", help="the class of each test image after the last step")
    args = parser.parse_args(argv)
    if args.train == "teacher":
        needed = ["teacher"]
    elif args.plain:
        # The loss without distillation has a temperature in Task 2 as-written.
        scratch = args.model and args.variant == "as-written" and "scratch-temperature" not in args.without
        scratch = scratch and args.loss != "label-smoothing"
        needed = ["student", "temperature"] if scratch else ["student"]
    else:
        tempered = (args.loss or "kd") in losses.TEMPERED
        needed = ["student", "teacher", "temperature", "alpha"] if tempered else ["student", "teacher", "alpha"]
    if args.loss and args.loss not in ([] if args.train == "teacher" else losses.PLAIN if args.plain else losses.DISTILLING):
        sys.exit(f"error: --loss {args.loss} is not of what is trained; losses without distillation go with --plain")
    for name in needed:
        if getattr(args, name) is None:
            sys.exit(f"error: --{name} is missing")
    for file in (args.csv, args.save, args.predictions):
        if file and os.path.exists(file):
            sys.exit(f"error: {file} is there already and was left alone: name another file")
    if args.without and not args.model:
        sys.exit("error: --without takes away slips of Task 2, which needs --model")
    # Task 2's networks have no dropout.
    if args.train == "teacher" and args.dropout != 0 and not args.model:
        sys.exit(f"error: --train teacher needs --dropout 0, found {args.dropout:g}: dropout's masks are chance")
    return args


def role(args):
    """What is trained: teacher, student, or student-plain, which is without distillation."""
    return "student-plain" if args.train == "student" and args.plain else args.train


def optimizer(args, of=keras):
    """A function that makes what trains of its rate; None for the Adam of the Keras that the model is of."""
    if args.momentum is not None:
        return functools.partial(of.optimizers.SGD, momentum=args.momentum)
    return ADAMS[args.adam]


def mnist_task(args):
    reading = losses.READINGS[args.variant]

    def build(role):
        if role == "student":
            return build_fc(reading.output_activation)
        return build_cnn(reading.output_activation, args.dropout if args.train == "teacher" else 0.5)

    def step(model, compute_loss, watched):
        starting = (optimizer(args) or keras.optimizers.Adam)(LEARNING_RATE)
        return train_step(model, compute_loss, starting, watched=watched)

    def loss(regressor):
        return losses.loss(role(args), reading.soft_targets, args.temperature, args.alpha, args.loss, regressor)

    return Task(mnist.load(args.data_dir), build, mnist.pixels, predict, loss, step)


def mhist_task(args):
    """Task 2 in one phase, whose rate is the role's; images are not augmented."""
    slips = transfer.slips(args.variant, args.without)
    def build(of):
        return transfer.build(args.model if of == args.train else args.teacher_model, slips, args.image_size)

    def step(model, compute_loss, watched):
        rate = transfer.LEARNING_RATES[role(args)]
        starting = transfer.start_phase(model, args.phase, rate, slips, optimizer(args, transfer.keras_of(slips)))
        return train_step(model, compute_loss, starting, "batch-statistics" in slips, watched)

    return Task(
        mhist.load(args.data_dir, args.image_size),
        build,
        functools.partial(mhist.pixels, raw="raw-inputs" in slips),
        lambda model, images: transfer.predictor(model, slips)(images),
        lambda regressor: transfer.loss(role(args), slips, args.temperature, args.alpha, args.loss, regressor),
        step,
    )


def read_order(file, images):
    """The batches of an order file, each an array of image indices."""
    batches = []
    with open(file) as lines:
        for number, line in enumerate(lines, start=1):
            try:
                batch = np.array([int(index) for index in line.split(",")])
            except ValueError:
                raise ValueError(f"{file} line {number} is not a list of numbers with commas between them") from None
            if batch.min() < 0 or batch.max() >= images:
                raise ValueError(f"{file} line {number} has an index that is not from 0 to {images - 1}")
            batches.append(batch)
    return batches


def load(model, file):
    """Gives a model the weights, and nothing else, of a Keras file."""
    try:
        model.load_weights(file)
    except (OSError, KeyError, ValueError) as problem:
        sys.exit(f"error: {file} does not hold this network's weights: {' '.join(str(problem).split())}")
    return model


def outputs_on(teacher, task, indices):
    """The teacher's outputs in a table by image index; rows of images that are not asked for stay NaN."""

    def table(outputs):
        whole = np.full((len(task.data.train_images), *outputs.shape[1:]), np.nan, teacher.compute_dtype)
        whole[indices] = outputs
        return whole

    outputs = task.predict(teacher, task.data.train_images[indices])
    return [table(part) for part in outputs] if isinstance(outputs, list) else table(outputs)


def replay(model, task, step, batches, teacher_outputs):
    """Trains batch by batch; gives a header, and for each step what its losses were before its update."""
    digits = 15 if model.compute_dtype == "float64" else 9
    yield "step,loss,hard,soft"
    for number, batch in enumerate(batches, start=1):
        images = task.inputs(task.data.train_images[batch], model.compute_dtype)
        values = step(images, task.data.train_labels[batch], rows(teacher_outputs, batch))
        yield ",".join([str(number)] + [f"{float(value):.{digits}g}" for value in values])


if __name__ == "__main__":
    main()
