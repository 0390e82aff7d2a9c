"""The works that are timed. Each is made from a task, tells numbers by which it is known to be the same work, and runs once at a time."""
import torch
import torch.nn.functional as F

from model import adamw, load, logprobs_of, update


def compiled(model, task):
    return torch.compile(model) if task["compiled"] else model


class Step:
    """Forward, loss, backward, clip and AdamW."""

    def __init__(self, task):
        self.model = load(task["folder"]).requires_grad_(True)
        self.model.head.requires_grad_(False)
        self.forward = compiled(self.model, task)
        self.tokens = torch.tensor(task["tokens"])
        self.optimizer = adamw(self.model, task["optimizer"], task["learningRate"])
        self.max_norm = task["optimizer"]["maxGradNorm"]
        self.check = [self.run() for _ in range(3)]

    def run(self):
        logits, _ = self.forward(self.tokens, 0, self.tokens.shape[1] - 1)
        loss = F.cross_entropy(logits.flatten(0, 1), self.tokens[:, 1:].flatten())
        update(loss, self.model, self.optimizer, self.max_norm)
        return loss.item()


@torch.no_grad()
def write(model, prompts, count, temperature, eos=None, pad=0, forced=None):
    """Samples `count` tokens behind each prompt; tokens, mask and log-probabilities, which stop behind eos. `forced` are taken instead."""
    batch, length = prompts.shape
    caches = model.empty_caches(batch, length + count)
    column, past, alive = prompts, 0, torch.ones(batch, dtype=torch.bool)
    tokens, mask, logprobs = [], [], []
    for i in range(count):
        hidden = model.hidden(column, caches, past)[:, -1]
        past += column.shape[1]
        logits = (hidden @ model.token.weight.T / temperature).log_softmax(-1)
        chosen = torch.multinomial(logits.exp(), 1) if forced is None else forced[:, i : i + 1]
        column = chosen.where(alive[:, None], pad)
        tokens.append(column)
        mask.append(alive)
        logprobs.append(logits.gather(1, chosen).squeeze(1) * alive)
        if eos is not None:
            alive = alive & (column.squeeze(1) != eos)
    return torch.cat([prompts, *tokens], 1), torch.stack(mask, 1).float(), torch.stack(logprobs, 1)


class Generate:
    def __init__(self, task):
        self.model = load(task["folder"])
        self.prompts = torch.tensor(task["prompts"])
        self.count, self.temperature = task["completionLength"], task["temperature"]
        completions = torch.tensor(task["written"])[:, self.prompts.shape[1] :]
        self.check = [write(self.model, self.prompts, self.count, self.temperature, forced=completions)[2].mean().item()]

    def run(self):
        return write(self.model, self.prompts, self.count, self.temperature)[2].sum().item()


def masked_mean(x, mask):
    return (x * mask).sum() / mask.sum()


def whiten(x, mask):
    mean = masked_mean(x, mask)
    variance = (((x - mean) ** 2) * mask).sum() / (mask.sum() - 1)
    return (x - mean) * torch.rsqrt(variance + 1e-8) * mask


