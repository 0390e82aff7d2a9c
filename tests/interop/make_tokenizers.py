"""make_tokenizers.py OUT SEED: tokenizers of several kinds, trained here, and the token numbers that the library gives strings.

OUT/<name>/tokenizer.json (or vocab.json with merges.txt); OUT/<name>.json are rows {"text", "ids"}, empty where the lab refuses the kind.
"""
import json
import random
import sys
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

TEXTS = [
    "Once a brave robin made a shiny key . then she went home and was glad .",
    "The keeper's lamp burned 12 hours; naïve café, fox’s 😀 end.\n\n\tIt isn't here,\u00a0or there\u0085x\ufeffy.  Two  spaces. ",
    "IT'S 1,000.50 € — „so“, Straße, 東京 и мир; tabs\tand\r\nlines",
    "<|endoftext|>lanterns<|endoftext|> lantern, <b> &amp; {x: [1, 2]}",
    "", " ", "   ", "\n", "a", "  a", "a  ", "'s's'll", "ﬁ ½ ² Ⅷ ①",
]
# planes in which JavaScript's Unicode and that of tokenizers agree
SIGNS = [chr(c) for span in ((0x20, 0x7F), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x45F), (0x4E00, 0x4E40), (0x1F600, 0x1F620), (0x2000, 0x2030), (0x61D, 0x61E), (0x166D, 0x166E)) for c in range(*span)]


def strings(rng):
    return [*TEXTS, *("".join(rng.choice(SIGNS + [" ", " ", "e", "t", "\n"] * 40) for _ in range(rng.randrange(1, 40))) for _ in range(150))]


def byte_level(vocabulary, added=()):
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"], show_progress=False)
    made.train_from_iterator(TEXTS * 4, trainer)
    made.add_tokens(list(added))
    return made


def words(cut=pre_tokenizers.WhitespaceSplit()):
    made = Tokenizer(models.WordLevel(unk_token="<unk>"))
    made.pre_tokenizer = cut
    made.train_from_iterator(TEXTS * 2, trainers.WordLevelTrainer(vocab_size=40, special_tokens=["<pad>", "<unk>", "<s>"], show_progress=False))
    made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", made.token_to_id("<s>"))])
    return made


def merges(unknown, **switches):
    made = Tokenizer(models.BPE(unk_token=unknown, **switches))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.train_from_iterator(TEXTS * 2, trainers.BpeTrainer(vocab_size=150, limit_alphabet=40, special_tokens=["<unk>"], show_progress=False))
    return made


def refused():
    pieces = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    pieces.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=120, special_tokens=["[UNK]"], show_progress=False))
    unigram = Tokenizer(models.Unigram())
    unigram.train_from_iterator(TEXTS, trainers.UnigramTrainer(vocab_size=120, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False))
    return {"word-piece": pieces, "unigram": unigram}


def main(out, seed):
    out, rng = Path(out), random.Random(seed)
    made = {
        "byte-level": byte_level(400),
        "only-bytes": byte_level(257),
        "added": byte_level(350, [AddedToken("lantern", single_word=True), AddedToken("<b>", lstrip=True, rstrip=True)]),
        "words": words(),
        "words-and-signs": words(pre_tokenizers.Whitespace()),
        "punctuation": words(pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])),
        "unknown-left-out": merges(None),
        "unknown-together": merges("<unk>", fuse_unk=True),
    }
    for name, tokenizer in {**made, **refused()}.items():
        folder = out / name
        folder.mkdir(parents=True)
        tokenizer.save(str(folder / "tokenizer.json"))
        rows = [{"text": text, "ids": tokenizer.encode(text).ids} for text in strings(rng)] if name in made else []
        (out / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    old = out / "older-form"
    old.mkdir()
    made["byte-level"].model.save(str(old))
    # without tokenizer.json nothing says that <|endoftext|> is special: it is read as bytes there
    plain = Tokenizer(models.BPE.from_file(str(old / "vocab.json"), str(old / "merges.txt")))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    rows = [{"text": text, "ids": plain.encode(text).ids} for text in strings(rng) if "<|" not in text]
    (out / "older-form.json").write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
