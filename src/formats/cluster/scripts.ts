/**
 * The Python of the project: small scripts on TRL's stable trainers that read what they are set to from
 * `settings.json`, and are right about what TRL does without a word.
 */

const COMMON = `"""What the scripts share: settings.json, rows, and what TRL does without a word."""
import argparse
import json
import os
from pathlib import Path

import torch
from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer, GPT2LMHeadModel

HERE = Path(__file__).resolve().parent
forward = GPT2LMHeadModel.forward


def forward_at_positions(self, input_ids=None, *args, attention_mask=None, position_ids=None, **rest):
    """GRPO and RLOO pad prompts on the left and tell no positions; GPT-2 has learned ones, and would read others."""
    if position_ids is None and input_ids is not None and attention_mask is not None and attention_mask.shape == input_ids.shape:
        position_ids = (attention_mask.long().cumsum(-1) - 1).clamp(min=0)
    return forward(self, input_ids, *args, attention_mask=attention_mask, position_ids=position_ids, **rest)


forward_at_positions.__signature__ = __import__("inspect").signature(forward)
GPT2LMHeadModel.forward = forward_at_positions


def start(method):
    """settings of a method, its arguments for TRL's config, and where its model goes; --max-steps and --cpu try it out"""
    parser = argparse.ArgumentParser(description=f"{method}, as the lab was set: see SETTINGS.md")
    parser.add_argument("--max-steps", type=int, default=-1)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--out", default=str(HERE / "out" / method))
    asked = parser.parse_args()
    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))[method]
    settings["args"] = {
        **settings["args"],
        "output_dir": asked.out,
        **({"max_steps": asked.max_steps} if asked.max_steps > 0 else {}),
        "use_cpu": asked.cpu,
        # TRL computes in bf16 unless it is told otherwise; the lab computes in float32
        "bf16": False,
        "gradient_checkpointing": False,
        "report_to": "none",
        "logging_steps": 1,
        "save_strategy": "no",
    }
    return settings, asked.out


def rows(name, *columns):
    """rows of data/; columns that a trainer would pass over, or fail on, are left out"""
    if not (HERE / "data" / name).read_text(encoding="utf-8").strip():
        raise SystemExit(f"data/{name} has no rows yet: put some into it first, as README.md says")
    data = load_dataset("json", data_files=str(HERE / "data" / name), split="train")
    return data.select_columns([column for column in columns if column in data.column_names])


def enough(data, args):
    """a batch of prompts is drawn whole or not at all, so a short list goes round"""
    wanted = args["per_device_train_batch_size"] * args["steps_per_generation"] // args["num_generations"] * int(os.environ.get("WORLD_SIZE", 1))
    return data.select([i % len(data) for i in range(max(wanted, len(data)))])


def prompts(settings, words):
    """data/prompts.jsonl; where prompt and completion together do not fit the context, the end of the prompt counts, as in the lab"""
    room = words.model_max_length - settings["args"]["max_completion_length"]

    def fitting(row):
        text, ids = row["prompt"], words(row["prompt"])["input_ids"]
        for kept in range(room, 0, -1):
            if len(words(text)["input_ids"]) <= room:
                break
            text = words.decode(ids[-kept:], skip_special_tokens=True)
        return {"prompt": text}

    return enough(rows("prompts.jsonl", "prompt").map(fitting), settings["args"])


def tokenizer(model):
    words = AutoTokenizer.from_pretrained(HERE / model)
    if not json.loads((HERE / "settings.json").read_text(encoding="utf-8"))["ends"]:
        # texts without an end of their own: TRL appends eos_token as text, here nothing, and no token that a model of the
        # lab writes ends a completion
        words.__class__ = type("WithoutEnds", (type(words),), {"eos_token": "", "eos_token_id": words.pad_token_id})
    return words


def writer(model):
    # the type is said: transformers would take that of the file
    return AutoModelForCausalLM.from_pretrained(HERE / model, dtype=torch.float32)


def scorer(model, fresh=False):
    """a reward model; fresh: a policy's folder with a new score, which transformers would make with a warning only"""
    if not (HERE / model).is_dir():
        raise SystemExit(f"{model} is not here yet: run reward.py first, which writes it")
    extra = {"num_labels": 1, "problem_type": "regression"} if fresh else {}
    return AutoModelForSequenceClassification.from_pretrained(HERE / model, dtype=torch.float32, **extra)


def pays(settings):
    """
    The reward as its model was trained to read it, by token numbers: with beginning and end where its texts have them. A
    model's path in reward_funcs would be asked for the decoded text, without them.
    """
    judge, words = scorer(settings["reward"]).eval(), tokenizer(settings["reward"])
    scale, end = settings["reward_scale"], words.eos_token_id
    penalty = settings["missing_eos_penalty"] if words.eos_token else 0  # no text lacks an end that none has

    def score(prompts, completion_ids, **_):
        with torch.no_grad():
            found = [judge(input_ids=torch.tensor([words(p)["input_ids"] + list(ids)], device=judge.device)).logits[0, 0].item() for p, ids in zip(prompts, completion_ids)]
        return [scale * one - (0 if ids[-1:] == [end] else penalty) for one, ids in zip(found, map(list, completion_ids))]

    return score


def save(trainer, words, out):
    trainer.save_model(out)
    words.save_pretrained(out)
    last = {key: value for row in trainer.state.log_history for key, value in row.items()}
    print(json.dumps({"out": os.fspath(out), "steps": trainer.state.global_step, "last": last}))
`;

