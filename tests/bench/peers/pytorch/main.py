"""Answers one JSON line for each that it is told:

{"prepare": name, "kind": ..., "threads": n, "compiled": bool, ...}   ->  {"check": [numbers]}
{"run": name, "times": n}                                            ->  {"ms": milliseconds of one of n in a row}

or {"error": words}. The first line says what is here.
"""
import json
import os
import sys
import time

import torch

from works import WORKS

prepared = {}


def answer(task):
    if "prepare" in task:
        torch.set_num_threads(task["threads"])
        prepared[task["prepare"]] = WORKS[task["kind"]](task)
        return {"check": prepared[task["prepare"]].check}
    start = time.perf_counter()
    for _ in range(task["times"]):
        prepared[task["run"]].run()
    return {"ms": 1000 * (time.perf_counter() - start) / task["times"]}


def main():
    say = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what others print must not be taken for an answer
    print(json.dumps({"ready": f"PyTorch {torch.__version__}"}), file=say, flush=True)
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), file=say, flush=True)


main()