class Ppo:
    """One iteration: rollouts, then reference, reward model and critic on them, then some epochs on policy and critic."""

    def __init__(self, task):
        self.config, self.task = task["config"], task
        self.policy, self.reference = load(task["folder"]), load(task["folder"])
        self.reward = load(task["rewardFolder"])
        optimizer, rate = self.config["optimizer"], self.config["learningRate"]
        for frozen in (self.reference, self.reward):
            frozen.requires_grad_(False)
        self.shared = self.config["valueModel"] == "shared"
        self.critic = None if self.shared else load(task["rewardFolder"])
        self.policy.head.requires_grad_(self.shared)
        self.optimizers = {m: adamw(m, optimizer, rate) for m in (self.policy, self.critic) if m}
        self.forward = {m: compiled(m, task) for m in (self.policy, self.reference, self.reward, self.critic) if m}
        self.prompts = torch.tensor(task["prompts"])
        self.check = self.learn(*map(torch.tensor, (task["written"], task["mask"], task["logprobs"])))

    def read(self, model, tokens, shift=1):
        """Log-probabilities of the completion and entropy, and scalars: shift 1 at the state before each token, 0 at the token."""
        start, length = self.prompts.shape[1], tokens.shape[1]
        logits, scalars = self.forward[model](tokens, start - shift, length - start)
        return logits / self.config["temperature"], scalars

    def run(self):
        temperature, count = self.config["temperature"], self.config["completionLength"]
        rollout = write(self.policy, self.prompts, count, temperature, self.task["eosId"], self.task["padId"])
        return self.learn(*rollout)

    @torch.no_grad()
    def evaluate(self, tokens, mask, logprobs):
        config, completion = self.config, tokens[:, self.prompts.shape[1] :]
        reference = logprobs_of(self.read(self.reference, tokens)[0], completion)
        last = mask.sum(1).long() - 1
        scores = self.read(self.reward, tokens, shift=0)[1].gather(1, last[:, None]).squeeze(1)
        finished = ((completion == self.task["eosId"]) * mask).amax(1)
        scores = scores - (1 - finished) * config["missingEosPenalty"]
        values = self.read(self.critic or self.policy, tokens)[1] * mask
        rewards = -config["klCoef"] * (logprobs - reference) * mask
        rewards[torch.arange(len(last)), last] += scores
        advantages, ahead = torch.zeros_like(values), 0.0
        for t in reversed(range(values.shape[1])):
            following = values[:, t + 1] if t + 1 < values.shape[1] else 0.0
            delta = rewards[:, t] + config["gamma"] * following - values[:, t]
            ahead = delta + config["gamma"] * config["lam"] * ahead
            advantages[:, t] = ahead
        returns = (advantages + values) * mask
        return scores, values, whiten(advantages * mask, mask), returns

    def value_loss(self, new, values, returns, mask):
        clip = self.config["clipRangeValue"]
        clipped = values + (new - values).clamp(-clip, clip)
        return 0.5 * masked_mean(torch.maximum((new - returns) ** 2, (clipped - returns) ** 2), mask)

    def learn(self, tokens, mask, logprobs):
        """Means over the epochs of both losses, and the mean score."""
        config, completion = self.config, tokens[:, self.prompts.shape[1] :]
        scores, values, advantages, returns = self.evaluate(tokens, mask, logprobs)
        seen = []
        for _ in range(config["epochs"]):
            logits, scalars = self.read(self.policy, tokens)
            all_logprobs = logits.log_softmax(-1)
            new = all_logprobs.gather(-1, completion.unsqueeze(-1)).squeeze(-1)
            ratio = (new - logprobs).exp()
            surrogates = -advantages * ratio, -advantages * ratio.clamp(1 - config["clipRange"], 1 + config["clipRange"])
            policy_loss = masked_mean(torch.maximum(*surrogates), mask)
            value_loss = self.value_loss(scalars, values, returns, mask) if self.shared else None
            with torch.no_grad():
                entropy = masked_mean(-(all_logprobs.exp() * all_logprobs).sum(-1), mask)
                clip_share = masked_mean((surrogates[1] > surrogates[0]).float(), mask)
                approx_kl = 0.5 * masked_mean((new - logprobs) ** 2, mask)
            loss = policy_loss + config["valueCoef"] * value_loss if self.shared else policy_loss
            update(loss, self.policy, self.optimizers[self.policy], config["optimizer"]["maxGradNorm"])
            if not self.shared:
                value_loss = self.value_loss(self.read(self.critic, tokens)[1], values, returns, mask)
                update(config["valueCoef"] * value_loss, self.critic, self.optimizers[self.critic], config["optimizer"]["maxGradNorm"])
            seen.append(torch.stack([policy_loss.detach(), value_loss.detach(), entropy, clip_share, approx_kl]))
        means = torch.stack(seen).mean(0).tolist()
        return [means[0], means[1], scores.mean().item()]


WORKS = {"step": Step, "generate": Generate, "ppo": Ppo}
