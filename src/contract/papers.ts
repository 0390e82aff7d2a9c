/** Where the methods come from. Facts alone: who, when, what it is called, its number at arXiv where it has one. */
export interface Paper {
  authors: string;
  year: number;
  title: string;
  arxiv?: string;
  /** what it is cited for here */
  about: string;
}

export const PAPERS = {
  shannon: { authors: 'Shannon', year: 1948, title: 'A mathematical theory of communication', about: 'entropy' },
  bradleyTerry: {
    authors: 'Bradley and Terry',
    year: 1952,
    title: 'Rank analysis of incomplete block designs',
    about: 'odds from scores',
  },
  bellman: { authors: 'Bellman', year: 1957, title: 'Dynamic programming', about: 'value iteration' },
  williams: {
    authors: 'Williams',
    year: 1992,
    title: 'Simple statistical gradient-following algorithms for connectionist reinforcement learning',
    about: 'REINFORCE',
  },
  suttonGradient: {
    authors: 'Sutton et al.',
    year: 2000,
    title: 'Policy gradient methods for reinforcement learning with function approximation',
    about: 'the policy gradient',
  },
  bengio: {
    authors: 'Bengio et al.',
    year: 2003,
    title: 'A neural probabilistic language model',
    about: 'the probability of the next word',
  },
  schulmanGae: {
    authors: 'Schulman et al.',
    year: 2016,
    title: 'High-dimensional continuous control using generalized advantage estimation',
    arxiv: '1506.02438',
    about: 'GAE',
  },
  mnih: {
    authors: 'Mnih et al.',
    year: 2016,
    title: 'Asynchronous methods for deep reinforcement learning',
    arxiv: '1602.01783',
    about: 'A2C',
  },
  vaswani: {
    authors: 'Vaswani et al.',
    year: 2017,
    title: 'Attention is all you need',
    arxiv: '1706.03762',
    about: 'the transformer',
  },
  christiano: {
    authors: 'Christiano et al.',
    year: 2017,
    title: 'Deep reinforcement learning from human preferences',
    arxiv: '1706.03741',
    about: 'a reward model from choices',
  },
  schulmanPpo: {
    authors: 'Schulman et al.',
    year: 2017,
    title: 'Proximal policy optimization algorithms',
    arxiv: '1707.06347',
    about: 'PPO',
  },
  suttonBarto: {
    authors: 'Sutton and Barto',
    year: 2018,
    title: 'Reinforcement learning: an introduction',
    about: 'Markov decision processes',
  },
  radford: {
    authors: 'Radford et al.',
    year: 2019,
    title: 'Language models are unsupervised multitask learners',
    about: 'GPT-2, whose shape the models have',
  },
  loshchilov: {
    authors: 'Loshchilov and Hutter',
    year: 2019,
    title: 'Decoupled weight decay regularization',
    arxiv: '1711.05101',
    about: 'AdamW',
  },
  ziegler: {
    authors: 'Ziegler et al.',
    year: 2019,
    title: 'Fine-tuning language models from human preferences',
    arxiv: '1909.08593',
    about: 'the KL penalty per token, normalised rewards, adaptive KL',
  },
  stiennon: {
    authors: 'Stiennon et al.',
    year: 2020,
    title: 'Learning to summarize from human feedback',
    arxiv: '2009.01325',
    about: 'the whole loop on language, best of N',
  },
  engstrom: {
    authors: 'Engstrom et al.',
    year: 2020,
    title: 'Implementation matters in deep policy gradients: a case study on PPO and TRPO',
    arxiv: '2005.12729',
    about: 'clipping the value',
  },
  schulmanKl: { authors: 'Schulman', year: 2020, title: 'Approximating KL divergence', about: 'k1, k2 and k3' },
  ouyang: {
    authors: 'Ouyang et al.',
    year: 2022,
    title: 'Training language models to follow instructions with human feedback',
    arxiv: '2203.02155',
    about: 'three steps, rankings, PPO-ptx',
  },
  gao: {
    authors: 'Gao et al.',
    year: 2023,
    title: 'Scaling laws for reward model overoptimization',
    arxiv: '2210.10760',
    about: 'proxy against gold',
  },
  rafailov: {
    authors: 'Rafailov et al.',
    year: 2023,
    title: 'Direct preference optimization: your language model is secretly a reward model',
    arxiv: '2305.18290',
    about: 'DPO',
  },
  touvron: {
    authors: 'Touvron et al.',
    year: 2023,
    title: 'Llama 2: open foundation and fine-tuned chat models',
    arxiv: '2307.09288',
    about: 'margins of the reward model',
  },
  azar: {
    authors: 'Azar et al.',
    year: 2023,
    title: 'A general theoretical paradigm to understand learning from human preferences',
    arxiv: '2310.12036',
    about: 'IPO',
  },
  mitchell: {
    authors: 'Mitchell',
    year: 2023,
    title: 'A note on DPO with noisy preferences and relationship to IPO',
    about: 'conservative DPO',
  },
  chowdhury: {
    authors: 'Chowdhury et al.',
    year: 2024,
    title: 'Provably robust DPO: aligning language models with noisy feedback',
    arxiv: '2403.00409',
    about: 'robust DPO',
  },
  zhao: {
    authors: 'Zhao et al.',
    year: 2023,
    title: 'SLiC-HF: sequence likelihood calibration with human feedback',
    arxiv: '2305.10425',
    about: 'the hinge loss of preferences',
  },
  beirami: {
    authors: 'Beirami et al.',
    year: 2024,
    title: 'Theoretical guarantees on the best-of-n alignment policy',
    arxiv: '2401.01879',
    about: 'how far the best of N is at most',
  },
  shao: {
    authors: 'Shao et al.',
    year: 2024,
    title: 'DeepSeekMath: pushing the limits of mathematical reasoning in open language models',
    arxiv: '2402.03300',
    about: 'GRPO',
  },
  lambert: {
    authors: 'Lambert et al.',
    year: 2024,
    title: 'Tulu 3: pushing frontiers in open language model post-training',
    arxiv: '2411.15124',
    about: 'rewards that a program verifies',
  },
  huang: {
    authors: 'Huang et al.',
    year: 2024,
    title: 'The N+ implementation details of RLHF with PPO: a case study on TL;DR summarization',
    arxiv: '2403.17031',
    about: 'whitening, and what else PPO on texts takes',
  },
  ahmadian: {
    authors: 'Ahmadian et al.',
    year: 2024,
    title: 'Back to basics: revisiting REINFORCE style optimization for learning from human feedback in LLMs',
    arxiv: '2402.14740',
    about: 'RLOO',
  },
} as const satisfies Record<string, Paper>;

export type PaperId = keyof typeof PAPERS;

/** @returns "Schulman et al. 2017, arXiv 1707.06347" */
export function citation(id: PaperId): string {
  const { authors, year, arxiv }: Paper = PAPERS[id];
  return arxiv ? `${authors} ${year}, arXiv ${arxiv}` : `${authors} ${year}`;
}
