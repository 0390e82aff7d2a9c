"""An adapter that the lab saved, opened by peft on the trunk that the lab saved: python check_adapter.py TRUNK ADAPTER GOLDEN

GOLDEN is {"ids": [...], "logits": [[...] a position]}, as the lab computes them with the adapter, or of a reward model
{"ids": [...], "score": number}. Ends with 1 where
peft's, with the adapter beside the trunk or merged into it, differ by more than 1e-4, and where peft says anything of
keys that it did not expect or miss.
"""
import json
import sys
import warnings

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

TOLERANCE = 1e-4


def main(trunk, adapter, golden):
    with open(golden, encoding="utf8") as file:
        asked = json.load(file)
    own = torch.tensor(asked["logits"] if "logits" in asked else [asked["score"]])
    opened = {"dtype": torch.float32}
    load = AutoModelForCausalLM.from_pretrained
    if "score" in asked:
        load, opened = AutoModelForSequenceClassification.from_pretrained, {**opened, "num_labels": 1}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        base = load(trunk, **opened)
        model = PeftModel.from_pretrained(base, adapter).eval()
    keys = [str(one.message) for one in said if "keys" in str(one.message)]
    ids = torch.tensor([asked["ids"]])
    with torch.no_grad():
        beside = model(ids).logits[0]
        merged = model.merge_and_unload()(ids).logits[0]
    if beside.shape != own.shape or merged.shape != own.shape:
        raise SystemExit(f"{list(beside.shape)} beside, {list(merged.shape)} merged, the lab has {list(own.shape)}")
    worst = {name: (one - own).abs().max().item() for name, one in (("beside", beside), ("merged", merged))}
    print(json.dumps({"worst": worst, "keys": keys}))
    close = all(value <= TOLERANCE for value in worst.values())  # max would pass over NaN, and NaN is not above anything
    return 1 if keys or not close else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
