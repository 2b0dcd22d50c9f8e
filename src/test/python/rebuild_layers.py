"""Whether Keras 3, and Keras 2 where it has the layer, rebuild each layer of layers.json from what the Java program
says of it: prints what comes out otherwise. Its argument is a file with the Java program's configurations, in order."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tf_keras

# How weights start is not written: a file has their values.
LEFT_OUT = ("name", "dtype", "seed")


def telling(config):
    """What tells a layer from others, in lists and to float32."""
    kept = {name: value for name, value in config.items() if name not in LEFT_OUT and not name.endswith("_initializer")}
    return json.loads(json.dumps(kept, default=lambda value: value.tolist()), parse_float=lambda text: round(float(text), 6))


def main(configurations):
    golden = json.loads(Path("src/test/resources/keras/layers.json").read_text())["cases"]
    for case, config in zip(golden, json.loads(configurations.read_text()), strict=True):
        for k, kept in ((keras, case["config"]), (tf_keras, case.get("keras2"))):
            # Augmentations have more arguments in Keras 3 than in Keras 2.
            if kept is None or (k is tf_keras and case["class"].startswith("Random")):
                continue
            layer = getattr(k.layers, case["class"]).from_config({"name": "x", **config})
            found, wanted = telling(layer.get_config()), telling(kept)
            for argument, value in wanted.items():
                # What was counted from the end may be counted from the front.
                if argument not in ("axis", "data_format") and found.get(argument) != value:
                    print(f"{k.__name__}: {case['class']} has {argument} {found.get(argument)}, expected {value}")


main(Path(sys.argv[1]))
