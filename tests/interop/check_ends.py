"""check_ends.py FOLDER MODEL: what the trainers of a project would write behind a text of this model, and what a saved copy of its tokenizer reads."""
import json
import sys
import tempfile
from pathlib import Path

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
import common  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

words = common.tokenizer(sys.argv[2])
with tempfile.TemporaryDirectory() as kept:
    words.save_pretrained(kept)
    again = AutoTokenizer.from_pretrained(kept)
print(json.dumps({"ends": words.eos_token, "written": again.decode(words("The keeper’s lamp")["input_ids"])}))
