/** The model card: what the model is, where it comes from, how it did, and what it is not. */
import type { CheckpointMeta } from '../../contract/checkpoint';
import { inWords } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { isScorer } from './config';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** a visitor's text in a table of Markdown: no bar, no line break, no markup */
const plain = (text: string): string => text.replace(/[|\\`*_<>[\]\r\n]/g, ' ');

function family({ ancestors, parents }: CheckpointMeta): string[] {
  const known = ancestors.map(({ name, kind }) => `- ${plain(name)} (${kind})`);
  return known.length > 0
    ? known
    : parents.length > 0
      ? ['Its forebears are not in the file.']
      : ['It was trained from a seed.'];
}

function data({ corpus, lineage }: CheckpointMeta): string[] {
  const texts =
    corpus.kind === 'stories'
      ? `Micro-stories of the lab’s own grammar, seed ${corpus.seed}.`
      : 'A text that its maker brought; it is not part of this folder.';
  const sources = Object.entries(lineage?.sources ?? {}).map(([who, count]) => `${who} ${inWords(count)}`);
  return sources.length > 0 ? [texts, `Learned from: ${sources.join(', ')}.`] : [texts];
}

function metrics({ metrics: values }: CheckpointMeta): string[] {
  const rows = Object.entries(values).map(([id, value]) => row([id, String(value)]));
  return rows.length > 0 ? [row(['metric', 'value']), row(['---', '---']), ...rows] : ['None were measured.'];
}

const USE = {
  writer: `from transformers import pipeline
pipeline("text-generation", model=".")("once a brave robin made a shiny key . ")`,
  scorer: `from transformers import pipeline
pipeline("text-classification", model=".")("once a brave robin made a shiny key . then he was glad . <eos>")`,
};

/** @returns `README.md` */
export function cardOf(meta: CheckpointMeta): string {
  const { name, kind, step, model } = meta;
  const sizes = `${countOf(model.layers, 'layer')}, width ${model.width}, ${countOf(model.heads, 'head')}`;
  const limits = [
    'A model for learning how such models are made: a few hundred thousand weights and a small vocabulary. It knows nothing of the world.',
    isScorer(meta)
      ? 'Its score says what the votes it learned from liked, no more; a policy that is optimised against it for long will find what it gets wrong.'
      : 'It writes what its texts and its reward taught it, and nobody has looked for harm in it.',
    'A special token that is typed is that token. Words that it does not know are left out, or read as unknown, also where they are known words without a space between.',
  ];
  return `${[
    '---',
    'library_name: transformers',
    `pipeline_tag: ${isScorer(meta) ? 'text-classification' : 'text-generation'}`,
    '---',
    `# ${plain(name)}`,
    '',
    `${kind}, ${sizes}, context ${model.contextLength}, after ${countOf(step, 'step')}.`,
    '',
    '## Use',
    '',
    '```python',
    isScorer(meta) ? USE.scorer : USE.writer,
    '```',
    '',
    '## Lineage',
    '',
    ...family(meta),
    '',
    '## Data',
    '',
    ...data(meta),
    '',
    '## Measured when it was saved',
    '',
    ...metrics(meta),
    '',
    '## Limits',
    '',
    ...limits.map((limit) => `- ${limit}`),
  ].join('\n')}\n`;
}
