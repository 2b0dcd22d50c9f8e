"""Makes the notebooks from the jshell scripts, which are their only source, and executes them.

    check TASK      fails where TASK.ipynb has other cells than TASK.jsh, or outputs that should not be there
    execute TASK    executes it, into target/notebooks/
    compare TASK    fails where what it printed there is not what jshell printed
    store TASK      executes it, into TASK.ipynb
"""

import asyncio
import itertools
import sys
import time
from pathlib import Path

import jupytext
import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "target" / "notebooks"
MAX_BYTES = 1_000_000
STARTS = 8
START_SECONDS = 15


def build(task):
    """The notebook without outputs: the script's cells but for those that only jshell needs."""
    script = (HERE / f"{task}.jsh").read_text(encoding="utf-8")
    notebook = jupytext.reads(script, fmt={"extension": ".java", "format_name": "percent"})
    notebook.cells = [cell for cell in notebook.cells if "jshell" not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        cell.metadata.clear()
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
    notebook.metadata = {"kernelspec": {"name": "distill", "display_name": "Java (distill)", "language": "java"}}
    return notebook


async def started(task, log):
    """A kernel that answers, and a client of it. Of the kernel's version 3.0.1 one start in four or so does not: its threads end where
    they are run before their flag is set, or where the first message comes before its handlers are there."""
    for start in range(1, STARTS + 1):
        kernel = AsyncKernelManager(kernel_name="distill")
        await kernel.start_kernel(stdout=log, stderr=log)
        client = kernel.client()
        client.start_channels()
        client.allow_stdin = False
        try:
            await client.wait_for_ready(timeout=START_SECONDS)
            return kernel, client
        except RuntimeError as error:
            client.stop_channels()
            await kernel.shutdown_kernel(now=True)
            print(f"{task}.ipynb, start {start} of {STARTS}: {error}", flush=True)
    sys.exit(f"FAILED: {task}.ipynb: its kernel does not start, see {Path(log.name).relative_to(ROOT)}")


async def execute(task):
    """The notebook with the outputs of its cells, executed in their order. Fails with the first that does."""
    notebook = build(task)
    with open(WORK / f"{task}-kernel.txt", "w", encoding="utf-8") as log:
        kernel, client = await started(task, log)
        try:
            executor = NotebookClient(notebook, km=kernel, timeout=None, record_timing=False, coalesce_streams=True)
            executor.kc = client
            await executor.async_execute()
        finally:
            client.stop_channels()
            await kernel.shutdown_kernel(now=True)
    return notebook


def sources(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def faults(task):
    """What is wrong with the stored notebook."""
    file = HERE / f"{task}.ipynb"
    found = []
    if not file.exists():
        return [f"{file.name} is missing: run notebooks-equivalent/run store"]
    stored = nbformat.read(file, as_version=4)
    if sources(stored) != sources(build(task)):
        found.append(f"{file.name} has other cells than {task}.jsh: run notebooks-equivalent/run store")
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    if not all(cell.execution_count for cell in code):
        found.append(f"{file.name} has cells that were not executed")
    text = file.read_text(encoding="utf-8")
    if len(text.encode()) > MAX_BYTES:
        found.append(f"{file.name} has over {MAX_BYTES:,} bytes")
    if task == "Task2" and "SYNTHETIC" not in text:
        found.append(f"{file.name} shows images that are not drawn: store it where there is no ../shared and no data/mhist")
    for place in (str(ROOT), str(Path.home()) + "/"):
        if place in text:
            found.append(f"{file.name} names a place of this machine, {place}")
    return found


def difference(task):
    """The first line that the notebook and the script printed differently, if there is one. Both compute the same, bit for bit."""
    notebook = nbformat.read(WORK / f"{task}.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    printed = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout").splitlines()
    script = (WORK / f"{task}.txt").read_text(encoding="utf-8").splitlines()
    script = [line for line in script if not line.startswith("Figure: ")]
    for ours, theirs in itertools.zip_longest(printed, script[:-1]):
        if ours != theirs:
            return [f"{task}.ipynb printed {ours!r} where {task}.jsh printed {theirs!r}"]
    return []


def main(command, task):
    begin = time.monotonic()
    if command == "check":
        found = faults(task)
    elif command == "compare":
        found = difference(task)
    else:
        try:
            notebook = asyncio.run(execute(task))
        except CellExecutionError as error:
            sys.exit(f"{error}\nFAILED: {task}.ipynb")
        target = HERE if command == "store" else WORK
        nbformat.write(notebook, target / f"{task}.ipynb")
        print(f"{task}.ipynb: ran in {time.monotonic() - begin:.0f} s, see {(target / f'{task}.ipynb').relative_to(ROOT)}")
        found = faults(task) if command == "store" else []
    if found:
        sys.exit("FAILED: " + "; ".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
