"""make_models.py OUT SEED: small GPT-2s of several kinds with random weights, adapters for them, and what torch says of token numbers.

OUT/<name>/ is what `save_pretrained` writes; OUT/<name>.json are rows {"ids", "logits" of every position, "greedy" that follow}.
OUT/kinds.json lists {"name", "adapter": folder or null}. Greedy tokens are given only where the first leads the second clearly.
"""
import json
import random
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel

LEAD = 2e-3
LENGTHS = (1, 2, 7, 16)
ROOM = dict(vocab_size=97, n_positions=24, n_embd=24, n_layer=2, n_head=3, bos_token_id=0, eos_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)

# name: changes of the config, type in the file, arguments of save_pretrained
KINDS = {
    "plain": ({}, torch.float32, {}),
    "untied": (dict(tie_word_embeddings=False), torch.float32, {}),
    "erf": (dict(activation_function="gelu", layer_norm_epsilon=1e-3), torch.float32, {}),
    "relu": (dict(activation_function="relu", n_inner=37), torch.float32, {}),
    "by-layer": (dict(scale_attn_by_inverse_layer_idx=True, n_layer=3), torch.float32, {}),
    "plain-scores": (dict(scale_attn_weights=False), torch.float32, {}),
    "one-head": (dict(n_head=1, n_embd=10, vocab_size=13), torch.float32, {}),
    "half": ({}, torch.float16, {}),
    "brain": ({}, torch.bfloat16, {}),
    "double": ({}, torch.float64, {}),
    "shards": ({}, torch.float32, dict(max_shard_size="20KB")),
    "untied-brain-shards": (dict(tie_word_embeddings=False), torch.bfloat16, dict(max_shard_size="10KB")),
    "odd-head": (dict(n_embd=7, n_head=7, n_inner=1, layer_norm_epsilon=0.1), torch.float32, {}),
    "silu": (dict(activation_function="silu", layer_norm_epsilon=0.0), torch.float32, {}),
    "tanh": (dict(activation_function="tanh", layer_norm_epsilon=2.5), torch.float32, {}),
    "quick": (dict(activation_function="quick_gelu", layer_norm_epsilon=1.0), torch.float32, {}),
    "upcast": (dict(reorder_and_upcast_attn=True, scale_attn_by_inverse_layer_idx=True, scale_attn_weights=False, n_layer=4), torch.float32, {}),
}

# name: settings of the adapter
ADAPTERS = {
    "ends-of-names": dict(r=4, lora_alpha=6, target_modules=["c_attn", "c_proj"]),
    "expression": dict(r=3, lora_alpha=3, target_modules=r".*h\.1\.mlp\.c_(fc|proj)"),
    "patterns": dict(r=2, lora_alpha=4, target_modules=["c_attn", "c_fc"], rank_pattern={"c_fc": 5}, alpha_pattern={"h.0.attn.c_attn": 9}, use_rslora=True),
    "one-layer": dict(r=4, lora_alpha=8, target_modules=["c_attn"], layers_to_transform=[1]),
    "whole-norm": dict(r=2, lora_alpha=2, target_modules=["c_fc"], modules_to_save=["ln_f"]),
    "whole-block": dict(r=2, target_modules=["c_proj"], modules_to_save=["h.1.mlp"]),
    "whole-head": dict(r=2, target_modules=["c_attn"], modules_to_save=["lm_head"]),
    "whole-embedding": dict(r=2, target_modules=["c_attn"], modules_to_save=["wte"]),
    "both-ends": dict(r=2, target_modules=["c_attn", "wte", "wpe", "lm_head"]),
    "python-expression": dict(r=3, target_modules=r"(?i)(?P<all>.*)\.C_(?:fc|attn)\Z"),
    "nameless-layers": dict(r=3, target_modules=["c_fc", "transformer.h.1.attn.c_attn"], layers_to_transform=[0], layers_pattern=""),
    "all-but-some": dict(r=3, target_modules="all-linear", exclude_modules=["h.0.mlp.c_proj"]),
}


def strong(model, seed):
    """far enough from GPT-2's beginning that every part shows"""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            noise = torch.randn(p.shape, generator=generator)
            p.copy_(1 + 0.2 * noise if "ln_" in name and name.endswith("weight") else 0.25 * noise)
    return model.eval()


def greedy(model, ids, most):
    new = []
    while len(new) < most and len(ids) + len(new) < model.config.n_positions:
        top = model(input_ids=torch.tensor([ids + new])).logits[0, -1].topk(2)
        if top.values[0] - top.values[1] < LEAD:
            return None
        new.append(int(top.indices[0]))
    return new


def rows_of(model, rng):
    rows = []
    for length in (*LENGTHS, model.config.n_positions):
        ids = [rng.randrange(model.config.vocab_size) for _ in range(length)]
        with torch.no_grad():
            rows.append({"ids": ids, "logits": model(input_ids=torch.tensor([ids])).logits[0].tolist(), "greedy": greedy(model, ids, 6)})
    return rows


def write(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")


def main(out, seed):
    out, rng, kinds = Path(out), random.Random(seed), []
    for i, (name, (changes, dtype, settings)) in enumerate(KINDS.items()):
        config = GPT2Config(**{**ROOM, **changes})
        strong(GPT2LMHeadModel(config), seed + i).to(dtype).save_pretrained(out / name, **settings)
        # computed in single precision from what the file holds
        write(out / f"{name}.json", rows_of(GPT2LMHeadModel.from_pretrained(out / name, dtype=torch.float32, attn_implementation="eager").eval(), rng))
        kinds.append({"name": name, "adapter": None})
    for i, (name, settings) in enumerate(ADAPTERS.items()):
        base = GPT2LMHeadModel.from_pretrained(out / "plain", dtype=torch.float32, attn_implementation="eager")
        model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", fan_in_fan_out=True, **settings))
        generator = torch.Generator().manual_seed(seed + 100 + i)
        with torch.no_grad():
            for key, p in sorted(model.named_parameters()):
                if p.requires_grad:
                    p.add_(0.2 * torch.randn(p.shape, generator=generator))
        model.eval().save_pretrained(out / f"lora-{name}")
        write(out / f"lora-{name}.json", rows_of(model, rng))
        kinds.append({"name": f"lora-{name}", "adapter": f"lora-{name}"})
    write(out / "kinds.json", kinds)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
