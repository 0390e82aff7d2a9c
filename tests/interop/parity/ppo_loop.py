"""
ppo_loop.py FOLDER: the eight steps of PPO (src/core/train/ppo.ts) in plain PyTorch, on what the lab left in FOLDER; prints
its curves as JSON. Nothing but torch and GPT-2 of transformers, so that every line can be read beside the lab's.
"""
import json
import sys
from pathlib import Path

import torch
from transformers import AutoTokenizer, GPT2ForSequenceClassification, GPT2LMHeadModel

FOLDER = Path(sys.argv[1])
JOB = json.loads((FOLDER / "job.json").read_text(encoding="utf-8"))
PROMPTS = [json.loads(line)["prompt"] for line in (FOLDER / "data/prompts.jsonl").read_text(encoding="utf-8").splitlines()]
torch.manual_seed(JOB["seed"])

words = AutoTokenizer.from_pretrained(FOLDER / "models/policy", padding_side="left")
load = lambda model, name: model.from_pretrained(FOLDER / "models" / name, dtype=torch.float32).eval()  # noqa: E731
policy, reference = load(GPT2LMHeadModel, "policy"), load(GPT2LMHeadModel, "policy")


class Scorer(torch.nn.Module):
    """gain · (w · h + b) + shift at every token, as the lab has it: only w, b and the trunk are learned"""

    def __init__(self):
        super().__init__()
        judge = load(GPT2ForSequenceClassification, "reward")
        self.trunk = judge.transformer
        self.head = torch.nn.Linear(judge.score.in_features, 1)
        with torch.no_grad():
            self.head.weight.copy_(judge.score.weight)
            self.head.bias.fill_(JOB["head"]["bias"])

    def forward(self, ids, real):
        states = self.trunk(input_ids=ids, attention_mask=real, position_ids=positions(real)).last_hidden_state
        return JOB["head"]["gain"] * self.head(states).squeeze(-1) + JOB["head"]["shift"]


def positions(real):
    return (real.cumsum(1) - 1).clamp(min=0)


def adam(model):
    o = JOB["optimizer"]
    return torch.optim.AdamW(model.parameters(), JOB["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"], weight_decay=o["weightDecay"])


judge, critic = Scorer().eval(), Scorer().eval()
policy_adam, critic_adam = adam(policy), adam(critic)
TEMPERATURE, GAMMA, LAM, CLIP, CLIP_VALUE = (JOB[key] for key in ("temperature", "gamma", "lam", "clipRange", "clipRangeValue"))


def likelihood(model, ids, real, begin):
    """log-probabilities [B,G] of tokens[begin:], and the entropy [B,G] of where they came from"""
    logits = model(input_ids=ids, attention_mask=real, position_ids=positions(real)).logits[:, begin - 1 : -1] / TEMPERATURE
    log = logits.log_softmax(-1)
    return log.gather(2, ids[:, begin:, None]).squeeze(2), -(log.exp() * log).sum(-1)


@torch.no_grad()
def roll_out(prompts):
    """1. ids [B,P+G] with prompts padded on the left, which of them are real, and the completion's mask [B,G]"""
    batch = words(prompts, return_tensors="pt", padding=True)
    ids, real = batch["input_ids"], batch["attention_mask"]
    goes_on = torch.ones(len(prompts), dtype=torch.long)
    for _ in range(JOB["completionLength"]):
        logits = policy(input_ids=ids, attention_mask=real, position_ids=positions(real)).logits[:, -1] / TEMPERATURE
        token = torch.multinomial(logits.softmax(-1), 1).squeeze(1)
        token = torch.where(goes_on == 1, token, words.pad_token_id)
        ids, real = torch.cat([ids, token[:, None]], 1), torch.cat([real, goes_on[:, None]], 1)
        goes_on = goes_on * (token != words.eos_token_id).long()
    begin = batch["input_ids"].shape[1]
    return ids, real, begin, real[:, begin:].float()


def mean(values, mask):
    return (values * mask).sum() / mask.sum()


@torch.no_grad()
def evaluate(ids, real, begin, mask):
    logprobs, _ = likelihood(policy, ids, real, begin)
    ref_logprobs, _ = likelihood(reference, ids, real, begin)  # 2.
    last = begin + mask.sum(1).long() - 1
    scores = judge(ids, real).gather(1, last[:, None]).squeeze(1)  # 3.
    values = critic(ids, real)[:, begin - 1 : -1] * mask  # 4. at the state before each token
    kl = (logprobs - ref_logprobs) * mask
    rewards = -JOB["klCoef"] * kl  # 5.
    rewards[torch.arange(len(ids)), last - begin] += scores
    advantages, running = torch.zeros_like(values), torch.zeros(len(ids))
    for t in reversed(range(values.shape[1])):  # 6.
        following = values[:, t + 1] if t + 1 < values.shape[1] else torch.zeros(len(ids))
        running = rewards[:, t] + GAMMA * following - values[:, t] + GAMMA * LAM * running
        advantages[:, t] = running * mask[:, t]
    returns = (advantages + values) * mask
    centre = mean(advantages, mask)
    variance = ((advantages - centre) ** 2 * mask).sum() / (mask.sum() - 1)
    return logprobs, values, (advantages - centre) * (variance + 1e-8).rsqrt() * mask, returns, scores, kl


def step(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


curves = {}
rows = JOB["batchSize"]
for iteration in range(JOB["steps"]):
    ids, real, begin, mask = roll_out(PROMPTS[iteration * rows : (iteration + 1) * rows])
    logprobs, values, advantages, returns, scores, kl = evaluate(ids, real, begin, mask)
    seen = []
    for _ in range(JOB["epochs"]):  # 7.
        new_logprobs, entropy = likelihood(policy, ids, real, begin)
        ratio = (new_logprobs - logprobs).exp()
        loss = mean(torch.maximum(-advantages * ratio, -advantages * ratio.clamp(1 - CLIP, 1 + CLIP)), mask)
        step(policy_adam, loss)
        new_values = critic(ids, real)[:, begin - 1 : -1] * mask
        near = torch.minimum(torch.maximum(new_values, values - CLIP_VALUE), values + CLIP_VALUE)
        value_loss = 0.5 * mean(torch.maximum((new_values - returns) ** 2, (near - returns) ** 2), mask)
        step(critic_adam, JOB["valueCoef"] * value_loss)
        seen.append([mean(entropy, mask).item(), loss.item(), value_loss.item()])
    entropy, loss, value_loss = torch.tensor(seen).mean(0).tolist()
    found = {"score": scores.mean().item(), "KL, nats a text": kl.sum(1).mean().item()}
    found |= {"entropy, nats a token": entropy, "loss": loss, "value loss": value_loss}
    for name, value in found.items():
        curves.setdefault(name, []).append([iteration + 1, value])
print(json.dumps(curves))
