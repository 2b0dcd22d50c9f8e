"""Makes the notebooks from the jshell scripts, which are their only source, and executes them.

    check TASK      fails where TASK.ipynb has other cells than TASK.jsh, or outputs that should not be there
    execute TASK    executes it, into target/notebooks/
    store TASK      executes it, into TASK.ipynb
"""

import asyncio
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
STARTS = 5
START_SECONDS = 20


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


async def listening(kernel):
    """Waits until the kernel listens. Version 3.0.1 dies of a message that comes as soon as it does, and not of a later one."""
    for port in kernel.ports:
        while True:
            try:
                _, writer = await asyncio.open_connection(kernel.ip, port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)


async def execute_once(notebook, log):
    """Executes the cells in their order, in a kernel of their own."""
    kernel = AsyncKernelManager(kernel_name="distill")
    await kernel.start_kernel(stdout=log, stderr=log)
    try:
        await asyncio.wait_for(listening(kernel), START_SECONDS)
        client = NotebookClient(
            notebook, km=kernel, startup_timeout=START_SECONDS, timeout=None, record_timing=False, coalesce_streams=True
        )
        await client.async_execute()
    finally:
        await kernel.shutdown_kernel(now=True)


def execute(task):
    """The executed notebook. Where the kernel does not answer, it is started again."""
    for start in range(1, STARTS + 1):
        notebook = build(task)
        try:
            with open(WORK / f"{task}-kernel.txt", "w", encoding="utf-8") as log:
                asyncio.run(execute_once(notebook, log))
            return notebook
        except (asyncio.TimeoutError, RuntimeError) as error:
            # nbclient has no class of its own for a kernel that does not answer.
            silent = isinstance(error, asyncio.TimeoutError) or "respond" in str(error)
            if not silent or start == STARTS:
                raise
            print(f"{task}.ipynb: the kernel did not answer in {START_SECONDS} s, starting it again", flush=True)


def sources(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def faults(task):
    """What is wrong with the stored notebook."""
    file = HERE / f"{task}.ipynb"
    found = []
    if not file.exists():
        return [f"{file.name} is missing"]
    stored = nbformat.read(file, as_version=4)
    if sources(stored) != sources(build(task)):
        found.append(f"{file.name} has other cells than {task}.jsh")
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    if not all(cell.execution_count for cell in code):
        found.append(f"{file.name} has cells that were not executed")
    text = file.read_text(encoding="utf-8")
    if len(text.encode()) > MAX_BYTES:
        found.append(f"{file.name} has over {MAX_BYTES:,} bytes")
    for place in (str(ROOT), str(Path.home()) + "/"):
        if place in text:
            found.append(f"{file.name} names a place of this machine, {place}")
    return found


def main(command, task):
    begin = time.monotonic()
    if command == "check":
        found = faults(task)
    else:
        try:
            notebook = execute(task)
        except CellExecutionError as error:
            sys.exit(f"{error}\nFAILED: {task}.ipynb")
        target = HERE if command == "store" else WORK
        nbformat.write(notebook, target / f"{task}.ipynb")
        print(f"{task}.ipynb: ran in {time.monotonic() - begin:.0f} s, see {(target / f'{task}.ipynb').relative_to(ROOT)}")
        found = faults(task) if command == "store" else []
    if found:
        sys.exit("; ".join(found) + ": run notebooks-equivalent/run store")


if __name__ == "__main__":
    main(*sys.argv[1:])
