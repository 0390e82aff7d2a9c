"""trl_runs.py FOLDER: DPO, a reward model or RLOO by TRL on what the lab left in FOLDER; prints its curves as JSON, last."""
import json
import os
import sys
from pathlib import Path

import torch
from torch.utils.data import SequentialSampler
from transformers import TrainerCallback
from trl import DPOConfig, DPOTrainer, RewardConfig, RewardTrainer, RLOOConfig, RLOOTrainer

FOLDER = Path(sys.argv[1]).resolve()
sys.path.insert(0, os.fspath(FOLDER))
from common import pays, rows, scorer, tokenizer, writer  # noqa: E402  the project's own, with its cures

JOB = json.loads((FOLDER / "job.json").read_text(encoding="utf-8"))
curves = {}


def add(step, **values):
    for name, value in values.items():
        curves.setdefault(name, []).append([step, float(value)])


def arguments(**more):
    adam = JOB["optimizer"]
    return {
        "output_dir": os.fspath(FOLDER / "out"),
        "seed": JOB["seed"],
        "max_steps": JOB["steps"],
        "per_device_train_batch_size": JOB["batchSize"],
        "learning_rate": JOB["learningRate"],
        "lr_scheduler_type": "constant",
        "adam_beta1": adam["beta1"],
        "adam_beta2": adam["beta2"],
        "adam_epsilon": adam["epsilon"],
        "weight_decay": adam["weightDecay"],
        "max_grad_norm": adam["maxGradNorm"],
        **{"use_cpu": True, "bf16": False, "gradient_checkpointing": False, "report_to": "none"},
        **{"logging_steps": 1, "save_strategy": "no", "disable_tqdm": True, "max_length": 64},
        **more,
    }


def in_order(trainer):
    """the rows stand in the order in which the lab learned from them"""

    class InOrder(trainer):
        def _get_train_sampler(self, *_):
            return SequentialSampler(self.train_dataset)

    return InOrder


def texts_of(words, row, side):
    """prompt and completion with its end as ids, and where the completion begins"""
    prompt = words(row["prompt"])["input_ids"]
    whole = words(row["prompt"] + row[side] + words.eos_token)["input_ids"]
    return whole, len(prompt)


def due(step):
    return step == 1 or step % JOB["lookEvery"] == 0 or step == JOB["steps"]


class Look(TrainerCallback):
    def __init__(self, look):
        self.look = look

    def on_step_end(self, args, state, control, model=None, **_):
        if due(state.global_step):
            model.eval()
            with torch.no_grad():
                self.look(state.global_step, model)
            model.train()


def log_softmax(model, ids, begin):
    """[G,V] of the tokens of a completion"""
    return model(input_ids=torch.tensor([ids])).logits[0, begin - 1 : -1].log_softmax(-1)


def dpo():
    words, reference = tokenizer("models/policy"), writer("models/policy").eval()
    held = [[texts_of(words, row, side) for side in ("chosen", "rejected")] for row in rows("held-out.jsonl", "prompt", "chosen", "rejected")]

    def summed(model, ids, begin):
        return log_softmax(model, ids, begin).gather(1, torch.tensor(ids[begin:])[:, None]).sum()

    def look(step, model):
        ahead = sum(
            (summed(model, *chosen) - summed(reference, *chosen)) > (summed(model, *rejected) - summed(reference, *rejected)) for chosen, rejected in held
        )
        kl, tokens = 0.0, 0
        for chosen, _ in held:
            own, theirs = log_softmax(model, *chosen), log_softmax(reference, *chosen)
            kl += (own.exp() * (own - theirs)).sum().item()
            tokens += len(own)
        add(step, **{"held-out accuracy": ahead / len(held), "KL, nats a token": kl / tokens})

    trainer = in_order(DPOTrainer)(
        model=writer("models/policy"),
        ref_model=writer("models/policy"),
        processing_class=words,
        train_dataset=rows("preferences.jsonl", "prompt", "chosen", "rejected"),
        args=DPOConfig(**arguments(beta=JOB["beta"], loss_type=["sigmoid"])),
        callbacks=[Look(look)],
    )
    trainer.train()
    for log in trainer.state.log_history:
        if "rewards/margins" in log:
            add(log["step"], **{"loss": log["loss"], "reward margin": log["rewards/margins"], "accuracy": log["rewards/accuracies"]})


def reward():
    words = tokenizer("models/policy")
    held = [[texts_of(words, row, side)[0] for side in ("chosen", "rejected")] for row in rows("held-out.jsonl", "prompt", "chosen", "rejected")]
    model = scorer("models/policy", fresh=True)
    torch.nn.init.zeros_(model.score.weight)  # the lab's begins at 0; transformers' at random

    def look(step, judge):
        score = lambda ids: judge(input_ids=torch.tensor([ids])).logits[0, 0]  # noqa: E731
        add(step, **{"held-out accuracy": sum(score(chosen) > score(rejected) for chosen, rejected in held) / len(held)})

    trainer = in_order(RewardTrainer)(
        model=model,
        processing_class=words,
        train_dataset=rows("preferences.jsonl", "prompt", "chosen", "rejected"),
        args=RewardConfig(**arguments(lr_scheduler_type="linear", warmup_steps=0)),
        callbacks=[Look(look)],
    )
    trainer.train()
    for log in trainer.state.log_history:
        if "margin" in log:
            add(log["step"], loss=log["loss"], margin=log["margin"], accuracy=log["accuracy"])


def rloo():
    settings = {"reward": "models/reward", "reward_scale": 1, "missing_eos_penalty": 0}
    more = {key: JOB[key] for key in ("temperature",)}
    given = arguments(
        **more,
        num_generations=JOB["groupSize"],
        steps_per_generation=1,
        num_iterations=1,
        max_completion_length=JOB["completionLength"],
        epsilon=JOB["clipRange"],
        beta=JOB["klCoef"],
        shuffle_dataset=False,
        disable_dropout=True,
        model_init_kwargs={"dtype": "float32"},
    )
    given.pop("max_length")
    trainer = RLOOTrainer(
        model=os.fspath(FOLDER / "models/policy"),
        reward_funcs=pays(settings),
        processing_class=tokenizer("models/policy"),
        train_dataset=rows("prompts.jsonl", "prompt"),
        args=RLOOConfig(**given),
    )
    trainer.train()
    for log in trainer.state.log_history:
        if "kl" in log:
            text = log["kl"] * log["completions/mean_length"]
            add(log["step"], **{"score": log["reward"], "KL, nats a text": text, "entropy, nats a token": log["entropy"], "loss": log["loss"]})


{"dpo": dpo, "reward": reward, "rloo": rloo}[JOB["method"]]()
print(json.dumps(curves))
