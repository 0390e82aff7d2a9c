"""Rows that the lab wrote: `datasets` loads them, no cell is null, and TRL trains two steps on them as they are.

check_rows.py MODEL FILE...: prints for each file a line, `rows` and JSON: {columns, rows, first, losses}.
"""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
import datasets
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging
from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer, SFTConfig, SFTTrainer

logging.set_verbosity_error()
datasets.disable_progress_bars()

# models of the lab have none of their own
CHAT = "{% for m in messages %}{{ m['content'] }} {% endfor %}"
COMMON = dict(
    max_steps=2, per_device_train_batch_size=4, bf16=False, gradient_checkpointing=False, use_cpu=True,
    report_to="none", save_strategy="no", logging_steps=1, disable_tqdm=True,
)


def loaded(path):
    kind = "parquet" if path.endswith(".parquet") else "json"
    rows = datasets.load_dataset(kind, data_files=path, split="train", cache_dir=os.path.dirname(path) + "/cache")
    for name in rows.column_names:
        assert all(cell is not None for cell in rows[name]), f"{name} has a null"
    return rows


def trainers(columns):
    if "rejected" in columns:
        return [("dpo", DPOTrainer, DPOConfig), ("reward", RewardTrainer, RewardConfig)]
    return [("sft", SFTTrainer, SFTConfig)] if {"completion", "text"} & set(columns) else []


def train(where, rows, trainer, config, name):
    tokenizer = AutoTokenizer.from_pretrained(where)
    if isinstance(rows[0].get("chosen", rows[0].get("completion")), list):
        tokenizer.chat_template = CHAT
    kind = AutoModelForSequenceClassification if name == "reward" else AutoModelForCausalLM
    more = {"num_labels": 1} if name == "reward" else {}
    model = kind.from_pretrained(where, **more)
    model.config.pad_token_id = tokenizer.pad_token_id
    made = trainer(
        model=model, args=config(output_dir=os.path.join(os.path.dirname(where), "unused"), max_length=64, **COMMON), train_dataset=rows,
        processing_class=tokenizer,
    )
    made.train()
    return [line["loss"] for line in made.state.log_history if "loss" in line]


def main(where, *paths):
    for path in paths:
        rows = loaded(path)
        columns = rows.column_names
        losses = {name: train(where, rows, *kind, name) for name, *kind in trainers(columns)}
        types = {name: str(kind) for name, kind in rows.features.items()}
        print("rows " + json.dumps({"columns": types, "rows": len(rows), "first": rows[0], "losses": losses}))


main(*sys.argv[1:])