const SFT = `"""Supervised fine-tuning on data/demonstrations.jsonl: the loss is of completions alone, over the tokens of a batch."""
from trl import SFTConfig, SFTTrainer

from common import rows, save, start, tokenizer, writer

settings, out = start("sft")
words = tokenizer(settings["model"])
trainer = SFTTrainer(
    model=writer(settings["model"]),
    processing_class=words,
    train_dataset=rows("demonstrations.jsonl", "prompt", "completion"),
    args=SFTConfig(**settings["args"]),
)
trainer.train()
save(trainer, words, out)
`;

const REWARD = `"""A reward model from data/preferences.jsonl; it begins from the base with a new score at the last token, which is the end where texts have one."""
from trl import RewardConfig, RewardTrainer

from common import rows, save, scorer, start, tokenizer

settings, out = start("reward")
words = tokenizer(settings["model"])
trainer = RewardTrainer(
    model=scorer(settings["model"], fresh=True),
    processing_class=words,
    train_dataset=rows("preferences.jsonl", "prompt", "chosen", "rejected", "margin"),
    args=RewardConfig(**settings["args"]),
)
trainer.train()
save(trainer, words, out)
`;

const DPO = `"""DPO on data/preferences.jsonl. TRL's ipo is per token, and its sigmoid smooths nothing: see SETTINGS.md."""
from trl import DPOConfig, DPOTrainer

from common import rows, save, start, tokenizer, writer

settings, out = start("dpo")
words = tokenizer(settings["model"])
trainer = DPOTrainer(
    model=writer(settings["model"]),
    ref_model=writer(settings["reference"]),  # a model: a path is no reference to TRL 1.16
    processing_class=words,
    train_dataset=rows("preferences.jsonl", "prompt", "chosen", "rejected"),
    args=DPOConfig(**settings["args"]),
)
trainer.train()
save(trainer, words, out)
`;

const online = (name: 'RLOO' | 'GRPO', words: string) => `"""${words}"""
from trl import ${name}Config, ${name}Trainer

from common import HERE, pays, prompts, save, start, tokenizer

settings, out = start("${name.toLowerCase()}")
words = tokenizer(settings["model"])
trainer = ${name}Trainer(
    model=str(HERE / settings["model"]),  # a path: the reference is opened from it
    reward_funcs=pays(settings),
    processing_class=words,
    train_dataset=prompts(settings, words),
    args=${name}Config(model_init_kwargs={"dtype": "float32"}, **settings["args"]),
)
trainer.train()
save(trainer, words, out)
`;

export const SCRIPTS: Readonly<Record<string, string>> = {
  'common.py': COMMON,
  'sft.py': SFT,
  'reward.py': REWARD,
  'dpo.py': DPO,
  'rloo.py': online(
    'RLOO',
    'RLOO, the nearest that TRL 1.16 has to the lab’s PPO: no critic, one ratio a completion, the distance in the reward.',
  ),
  'grpo.py': online('GRPO', 'GRPO: advantages in units of the group; the distance, where it counts, is in the loss.'),
};
