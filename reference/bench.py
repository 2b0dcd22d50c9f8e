"""What bench_keras.py and bench_torch.py share: what is timed, and how it is told."""

import collections
import os

BATCH_SIZE = 256
TEST_BATCH = 1000
WARM_UP = 2

Case = collections.namedtuple("Case", "batch shape classes steps has_teacher")
CASES = {
    "mnist-student": Case(256, (28, 28, 1), 10, 100, True),
    "mnist-teacher": Case(256, (28, 28, 1), 10, 20, False),
    "mobilenetv2": Case(32, (224, 224, 3), 2, 8, True),
    "resnet50v2": Case(32, (224, 224, 3), 2, 5, False),
}


def students(words):
    """T/ALPHA... as pairs of numbers."""
    return [tuple(float(number) for number in word.split("/")) for word in words]


def summary(milliseconds, parameters):
    """Of the steps of a network with so many parameters, statistics of batch normalisation among them."""
    ordered = sorted(milliseconds)
    return {
        "median": ordered[len(ordered) // 2],
        "best": ordered[0],
        "memory": peak_megabytes(),
        "parameters": parameters,
    }


def peak_megabytes():
    """What Linux calls the high-water mark (getrusage counts the parent's as well); None elsewhere."""
    if not os.path.exists("/proc/self/status"):
        return None
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
