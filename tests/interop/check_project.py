"""check_project.py FOLDER: whether accelerate takes the configurations of a project, and its models read prompts that are padded on the left as if they stood alone."""
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
import common  # noqa: E402
import torch  # noqa: E402
from accelerate.commands.config.config_args import load_config_from_file  # noqa: E402

found = {}
for path in sorted((folder / "accelerate").glob("*.yaml")):
    config = load_config_from_file(str(path))
    found[path.name] = [str(config.distributed_type), config.num_machines, config.num_processes]

model, words = common.writer("models/policy").eval(), common.tokenizer("models/policy")
prompt = words("once a brave robin")["input_ids"]
completion = words(" was glad .")["input_ids"][1:] + [words.eos_token_id]
pad = 7
with torch.no_grad():
    alone = model(input_ids=torch.tensor([prompt + completion])).logits[0, -len(completion) :]
    padded = model(
        input_ids=torch.tensor([[words.pad_token_id] * pad + prompt + completion]),
        attention_mask=torch.tensor([[0] * pad + [1] * (len(prompt) + len(completion))]),
    ).logits[0, -len(completion) :]
print(json.dumps({"accelerate": found, "apart": (alone - padded).abs().max().item()}))
