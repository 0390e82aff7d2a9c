/** `Take it further`: a small Python project from where the lab stands, to go on with on other machines. */
import type { CheckpointFile } from '../../contract/checkpoint';
import type { LabConfig } from '../../contract/config';
import { countOf } from '../../contract/numbers';
import type { Demonstration, Ranking } from '../../contract/preferences';
import { transformersFolder } from '../transformers/folder';
import { ACCELERATE, ppoScript } from './machines';
import { demonstrationLines, preferenceLines, promptLines } from './rows';
import { SCRIPTS } from './scripts';
import { settingsOf, settingsTable } from './settings';

/** What there is in the lab. */
export interface Standing {
  config: LabConfig;
  /** the reference */
  base: CheckpointFile;
  /** where a policy begins; the base where there is none yet */
  policy: CheckpointFile;
  reward: CheckpointFile | null;
  opinions: readonly Ranking[];
  demonstrations: readonly Demonstration[];
  /** of the model's texts, beside those of opinions and demonstrations */
  prompts: readonly string[];
}

const REQUIREMENTS = `# torch first: pip install torch==2.13.0 && pip install -r requirements.txt
torch==2.13.0
transformers==5.24.0
tokenizers==0.23.3
accelerate==1.15.0
peft==0.21.2
trl==1.16.0
datasets==5.2.0
`;
const REQUIREMENTS_PPO = `# for ppo.sh alone, in an environment of its own
openrlhf[vllm]==0.11.2
`;

const counted = (text: string): number => (text === '' ? 0 : text.trimEnd().split('\n').length);

const noted = (rows: number, what: string): string =>
  rows === 0 ? `none yet: put rows into it before ${what}` : countOf(rows, 'row');

/** rows of each kind, and what is said of the models */
interface Told {
  demonstrations: number;
  preferences: number;
  prompts: number;
  hasReward: boolean;
  ends: boolean;
}

function readme({ demonstrations, preferences, prompts, hasReward, ends }: Told): string {
  return `# Taken further

Models, data and settings of an RLHF lab, with TRL's trainers to go on on other machines.

\`\`\`
pip install torch==2.13.0 && pip install -r requirements.txt
python sft.py --cpu --max-steps 2
accelerate launch --config_file accelerate/one-gpu.yaml dpo.py
\`\`\`

| file | what |
|---|---|
| models/base, models/policy${hasReward ? ', models/reward' : ''} | opened by transformers with no code of their own |
| data/demonstrations.jsonl | ${noted(demonstrations, 'sft.py')} |
| data/preferences.jsonl | ${noted(preferences, 'reward.py and dpo.py')}; ties and repeats left out |
| data/prompts.jsonl | ${noted(prompts, 'rloo.py and grpo.py')} |
| settings.json | the arguments of every trainer, from the lab's settings |
| [SETTINGS.md](SETTINGS.md) | every setting of the lab, its argument here, or that there is none |
| accelerate/ | one GPU, one machine of eight, two machines with FSDP2, two with DeepSpeed ZeRO-3 (\`pip install deepspeed\`): say your address and \`--machine_rank\` |
| ppo.sh | PPO with a critic by OpenRLHF 0.11.2; not run where this was made |

TRL 1.16 has no PPO. RLOO is the nearest: no critic, the distance taken from the reward. ${
    hasReward
      ? 'The reward model in models/reward pays.'
      : 'Train a reward model with reward.py first: rloo.py and grpo.py are paid by out/reward.'
  }

${
  ends
    ? ''
    : `Texts of this lab have no end of their own, and TRL wants a token for it: common.py lets it append nothing, so
every completion of rloo.py and grpo.py is as long as it may be, and the reward is read at its last token. ppo.sh has no
such cure: OpenRLHF writes an end of its own behind a text.

`
}What TRL does without a word, and what common.py does about it: it computes in bf16 (off here); GRPO and RLOO pad prompts on
the left and tell GPT-2 no positions (told here); a reward model's path would be asked for texts without their ends (scored
by token numbers here); \`ipo\` is per token; \`label_smoothing\` does nothing for \`sigmoid\`; rates fall to 0 unless said
otherwise; batch sizes are per device, so on eight GPUs a step sees eight times as many rows.
`;
}

/**
 * @returns its files by path
 * @throws LabError in words, where a model cannot be taken along
 */
export function clusterProject(standing: Standing): Map<string, Uint8Array<ArrayBuffer>> {
  const { config, base, policy, reward, opinions, demonstrations, prompts } = standing;
  const encoder = new TextEncoder();
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const write = (path: string, text: string) => files.set(path, encoder.encode(text));
  // texts of one's own begin and end anywhere, and stand as they are; words of stories have a space between them
  const ends = base.meta.corpus.kind !== 'text';
  const joint = ends ? ' ' : '';
  const models = { base, policy, ...(reward && { reward }) };
  for (const [name, file] of Object.entries(models))
    for (const [part, bytes] of transformersFolder(file)) files.set(`models/${name}/${part}`, bytes);
  const data = {
    'data/demonstrations.jsonl': demonstrationLines(demonstrations, joint),
    'data/preferences.jsonl': preferenceLines(opinions, config.reward.strengthMargin, joint),
    'data/prompts.jsonl': promptLines([...opinions, ...demonstrations].map(({ prompt }) => prompt).concat(prompts)),
  };
  const [shown, compared, asked] = Object.values(data).map(counted) as [number, number, number];
  const paidBy = reward ? 'models/reward' : 'out/reward';
  const { contextLength } = base.meta.model;
  const texts = {
    ...SCRIPTS,
    ...ACCELERATE,
    ...data,
    'ppo.sh': ppoScript(config, paidBy, contextLength),
    'settings.json': `${JSON.stringify(settingsOf(config, { paidBy, contextLength, ends }), null, 2)}\n`,
    'SETTINGS.md': settingsTable(config),
    'README.md': readme({
      demonstrations: shown,
      preferences: compared,
      prompts: asked,
      hasReward: reward !== null,
      ends,
    }),
    'requirements.txt': REQUIREMENTS,
    'requirements-ppo.txt': REQUIREMENTS_PPO,
  };
  for (const [path, text] of Object.entries(texts)) write(path, text);
  return files;
}
