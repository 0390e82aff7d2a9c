"""GPT-2 as one writes it in PyTorch: fused attention, tied head, a key/value cache for writing."""
import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp_in, self.mlp_out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def attention(self, x, cache, past):
        batch, length, width = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # [B,H,T,D] each
        if cache is not None:
            cache[0][:, :, past : past + length], cache[1][:, :, past : past + length] = k, v
            k, v = cache[0][:, :, : past + length], cache[1][:, :, : past + length]
        joined = F.scaled_dot_product_attention(q, k, v, is_causal=length > 1)
        return self.out(joined.transpose(1, 2).reshape(batch, length, width))

    def forward(self, x, cache=None, past=0):
        x = x + self.attention(self.norm1(x), cache, past)
        return x + self.mlp_out(F.gelu(self.mlp_in(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.token = nn.Embedding(config["vocabSize"], config["width"])
        self.position = nn.Embedding(config["contextLength"], config["width"])
        self.blocks = nn.ModuleList(Block(config["width"], config["heads"]) for _ in range(config["layers"]))
        self.norm = nn.LayerNorm(config["width"])
        self.head = nn.Linear(config["width"], 1)  # rewards and values; at first 0 where there was none
        nn.init.zeros_(self.head.weight), nn.init.zeros_(self.head.bias)

    def hidden(self, tokens, caches=None, past=0):
        x = self.token(tokens) + self.position.weight[past : past + tokens.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, caches[i] if caches else None, past)
        return self.norm(x)  # [B,T,C]

    def forward(self, tokens, first=0, count=None):
        """Logits [B,count,V] and scalars [B,count] of columns first … first + count − 1."""
        count = tokens.shape[1] - first if count is None else count
        hidden = self.hidden(tokens)[:, first : first + count]
        return hidden @ self.token.weight.T, self.head(hidden).squeeze(-1)

    def empty_caches(self, batch, length):
        size = self.config["width"] // self.config["heads"]
        shape = (2, batch, self.config["heads"], length, size)
        return [torch.empty(shape) for _ in self.blocks]


NAMES = {"gain": "weight", "bias": "bias"}
LINEAR = {"attn/wQkv": "qkv", "attn/wOut": "out", "mlp/wIn": "mlp_in", "mlp/wOut": "mlp_out"}


def torch_name(name):
    """Where a weight of the lab lives here, and whether it lies the other way round."""
    if name in ("tokenEmbedding", "positionEmbedding"):
        return name.replace("Embedding", ".weight"), False
    place, leaf = name.rsplit("/", 1)
    if place == "finalNorm":
        return f"norm.{NAMES[leaf]}", False
    if place == "scalarHead":
        return f"head.{leaf}", leaf == "weight"
    block, rest = name.split("/", 1)
    prefix = f"blocks.{block.removeprefix('block')}"
    if rest.startswith("norm"):
        return f"{prefix}.{rest.split('/')[0]}.{NAMES[leaf]}", False
    kind = "weight" if leaf.startswith("w") else "bias"
    return f"{prefix}.{LINEAR[rest.replace('/b', '/w')]}.{kind}", kind == "weight"


def load(folder):
    """A model from `model.json`, config and shapes in order, and `weights.bin`, float32 one after the other."""
    described = json.loads(Path(folder, "model.json").read_text())
    flat = torch.frombuffer(bytearray(Path(folder, "weights.bin").read_bytes()), dtype=torch.float32)
    model, at = Transformer(described["config"]), 0
    state = model.state_dict()
    for tensor in described["tensors"]:
        size = torch.Size(tensor["shape"]).numel()
        name, is_turned = torch_name(tensor["name"])
        values = flat[at : at + size].view(tensor["shape"])
        state[name].copy_(values.T if is_turned else values)
        at += size
    return model


def adamw(model, config, rate):
    """Matrices decay, vectors do not; the fused step is the quickest that PyTorch has on a processor."""
    used = [p for n, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in used if p.dim() > 1], "weight_decay": config["weightDecay"]},
        {"params": [p for p in used if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(config["beta1"], config["beta2"]), eps=config["epsilon"], fused=True)


def update(loss, model, optimizer, max_norm):
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()


def logprobs_of(logits, tokens):
    return logits.log_softmax(-1).gather(-1, tokens.unsqueeze(-1)).squeeze(-1)
