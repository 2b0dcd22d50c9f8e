"""Prints as JSON what TensorBoard's own reader finds in each folder of FOLDER: scalars as [step, value], images as
[step, grey levels].

    read_events.py FOLDER
"""

import io
import json
import pathlib
import sys

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def grey_levels(event):
    image = np.asarray(Image.open(io.BytesIO(event.encoded_image_string)))
    assert image.shape == (event.height, event.width, 3), image.shape
    return image.ravel().tolist()


def read(folder):
    events = EventAccumulator(str(folder))
    events.Reload()
    tags = events.Tags()
    return {
        "scalars": {tag: [[event.step, event.value] for event in events.Scalars(tag)] for tag in tags["scalars"]},
        "images": {tag: [[event.step, grey_levels(event)] for event in events.Images(tag)] for tag in tags["images"]},
    }


print(json.dumps({folder.name: read(folder) for folder in pathlib.Path(sys.argv[1]).iterdir()}))
